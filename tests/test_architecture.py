"""The layers of the house, read from the source: who may import whom, no circles, and one place that commits."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

GROUND = {"paths", "i18n", "formats", "version"}
BASE = GROUND | {"config", "database", "extensions"}
LOWER = BASE | {"kernel", "models", "house"}
MAY_IMPORT = {
    **dict.fromkeys(BASE, BASE),
    "kernel": GROUND,
    "models": BASE | {"kernel"},
    "house": BASE | {"kernel"},
    "services": LOWER,
    "migrations": BASE | {"kernel", "models"},
    "host": LOWER | {"services", "migrations"},
    "web": LOWER | {"services", "host"},
    "api": LOWER | {"services", "host"},
    "core": LOWER | {"services", "web"},
    "core_plugin": LOWER | {"services", "host", "core"},
    "demo": LOWER | {"services", "core"},
    "cli": LOWER | {"services", "host", "demo", "app"},
    "sdk": LOWER | {"services"},
}
"""Part of app/ -> the other parts it may import; "app" is the factory, which itself imports all but the last two."""

OUTERMOST = {"sdk", "testing"}
SDK_ALSO = tuple(
    f"app.web.{name}"
    for name in (
        "amounts",
        "composer",
        "dates",
        "downloads",
        "forms",
        "htmx",
        "record_shell",
        "render",
        "routes",
        "security",
        "shown",
        "tasks",
    )
)
KERNEL_LIBRARIES = {"pluggy"}
MAY_COMMIT = {"app.services.unit", "app.kernel.guard"}  # the guard releases its own savepoint


@dataclass(frozen=True)
class Import:
    """One import statement: the module it stands in, what it names, and whether only the type checker sees it."""

    by: str
    names: str
    line: int
    typing_only: bool = False

    def __str__(self) -> str:
        return f"{self.by}:{self.line} imports {self.names}"


# ---------------------------------------------------------------- reading


@cache
def modules() -> dict[str, Path]:
    """Every module of app and plugins by its dotted name."""
    found = {}
    for folder in ("app", "plugins"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def tree(module: str) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(modules()[module].read_text(encoding="utf-8"))


def imports(source: ast.Module, by: str, package: bool = False) -> Iterator[Import]:
    """Every import of a source, also those inside functions, with relative ones spelled out."""
    hidden = {
        id(inner)
        for node in ast.walk(source)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for statement in node.body
        for inner in ast.walk(statement)
    }
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(by, alias.name, node.lineno, id(node) in hidden)
        elif isinstance(node, ast.ImportFrom):
            start = origin(node, by, package)
            for alias in node.names:
                yield Import(by, f"{start}.{alias.name}", node.lineno, id(node) in hidden)


def origin(node: ast.ImportFrom, by: str, package: bool) -> str:
    """The absolute module of a from-import."""
    if not node.level:
        return node.module or ""
    above = by.split(".")[: len(by.split(".")) - node.level + package]
    return ".".join([*above, *([node.module] if node.module else [])])


def all_imports() -> list[Import]:
    """Every import of app and plugins."""
    return [
        found
        for module, path in modules().items()
        for found in imports(tree(module), module, path.name == "__init__.py")
    ]


# ---------------------------------------------------------------- judging


@cache
def parts() -> set[str]:
    """The parts of app/ that are there."""
    return {name.split(".")[1] for name in modules() if name.startswith("app.")}


def part(name: str) -> str:
    """The part of app/ that a dotted name belongs to; "app" for the factory itself."""
    second = name.split(".")[1:2]
    return second[0] if second and second[0] in parts() | set(MAY_IMPORT) | OUTERMOST else "app"


def breach(found: Import) -> str | None:
    """Why an import is not allowed, or None when it is."""
    by, target = found.by.split("."), found.names.split(".")[0]
    if by[0] == "plugins":
        return plugin_breach(found, by)
    if target == "plugins":
        return "the core knows no plugin"
    if target != "app":
        return kernel_breach(found) if part(found.by) == "kernel" else None
    mine, theirs = part(found.by), part(found.names)
    if mine in (theirs, "testing"):
        return None
    if theirs in OUTERMOST:
        return f"app.{theirs} is for plugins and tests"
    if mine == "app" or (mine == "sdk" and found.names.startswith(SDK_ALSO)):
        return None
    return None if theirs in MAY_IMPORT.get(mine, set()) else f"{mine} lies below or beside {theirs}"


def plugin_breach(found: Import, by: list[str]) -> str | None:
    """Why a plugin may not import something: it knows itself, app.sdk and, in its tests, app.testing."""
    target = found.names.split(".")
    if target[0] == "plugins":
        return None if target[1:2] == by[1:2] else "a plugin imports no other plugin"
    if target[0] != "app" or target[1:2] == ["sdk"]:
        return None
    if "tests" in by and target[1:2] == ["testing"]:
        return None
    return "a plugin imports app.sdk and nothing else of the core"


def kernel_breach(found: Import) -> str | None:
    """Why the kernel may not import a library: it runs on the standard library and pluggy alone."""
    library = found.names.split(".")[0]
    fine = found.typing_only or library in sys.stdlib_module_names | KERNEL_LIBRARIES
    return None if fine else f"the kernel imports {library} for its types only, under TYPE_CHECKING"


def circle(edges: dict[str, set[str]]) -> list[str]:
    """One circle of a directed graph as the names along it, or nothing when there is none."""
    done: set[str] = set()

    def walk(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        for other in sorted(edges.get(name, ())):
            if found := walk(other, [*path, name]):
                return found
        done.add(name)
        return []

    return next(filter(None, (walk(name, []) for name in sorted(edges))), [])


def module_of(name: str) -> str | None:
    """The module of ours that a dotted name stands for or stands in."""
    return name if name in modules() else (above if (above := name.rpartition(".")[0]) in modules() else None)


def commits(source: ast.Module) -> list[int]:
    """The lines on which a source calls commit() on anything."""
    return [
        node.lineno
        for node in ast.walk(source)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]


# ---------------------------------------------------------------- the tests


def test_every_import_follows_the_layers() -> None:
    assert [f"{found}: {why}" for found in all_imports() if (why := breach(found))] == []


def test_every_part_of_the_core_has_its_layer() -> None:
    assert parts() - set(MAY_IMPORT) - OUTERMOST == set()


def test_no_imports_run_in_a_circle() -> None:
    edges: dict[str, set[str]] = {}
    for found in all_imports():
        target = module_of(found.names)
        if target and target != found.by and not found.typing_only:
            edges.setdefault(found.by, set()).add(target)
    assert circle(edges) == []


def test_only_the_unit_commits() -> None:
    found = [
        f"{module}:{line}"
        for module in modules()
        if module not in MAY_COMMIT and "tests" not in module.split(".")
        for line in commits(tree(module))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("by", "source"),
    [
        ("app.kernel.guard", "import sqlalchemy"),
        ("app.kernel.guard", "from app.models import base"),
        ("app.models.contact", "from app.services import contacts"),
        ("app.services.contacts", "from app.host import states"),
        ("app.services.contacts", "def late():\n    from ..web import render"),
        ("app.web.contacts", "from app.api import resources"),
        ("app.web.contacts", "import app.sdk"),
        ("app.host.loading", "import plugins.sales"),
        ("plugins.sales.panels", "from app.models import contact"),
        ("plugins.sales.panels", "from plugins.hr import Employee"),
        ("plugins.sales.panels", "from app.testing import make"),
    ],
)
def test_a_breach_is_found(by: str, source: str) -> None:
    assert [found for found in imports(ast.parse(source), by) if breach(found)]


@pytest.mark.parametrize(
    ("by", "source"),
    [
        (
            "app.kernel.guard",
            "import time, pluggy\nif TYPE_CHECKING:\n    from sqlalchemy.orm import Session",
        ),
        ("app.services.contacts", "from app.models.contact import Contact\nfrom .unit import unit"),
        ("app.web.admin_plugins", "from app.host import states"),
        ("app.cli.serve", "from app import create_app"),
        ("app.sdk.ui", "from app.web.render import page"),
        ("plugins.sales.panels", "from app.sdk import Panel\nfrom . import models"),
        ("plugins.sales.tests.test_deals", "from app.testing import make"),
    ],
)
def test_what_the_layers_allow_passes(by: str, source: str) -> None:
    assert [f"{found}: {why}" for found in imports(ast.parse(source), by) if (why := breach(found))] == []


def test_a_circle_and_a_commit_are_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    assert commits(ast.parse("db.session.commit()")) == [1]
