"""A new plugin on disk: the parts that were asked for, each in a file of its own, complete and passing every check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

WIDTH = 110
"""The longest line of the code."""


@dataclass(frozen=True)
class Part:
    """Something a plugin can have: its hook and what that returns, and the files for it (template → path)."""

    hook: str
    returns: str
    files: dict[str, str]
    value: str = ""


PARTS = {
    "entity": Part(
        "kith_entities",
        "Entity",
        {
            "models.py": "models.py",
            "entities.py": "entities.py",
            "items.py": "items.py",
            "migration.py": "migrations/0001_items.py",
            "test_items.py": "tests/test_items.py",
        },
        "entities.ALL",
    ),
    "field": Part("kith_fields", "Field", {"fields.py": "fields.py"}, "fields.ALL"),
    "action": Part("kith_actions", "Action", {"actions.py": "actions.py"}, "actions.ALL"),
    "panel": Part(
        "kith_panels",
        "Panel",
        {"panels.py": "panels.py", "panel.html": "templates/panel.html"},
        "panels.ALL",
    ),
    "events": Part("kith_events", "Topic | On", {"events.py": "events.py"}, "events.ALL"),
    "job": Part("kith_jobs", "Job", {"jobs.py": "jobs.py"}, "jobs.ALL"),
    "page": Part(
        "kith_blueprints",
        "Blueprint",
        {"pages.py": "pages.py", "page.html": "templates/page.html"},
        "pages.BLUEPRINTS",
    ),
    "settings": Part("", "", {"settings.py": "settings.py"}),
}
"""What `--with` takes, in the order of the hooks in the class."""


@dataclass(frozen=True)
class Plan:
    """A plugin to be: its name, the parts it has, and whether it is a distribution of its own."""

    name: str
    parts: tuple[str, ...]
    package: bool = False

    @property
    def cls(self) -> str:
        """The name of its class."""
        return "".join(word.capitalize() for word in self.name.split("_"))

    @property
    def label(self) -> str:
        """What people call it, until the author says better."""
        return self.name.replace("_", " ").capitalize()


def write(plan: Plan, folder: Path) -> Sequence[Path]:
    """Write a plugin into a folder that does not exist yet, and return the files. Raises FileExistsError."""
    folder.mkdir(parents=True)
    made = []
    for path, text in _files(plan):
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        made.append(file)
    return made


def write_beside(folder: Path) -> None:
    """Write what tests of plugins outside of the checkout need in and beside the folder `plugins`, unless it is there.

    With an `__init__.py` pytest calls the modules as Kith does, `plugins.visits.models`: imported twice by two names, a
    table would be there twice.
    """
    ini = (Path(__file__).parent / "pytest.ini.jinja").read_text("utf-8")
    for path, text in (("pytest.ini", ini), ("plugins/__init__.py", '"""Plugins of our own."""\n')):
        if not (folder / path).exists():
            (folder / path).write_text(text, "utf-8")


def _files(plan: Plan) -> Iterator[tuple[str, str]]:
    environment = Environment(  # noqa: S701 (it writes source code, not pages)
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        block_start_string="[%",
        block_end_string="%]",
        variable_start_string="[[",
        variable_end_string="]]",
        comment_start_string="[#",
        comment_end_string="#]",
        keep_trailing_newline=True,
    )
    package = f"kith_{plan.name}"
    values = {
        "name": plan.name,
        "cls": plan.cls,
        "label": plan.label,
        "summary": _summary(plan),
        "dashed": plan.name.replace("_", "-"),
        "package": package,
        **{part: part in plan.parts for part in PARTS},
    }
    inside = f"{package}/" if plan.package else ""
    if plan.package:
        for template in ("pyproject.toml", "README.md"):
            yield template, environment.get_template(f"{template}.jinja").render(values)
        yield "conftest.py", environment.get_template("kit.py.jinja").render(values)
    yield f"{inside}__init__.py", f'"""{_summary(plan)}"""\n'
    yield f"{inside}plugin.py", _plugin(plan)
    wanted = {
        "docs.md": "docs.md",
        "empty": "tests/__init__.py",
        "conftest.py": "tests/conftest.py",
        "test_contract.py": "tests/test_contract.py",
    }
    for name, part in PARTS.items():
        wanted |= part.files if name in plan.parts else {}
    for template, path in wanted.items():
        yield f"{inside}{path}", environment.get_template(f"{template}.jinja").render(values)


def _summary(plan: Plan) -> str:
    return f"What {plan.label} adds to Kith."


# ---------------------------------------------------------------- plugin.py


def _plugin(plan: Plan) -> str:
    parts = [PARTS[name] for name in PARTS if name in plan.parts]
    hooks = [(part.hook, part.returns, part.value) for part in parts if part.hook]
    if "page" in plan.parts:
        hooks.append(("kith_links", "Link", "pages.ALL"))
    names = {word for _hook, returns, _value in hooks for word in returns.split(" | ")} - {"Blueprint"}
    modules = sorted({value.partition(".")[0] for _hook, _returns, value in hooks})
    lines = [
        '"""The plugin itself: its metadata, and where the declarations are."""',
        "",
        "from __future__ import annotations",
        "",
        *(["from collections.abc import Iterable", ""] if hooks else []),
        *(["from flask import Blueprint", ""] if "page" in plan.parts else []),
        *_import("app.sdk", sorted({*names, "Plugin"}) + ["_l"] + (["hookimpl"] if hooks else [])),
        "",
        *(_import(".", modules) if modules else []),
        *(["from .settings import Settings"] if "settings" in plan.parts else []),
        *([""] if modules or "settings" in plan.parts else []),
        "",
        f"class {plan.cls}(Plugin):",
        f'    """{_summary(plan)}"""',
        "",
        f'    name = "{plan.name}"',
        f'    label = _l("{plan.label}")',
        f'    summary = _l("{_summary(plan)}")',
        '    api = "1.0"',
        *(["    settings = Settings"] if "settings" in plan.parts else []),
    ]
    for hook, returns, value in hooks:
        lines += [
            "",
            "    @hookimpl",
            f"    def {hook}(self) -> Iterable[{returns}]:",
            f"        return {value}",
        ]
    return "\n".join([*lines, ""])


def _import(module: str, names: Sequence[str]) -> list[str]:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return [line]
    return [f"from {module} import (", *(f"    {name}," for name in names), ")"]
