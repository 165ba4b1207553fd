"""The first plugin of docs/plugins.md: written to disk as it stands there, it works."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.testing.clients import Person, soup
from app.testing.factories import Make
from app.testing.plugins import app_with

PAGE = Path(__file__).parents[2] / "docs" / "plugins.md"
FILE = re.compile(r"```\w+\n(?:# |\{# )plugins/(?P<path>\S+?\.\w+)(?: #\})?\n(?P<text>.*?)```", re.DOTALL)


@pytest.fixture(scope="session")
def kith_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application with the documented plugin enabled."""
    folder = tmp_path_factory.mktemp("documented")
    for found in FILE.finditer(PAGE.read_text("utf-8")):
        file = folder / "plugins" / found["path"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(found["text"], "utf-8")
    settings = {"plugin_dirs": (str(folder / "plugins"),), "plugins": ("loyalty",), "strict_plugins": True}
    with app_with(folder, "loyalty", **settings) as app:
        yield app


def test_the_first_plugin_does_what_the_page_says(make: Make, as_role: Callable[..., Person]) -> None:
    contact, rep = make.contact(), as_role("admin")
    panel = rep.get(f"/panel/loyalty/points?on=contact:{contact.id}").text
    assert f"<p>{contact.id * 10}</p>" in panel
    assert f"/panel/loyalty/points?on=contact:{contact.id}" in rep.get(f"/contacts/{contact.id}").text
    home = soup(rep.get("/")).select_one('.rail a[href="/loyalty/"]')
    assert home is not None
    assert "Ten points for every order." in rep.get("/loyalty/").text
    assert 'href="/loyalty/"' in str(soup(rep.get("/search?q=loyal")).select_one("main"))
