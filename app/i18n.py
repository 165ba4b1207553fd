"""Languages: gettext for people's eyes. Works without an application, as commands and boot need it."""

from __future__ import annotations

from typing import Any

import flask_babel
from flask import has_app_context
from flask_babel import lazy_gettext


def _(text: str, /, **values: Any) -> str:
    """Return the text in the reader's language, with `%(name)s` filled in."""
    if has_app_context():
        return str(flask_babel.gettext(text, **values))
    return text % values if values else text


def _n(one: str, many: str, num: int, /, **values: Any) -> str:
    """Return the right plural of a text in the reader's language; `%(num)s` is the number."""
    if has_app_context():
        return str(flask_babel.ngettext(one, many, num, **values))
    return (one if num == 1 else many) % {"num": num, **values}


def _l(text: str, /, **values: Any) -> Any:
    """Return a text that is translated when it is shown: for declarations made at boot."""
    return lazy_gettext(text, **values)
