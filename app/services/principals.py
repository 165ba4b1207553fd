"""Who asks: principals built from users, their roles and teams, cached until permissions change."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.house import house
from app.kernel.context import Principal
from app.models import FieldRule, Role, RoleGrant, Team, User, UserRole, UserTeam
from app.services import grants, schema


def load(session: Session, user_id: int, epoch: tuple[int, ...]) -> Principal | None:
    """Return the principal of an active user as of an epoch, from the cache when nothing has changed.

    Of the counters (plugins, schema, settings, permissions) only the last one concerns who somebody is: whatever
    changes a user, a role or a team raises it.
    """
    cache = house().principal_cache
    cached = cache.get(user_id)
    whole, epoch = epoch, epoch[3:]
    if cached is not None and cached[0] == epoch:
        found: Principal = cached[1]
        return found
    user = session.execute(select(User).where(User.id == user_id, User.active.is_(True))).scalar_one_or_none()
    if user is None:
        return None
    schema.current(session, whole)  # own kinds of record bring rights of their own
    principal = _build(session, user, epoch)
    cache[user_id] = (epoch, principal)
    return principal


@lru_cache(maxsize=64)
def system(name: str, epoch: tuple[int, ...] = ()) -> Principal:
    """Return the principal of a named system task: it sees everything, and the log says which task it was.

    What it remembers holds for an epoch: a plugin that is enabled meanwhile brings kinds of record of its own.
    """
    return Principal(id=None, name=name, system=True, roles=frozenset({"system"}), epoch=epoch)


def teams_below(session: Session, roots: Iterable[int]) -> frozenset[int]:
    """Return the ids of teams with all teams below them in the tree; a loop in the tree does no harm."""
    parents = {row.id: row.parent_id for row in session.execute(select(Team.id, Team.parent_id))}
    found = set(roots)
    grown = True
    while grown:
        more = {team for team, parent in parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    return frozenset(found)


def _build(session: Session, user: User, epoch: tuple[int, ...]) -> Principal:
    roles = session.execute(
        select(Role.id, Role.name, Role.builtin)
        .join(UserRole, UserRole.role_id == Role.id)
        .where(UserRole.user_id == user.id)
    ).all()
    role_ids = [row.id for row in roles]
    stored: dict[int, dict[str, str]] = {role_id: {} for role_id in role_ids}
    for role_id, permission, reach in session.execute(
        select(RoleGrant.role_id, RoleGrant.permission, RoleGrant.reach).where(
            RoleGrant.role_id.in_(role_ids)
        )
    ):
        stored[role_id][permission] = reach
    granted = grants.added([grants.of_role(row.name, row.builtin, stored[row.id]) for row in roles])
    hidden, readonly = _field_rules(session, role_ids)
    own = {user.team_id} if user.team_id else set()
    own |= set(session.execute(select(UserTeam.team_id).where(UserTeam.user_id == user.id)).scalars())
    return Principal(
        id=user.id,
        name=user.name,
        email=user.email,
        roles=frozenset(row.name for row in roles),
        grants=granted,
        teams=teams_below(session, own) if own else frozenset(),
        team_id=user.team_id,
        hidden=hidden,
        readonly=readonly,
        locale=user.locale,
        zone=user.zone,
        theme=user.theme,
        shortcuts=user.shortcuts,
        epoch=epoch,
    )


def _field_rules(session: Session, role_ids: list[int]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the fields hidden and read-only in every one of the roles: one role that may is enough."""
    modes: dict[str, list[str]] = {}
    for name, mode in session.execute(
        select(FieldRule.field, FieldRule.mode).where(FieldRule.role_id.in_(role_ids))
    ):
        modes.setdefault(name, []).append(mode)
    all_roles = len(role_ids)
    hidden = {n for n, found in modes.items() if found.count("hidden") == all_roles}
    readonly = {n for n, found in modes.items() if len(found) == all_roles} - hidden
    return frozenset(hidden), frozenset(readonly)
