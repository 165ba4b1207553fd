"""A plugin's own words: a gettext domain of its name, found for its lazy labels."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask

from app.house import house
from app.i18n import _, speaking


def catalogue(**words: str) -> bytes:
    """The words of a language, compiled."""
    made = Catalog(locale="de")
    for text, said in words.items():
        made.add(text, said)
    out = io.BytesIO()
    write_mo(out, made)
    return out.getvalue()


@pytest.fixture
def app(write: Callable[..., Path], make_app: Callable[..., Flask]) -> Flask:
    folder = write("trade", "label = sdk._l('Bargains')\nsummary = sdk._l('Cheap things.')\n")
    place = folder / "translations/de/LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "trade.mo").write_bytes(catalogue(**{"Bargains": "Schnäppchen", "Cheap things.": "Billiges."}))
    return make_app()


@pytest.mark.parametrize(("language", "said"), [("de", "Schnäppchen"), ("en", "Bargains")])
def test_labels_are_said_in_the_readers_language(app: Flask, language: str, said: str) -> None:
    loaded: Any = house(app).host.plugins["trade"]
    with app.test_request_context(), speaking(language):
        assert loaded.label == said
        assert loaded.summary == {"de": "Billiges.", "en": "Cheap things."}[language]
        assert _("Bargains") == said
