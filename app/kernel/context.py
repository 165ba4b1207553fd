"""Context: the only thing a callable receives beside its subject. A dataclass of protocols; it may grow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from logging import Logger
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T")

if TYPE_CHECKING:
    from flask import Request
    from sqlalchemy.orm import Session

    from app.kernel.contributions import Action, Choice, Entity, Field, Link, Panel, TimelineKind


@dataclass(frozen=True)
class Principal:
    """Who asks: a user, a token, a plugin or a named system job; never an ORM row.

    `grants` maps "entity.verb" or a permission's key to a reach: own, team or all. `teams` are the ids of the
    principal's teams with all teams below them. `hidden` and `readonly` hold "entity.field" names. `memo` keeps what
    follows from the principal alone, for as long as the epoch does not change.
    """

    id: int | None
    name: str
    email: str = ""
    roles: frozenset[str] = frozenset()
    grants: Mapping[str, str] = field(default_factory=dict)
    teams: frozenset[int] = frozenset()
    team_id: int | None = None
    hidden: frozenset[str] = frozenset()
    readonly: frozenset[str] = frozenset()
    locale: str = "en"
    zone: str = "UTC"
    theme: str = ""
    shortcuts: bool = True
    system: bool = False
    epoch: tuple[int, ...] = ()
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def reach(self, permission: str) -> str:
        """Return none, own, team or all: how far a permission goes for this principal."""
        return "all" if self.system else self.grants.get(permission, "none")

    def may(self, permission: str) -> bool:
        """Tell whether the principal has a permission at any reach."""
        return self.reach(permission) != "none"

    def is_a(self, role: str) -> bool:
        """Tell whether the principal has a role."""
        return role in self.roles


class Schema(Protocol):
    """Entities and fields as they are now: contributions of enabled owners and definitions from the database."""

    def entities(self) -> Sequence[Entity]: ...
    def entity(self, name: str) -> Entity: ...
    def has(self, name: str) -> bool: ...
    def fields(self, entity: str) -> Sequence[Field]: ...
    def field(self, entity: str, name: str) -> Field: ...
    def actions(self, entity: str) -> Sequence[Action]: ...
    def kinds(self) -> Sequence[TimelineKind]: ...
    def kind(self, name: str) -> TimelineKind: ...
    def stages(self) -> Sequence[Choice]: ...
    def panels(self, slot: str) -> Sequence[Panel]: ...
    def links(self, place: str) -> Sequence[Link]: ...
    def all(self, kind: type[T]) -> Sequence[T]: ...


class Settings(Protocol):
    """Settings as attributes: the site's, or those of the plugin that asks."""

    def get(self, key: str, default: Any = None) -> Any: ...
    def __getattr__(self, key: str) -> Any: ...


class Services(Protocol):
    """The chosen implementation of a protocol, or its null object."""

    def get(self, protocol: type[Any]) -> Any: ...


class Events(Protocol):
    """What happens is told here: BEFORE subscribers at once, the rest from the outbox after commit."""

    def emit(
        self,
        topic: str,
        *,
        entity: str = "",
        record_ids: Iterable[int] = (),
        payload: Mapping[str, Any] | None = None,
    ) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Approved:
    """The approval under which an action runs: who decided, when, with which words, and why it was needed."""

    id: int
    action: str
    by_id: int
    by: str
    at: datetime
    note: str
    reason: str


@dataclass(kw_only=True)
class Context:
    """The principal, the moment and the services of one piece of work.

    `now` is an aware UTC instant fixed for the request; `topics` collects what occurred, for HX-Trigger;
    `operation` is the journal operation in progress; `depth` counts events caused by events, and
    `caused_by` is the operation that led to this work; `approved` says who approved it, if that was needed.
    """

    user: Principal
    now: datetime
    locale: str
    zone: ZoneInfo
    session: Session
    schema: Schema
    settings: Settings
    services: Services
    events: Events
    log: Logger
    source: str = "web"
    request: Request | None = None
    topics: list[str] = field(default_factory=list)
    operation: Any = None
    depth: int = 0
    caused_by: int | None = None
    approved: Approved | None = None

    def unit(self, *, savepoint: bool = False) -> AbstractContextManager[Any]:
        """Open the write transaction or join the one that is open (bound by services/context.py)."""
        raise NotImplementedError

    def may(self, permission: str) -> bool:
        """Tell whether the principal has a permission at any reach."""
        return self.user.may(permission)
