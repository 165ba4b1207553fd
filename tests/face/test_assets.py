"""Weights on the wire, and that whatever the templates point at is there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import brotli
import pytest

from tests.face.gallery import ROOT, environment, shell

STATIC = ROOT / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
ICON = re.compile(r"\b(?:ic|ico)\('([a-z0-9-]+)'")
ASSET = re.compile(r"static_url\('([^']+)'\)")
FIRST_VIEW = ["css/kith.css", "icons.svg", "js/htmx.min.js", "js/kith.js"]


def weight(name: str) -> int:
    """Bytes of a static file on the wire, as browsers ask for it."""
    return len(brotli.compress((STATIC / name).read_bytes()))


def test_the_own_script_is_small() -> None:
    assert weight("js/kith.js") <= 4 * 1024


def test_script_and_frame_leave_room_for_the_page() -> None:
    assert sum(map(weight, ["js/kith.js", "js/palette.js", "js/htmx.min.js"])) <= 20 * 1024
    assert sum(map(weight, FIRST_VIEW)) <= 35 * 1024


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_icons_and_files_of_a_template_exist(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    sprite = ElementTree.parse(STATIC / "icons.svg").getroot()
    known = {symbol.get("id") for symbol in sprite}
    assert set(ICON.findall(source)) <= known
    assert [name for name in ASSET.findall(source) if not (STATIC / name).is_file()] == []


@pytest.mark.parametrize("name", ["kith", "palette"])
def test_the_scripts_evaluate_nothing(name: str) -> None:
    source = (STATIC / f"js/{name}.js").read_text(encoding="utf-8")
    assert not re.search(r"\beval\b|new Function|innerHTML", source)


def test_the_stylesheets_load_nothing_from_elsewhere() -> None:
    for path in (STATIC / "css").glob("*.css"):
        urls = re.findall(r"url\(([^)]+)\)", path.read_text(encoding="utf-8"))
        assert [url for url in urls if not (path.parent / url.partition("?")[0]).is_file()] == []


def test_the_manifest_installs_under_the_name_of_the_company() -> None:
    page = environment().get_template("manifest.webmanifest.jinja").render(shell=shell("today", {}))
    manifest = json.loads(page)
    assert manifest["short_name"] == "Northlight"
    plain = json.loads((STATIC / "manifest.webmanifest").read_text(encoding="utf-8"))
    assert [icon["sizes"] for icon in manifest["icons"]] == [icon["sizes"] for icon in plain["icons"]]
    assert all((STATIC / icon["src"]).is_file() for icon in plain["icons"])
