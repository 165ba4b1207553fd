"""Roles: what they grant, which fields they hide, whom they bind to a second factor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, select

from app.i18n import _, _l
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible
from app.models import FieldRule, Layout, Role, RoleGrant, User, UserRole
from app.services import access, audit, grants, sessions
from app.services.settings import bump
from app.services.unit import unit

BUILTIN: Mapping[str, Any] = {
    grants.ADMINISTRATOR: _l("Administrator"),
    "manager": _l("Manager"),
    "representative": _l("Representative"),
    "read_only": _l("Read-only"),
}
"""The roles there always are: name → label."""

MODES = ("hidden", "readonly")


@dataclass(frozen=True, kw_only=True)
class RoleView:
    """A role for people; `grants` has every permission at its reach, `stored` those that differ from the rule."""

    id: int | None
    name: str
    label: str
    builtin: bool
    needs_totp: bool
    users: int = 0
    grants: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RoleChange:
    """What a role's form says: `grants` permission → reach, `fields` "entity.field" → hidden or readonly."""

    label: str
    needs_totp: bool = False
    grants: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


def all_of(ctx: Context) -> Sequence[RoleView]:
    """Return the roles, built-in ones first, with how many active users have each."""
    rows = ctx.session.execute(select(Role).order_by(Role.label)).scalars().all()
    counted = dict(
        ctx.session.execute(
            select(UserRole.role_id, func.count())
            .join(User, User.id == UserRole.user_id)
            .where(User.active)
            .group_by(UserRole.role_id)
        ).all()
    )
    stored = {row.name: row for row in rows}
    builtin = [_view(stored.get(name), counted) if name in stored else _unstored(name) for name in BUILTIN]
    return [*builtin, *(_view(row, counted) for row in rows if not row.builtin)]


def get(ctx: Context, name: str) -> RoleView:
    """Return a role with its grants and field rules. Raises NotVisible when there is none of that name."""
    row = ctx.session.execute(select(Role).where(Role.name == name)).scalar_one_or_none()
    if row is None and name in BUILTIN:
        return _unstored(name, full=True)
    if row is None:
        raise NotVisible(_("There is no such role."))
    found = _stored_grants(ctx, row.id)
    rules = select(FieldRule.field, FieldRule.mode).where(FieldRule.role_id == row.id)
    return RoleView(
        id=row.id,
        name=row.name,
        label=_label(row),
        builtin=row.builtin,
        needs_totp=row.needs_totp,
        grants=grants.of_role(row.name, row.builtin, found),
        fields=dict(ctx.session.execute(rules).all()),
    )


def holders(ctx: Context, permission: str) -> Sequence[int]:
    """Return the active users who have a permission at any reach."""
    stored = dict(
        ctx.session.execute(
            select(RoleGrant.role_id, RoleGrant.reach).where(RoleGrant.permission == permission)
        ).all()
    )
    right = grants.rights().get(permission, grants.Right(permission, permission))
    able = []
    for row in ctx.session.execute(select(Role.id, Role.name, Role.builtin)):
        ruled = grants.default(row.name, right) if row.builtin else "none"
        always = row.builtin and row.name == grants.ADMINISTRATOR
        if always or stored.get(row.id, ruled) != "none":
            able.append(row.id)
    query = select(User.id).join(UserRole, UserRole.user_id == User.id)
    query = query.where(User.active, UserRole.role_id.in_(able)).distinct().order_by(User.id)
    return ctx.session.execute(query).scalars().all()


@unit
def row_of(ctx: Context, name: str) -> Role:
    """Return the row of a role; that of a built-in one is made when it is first needed. Raises Invalid."""
    row = ctx.session.execute(select(Role).where(Role.name == name)).scalar_one_or_none()
    if row is None:
        if name not in BUILTIN:
            raise Invalid({"roles": _("There is no role “%(name)s”.", name=name)})
        row = Role(name=name, label=name, builtin=True, needs_totp=False)
        ctx.session.add(row)
        ctx.session.flush()
    return row


@unit
def create(ctx: Context, change: RoleChange) -> str:
    """Create a role of one's own and return its name. Raises NotAllowed, Invalid."""
    access.require(ctx, "admin.roles")
    name = re.sub(r"[\W_]+", "_", change.label.casefold()).strip("_")[:50] or "role"
    taken = set(ctx.session.execute(select(Role.name)).scalars()) | set(BUILTIN)
    while name in taken:
        name = f"{name[:50]}_{len(taken)}"
    _check(ctx, change, name)
    row = Role(name=name, label=change.label.strip(), builtin=False, needs_totp=change.needs_totp)
    ctx.session.add(row)
    ctx.session.flush()
    _store(ctx, row, change)
    audit.note(ctx, "role.create", f"role:{name}", grants=dict(change.grants), fields=dict(change.fields))
    return name


@unit
def update(ctx: Context, name: str, change: RoleChange) -> None:
    """Change what a role grants, hides and needs, from the next request of everybody who has it.

    Raises NotAllowed, NotVisible, and Invalid (the administrator role keeps every right).
    """
    access.require(ctx, "admin.roles")
    before = get(ctx, name)
    _check(ctx, change, name)
    row = row_of(ctx, name)
    if not row.builtin:
        row.label = change.label.strip()
    row.needs_totp = change.needs_totp
    _store(ctx, row, change)
    after = get(ctx, name)
    audit.note(
        ctx,
        "role.change",
        f"role:{name}",
        grants=_changed(before.grants, after.grants),
        fields=_changed(before.fields, after.fields),
        needs_totp=row.needs_totp,
    )
    if row.needs_totp and not before.needs_totp:
        _end_sessions_without_totp(ctx, row.id)


@unit
def remove(ctx: Context, name: str) -> None:
    """Delete a role of one's own that nobody has any more. Raises NotAllowed, NotVisible, Invalid."""
    access.require(ctx, "admin.roles")
    view = get(ctx, name)
    if view.builtin:
        raise Invalid({"role": _("This role is always there.")})
    holders = ctx.session.scalar(select(func.count()).where(UserRole.role_id == view.id))
    if holders:
        raise Invalid({"role": _("People still have this role. Give them another one first.")})
    ctx.session.execute(delete(RoleGrant).where(RoleGrant.role_id == view.id))
    ctx.session.execute(delete(FieldRule).where(FieldRule.role_id == view.id))
    ctx.session.execute(delete(Layout).where(Layout.role == name))
    ctx.session.execute(delete(Role).where(Role.id == view.id))
    audit.note(ctx, "role.remove", f"role:{name}")
    bump(ctx, "permissions")
    bump(ctx, "schema")


def names_of(ctx: Context, user_id: int) -> Sequence[str]:
    """Return the names of a user's roles."""
    query = select(Role.name).join(UserRole, UserRole.role_id == Role.id).where(UserRole.user_id == user_id)
    return list(ctx.session.execute(query.order_by(Role.name)).scalars())


@unit
def give(ctx: Context, user_id: int, names: Iterable[str]) -> bool:
    """Set a user's roles; tells whether that changed anything. Who calls it has checked that the principal may."""
    wanted, present = sorted(set(names)), names_of(ctx, user_id)
    if list(present) == wanted:
        return False
    ctx.session.execute(delete(UserRole).where(UserRole.user_id == user_id))
    ctx.session.add_all([UserRole(user_id=user_id, role_id=row_of(ctx, name).id) for name in wanted])
    ctx.session.flush()
    audit.note(ctx, "user.roles", f"user:{user_id}", before=list(present), after=wanted)
    bump(ctx, "permissions")
    return True


def _check(ctx: Context, change: RoleChange, name: str) -> None:
    problems: dict[str, str] = {}
    if not change.label.strip():
        problems["label"] = _("Give the role a name.")
    elif len(change.label) > 120:
        problems["label"] = _("The name is longer than %(limit)s characters. Shorten it.", limit=120)
    known = grants.rights()
    for key, reach in change.grants.items():
        if key in known and reach not in known[key].reaches:
            problems[key] = _("“%(reach)s” is no reach for %(name)s.", reach=reach, name=key)
    for key, mode in change.fields.items():
        entity, _sep, attribute = key.rpartition(".")
        if mode not in MODES or attribute not in {f.key for f in ctx.schema.fields(entity)}:
            problems[key] = _("There is no field “%(name)s”.", name=key)
    if name == grants.ADMINISTRATOR and change.fields:
        problems["fields"] = _("Administrators see and change every field.")
    if problems:
        raise Invalid(problems)


def _store(ctx: Context, row: Role, change: RoleChange) -> None:
    """Write what differs from the rule; permissions of owners that are not loaded now keep what is stored."""
    known = grants.rights()
    keys = [k for k in known if k in change.grants]
    ctx.session.execute(delete(RoleGrant).where(RoleGrant.role_id == row.id, RoleGrant.permission.in_(keys)))
    if row.name != grants.ADMINISTRATOR:
        for key in keys:
            usual = grants.default(row.name, known[key]) if row.builtin else "none"
            if change.grants[key] != usual:
                ctx.session.add(RoleGrant(role_id=row.id, permission=key, reach=change.grants[key]))
    ctx.session.execute(delete(FieldRule).where(FieldRule.role_id == row.id))
    ctx.session.add_all([FieldRule(role_id=row.id, field=k, mode=m) for k, m in change.fields.items()])
    ctx.session.flush()
    bump(ctx, "permissions")


def _end_sessions_without_totp(ctx: Context, role_id: int) -> None:
    """Whoever must have a second factor from now on signs in anew and is asked to set one up."""
    query = (
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role_id == role_id, User.totp_seed.is_(None))
    )
    for user_id in ctx.session.execute(query).scalars().all():
        sessions.end_all(ctx, user_id)


def _stored_grants(ctx: Context, role_id: int) -> dict[str, str]:
    query = select(RoleGrant.permission, RoleGrant.reach).where(RoleGrant.role_id == role_id)
    return dict(ctx.session.execute(query).all())


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, list[str]]:
    keys = {*before, *after}
    return {k: [before.get(k, ""), after.get(k, "")] for k in sorted(keys) if before.get(k) != after.get(k)}


def _view(row: Role | None, counted: Mapping[int, int]) -> RoleView:
    assert row is not None
    return RoleView(
        id=row.id,
        name=row.name,
        label=_label(row),
        builtin=row.builtin,
        needs_totp=row.needs_totp,
        users=counted.get(row.id, 0),
    )


def _unstored(name: str, *, full: bool = False) -> RoleView:
    found = grants.of_role(name, True, {}) if full else {}
    return RoleView(
        id=None, name=name, label=str(BUILTIN[name]), builtin=True, needs_totp=False, grants=found
    )


def _label(row: Role) -> str:
    return str(BUILTIN[row.name]) if row.builtin and row.name in BUILTIN else row.label
