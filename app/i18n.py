"""Languages: gettext for people's eyes. Works without an application, as commands and boot need it.

A page says two hundred texts. Each is looked up in the catalogues once per language and kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import flask_babel
from flask import g, has_app_context, has_request_context
from flask_babel.speaklater import LazyString

from app.extensions import babel

CONTEXT = "\4"
"""Stands in a catalogue between a context and its text, as gettext has it."""

_known: dict[str, dict[str, str]] = {}
_here = g._get_current_object  # the proxy would be asked several times for each text


def _(text: str, /, **values: Any) -> str:
    """Return the text in the reader's language, with `%(name)s` filled in."""
    try:
        known = _words()
    except RuntimeError:  # no application: a command, or a declaration while the house is built
        return text % values if values else text
    if text not in known:
        known[text] = str(flask_babel.gettext(text))
    return known[text] % values if values else known[text]


def _n(one: str, many: str, num: int, /, **values: Any) -> str:
    """Return the right plural of a text in the reader's language.

    `%(num)s` is the number as that language writes it ("1,250"), unless `num=` among the values says it otherwise.
    """
    if not has_app_context():
        return (one if num == 1 else many) % {"num": num, **values}
    return str(plural(one, many, num) % {"num": counted(num), **values})


def _p(context: str, text: str, /, **values: Any) -> str:
    """Return a text that has several meanings in the reader's language, in the one that `context` names.

    A language without a word for that context says it as `_` does.
    """
    key = f"{context}{CONTEXT}{text}"
    found = _(key)
    if found == key:
        return _(text, **values)
    return found % values if values else found


def _l(text: str, /, **values: Any) -> Any:
    """Return a text that is translated when it is shown: for declarations made at boot."""
    return LazyString(_, text, **values)


def _lp(context: str, text: str, /, **values: Any) -> Any:
    """Return a text with a context (see `_p`) that is translated when it is shown."""
    return LazyString(_p, context, text, **values)


def plural(one: str, many: str, num: int) -> str:
    """Return the right plural of a text in the reader's language, with nothing filled in. Needs an application."""
    return str(flask_babel.get_translations().ungettext(one, many, num))


def counted(num: int) -> int | str:
    """Return a number as the reader's language writes it; those below a thousand are written alike in all."""
    return num if -1000 < num < 1000 else str(flask_babel.format_decimal(num))


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Say everything in one language for a while: mails and jobs speak that of whom they are for."""
    former = g.get("words")
    with flask_babel.force_locale(locale):
        g.words = (g.get("ctx"), _known.setdefault(str(flask_babel.get_locale()), {}))
        try:
            yield
        finally:
            g.words = former


def in_words() -> dict[str, Any]:
    """Return what a form of WTForms is made with, to say the library's own messages in the reader's language."""
    return {"meta": {"locales": (str(flask_babel.get_locale() or "en"),)}}


def forget() -> None:
    """Forget what was said and which catalogues were read: another application speaks now in this process."""
    _known.clear()
    vars(babel).pop("domain_instance", None)


def reader_changed() -> None:
    """Forget what was found out about the reader before it was known who reads."""
    flask_babel.refresh()
    g.pop("words", None)


def _words() -> dict[str, str]:
    """Return what has been said in the reader's language; who reads is known once the request has a context."""
    here = vars(_here())
    reader, kept = here.get("ctx"), here.get("words")
    if kept is not None and kept[0] is reader:
        found: dict[str, str] = kept[1]
        return found
    words = _known.setdefault(str(flask_babel.get_locale()), {})
    if reader is not None or not has_request_context():
        g.words = (reader, words)
    return words
