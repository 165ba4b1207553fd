"""The boot checks on a plugin's settings forms, and on what the environment says of them."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator

from flask import Flask
from wtforms import FieldList, FileField, Form, FormField, MultipleFileField

from app.config import Config
from app.host.checks import Finding
from app.host.loaded import Loaded
from app.house import house
from app.kernel.protocols import NULLS
from app.services import plugin_forms
from app.services.settings import DEFAULTS

TAKEN = {*DEFAULTS, *(protocol.__name__.lower() for protocol in NULLS), "get"}
"""Names that `ctx.settings` has already."""

NESTED = (FieldList, FormField, FileField, MultipleFileField)


def settings_fit(app: Flask, loaded: Loaded) -> Iterator[Finding]:
    """The forms can be built, their names are free, and the environment says nothing that they refuse."""
    with app.app_context():
        for attribute in ("settings", "user_settings"):
            cls = getattr(loaded.plugin, attribute, None)
            if cls is not None:
                yield from _form(attribute, cls)
        said = house(app).config.plugin_settings.get(loaded.name, {})
        if not said:
            return
        cls = getattr(loaded.plugin, "settings", None)
        if cls is None:
            names = ", ".join(plugin_forms.variable(loaded.name, name) for name in said)
            yield Finding(f"it has no settings, and the environment sets {names}.", fatal=False)
            return
        for text in plugin_forms.wrong(loaded.name, cls, said):
            yield Finding(text)


def _form(attribute: str, cls: object) -> Iterator[Finding]:
    if not (isinstance(cls, type) and issubclass(cls, Form)):
        yield Finding(f"{attribute} must be a WTForms class, not {cls!r}.")
        return
    for field in cls():
        name = field.short_name
        if name in TAKEN or name.startswith("_"):
            yield Finding(f"its setting “{name}” has the name of one of the site's. Rename it.")
        if isinstance(field, NESTED):
            yield Finding(f"its setting “{name}” is no single value. Use plain fields.")


def absent(config: Config, known: Collection[str]) -> list[str]:
    """Return a sentence for each plugin that the environment sets something of, and that is not there."""
    found = []
    for owner, said in sorted(config.plugin_settings.items()):
        if owner not in known:
            names = ", ".join(plugin_forms.variable(owner, name) for name in said)
            close = difflib.get_close_matches(owner, sorted(known), n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            found.append(f"{names} is set, and there is no plugin “{owner}”.{hint}")
    return found
