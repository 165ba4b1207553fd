"""Every route, by every role that may not use it: refused before anything is looked up or changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app.services import grants
from app.services.roles import BUILTIN
from app.testing.clients import Person
from app.web.security import routes_check

FILLED = {"int": 999_999, "default": "x", "string": "x", "path": "x"}


def closed(app: Flask, role: str | None) -> Iterator[tuple[str, str]]:
    """Path and method of every route that a role (None: nobody) may not use, with placeholders filled in."""
    allowed = grants.of_role(role, True, {}) if role else {}
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        how, permission = app.view_functions[rule.endpoint].kith_access  # type: ignore[attr-defined]
        if how in ("public", "token") or (role and (how == "signed_in" or permission in allowed)):
            continue
        values = {name: _filled(rule, name) for name in rule.arguments if name not in (rule.defaults or {})}
        path = adapter.build(rule.endpoint, values | (rule.defaults or {}), force_external=False)
        yield from ((path, method) for method in (rule.methods or set()) & {"GET", "POST"})


def _filled(rule: object, name: str) -> object:
    converter = rule._converters[name]  # type: ignore[attr-defined]
    kind = type(converter).__name__
    if kind == "AnyConverter":
        return next(iter(converter.items))
    return FILLED[{"IntegerConverter": "int", "PathConverter": "path"}.get(kind, "default")]


@pytest.fixture(scope="session")
def kith_plugins() -> tuple[str, ...]:
    """Bundled plugins are on: the pages of one that is off exist for nobody."""
    return ("gifts", "hr", "projects", "sales", "territories")


@pytest.mark.parametrize("role", [r for r in BUILTIN if r != "administrator"])
def test_a_role_is_refused_where_it_has_no_right(
    app: Flask, as_role: Callable[..., Person], role: str
) -> None:
    person = as_role(role)
    wrong = []
    for path, method in closed(app, role):
        answer = person.get(path) if method == "GET" else person.post(path)
        if answer.status_code != 403:
            wrong.append(f"{method} {path}: {answer.status_code}")
    assert wrong == []


def test_nobody_is_sent_to_the_login_page(app: Flask, as_role: Callable[..., Person]) -> None:
    as_role("rep")
    person = as_role(None)
    found = list(closed(app, None))
    wrong = []
    for path, method in found:
        answer = person.get(path) if method == "GET" else person.post(path)
        if answer.status_code != 303 or not answer.headers["Location"].startswith("/login"):
            wrong.append(f"{method} {path}: {answer.status_code}")
    assert wrong == []
    assert len(found) > 50


def test_every_route_is_in_the_walk_or_says_why_it_is_open(app: Flask) -> None:
    how = {
        endpoint: app.view_functions[endpoint].kith_access for _p, _m, endpoint in routes_check.routes(app)
    }  # type: ignore[attr-defined]
    assert [e for e, (kind, reason) in how.items() if kind == "public" and len(reason) < 10] == []
