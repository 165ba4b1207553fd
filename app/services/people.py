"""Names of records and colleagues for display, read for a whole page at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from app.kernel.context import Context
from app.models import Role, Team, User, UserRole
from app.services import access

_USERS = select(User.id, User.name).where(User.id.in_(bindparam("ids", expanding=True)))
_TEAMS = select(Team.id, Team.name).where(Team.id.in_(bindparam("ids", expanding=True)))


_TITLES: dict[tuple[Any, str], Any] = {}


def _titles(model: Any, column: str) -> Any:
    """Return the select of titles by ids, built once for each kind of record."""
    if (model, column) not in _TITLES:
        query = select(model.id, getattr(model, column))
        _TITLES[model, column] = query.where(model.id.in_(bindparam("ids", expanding=True)))
    return _TITLES[model, column]


@dataclass(frozen=True, kw_only=True)
class Named:
    """A record that can be named: its entity, id and title; `url` is the endpoint of its page, or empty."""

    entity: str
    id: int
    name: str
    url: str = ""


def names(ctx: Context, targets: Collection[tuple[str, int]]) -> dict[tuple[str, int], Named]:
    """Return the names of the records that exist for the principal, and of colleagues; one query per entity."""
    found: dict[tuple[str, int], Named] = {}
    by_entity: dict[str, list[int]] = {}
    for entity, record_id in targets:
        by_entity.setdefault(entity, []).append(record_id)
    for entity, ids in by_entity.items():
        if entity == "user":
            for user_id, name in user_names(ctx, ids).items():
                found["user", user_id] = Named(entity="user", id=user_id, name=name)
        elif ctx.schema.has(entity):
            found |= _records(ctx, entity, ids)
    return found


def named(ctx: Context, entity: str, record: Any) -> Named:
    """Return the name of a record that somebody has read."""
    kind = ctx.schema.entity(entity)
    name = kind.title(record) if callable(kind.title) else getattr(record, kind.title, "")
    return Named(entity=entity, id=record.id, name=str(name or kind.label), url=kind.url)


def user_names(ctx: Context, ids: Collection[int]) -> dict[int, str]:
    """Return the names of users by id."""
    return _kept(ctx, "users", _USERS, ids)


def team_names(ctx: Context, ids: Collection[int]) -> dict[int, str]:
    """Return the names of teams by id."""
    return _kept(ctx, "teams", _TEAMS, ids)


def _kept(ctx: Context, what: str, query: Any, ids: Collection[int]) -> dict[int, str]:
    """Return names from what the principal remembers: every change of a user or team makes principals anew.

    The system's principals live as long as the process, so they remember nothing.
    """
    known: dict[int, str] = {} if ctx.user.system else ctx.user.memo.setdefault(("names", what), {})
    if unknown := [i for i in ids if i not in known]:
        known.update((row[0], row[1]) for row in access.rows(ctx, query, {"ids": unknown}))
    return {i: known[i] for i in ids if i in known}


def colleagues(ctx: Context) -> list[tuple[int, str]]:
    """Return the active users by name, for choices; at most 500."""
    rows = ctx.session.execute(
        select(User.id, User.name).where(User.active.is_(True)).order_by(User.name).limit(500)
    )
    return [(row.id, row.name) for row in rows]


def roles(ctx: Context) -> list[tuple[str, str]]:
    """Return the roles there are as (name, label), for choices."""
    from app.services import roles as every

    return [(role.name, str(role.label)) for role in every.all_of(ctx)]


def roles_of(ctx: Context, ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Return the names of the roles of users: one query, whoever asks."""
    query = select(UserRole.user_id, Role.name).join(Role, Role.id == UserRole.role_id)
    found: dict[int, set[str]] = {}
    for row in ctx.session.execute(query.where(UserRole.user_id.in_(ids))):
        found.setdefault(row.user_id, set()).add(row.name)
    return {i: frozenset(found.get(i, ())) for i in ids}


def _records(ctx: Context, entity: str, ids: list[int]) -> dict[tuple[str, int], Named]:
    kind = ctx.schema.entity(entity)
    if callable(kind.title):
        rows = ctx.session.execute(select(kind.model).where(kind.model.id.in_(ids))).scalars()
        pairs = [(row.id, kind.title(row)) for row in rows]
    else:
        query = _titles(kind.model, kind.title)
        pairs = [(row[0], row[1]) for row in access.rows(ctx, query, {"ids": ids})]
    return {
        (entity, i): Named(entity=entity, id=i, name=str(name or kind.label), url=kind.url)
        for i, name in pairs
    }
