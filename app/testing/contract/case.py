"""The plugin under test: where it is, what it declares, and how the checks look at it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask

from app.extensions import Base
from app.host.host import Host
from app.host.loaded import Loaded
from app.house import house
from app.kernel import guard
from app.kernel.contributions import Contribution, Entity, Field
from app.kernel.guard import Surface
from app.kernel.registry import Registry
from app.migrations.ownership import owner_of
from app.services.context import session
from app.testing.clients import Person
from app.testing.factories import Make

T = TypeVar("T", bound=Contribution)

Answers = Mapping[str, Mapping[str, Any]]
Lasting = Mapping[str, Collection[str]]
Builders = Mapping[str, Callable[[Make, dict[str, Any]], Any]]

VOLATILE = {"id", "version", "updated_at", "updated_by"}
"""Columns that say that somebody wrote, not what."""


class Case:
    """One plugin of a booted application. `answers` fill the forms of its actions, `builders` make its records.

    `lasting` names the columns that stay when an action is undone, and are meant to.
    """

    def __init__(
        self,
        app: Flask,
        name: str,
        *,
        answers: Answers | None = None,
        builders: Builders | None = None,
        lasting: Lasting | None = None,
    ) -> None:
        self.app, self.name = app, name
        self.answers, self.builders, self.lasting = answers or {}, builders or {}, lasting or {}
        self.make = Make()
        self.kept: dict[str, list[Any]] = {}
        self.spare: dict[str, int] = {}
        self._numbers = count(1)

    @property
    def host(self) -> Host:
        """The host that loaded it."""
        found: Host = house(self.app).host
        return found

    @property
    def registry(self) -> Registry:
        """All declarations of the application."""
        return house(self.app).registry

    @property
    def loaded(self) -> Loaded:
        """The plugin as the host knows it."""
        return self.host.plugins[self.name]

    @property
    def folder(self) -> Path:
        """The folder with its plugin.py."""
        return self.loaded.candidate.folder

    def declared(self, kind: type[T]) -> list[T]:
        """Return what it declares of one type."""
        return [item for item in self.registry.loaded(kind) if item.owner == self.name]

    def fields(self) -> list[Field]:
        """Return all its fields: those of its entities and those on others that are there."""
        own = [field for entity in self.declared(Entity) for field in entity.fields]
        known = {entity.key for entity in self.registry.loaded(Entity)}
        return [*own, *(field for field in self.declared(Field) if field.on in known)]

    def person(self, role: str | None = "administrator") -> Person:
        """Return a browser of a new user of a role; None is a user without any right, "" somebody not signed in."""
        if role == "":
            return Person(self.app, None)
        return Person(self.app, self.make.user(role) if role else self._nobody())

    @contextmanager
    def strict(self, on: bool = True) -> Iterator[None]:
        """Let failures be raised as they are (or, with `on=False`, be contained), whatever the application says."""
        former = guard._installed.strict
        guard._installed.strict = on
        try:
            yield
        finally:
            guard._installed.strict = former

    def open(self, person: Person, path: str, *, htmx: bool = False) -> tuple[int, str]:
        """Open an address with failures raised; returns status and text, 599 and the error when it raised."""
        with self.strict(), failures() as raised:
            try:
                answer = person.get(path, htmx=htmx)
                text = answer.get_data(as_text=True) if str(answer.mimetype).startswith("text/") else ""
                answer.close()
            except Exception as error:
                return 599, f"{type(error).__name__}: {error}"
        if raised and answer.status_code >= 500:
            return answer.status_code, f"{type(raised[-1]).__name__}: {raised[-1]}"
        return answer.status_code, text

    def call(self, call: Callable[..., Any], *args: Any, surface: Surface, within: Any = None) -> Any:
        """Call code of the plugin as the core does, in the guard and as its owner; what it raises is raised."""
        with self.strict():
            return guard.must(call, *args, owner=self.name, surface=surface, item="contract", session=within)

    def rows(self) -> dict[str, dict[Any, dict[str, Any]]]:
        """Return all rows of the plugin's tables and of every entity's: table → primary key → values."""
        session().rollback()
        found = {}
        with self.host.engine().connect() as connection:
            for table in self._watched:
                keys = [column.name for column in table.primary_key.columns]
                rows = [dict(row._mapping) for row in connection.execute(table.select())]
                found[table.name] = {tuple(row[key] for key in keys): row for row in rows}
        return found

    @cached_property
    def _watched(self) -> list[Any]:
        entities = {entity.model.__table__.name for entity in self.registry.loaded(Entity)}
        return [
            table
            for table in Base.metadata.tables.values()
            if owner_of(table) == self.name or table.name in entities
        ]

    def _nobody(self) -> Any:
        from app.models import User

        ctx = self.make.ctx()
        with ctx.unit():
            made = User(name="Nobody", email=f"nobody{next(self._numbers)}@example.org", team_id=None)
            ctx.session.add(made)
            ctx.session.flush()
        return made


class _Failures(logging.Handler):
    def __init__(self, into: list[BaseException]) -> None:
        super().__init__()
        self.into = into

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1] is not None:
            self.into.append(record.exc_info[1])


@contextmanager
def failures() -> Iterator[list[BaseException]]:
    """Collect the errors that are logged: a page of an error does not say which it was."""
    found: list[BaseException] = []
    handler = _Failures(found)
    log = logging.getLogger("kith")
    log.addHandler(handler)
    try:
        yield found
    finally:
        log.removeHandler(handler)


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return (table, primary key) of the rows that differ between two answers of `Case.rows`, but for who wrote when."""
    found = []
    for table in sorted({*before, *after}):
        old, new = before.get(table, {}), after.get(table, {})
        found += [(table, key) for key in {*old, *new} if _plain(old.get(key)) != _plain(new.get(key))]
    return found


def differing(before: Mapping[str, Any], after: Mapping[str, Any], table: str, key: Any) -> list[str]:
    """Return the columns in which a row differs between two answers of `Case.rows`."""
    old = _plain(before.get(table, {}).get(key)) or {}
    new = _plain(after.get(table, {}).get(key)) or {}
    return [name for name in {*old, *new} if old.get(name) != new.get(name)]


def _plain(row: Mapping[str, Any] | None) -> Any:
    return None if row is None else {name: value for name, value in row.items() if name not in VOLATILE}
