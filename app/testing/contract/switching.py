"""Checks on a plugin as a whole: it boots alone and in company, goes away and comes back, and its failures stay its own."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

from app import paths
from app.host.armour import armoured
from app.house import house
from app.kernel.contributions import Action, Contribution, Entity, Panel, RowRule
from app.testing.contract.case import Case
from app.testing.contract.samples import Samples
from app.testing.plugins import disable, enable

PAGES = ("/", "/contacts", "/companies", "/tasks", "/search?q=ana", "/account")
GATES = {"when"}
"""Callables that decide whether others are called at all: doubled in a second round."""


def boots_alone(case: Case) -> Iterator[str]:
    """With its requirements alone it is enabled, without a problem and without a remark of the boot checks."""
    status = case.host.states.status(case.name)
    if str(status.state) != "enabled":
        yield f"It is {status.state}: {status.problem}"
        return
    if status.problem:
        yield status.problem
    absent = tuple(f"“{other}." for other in getattr(case.loaded.plugin, "enhances", ()))
    for remark in case.loaded.warnings:
        if not (absent and any(mark in remark for mark in absent)):
            yield remark


def boots_with_everything(case: Case) -> Iterator[str]:
    """Beside every other plugin that is installed here it is loaded, and spoils none of them."""
    from app import create_app

    folders = {str(case.folder.parent)} - {str(paths.PLUGINS)} if _in_a_folder(case) else set()
    with TemporaryDirectory() as folder, warnings.catch_warnings(), case.strict():
        app = create_app(
            env="test",
            data_dir=folder,
            database_url=f"sqlite:///{Path(folder) / 'all.db'}",
            plugin_dirs=tuple(sorted(folders)),
            worker=False,
            backup_at="",
            strict_plugins=False,
        )
        host = house(app).host
        for name, other in host.plugins.items():
            if other.problem and (name == case.name or case.name in other.problem):
                yield f"Beside the others, {name} is not loaded: {other.problem}"
        with app.app_context():
            from app.extensions import db

            db.engine.dispose()


def _in_a_folder(case: Case) -> bool:
    return case.loaded.candidate.module.startswith("plugins.")


def uses_nothing_deprecated(case: Case) -> Iterator[str]:
    """It uses nothing that the next version of the API leaves out."""
    yield from case.loaded.deprecations


def disabled_hides_everything(case: Case) -> Iterator[str]:
    """Disabled, nothing of it is reachable and the pages of the core stay; enabled again, everything is back."""
    person, contact = case.person(), Samples(case).one("contact")
    here = {path: case.open(person, path)[0] for path in _addresses(case, contact)}
    disable(case.app, case.name)
    try:
        for path in here:
            status = case.open(person, path)[0]
            if status != 404:
                yield f"Disabled, {path} still answers {status}."
        for path in (*PAGES, f"/contacts/{contact.id}"):
            status, text = case.open(person, path)
            if status != 200:
                yield f"While it is disabled, {path} answers {status}: {text[:200]}"
            elif f"/{case.name}/" in text or f"/panel/{case.name}/" in text:
                yield f"While it is disabled, {path} still leads to it."
    finally:
        enable(case.app, case.name)
    for path, former in here.items():
        status = case.open(person, path)[0]
        if status != former:
            yield f"Enabled again, {path} answers {status}, and before {former}."


def failures_stay_its_own(case: Case) -> Iterator[str]:
    """With every callable of it raising, the pages of the core still answer 200."""
    person, contact = case.person(), Samples(case).one("contact")
    lists = [f"/list/{entity.key}" for entity in case.declared(Entity)]
    pages = (
        *PAGES,
        *lists,
        f"/contacts/{contact.id}",
        f"/timeline/contact/{contact.id}",
        f"/history/contact/{contact.id}",
    )
    panels = [
        f"/panel/{p.owner}/{p.name}?on=contact:{contact.id}"
        for p in case.declared(Panel)
        if p.slot.startswith("contact.") and p.when is None
    ]
    # a rule about contacts that fails closes them (DECISIONS 5): then there is no such contact
    closed = any(rule.on == "contact" and rule.restrict is not None for rule in case.declared(RowRule))
    for spared in (GATES, set()):
        with case.strict(False), _doubled(case, spared):
            for path in (*pages, *(panels if spared else ())):
                try:
                    status = person.get(path).status_code
                except Exception as error:
                    yield f"When it fails, {path} fails too: {type(error).__name__}: {error}"
                    continue
                own = path in lists and status == 422  # a sentence in place of its own list
                hidden = closed and status == 404 and path not in (*PAGES, *lists)
                if not own and not hidden and status not in (200, 302, 303, 308):
                    yield f"When it fails, {path} answers {status}."


@contextmanager
def _doubled(case: Case, spared: set[str]) -> Iterator[None]:
    """Put a raising double in the place of every callable that the plugin declared."""
    registry, kith = case.registry, house(case.app)
    former = list(registry._items)
    patient = case.host.states.quarantine.faults_allowed
    case.host.states.quarantine.faults_allowed = 0
    try:
        with registry.thawed():
            registry._items = [
                armoured(case.name, _raising(item, spared)) if item.owner == case.name else item
                for item in former
            ]
        kith.schema_cache = None
        yield
    finally:
        with registry.thawed():
            registry._items = former
        kith.schema_cache = None
        case.host.states.quarantine.faults_allowed = patient


def _raising(item: Contribution, spared: set[str]) -> Contribution:
    assert is_dataclass(item)
    doubles: dict[str, Any] = {
        field.name: _boom
        for field in fields(item)
        if callable(value := getattr(item, field.name))
        and not isinstance(value, type)
        and field.name not in spared
        and not hasattr(value, "translate")
        and not isinstance(value, str)
    }
    if isinstance(item, Entity):
        doubles["fields"] = tuple(_raising(field, spared) for field in item.fields)
        doubles.pop("where", None)
    return replace(item, **doubles)


def _boom(*args: Any, **kwargs: Any) -> NoReturn:
    raise RuntimeError("a double of the contract raises on purpose")


def _addresses(case: Case, contact: Any) -> Iterator[str]:
    yield from (
        f"/panel/{p.owner}/{p.name}?on=contact:{contact.id}"
        for p in case.declared(Panel)
        if p.slot.startswith("contact.")
    )
    yield from (
        f"/action/{a.owner}/{a.name}?id={contact.id}" for a in case.declared(Action) if a.on == "contact"
    )
    yield from (f"/list/{entity.key}" for entity in case.declared(Entity))
    for rule in case.app.url_map.iter_rules():
        own = rule.endpoint in case.loaded.endpoints or rule.rule.startswith(f"/{case.name}/")
        if own and "GET" in (rule.methods or ()) and not rule.arguments:
            yield rule.rule
    root = case.loaded.folder("static")
    for path in sorted(root.rglob("*")) if root else ():
        if path.is_file():
            yield f"/static/plugins/{case.name}/{path.relative_to(root or path).as_posix()}"
