"""Checks that read a plugin's files: what it imports, what it leaves alone, its names, texts, templates and docs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask_babel.speaklater import LazyString

from app.host.importing import tables_of
from app.kernel.contributions import (
    Action,
    Choice,
    Contribution,
    Entity,
    Field,
    Job,
    On,
    Permission,
    RowRule,
    Topic,
)
from app.testing import templates
from app.testing.contract.case import Case

NOT_SAID = (On, RowRule)
"""Declarations that nobody reads: they need no label."""

LABELS = ("label", "plural", "verb", "section", "confirm", "hint")
SCRIPT_BYTES = 10 * 1024
OWN = {"commit", "rollback", "create_all", "drop_all"}
"""Methods by which a plugin would take the transaction or the tables into its own hands."""


def imports_only_the_sdk(case: Case) -> Iterator[str]:
    """A plugin imports `app.sdk`, itself by relative imports, and libraries; no other module of the core, no plugin."""
    package = case.loaded.candidate.package
    for path, tree in _modules(case):
        for name, line in _imported(tree):
            first, second = [*name.split("."), ""][:2]
            where = f"{path.name}:{line} imports {name}"
            if first == "app" and second != "sdk":
                yield f"{where}: of the core only app.sdk and its modules are for plugins."
            elif first == "plugins" or name == package or name.startswith(f"{package}."):
                yield f"{where}: import yourself by a dot (from . import …), and other plugins never."


def leaves_the_core_its_work(case: Case) -> Iterator[str]:
    """It neither commits nor rolls back, makes no tables itself, and reads no rows past the access rules."""
    for path, tree in _modules(case):
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr == "__table__":
                yield f"{path.name}:{node.lineno} uses __table__: select the class, or hidden rows are read."
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in OWN:
                yield f"{path.name}:{node.lineno} calls {node.func.attr}(): write within ctx.unit() or @unit; tables come from migrations."
            inner = node.args[0] if node.args else None
            if (
                node.func.attr in ("execute", "scalar", "scalars")
                and isinstance(inner, ast.Call)
                and isinstance(inner.func, ast.Name)
                and inner.func.id == "text"
            ):
                yield f"{path.name}:{node.lineno} sends SQL as text: select the classes, or hidden rows are read."


def names_carry_its_name(case: Case) -> Iterator[str]:
    """Tables, indexes and everything that it declares begin with its name, so that nothing of two plugins collides."""
    for table in tables_of(case.name):
        if not table.name.startswith(f"{case.name}_"):
            yield f"The table {table.name} must be called {case.name}_{table.name}."
        for index in table.indexes:
            if f"{case.name}_" not in str(index.name):
                yield f"The index {index.name} must have {table.name} in its name: names of indexes are of the whole database."
    for item in case.declared(Contribution):
        if "." in item.name and not item.name.startswith(f"{case.name}."):
            yield f"{type(item).__name__} “{item.name}” carries somebody else's name; write it without a dot."
    for found in case.loaded.blueprints:
        if found.name != case.name and not found.name.startswith(f"{case.name}_"):
            yield f"The blueprint “{found.name}” must be called {case.name} or {case.name}_…."


def says_what_it_is(case: Case) -> Iterator[str]:
    """It has a label, a summary and an API version, and everything that people meet has a label."""
    if not case.loaded.plugin or not case.loaded.plugin.label:
        yield "The class has no label: the name that people read."
    if not case.loaded.summary:
        yield "The class says not what it does: write summary = _l(…), which stands on the page of plugins."
    for item in case.declared(Contribution):
        if not isinstance(item, NOT_SAID) and not str(item.label):
            yield f"{type(item).__name__} “{item.key}” has no label."


def texts_can_be_translated(case: Case) -> Iterator[str]:
    """Labels are lazy texts (`_l`), and templates say nothing outside of `_()`."""
    plugin: Any = case.loaded.plugin
    if _is_bare(plugin.label):
        yield f"The plugin's label “{plugin.label}” cannot be translated; write _l(…)."
    if plugin.summary and _is_bare(plugin.summary):
        yield f"The plugin's summary “{plugin.summary}” cannot be translated; write _l(…)."
    for item in case.declared(Contribution):
        yield from _bare(type(item).__name__, item.key, item)
        for part in getattr(item, "fields", ()) if isinstance(item, Entity) else ():
            yield from _bare("Field", part.key, part)
    for path in _templates(case):
        found = templates.untranslated(path.read_text("utf-8"), plain=path.suffix == ".txt")
        for text in found:
            yield f"{path.name} says “{text}”, which cannot be translated; write {{{{ _('…') }}}}."


def templates_are_harmless(case: Case) -> Iterator[str]:
    """Templates parse, hold no inline script or style, and nowhere switch escaping off."""
    root = case.loaded.folder("templates")
    for path in _templates(case):
        name = f"{case.name}/{path.relative_to(root or path).as_posix()}"
        try:
            case.app.jinja_env.get_template(name)
            source = path.read_text("utf-8")
            for place in templates.inline(source):
                yield f"{name} has {place} inline; the browser refuses it. Put it into static/."
            for place in templates.unescaped(source):
                yield f"{name} switches escaping off: {place}."
        except Exception as error:
            yield f"{name} cannot be parsed: {error}"


def static_files_are_light(case: Case) -> Iterator[str]:
    """Its stylesheet and scripts are small: every page of everybody carries them (6 KB of style, 10 KB a script)."""
    root = case.loaded.folder("static")
    for path in sorted(root.rglob("*")) if root else ():
        if path.suffix == ".js" and path.stat().st_size > SCRIPT_BYTES:
            yield f"{path.name} has {path.stat().st_size} bytes; a script has at most {SCRIPT_BYTES}."
        if path.suffix == ".css" and path.stat().st_size > 4 * 6 * 1024:
            yield f"{path.name} has {path.stat().st_size} bytes; all plugins together may have 6 KB compressed."


def docs_mention_everything(case: Case) -> Iterator[str]:
    """Its docs.md names every entity, action, job, topic, permission, field on others and setting."""
    page = next((p for p in (case.folder / "docs.md", case.folder.parent / "README.md") if p.is_file()), None)
    if page is None:
        yield "There is no docs.md: a page for those who use it and those who extend it."
        return
    text = page.read_text("utf-8")
    for kind in (Entity, Action, Job, Topic, Permission):
        for item in case.declared(kind):
            if item.key not in text:
                yield f"{page.name} does not mention the {kind.__name__.lower()} {item.key}."
    for field in case.declared(Field):
        if field.key not in text:
            yield f"{page.name} does not mention the field {field.key} on {field.on}."
    for form in (getattr(case.loaded.plugin, name) for name in ("settings", "user_settings")):
        for setting in form() if form is not None else ():
            if setting.name not in text:
                yield f"{page.name} does not mention the setting {setting.name}."


# ---------------------------------------------------------------- inside


def _modules(case: Case) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(case.folder.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.relative_to(case.folder).parts):
            yield path, ast.parse(path.read_text("utf-8"))


def _imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def _templates(case: Case) -> list[Path]:
    root = case.loaded.folder("templates")
    return [p for p in sorted(root.rglob("*")) if p.suffix in {".html", ".txt"}] if root else []


def _is_bare(text: Any) -> bool:
    return isinstance(text, str) and not isinstance(text, LazyString) and bool(re.search(r"[^\W\d_]", text))


def _bare(sort: str, key: str, item: Any) -> Iterator[str]:
    for name in LABELS:
        if _is_bare(getattr(item, name, "")):
            yield f"{sort} “{key}”: its {name} “{getattr(item, name)}” cannot be translated; write _l(…)."
    choices = [*(getattr(item, "outcomes", None) or ())]
    choices += (
        [c for c in (getattr(item, "choices", None) or ()) if isinstance(c, Choice)]
        if not callable(getattr(item, "choices", None))
        else []
    )
    for choice in choices:
        if _is_bare(choice.label):
            yield f"{sort} “{key}”: the choice “{choice.label}” cannot be translated; write _l(…)."
