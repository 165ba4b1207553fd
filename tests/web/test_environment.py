"""What templates say: plurals with numbers as the reader writes them, and words of several meanings."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string

from app.i18n import speaking


def said(app: Flask, template: str, language: str = "en") -> str:
    """Render a template in a language."""
    with app.test_request_context(), speaking(language):
        return render_template_string(template)


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "12,500 results"), ("de", "12.500 Treffer"), ("pt", "12.500 resultados")],
)
def test_the_number_of_a_plural_is_written_as_the_reader_does(app: Flask, language: str, shown: str) -> None:
    assert said(app, "{{ ngettext('%(num)s result', '%(num)s results', 12500) }}", language) == shown


def test_values_of_plurals_and_of_words_with_a_context_are_escaped(app: Flask) -> None:
    plural = "{{ ngettext('%(num)s of %(who)s', '%(num)s of %(who)s', 2, who='<b>') }}"
    assert said(app, plural) == "2 of &lt;b&gt;"
    assert said(app, "{{ _p('a place', 'To %(who)s', who='<b>') }}") == "To &lt;b&gt;"
