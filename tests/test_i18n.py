"""Texts: plurals whose number is written as the reader does, and words of several meanings."""

from __future__ import annotations

import pytest
from flask import Flask

from app.i18n import _l, _lp, _n, _p, speaking


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "1,250 results"), ("de", "1.250 Treffer"), ("fr", "1\u202f250 résultats")],
)
def test_a_plural_writes_its_number_as_the_reader_does(app: Flask, language: str, shown: str) -> None:
    with app.test_request_context(), speaking(language):
        assert _n("%(num)s result", "%(num)s results", 1250) == shown


def test_a_plural_may_be_told_what_to_write(app: Flask) -> None:
    with app.test_request_context(), speaking("de"):
        assert _n("%(num)s result", "%(num)s results", 2, num="2+") == "2+ Treffer"
    assert _n("%(num)s result", "%(num)s results", 1, num="about one") == "about one result"


def test_a_word_is_said_in_the_meaning_that_its_context_names(app: Flask) -> None:
    with app.test_request_context(), speaking("de"):
        assert str(_l("Address")) == "Anschrift"
        assert str(_lp("of a page", "Address")) == _p("of a page", "Address") == "Adresse"


def test_without_a_word_for_its_context_it_is_said_as_without_one(app: Flask) -> None:
    with app.test_request_context(), speaking("de"):
        assert _p("of nothing at all", "Address") == "Anschrift"
    assert _p("of nothing at all", "Ask %(name)s", name="Ana") == "Ask Ana"
