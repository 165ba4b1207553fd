"""The ceilings of the house: no file, function, template or stylesheet grows until nobody reads it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILE, FUNCTION, TEMPLATE, STYLESHEET = 400, 60, 150, 450
NAMELESS = {"utils.py", "util.py", "helpers.py", "common.py", "misc.py"}


def sources() -> Iterator[Path]:
    """Every Python file of ours; what a migration did once is left as it was."""
    yield from (ROOT / name for name in ("kith", "wsgi.py") if (ROOT / name).exists())
    for folder in ("app", "plugins", "tests", "bench"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            done_once = folder == "plugins" and path.parent.name == "migrations"
            if "versions" not in path.parts and not done_once:
                yield path


def ours(pattern: str) -> Iterator[Path]:
    """Every file of the project of a kind, as a glob below templates, static and the plugins."""
    for folder in ("templates", "static", "plugins", "app"):
        yield from sorted((ROOT / folder).rglob(pattern))


def length(path: Path) -> int:
    """How many lines a file has."""
    return len(path.read_text(encoding="utf-8").splitlines())


def over(paths: Iterator[Path], ceiling: int) -> list[str]:
    """The files that are longer than a ceiling, with their lengths."""
    return [f"{path.relative_to(ROOT)}: {n} lines" for path in paths if (n := length(path)) > ceiling]


def long_functions(source: str, ceiling: int) -> list[str]:
    """The functions of a source that span more lines than a ceiling, docstring included."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    spans = {
        f"{node.name} (line {node.lineno})": (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(ast.parse(source))
        if isinstance(node, kinds)
    }
    return [f"{name}: {lines} lines" for name, lines in spans.items() if lines > ceiling]


def test_no_python_file_is_longer_than_the_ceiling() -> None:
    assert over(sources(), FILE) == []


def test_no_function_is_longer_than_the_ceiling() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {function}"
        for path in sources()
        for function in long_functions(path.read_text(encoding="utf-8"), FUNCTION)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("pattern", "ceiling"), [("*.html", TEMPLATE), ("*.txt", TEMPLATE), ("*.css", STYLESHEET)]
)
def test_no_template_or_stylesheet_is_longer_than_its_ceiling(pattern: str, ceiling: int) -> None:
    assert over(ours(pattern), ceiling) == []


def test_every_module_is_named_for_what_it_does() -> None:
    assert [str(path.relative_to(ROOT)) for path in sources() if path.name in NAMELESS] == []


def test_a_function_that_is_too_long_is_found() -> None:
    source = "def short():\n    return 1\n\n\ndef tall():\n" + "    print()\n" * 3
    assert long_functions(source, 3) == ["tall (line 5): 4 lines"]
