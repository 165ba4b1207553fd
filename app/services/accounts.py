"""People who may sign in: created, invited, changed, deactivated with hand-over of their records."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import func, select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotAllowed, NotVisible
from app.models import Role, Team, User, UserRole
from app.services import (
    access,
    audit,
    credentials,
    grants,
    handover,
    letters,
    links,
    passwords,
    roles,
    sealing,
    sessions,
)
from app.services.language import LOCALES
from app.services.settings import bump
from app.services.unit import unit
from app.services.user_checks import checked_email, checked_name, givable, known_words, managed, team_of

THEMES = ("", "light", "dark")

set_password = credentials.set_password
"""Set anybody's password; see credentials.set_password."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """A user as administrators see one; `state` is active, invited or inactive."""

    id: int
    name: str
    email: str
    state: str
    roles: Sequence[str]
    team_id: int | None
    team: str
    totp: bool
    last_seen_at: datetime | None


# ---------------------------------------------------------------- reading


def listed(
    ctx: Context, *, words: str = "", user_id: int | None = None, limit: int = 500
) -> Sequence[Account]:
    """Return users by name, those whose name or address contains `words`, or the one with an id."""
    query = (
        select(User, Team.name.label("team"))
        .outerjoin(Team, Team.id == User.team_id)
        .order_by(User.active.desc(), func.lower(User.name), User.id)
        .limit(limit)
    )
    if words:
        query = query.where(
            func.lower(User.name).contains(words.lower(), autoescape=True)
            | User.email.contains(words.lower(), autoescape=True)
        )
    if user_id is not None:
        query = query.where(User.id == user_id)
    rows = ctx.session.execute(query).all()
    held: dict[int, list[str]] = {}
    for holder, name in ctx.session.execute(
        select(UserRole.user_id, Role.name)
        .join(Role, Role.id == UserRole.role_id)
        .where(UserRole.user_id.in_([row.User.id for row in rows]))
        .order_by(Role.name)
    ):
        held.setdefault(holder, []).append(name)
    return [_account(row.User, row.team, held.get(row.User.id, [])) for row in rows]


def get(ctx: Context, user_id: int) -> Account:
    """Return one user. Raises NotVisible."""
    found = listed(ctx, user_id=user_id)
    if not found:
        raise NotVisible(_("There is no such user."))
    return found[0]


def exists_any(ctx: Context) -> bool:
    """Tell whether Kith has a user at all; without one the set-up page is open."""
    return ctx.session.scalar(select(User.id).limit(1)) is not None


def active(ctx: Context, user_id: int) -> int:
    """Return the id of an active user. Raises Invalid for any other number."""
    found = ctx.session.scalar(select(User.id).where(User.id == user_id, User.active))
    if found is None:
        raise Invalid({"user": _("There is no such user.")})
    return found


def choices(ctx: Context, *, but: int | None = None) -> Sequence[tuple[int, str]]:
    """Return (id, name) of the active users, for owners and hand-over."""
    query = (
        select(User.id, User.name).where(User.active, User.id != (but or 0)).order_by(func.lower(User.name))
    )
    return [(key, name) for key, name in ctx.session.execute(query)]


# ---------------------------------------------------------------- coming in


def create_user(
    ctx: Context,
    name: str,
    email: str,
    password: str | None = None,
    roles: Iterable[str] = (),
    team: int | str | None = None,
) -> int:
    """Create a user and return the id; `team` is an id or a name. Raises NotAllowed, Invalid with a sentence per field."""
    access.require(ctx, "admin.users")
    if password is not None:
        passwords.check(password, known_words(ctx, name, email))
    hashed = passwords.hashed(password) if password is not None else ""
    return _create(ctx, name, email, hashed, tuple(roles), team)


def invite(
    ctx: Context, name: str, email: str, roles: Iterable[str] = (), team: int | str | None = None
) -> str:
    """Create a user without a password, mail the invitation, and return its link (good for seven days)."""
    user_id = create_user(ctx, name, email, None, roles, team)
    return invite_again(ctx, user_id)


@unit
def invite_again(ctx: Context, user_id: int) -> str:
    """Mail a fresh invitation to somebody who has no password yet, and return its link. Raises NotAllowed, Invalid."""
    row = managed(ctx, user_id)
    if row.password_hash or not row.active:
        raise Invalid({"user": _("This user has signed in already. Send a reset link instead.")})
    url = letters.address("/invite/" + links.issue(ctx, links.INVITE, row))
    letters.invitation(ctx, row, url)
    audit.note(ctx, "user.invite", f"user:{user_id}")
    return url


def accept(ctx: Context, token: str, name: str, password: str) -> int:
    """Set the name and password of somebody who followed an invitation; returns the user's id. Raises Invalid."""
    link = links.find(ctx, links.INVITE, token)
    row = ctx.session.get_one(User, link.user_id)
    passwords.check(password, known_words(ctx, name, row.email))
    hashed = passwords.hashed(password)
    with ctx.unit():
        link = links.use(ctx, links.INVITE, token)
        row = ctx.session.get_one(User, link.user_id)
        row.name, row.password_hash = checked_name(name), hashed
        audit.note(ctx, "user.accept", f"user:{row.id}", actor_id=row.id)
        bump(ctx, "permissions")
    return link.user_id


def setup_token() -> str:
    """Return the token the set-up page asks for. Only who reads the log of this installation knows it."""
    return base64.b32encode(sealing.mac("setup")[:15]).decode().lower()


def set_up(ctx: Context, token: str, name: str, email: str, password: str) -> int:
    """Create the first user, an administrator. Raises Invalid for a wrong token, NotAllowed once there is a user."""
    if not hmac.compare_digest(token.strip().lower().encode(), setup_token().encode()):
        raise Invalid({"token": _("This is not the token. Look for it in the log of Kith.")})
    passwords.check(password, known_words(ctx, name, email))
    hashed = passwords.hashed(password)
    with ctx.unit():
        if exists_any(ctx):
            raise NotAllowed(_("Kith is set up already. Sign in."), "setup")
        return _insert(ctx, name, email, hashed, (grants.ADMINISTRATOR,), None)


# ---------------------------------------------------------------- changing


@unit
def change(
    ctx: Context, user_id: int, *, name: str, email: str, role_names: Iterable[str], team: int | None
) -> None:
    """Change a user as an administrator. New roles end the user's sessions: the next one has the new rights.

    Raises NotAllowed, NotVisible, Invalid with a sentence per field.
    """
    row = managed(ctx, user_id)
    wanted = tuple(dict.fromkeys(role_names))
    givable(ctx, wanted)
    if grants.ADMINISTRATOR not in wanted:
        _not_the_last(ctx, user_id)
    before: dict[str, Any] = {"name": row.name, "email": row.email, "team_id": row.team_id}
    row.name, row.email, row.team_id = (
        checked_name(name),
        checked_email(ctx, email, user_id),
        team_of(ctx, team),
    )
    ctx.session.flush()
    if roles.give(ctx, user_id, wanted):
        sessions.end_all(ctx, user_id)
    if row.email != before["email"]:
        links.withdraw(ctx, user_id)
    after = {"name": row.name, "email": row.email, "team_id": row.team_id}
    if changed := {k: [before[k], after[k]] for k in after if before[k] != after[k]}:
        audit.note(ctx, "user.change", f"user:{user_id}", changed=changed)
    bump(ctx, "permissions")


@unit
def change_profile(
    ctx: Context, *, name: str, locale: str, zone: str, theme: str, shortcuts: bool = True
) -> None:
    """Change what a user may change about himself without further proof. Raises Invalid."""
    problems: dict[str, str] = {}
    if locale and locale not in LOCALES:
        problems["locale"] = _("Kith does not speak this language yet.")
    if zone and zone not in available_timezones():
        problems["zone"] = _("There is no such time zone.")
    if theme not in THEMES:
        problems["theme"] = _("Choose light, dark or automatic.")
    if problems:
        raise Invalid(problems)
    row = ctx.session.get_one(User, ctx.user.id)
    row.name, row.locale, row.zone, row.theme = checked_name(name), locale, zone, theme
    row.shortcuts = shortcuts
    bump(ctx, "permissions")


@unit
def deactivate(ctx: Context, user_id: int, hand_over_to: int | None = None) -> Mapping[str, int]:
    """End a user's access at once and hand all records over; returns how many of each entity changed hands.

    Without `hand_over_to` the records stay with the user. Raises NotAllowed, NotVisible, Invalid.
    """
    row = managed(ctx, user_id)
    if user_id == ctx.user.id:
        raise Invalid({"user": _("You cannot deactivate yourself. Ask another administrator.")})
    _not_the_last(ctx, user_id)
    given = handover.hand_over(ctx, user_id, hand_over_to) if hand_over_to is not None else {}
    row.active = False
    sessions.end_all(ctx, user_id)
    links.withdraw(ctx, user_id)
    audit.note(ctx, "user.deactivate", f"user:{user_id}", handed_over_to=hand_over_to, records=dict(given))
    bump(ctx, "permissions")
    return given


@unit
def reactivate(ctx: Context, user_id: int) -> None:
    """Let a deactivated user sign in again. Raises NotAllowed, NotVisible."""
    managed(ctx, user_id).active = True
    audit.note(ctx, "user.reactivate", f"user:{user_id}")
    bump(ctx, "permissions")


# ---------------------------------------------------------------- inside


def _not_the_last(ctx: Context, user_id: int) -> None:
    """Somebody must be left who may do everything."""
    held = (
        select(UserRole.user_id)
        .join(Role, Role.id == UserRole.role_id)
        .where(Role.name == grants.ADMINISTRATOR)
    )
    others = select(User.id).where(User.id.in_(held), User.active, User.password_hash != "")
    if user_id not in set(ctx.session.execute(held).scalars()):
        return
    if ctx.session.scalar(others.where(User.id != user_id).limit(1)) is None:
        raise Invalid({"roles": _("This is the last administrator. Make somebody else one first.")})


@unit
def _create(
    ctx: Context, name: str, email: str, hashed: str, role_names: Sequence[str], team: int | str | None
) -> int:
    givable(ctx, role_names)
    return _insert(ctx, name, email, hashed, role_names, team)


def _insert(
    ctx: Context, name: str, email: str, hashed: str, role_names: Sequence[str], team: int | str | None
) -> int:
    row = User(
        name=checked_name(name),
        email=checked_email(ctx, email),
        password_hash=hashed,
        team_id=team_of(ctx, team),
        created_at=ctx.now,
    )
    ctx.session.add(row)
    ctx.session.flush()
    roles.give(ctx, row.id, role_names)
    audit.note(ctx, "user.create", f"user:{row.id}", email=row.email)
    return row.id


def _account(row: User, team: str | None, held: Sequence[str]) -> Account:
    state = "inactive" if not row.active else "active" if row.password_hash else "invited"
    return Account(
        id=row.id,
        name=row.name,
        email=row.email,
        state=state,
        roles=tuple(held),
        team_id=row.team_id,
        team=team or "",
        totp=row.totp_seed is not None,
        last_seen_at=row.last_seen_at,
    )
