"""The pages for authors of plugins are true: the reference is the code, examples are lines of bundled plugins."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.host.checks_declared import PAGES, PLACES, VERBS
from app.kernel.hookspecs import Plugin
from tests import reference

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "plugins"
INDEX = ROOT / "docs" / "plugins.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
SOURCE = re.compile(r"(?:# |\{# )((?:plugins|app)/\S+?\.\w+)(?: #\})?\n")
LINKS = ("nav", "nav.admin", "create", "account", "<entity>.page", "<entity>.list")


def pages() -> list[Path]:
    """Every page for authors, but the tutorial: its files are run by tests/host/test_tutorial.py."""
    return [path for path in sorted(FOLDER.glob("*.md")) if path.name not in ("tutorial.md", "reference.md")]


def blocks() -> Iterator[tuple[str, str, str]]:
    """Every example: the page, its language, its text."""
    for page in pages():
        for found in BLOCK.finditer(page.read_text("utf-8")):
            yield page.name, found[1], found[2]


def test_the_reference_is_the_code() -> None:
    assert reference.PAGE.read_text("utf-8") == reference.written(), "run: python -m tests.reference"


def test_every_hook_says_where_its_callables_run() -> None:
    assert {name for name in vars(Plugin) if name.startswith("kith_")} == set(reference.LATER)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_an_example_is_what_stands_in_the_bundled_plugin(page: Path) -> None:
    for _page, _language, text in (b for b in blocks() if b[0] == page.name):
        if found := SOURCE.match(text):
            source = (ROOT / found[1]).read_text("utf-8")
            example = text[found.end() :].strip("\n")
            lost = [example] if example not in source else []
            assert lost == [], f"{found[1]} does not say this any more"


def test_other_examples_in_python_can_be_read_by_python() -> None:
    free = [
        (page, text) for page, language, text in blocks() if language == "python" and not SOURCE.match(text)
    ]
    for page, text in free:
        compile(textwrap.dedent(text), page, "exec")
    assert free


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("panels.md", [*(f"<entity>.{place}" for place in PLACES), *PAGES]),
        ("links.md", LINKS),
        ("events.md", VERBS),
        (
            "testing.md",
            [name for name in reference.fixtures.__all__ if name not in ("kith_app", "kith_apps")],
        ),
    ],
)
def test_a_page_leaves_nothing_out(page: str, words: list[str]) -> None:
    text = (FOLDER / page).read_text("utf-8")
    assert [word for word in words if word not in text] == []


def test_the_index_leads_to_every_page() -> None:
    text = INDEX.read_text("utf-8")
    assert [path.name for path in FOLDER.glob("*.md") if f"plugins/{path.name}" not in text] == []


def test_every_hook_has_its_example_or_its_page() -> None:
    text = "".join(path.read_text("utf-8") for path in FOLDER.glob("*.md"))
    assert [name for name in reference.LATER if name not in text] == []
