"""What is checked of a user before anything is changed: may the principal, is it a name, is the address free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from app.formats import emails
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotAllowed, NotVisible
from app.models import Team, User
from app.services import access, grants, roles


def managed(ctx: Context, user_id: int) -> User:
    """Return the row of a user whom the principal may manage: nobody manages one who may do more than himself.

    Raises NotAllowed, NotVisible.
    """
    access.require(ctx, "admin.users")
    row = ctx.session.get(User, user_id)
    if row is None:
        raise NotVisible(_("There is no such user."))
    givable(ctx, roles.names_of(ctx, user_id))
    return row


def givable(ctx: Context, names: Iterable[str]) -> None:
    """Raise NotAllowed for a role that would give more than the principal has; Invalid for an unknown one."""
    if ctx.user.system:
        return
    for name in names:
        try:
            given = roles.get(ctx, name).grants
        except NotVisible:
            raise Invalid({"roles": _("There is no role “%(name)s”.", name=name)}) from None
        own = ctx.user.grants
        more = isinstance(given, grants.Everything) and not isinstance(own, grants.Everything)
        if more or any(
            grants.wider(own.get(k, "none"), reach) != own.get(k, "none") for k, reach in given.items()
        ):
            raise NotAllowed(
                _("The role “%(name)s” may do more than you. Ask an administrator.", name=name), "admin.users"
            )


def known_words(ctx: Context, name: str, email: str) -> Sequence[str]:
    """Return the words that a password may not be made of."""
    return (name, email, str(ctx.settings.get("company") or ""), "kith")


def checked_name(name: str) -> str:
    """Return a name with single spaces. Raises Invalid."""
    name = " ".join(name.split())
    if not name or len(name) > 200:
        raise Invalid({"name": _("Give a name of up to %(limit)s characters.", limit=200)})
    return name


def checked_email(ctx: Context, email: str, user_id: int = 0) -> str:
    """Return the normalised address. Raises Invalid when it is none, or another user's."""
    try:
        key = emails.parse(email).key
    except emails.EmailError as error:
        raise Invalid({"email": str(error)}) from None
    if ctx.session.scalar(select(User.id).where(User.email == key, User.id != user_id)) is not None:
        raise Invalid({"email": _("There is a user with this address already.")})
    return key


def team_of(ctx: Context, team: int | str | None) -> int | None:
    """Return the id of a team given by id or name. Raises Invalid."""
    if team is None or team == "":
        return None
    known = Team.id == team if isinstance(team, int) else Team.name == team
    found = ctx.session.scalar(select(Team.id).where(known))
    if found is None:
        raise Invalid({"team": _("There is no team “%(name)s”.", name=team)})
    return found
