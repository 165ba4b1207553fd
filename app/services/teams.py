"""Teams: a tree. Whoever belongs to a team reaches what belongs to the teams below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible
from app.models import Team, User, UserTeam
from app.services import access, audit
from app.services.principals import teams_below
from app.services.settings import bump
from app.services.unit import unit


@dataclass(frozen=True, kw_only=True)
class TeamView:
    """A team in the tree: `depth` 0 is a root; `members` counts its active users."""

    id: int
    name: str
    parent_id: int | None
    depth: int
    members: int


def tree(ctx: Context) -> Sequence[TeamView]:
    """Return all teams, each after its parent, by name; a loop in the tree is shown as roots."""
    rows = ctx.session.execute(select(Team).order_by(Team.name)).scalars().all()
    members = dict(
        ctx.session.execute(
            select(User.team_id, func.count())
            .where(User.active, User.team_id.is_not(None))
            .group_by(User.team_id)
        ).all()
    )
    below: dict[int | None, list[Team]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    shown: list[TeamView] = []
    placed: set[int] = set()

    def place(row: Team, depth: int) -> None:
        if row.id in placed:
            return
        placed.add(row.id)
        shown.append(
            TeamView(
                id=row.id, name=row.name, parent_id=row.parent_id, depth=depth, members=members.get(row.id, 0)
            )
        )
        for child in below.get(row.id, []):
            place(child, depth + 1)

    for row in [*below.get(None, []), *rows]:
        place(row, 0)
    return shown


def get(ctx: Context, team_id: int) -> Team:
    """Return a team. Raises NotVisible."""
    row = ctx.session.get(Team, team_id)
    if row is None:
        raise NotVisible(_("There is no such team."))
    return row


@unit
def save(ctx: Context, team_id: int | None, name: str, parent_id: int | None) -> int:
    """Create a team (`team_id` None) or change it, and return its id. Raises NotAllowed, NotVisible, Invalid."""
    access.require(ctx, "admin.users")
    row = Team() if team_id is None else get(ctx, team_id)
    name = " ".join(name.split())
    problems: dict[str, str] = {}
    if not name or len(name) > 120:
        problems["name"] = _("Give the team a name of up to %(limit)s characters.", limit=120)
    taken = select(Team.id).where(func.lower(Team.name) == name.lower(), Team.id != (team_id or 0))
    if ctx.session.scalar(taken) is not None:
        problems["name"] = _("There is a team of this name already.")
    if parent_id is not None and ctx.session.get(Team, parent_id) is None:
        problems["parent_id"] = _("There is no such team.")
    if team_id is not None and parent_id in teams_below(ctx.session, [team_id]):
        problems["parent_id"] = _("A team cannot stand below itself. Choose another one.")
    if problems:
        raise Invalid(problems)
    row.name, row.parent_id = name, parent_id
    ctx.session.add(row)
    ctx.session.flush()
    audit.note(ctx, "team.save", f"team:{row.id}", name=name, parent_id=parent_id)
    bump(ctx, "permissions")
    return row.id


@unit
def remove(ctx: Context, team_id: int) -> None:
    """Delete a team that has no members; the teams below it move up. Raises NotAllowed, NotVisible, Invalid."""
    access.require(ctx, "admin.users")
    row = get(ctx, team_id)
    further = select(UserTeam.id).where(UserTeam.team_id == team_id)
    if ctx.session.scalar(select(User.id).where(User.team_id == team_id)) or ctx.session.scalar(further):
        raise Invalid({"team": _("People still belong to this team. Move them to another one first.")})
    for child in ctx.session.execute(select(Team).where(Team.parent_id == team_id)).scalars():
        child.parent_id = row.parent_id
    ctx.session.flush()
    ctx.session.delete(row)
    audit.note(ctx, "team.remove", f"team:{team_id}", name=row.name)
    bump(ctx, "permissions")
