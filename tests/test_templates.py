"""What every template must be: parseable, translated, free of inline script and style, and never unescaped."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

from app.testing.templates import ENVIRONMENT, inline, unescaped, untranslated

ROOT = Path(__file__).resolve().parents[1]
SUFFIXES = {".html", ".txt", ".jinja"}


def templates() -> list[Path]:
    """Every template of the core and of the bundled plugins."""
    folders = [ROOT / "templates", *sorted((ROOT / "plugins").glob("*/templates"))]
    return [
        path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.suffix in SUFFIXES and path.is_file()
    ]


def every(kind: set[str] = SUFFIXES) -> list[tuple[str, str]]:
    """Name and source of every template whose suffix is of a kind."""
    return [
        (str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
        for path in templates()
        if path.suffix in kind
    ]


def rendered_alone() -> Iterator[tuple[str, str]]:
    """Template and block of each fragment that a view renders by itself: render("x.html", block="rows")."""
    for path in [*(ROOT / "app").rglob("*.py"), *(ROOT / "plugins").rglob("*.py")]:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            named = [one.value for one in call.keywords if one.arg == "block"]
            texts = [one.value for one in [*call.args[:1], *named] if isinstance(one, ast.Constant)]
            where = "#".join(text for text in texts if isinstance(text, str)).split("#")
            if named and len(where) >= 2 and where[-2].endswith(".html"):
                yield where[-2], where[-1]


def path_of(name: str, sources: Iterable[str]) -> str:
    """The file of a template: below templates/, or that of a plugin whose name comes first."""
    owner, _slash, rest = name.partition("/")
    wanted = {f"templates/{name}", f"plugins/{owner}/templates/{rest}"}
    return next(path for path in sources if path in wanted)


def missing(source: str, block: str) -> set[str]:
    """The macros a block uses and only its template imports or defines: it has none of them when it is alone."""
    tree = ENVIRONMENT.parse(source)
    above = tree.body
    imported = {name for node in above if isinstance(node, nodes.FromImport) for name in bound(node)}
    imported |= {node.name for node in above if isinstance(node, nodes.Macro)}
    found = next(node for node in tree.find_all(nodes.Block) if node.name == block)
    own = {name for node in found.find_all(nodes.FromImport) for name in bound(node)}
    return {node.name for node in found.find_all(nodes.Name) if node.ctx == "load"} & (imported - own)


def bound(node: nodes.FromImport) -> list[str]:
    """The names that an import gives."""
    return [name if isinstance(name, str) else name[1] for name in node.names]


def test_a_fragment_imports_the_macros_it_uses() -> None:
    sources = dict(every({".html"}))
    alone = {(name, block) for name, block in rendered_alone()}
    assert {("admin/users.html", "rows"), ("search/_hits.html", "hits")} <= alone
    paths = {(path_of(name, sources), block) for name, block in alone}
    assert {path: names for path, block in paths if (names := missing(sources[path], block))} == {}


def test_a_macro_that_a_fragment_lacks_is_found() -> None:
    source = "{% from 'm.html' import row, tag as t %}{% block rows %}{% from 'm.html' import t %}{{ row(1) }}{{ t() }}{% endblock %}"
    assert missing(source, "rows") == {"row"}


def test_every_text_is_translated() -> None:
    found = {name: texts for name, source in every({".html"}) if (texts := untranslated(source))}
    found |= {name: texts for name, source in every({".txt"}) if (texts := untranslated(source, plain=True))}
    assert found == {}


def test_no_template_has_inline_script_or_style() -> None:
    assert {name: places for name, source in every({".html"}) if (places := inline(source))} == {}


def test_no_template_switches_escaping_off() -> None:
    assert {name: places for name, source in every() if (places := list(unescaped(source)))} == {}


def test_every_template_compiles_in_the_application(app: Flask) -> None:
    names = app.jinja_env.list_templates()
    for name in names:
        app.jinja_env.get_template(name)
    assert names


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        "<p>{{ name }} called</p>",
        '<input placeholder="Search">',
        '<img alt="A face">',
        "{% macro row() %}<td>Total</td>{% endmacro %}",
        "{% call card() %}Empty{% endcall %}",
        '{% set more %} id="x" title="Search"{% endset %}',
    ],
)
def test_a_bare_text_is_found(source: str) -> None:
    assert untranslated(source)


@pytest.mark.parametrize(
    "source",
    [
        "<p>{{ _('Hello') }}, {{ name }} ({{ 3 }})</p>",
        "<p>{% trans %}Hello{% endtrans %} &middot; 3 %</p>",
        '<input placeholder="{{ _("Search") }}" name="query"{% if on %} autofocus{% endif %}>',
        '{% set more %} id="x" aria-invalid="true"{% endset %}',
        "{# a note #}{% set word = 'new' %}<b class='badge'>{{ word }}</b><code>kith init</code> Kith",
    ],
)
def test_a_translated_text_passes(source: str) -> None:
    assert untranslated(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<style>p{}</style>",
        '<p style="color:red">',
        '<a onclick="x()">',
        '<a hx-on:click="x()">',
        '<a href="javascript:x()">',
    ],
)
def test_an_inline_script_or_style_is_found(source: str) -> None:
    assert inline(source)


def test_a_script_of_its_own_file_and_a_data_block_pass() -> None:
    assert (
        inline('<script src="{{ url }}" defer></script><script type="application/json">{"a": 1}</script>')
        == []
    )


@pytest.mark.parametrize("source", ["{{ text|safe }}", "{% autoescape false %}{{ text }}{% endautoescape %}"])
def test_switching_escaping_off_is_found(source: str) -> None:
    assert list(unescaped(source))


def test_every_icon_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol[^>]* id="([a-z0-9-]+)"', (ROOT / "static/icons.svg").read_text("utf-8")))
    assert drawn
    code = [path for folder in ("app", "plugins") for path in (ROOT / folder).rglob("*.py")]
    told = [(str(p.relative_to(ROOT)), p.read_text("utf-8"), r'\bicon="([a-z0-9-]+)"') for p in code]
    told += [(name, source, r"\bic\('([a-z0-9-]+)'") for name, source in every()]
    wrong = [
        (name, icon) for name, source, form in told for icon in re.findall(form, source) if icon not in drawn
    ]
    assert wrong == []
