"""Whose figures somebody may see and speak about: as far as the right to see deals reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from app.sdk import Context, NotVisible, _
from app.sdk.models import Team, User

from ..deals import options as deals
from ..deals.permissions import SEE_OTHERS

DEALS = "sales.deal.view"
OVERRIDE = "sales.forecast.override"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with the team he or she belongs to."""

    id: int
    name: str
    team_id: int | None = None


def within_reach(ctx: Context) -> Sequence[Person]:
    """Return the active people whose figures the reader may see, by name: all, those of his teams, or himself."""
    query = select(User.id, User.name, User.team_id).where(User.active.is_(True)).order_by(User.name, User.id)
    reach = reach_of(ctx)
    if reach == "none":
        return []
    if reach == "team":
        query = query.where(or_(User.id == ctx.user.id, User.team_id.in_(sorted(ctx.user.teams))))
    elif reach == "own":
        query = query.where(User.id == ctx.user.id)
    return [Person(id=row.id, name=row.name, team_id=row.team_id) for row in ctx.session.execute(query)]


def reach_of(ctx: Context) -> str:
    """Return how far the right to see deals goes: none, own, team or all, as the settings of deals narrow it."""
    reach = ctx.user.reach(DEALS)
    own = deals.of(ctx).deals_seen == "own" and not ctx.may(SEE_OTHERS)
    return "own" if own and reach != "none" else reach


def get(ctx: Context, user_id: int) -> Person:
    """Return somebody whose figures the reader may see. Raises NotVisible."""
    found = next((person for person in within_reach(ctx) if person.id == user_id), None)
    if found is None:
        raise NotVisible(_("There is no such person."))
    return found


def teams(ctx: Context) -> Sequence[tuple[int, str]]:
    """Return the teams whose figures the reader may see, by name."""
    query = select(Team.id, Team.name).order_by(Team.name)
    if reach_of(ctx) != "all":
        query = query.where(Team.id.in_(sorted(ctx.user.teams)))
    return [(row.id, row.name) for row in ctx.session.execute(query)]
