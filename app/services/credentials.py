"""Signing in, and what proves who somebody is: password, reset, change of address. Hashing is done outside units."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.config import Config
from app.formats import emails
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible
from app.models import User
from app.services import audit, letters, links, passwords, second_factor, sessions, throttle
from app.services.settings import bump
from app.services.unit import unit
from app.services.user_checks import checked_email, known_words, managed


@dataclass(frozen=True)
class Place:
    """Where a sign-in comes from: the checked client address and what the browser calls itself."""

    address: str
    agent: str = ""


def key_of(email: str) -> str:
    """Return the form in which an address is stored and counted; any text has one."""
    return emails.normalise(email) or email.strip().casefold()


def authenticate(ctx: Context, email: str, password: str, place: Place) -> int | None:
    """Return the id of the active user whom address and password fit, or None after the same work.

    Raises throttle.TooMany when the account or the address of the client has tried too often.
    """
    key, network = key_of(email), throttle.network(place.address)
    throttle.take(ctx, throttle.ADDRESS, network)
    throttle.take(ctx, throttle.ACCOUNT, key)
    row = ctx.session.execute(
        select(User.id, User.password_hash, User.active).where(User.email == key)
    ).first()
    ctx.session.rollback()
    stored = row.password_hash if row is not None and row.active else ""
    if not passwords.verify(stored, password):
        audit.note(ctx, "login.failed", f"user:{row.id}" if row else "", actor_id=row.id if row else None)
        return None
    assert row is not None
    user_id: int = row.id
    fresh = passwords.hashed(password) if passwords.outdated(stored) else ""
    with ctx.unit():
        throttle.give_back(ctx, throttle.ADDRESS, network)
        throttle.clear(ctx, throttle.ACCOUNT, key)
        if fresh:
            ctx.session.get_one(User, user_id).password_hash = fresh
    return user_id


@unit
def sign_in(
    ctx: Context, user_id: int, config: Config, place: Place, *, keep: bool = False, proved: bool = False
) -> str:
    """Open a session after the password (or, `proved`, another proof that needs no second factor); returns its token."""
    state = sessions.FULL
    if not proved and second_factor.is_on(ctx, user_id):
        state = sessions.SECOND
    elif not proved and second_factor.is_needed(ctx, user_id):
        state = sessions.ENROL
    if state == sessions.FULL:
        audit.note(ctx, "login", f"user:{user_id}", actor_id=user_id)
    return sessions.start(ctx, user_id, state, config, place=(place.address, place.agent), keep=keep)


def second_step(ctx: Context, entry: sessions.Entry, code: str, config: Config) -> str | None:
    """Return the token of the session that a right code makes a full one, or None. Raises throttle.TooMany."""
    key = f"user:{entry.user_id}"
    throttle.take(ctx, throttle.CODE, key)
    with ctx.unit():
        if not second_factor.accept(ctx, entry.user_id, code):
            audit.note(ctx, "login.code_failed", key, actor_id=entry.user_id)
            return None
        throttle.clear(ctx, throttle.CODE, key)
        audit.note(ctx, "login", key, actor_id=entry.user_id, second_factor=True)
        return sessions.promote(ctx, entry, config)


def prove(ctx: Context, password: str, *, field: str = "current_password") -> None:
    """Check the password of whoever is signed in, before something sensitive. Raises Invalid, throttle.TooMany."""
    key = f"user:{ctx.user.id}"
    throttle.take(ctx, throttle.REAUTH, key)
    stored = ctx.session.scalar(select(User.password_hash).where(User.id == ctx.user.id)) or ""
    ctx.session.rollback()
    if not passwords.verify(stored, password):
        audit.note(ctx, "password.wrong", key)
        raise Invalid({field: _("This is not your password.")})
    throttle.clear(ctx, throttle.REAUTH, key)


# ---------------------------------------------------------------- passwords


def change_password(ctx: Context, current: str, password: str, session_id: int) -> str:
    """Change one's own password: the other sessions end, this one gets a new id, which is returned.

    Raises Invalid with a sentence per field, throttle.TooMany.
    """
    prove(ctx, current)
    passwords.check(password, known_words(ctx, ctx.user.name, ctx.user.email))
    hashed = passwords.hashed(password)
    assert ctx.user.id is not None
    with ctx.unit():
        row = _store(ctx, ctx.user.id, hashed, keep_session=session_id)
        letters.notice(ctx, row, _("your password was changed."))
        return sessions.renew(ctx, session_id)


def set_password(ctx: Context, user_id: int, password: str) -> None:
    """Set anybody's password and end all of the user's sessions. Raises NotAllowed, NotVisible, Invalid."""
    row = managed(ctx, user_id)
    passwords.check(password, known_words(ctx, row.name, row.email))
    hashed = passwords.hashed(password)
    with ctx.unit():
        _store(ctx, user_id, hashed)


def ask_reset(ctx: Context, email: str, place: Place) -> None:
    """Mail a reset link if there is an active user of this address; nobody learns whether there is.

    Raises throttle.TooMany, which says nothing either: unknown addresses are counted like known ones.
    """
    key = key_of(email)
    throttle.take(ctx, throttle.TOKEN, throttle.network(place.address))
    throttle.take(ctx, throttle.RESET, key)
    with ctx.unit():
        row = ctx.session.execute(select(User).where(User.email == key, User.active)).scalar_one_or_none()
        audit.note(ctx, "reset.asked", f"user:{row.id}" if row else "")
        if row is not None:
            send_reset(ctx, row)


@unit
def send_reset(ctx: Context, user: User) -> str:
    """Mail a reset link to a user and return it."""
    url = letters.address("/reset/" + links.issue(ctx, links.RESET, user))
    letters.reset(ctx, user, url)
    return url


def reset(ctx: Context, token: str, password: str) -> int:
    """Set the password of whoever has a reset link; all sessions end, a second factor is still asked for.

    Returns the user's id. Raises Invalid.
    """
    row = ctx.session.get_one(User, links.find(ctx, links.RESET, token).user_id)
    passwords.check(password, known_words(ctx, row.name, row.email))
    hashed = passwords.hashed(password)
    with ctx.unit():
        link = links.use(ctx, links.RESET, token)
        row = _store(ctx, link.user_id, hashed, actor_id=link.user_id)
        throttle.clear(ctx, throttle.ACCOUNT, row.email)
        letters.notice(ctx, row, _("your password was set anew by a link sent to this address."))
    return link.user_id


def _store(
    ctx: Context, user_id: int, hashed: str, *, keep_session: int | None = None, actor_id: int | None = None
) -> User:
    row = ctx.session.get(User, user_id, with_for_update=True)
    if row is None:
        raise NotVisible(_("There is no such user."))
    row.password_hash = hashed
    ctx.session.flush()
    sessions.end_all(ctx, user_id, but=keep_session)
    links.withdraw(ctx, user_id)
    audit.note(ctx, "password.change", f"user:{user_id}", actor_id=actor_id)
    return row


# ---------------------------------------------------------------- address


def ask_email(ctx: Context, email: str, password: str) -> None:
    """Mail a link to the new address of whoever is signed in; it holds once it is followed. Raises Invalid, TooMany."""
    prove(ctx, password)
    assert ctx.user.id is not None
    key = checked_email(ctx, email, ctx.user.id)
    letters.require_mail(ctx)
    with ctx.unit():
        row = ctx.session.get_one(User, ctx.user.id)
        token = links.issue(ctx, links.EMAIL, row, {"email": key})
        letters.confirm(ctx, row, key, letters.address("/account/email/" + token))
        audit.note(ctx, "email.asked", f"user:{row.id}")


@unit
def confirm_email(ctx: Context, token: str) -> None:
    """Make the address to which a link was sent the user's own, and tell the former one. Raises Invalid."""
    link = links.use(ctx, links.EMAIL, token)
    row = ctx.session.get_one(User, link.user_id)
    former, row.email = row.email, checked_email(ctx, str(link.data["email"]), link.user_id)
    ctx.session.flush()
    links.withdraw(ctx, row.id)
    letters.notice(ctx, row, _("you sign in with another address from now on."), former)
    audit.note(ctx, "email.change", f"user:{row.id}", actor_id=row.id)
    bump(ctx, "permissions")
