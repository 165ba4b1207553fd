"""The boot checks on what a plugin declares, once everybody's declarations are collected."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar

from flask import Blueprint, Flask
from sqlalchemy import inspect
from werkzeug.routing import Rule

from app.host.checks import Check, Finding
from app.host.loaded import Loaded
from app.kernel.contributions import (
    Action,
    Contribution,
    Entity,
    Field,
    On,
    Panel,
    RowRule,
    TimelineKind,
    Topic,
    View,
)
from app.kernel.registry import Registry
from app.models import Record
from app.services import grants

T = TypeVar("T", bound=Contribution)

PLACES = ("main", "side", "tab", "header", "list.top")
PAGES = ("dashboard", "account", "admin")
VERBS = ("created", "updated", "deleted", "restored", "merged", "purged")


def declared(registry: Registry) -> tuple[Check, ...]:
    """Return the checks over a filled registry."""
    checks: tuple[Callable[[Registry, Loaded], Iterable[Finding]], ...] = (
        entities_are_records,
        entities_say_whose_data,
        targets_are_known,
        slots_are_known,
        topics_are_known,
        topics_are_its_own,
    )
    return tuple(partial(check, registry) for check in checks)


def entities_are_records(registry: Registry, loaded: Loaded) -> Iterator[Finding]:
    """An entity's model has the base columns of a record and carries the entity's name."""
    for entity in _of(registry, Entity, loaded):
        if not issubclass(entity.model, Record):
            yield Finding(f"the entity “{entity.key}” needs a model that inherits from Record.")
        elif entity.where is None and entity.model.__entity__ != entity.key:
            yield Finding(f"{entity.model.__name__}.__entity__ must be “{entity.key}”, the entity's name.")


def entities_say_whose_data(registry: Registry, loaded: Loaded) -> Iterator[Finding]:
    """An entity that points to a contact says whether it is data about that person: else erasure would miss it."""
    for entity in _of(registry, Entity, loaded):
        points = [
            column.name
            for column in inspect(entity.model).columns
            if any(key.target_fullname == "contact.id" for key in column.foreign_keys)
        ]
        if points and entity.subject is None:
            yield Finding(
                f"the entity “{entity.key}” points to a contact. Write subject=“{points[0]}”.", fatal=False
            )


def targets_are_known(registry: Registry, loaded: Loaded) -> Iterator[Finding]:
    """Fields, actions, rules and views are on an entity that exists somewhere; on an absent one they do nothing."""
    known = {entity.key for entity in registry.loaded(Entity)}
    items: list[Field | Action | RowRule | View] = [
        *_of(registry, Field, loaded),
        *_of(registry, Action, loaded),
        *_of(registry, RowRule, loaded),
        *_of(registry, View, loaded),
    ]
    for item in items:
        if item.on not in known:
            yield _unknown(f"{type(item).__name__} “{item.key}” is on", "kind of record", item.on, known)


def slots_are_known(registry: Registry, loaded: Loaded) -> Iterator[Finding]:
    """Panels are in slots that some page has."""
    known = {*PAGES, *(f"{entity.key}.{place}" for entity in registry.loaded(Entity) for place in PLACES)}
    for panel in _of(registry, Panel, loaded):
        if panel.slot not in known:
            yield _unknown(f"Panel “{panel.key}” is in", "slot", panel.slot, known)


def topics_are_known(registry: Registry, loaded: Loaded) -> Iterator[Finding]:
    """Subscriptions name topics that somebody tells."""
    known = {topic.key for topic in registry.loaded(Topic)}
    known |= {f"{entity.key}.{verb}" for entity in registry.loaded(Entity) for verb in VERBS}
    for on in _of(registry, On, loaded):
        if on.topic != "*" and not on.topic.endswith(".*") and on.topic not in known:
            yield _unknown("it listens to", "topic", on.topic, known)


def topics_are_its_own(registry: Registry, loaded: Loaded) -> Iterator[Finding]:
    """Topics and kinds of entry that a plugin declares carry its name."""
    for kind in (Topic, TimelineKind):
        for item in _of(registry, kind, loaded):
            if not item.key.startswith(f"{loaded.name}."):
                yield Finding(f"{kind.__name__} “{item.key}” must begin with “{loaded.name}.”.")


def blueprint_is_modest(loaded: Loaded, blueprint: Blueprint) -> Iterator[Finding]:
    """A blueprint keeps to its own pages: own name, own addresses, no function for the whole program, no own folders."""
    if blueprint.name != loaded.name and not blueprint.name.startswith(f"{loaded.name}_"):
        yield Finding(
            f"the blueprint “{blueprint.name}” must be called “{loaded.name}” or “{loaded.name}_…”."
        )
    if blueprint.template_folder or blueprint.has_static_folder:
        yield Finding(
            "a blueprint has no folders of its own: put files into templates/ and static/ of the plugin."
        )
    prefix = blueprint.url_prefix or f"/{loaded.name}"
    if not f"{prefix}/".startswith(f"/{loaded.name}/"):
        yield Finding(
            f"the blueprint “{blueprint.name}” must have addresses below /{loaded.name}, not {prefix}."
        )
    probe = Flask("probe", static_folder=None)
    empty = _app_wide(probe)
    probe.register_blueprint(blueprint, url_prefix=prefix)
    if found := [name for name, count in _app_wide(probe).items() if count != empty[name]]:
        yield Finding(
            f"the blueprint “{blueprint.name}” changes the whole program ({', '.join(found)}). Remove that."
        )
    for rule in probe.url_map.iter_rules():
        yield from _page(loaded, rule, probe.view_functions[rule.endpoint])


def _page(loaded: Loaded, rule: Rule, view: object) -> Iterator[Finding]:
    if not f"{rule.rule}/".startswith(f"/{loaded.name}/"):
        yield Finding(f"the address {rule.rule} must be below /{loaded.name}.")
    if not hasattr(view, "kith_access"):
        advice = "Write @requires(“…”), @signed_in or @public(“…”) of app.sdk.web below the route."
        yield Finding(f"the page {rule.rule} does not say who may use it. {advice}")
    others = set(rule.methods or ()) - {"GET", "POST", "HEAD", "OPTIONS"}
    if others and not hasattr(view, "kith_methods"):
        yield Finding(
            f"the page {rule.rule} takes {', '.join(sorted(others))}; pages take GET and POST only."
        )


def rights_are_known(app: Flask, loaded: Loaded) -> Iterator[Finding]:
    """Pages require permissions that somebody declares."""
    with app.app_context():
        known = grants.rights()
    for endpoint in loaded.endpoints:
        how, permission = getattr(app.view_functions[endpoint], "kith_access", ("", ""))
        if how == "requires" and permission not in known:
            close = difflib.get_close_matches(permission, sorted(known), n=1)
            hint = f" Did you mean “{close[0]}”?" if close else ""
            yield Finding(f"the page {endpoint} requires “{permission}”, which nobody declares.{hint}")


def _app_wide(app: Flask) -> dict[str, int]:
    """Return how many functions of each sort the program as a whole has."""
    return {
        "before_app_request": len(app.before_request_funcs.get(None, ())),
        "after_app_request": len(app.after_request_funcs.get(None, ())),
        "teardown_app_request": len(app.teardown_request_funcs.get(None, ())),
        "app_context_processor": len(app.template_context_processors.get(None, ())),
        "app_url_value_preprocessor": len(app.url_value_preprocessors.get(None, ())),
        "app_url_defaults": len(app.url_default_functions.get(None, ())),
        "app_errorhandler": sum(len(found) for found in app.error_handler_spec.get(None, {}).values()),
        "app_template_filter": len(app.jinja_env.filters),
        "app_template_global": len(app.jinja_env.globals),
        "app_template_test": len(app.jinja_env.tests),
        "cli": len(app.cli.commands),
    }


def _of(registry: Registry, kind: type[T], loaded: Loaded) -> list[T]:
    return [item for item in registry.loaded(kind) if item.owner == loaded.name]


def _unknown(what: str, sort: str, name: str, known: Iterable[str]) -> Finding:
    close = difflib.get_close_matches(name, sorted(known), n=1)
    hint = f" Did you mean “{close[0]}”?" if close else " It does nothing until a plugin brings it."
    return Finding(f"{what} “{name}”, and there is no such {sort}.{hint}", fatal=False)
