"""Builds the Context: for a request, for a user in a job, for a named system task."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import g, has_request_context, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from app.house import house
from app.kernel.context import Context, Principal
from app.models import Epoch
from app.services import events, plugin_settings, principals, providers, schema, settings
from app.services.unit import Unit, open_unit

log = logging.getLogger("kith")

NOBODY = Principal(id=None, name="")
"""Somebody who has not signed in: no grant at all."""


@dataclass(kw_only=True)
class HouseContext(Context):
    """The context of this application: its units are those of `services/unit.py`."""

    epoch: tuple[int, ...] = ()

    def unit(self, *, savepoint: bool = False) -> AbstractContextManager[Unit]:
        """Open the write transaction or join the one that is open."""
        return open_unit(self, savepoint=savepoint)


def clock() -> datetime:
    """Return the present instant in UTC; tests replace this function."""
    return datetime.now(UTC)


def session() -> Session:
    """Return the session of this request, job or command."""
    return cast(Session, db.session())


def read_epoch(of: Session) -> tuple[int, int, int, int]:
    """Return the counters (plugins, schema, settings, permissions); zeros before the first migration."""
    row = of.execute(select(Epoch.plugins, Epoch.schema, Epoch.settings, Epoch.permissions)).first()
    return (row.plugins, row.schema, row.settings, row.permissions) if row else (0, 0, 0, 0)


def build(user: Principal, epoch: tuple[int, ...], *, source: str) -> HouseContext:
    """Return a context for a principal; it becomes the scope of the session, which filters every select."""
    of = session()
    if house().host is not None:
        house().host.refresh(epoch[0])
    site = settings.site(of, epoch[2])
    name = user.zone or site.get("zone") or "UTC"
    made = HouseContext(
        user=user,
        now=clock(),
        locale=user.locale or site.get("locale") or "en",
        zone=zone(name),
        session=of,
        schema=schema.current(of, epoch),
        settings=site,
        services=providers.Chosen(site),
        events=cast(Any, None),
        log=log,
        source=source,
        request=request if has_request_context() else None,
    )
    made.epoch = epoch
    made.settings = plugin_settings.Mine(made, site)
    made.events = events.Bus(made)
    of.info["ctx"] = made
    return made


def zone(name: str) -> ZoneInfo:
    """Return an IANA zone, or UTC for a name that is none (a zone may vanish from the system's data)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        log.warning("There is no time zone %r; times are shown in UTC.", name)
        return ZoneInfo("UTC")


def ctx() -> HouseContext:
    """Return the context of the current request, made by the session loader before the view ran."""
    if "ctx" not in g:
        g.ctx = build(NOBODY, read_epoch(session()), source="web")
    return cast(HouseContext, g.ctx)


def for_user(user_id: int, *, source: str = "job") -> HouseContext:
    """Return a context that acts as a user outside a request. Raises LookupError if the user is not active."""
    epoch = read_epoch(session())
    principal = principals.load(session(), user_id, epoch)
    if principal is None:
        raise LookupError(f"user {user_id} is not active")
    return build(principal, epoch, source=source)


def as_system(reason: str, *, source: str = "job") -> HouseContext:
    """Return a context that sees everything, for a named task of the house; the reason is logged."""
    log.debug("acting as the system: %s", reason)
    epoch = read_epoch(session())
    return build(principals.system(reason, epoch), epoch, source=source)


@contextmanager
def acting(other: Context) -> Iterator[Context]:
    """Let the session be scoped by another context for a while, and give it back afterwards."""
    info = other.session.info
    former = info.get("ctx")
    info["ctx"] = other
    try:
        yield other
    finally:
        info["ctx"] = former


@contextmanager
def as_house(reason: str, *, source: str = "web") -> Iterator[HouseContext]:
    """Let something be done for somebody who may nothing: a public form, say. Afterwards the session is as it was.

    The context sees everything, so what comes from outside is checked before; the reason is logged.
    """
    of = session()
    former = of.info.get("ctx")
    try:
        yield as_system(reason, source=source)
    finally:
        of.info["ctx"] = former
