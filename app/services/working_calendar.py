"""The working calendar: the company's, over it that of teams, over these that of people; absences come from plugins.

What a level leaves empty is as on the level above. Answers are `Hours`, which compute without the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, or_, select

from app.house import house
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Service
from app.kernel.errors import NotVisible
from app.kernel.guard import Failure, Surface, run
from app.kernel.protocols import Absences
from app.models import Team, User, WorkCalendar, WorkException
from app.services import working_calendar_text as text
from app.services.context import zone
from app.services.working_calendar_hours import Exceptional, Hours, Period, Span

COMPANY, TEAM, USER = "company", "team", "user"
NONE = "-"
"""The country of a calendar without holidays."""

WEEK: tuple[tuple[Period, ...], ...] = (((540, 1020),),) * 5 + ((), ())
"""Until somebody says otherwise: Monday to Friday, nine to five."""

BEHIND, AHEAD = timedelta(days=31), timedelta(days=400)
"""How far absences are asked for, around now."""

DEEPEST = 20

Place = tuple[str, int]
"""A level and whose it is; the company's id is 0."""


@dataclass(frozen=True, kw_only=True)
class Level:
    """What one level says itself: an empty week or country is that of the level above."""

    week: tuple[tuple[Period, ...], ...] = ()
    country: str = ""
    region: str = ""
    zone: str = ""


def company(ctx: Context) -> Hours:
    """Return the company's calendar."""
    return _hours(ctx, [(COMPANY, 0)], "", *_read(ctx, {(COMPANY, 0)}))


def of_team(ctx: Context, team_id: int) -> Hours:
    """Return a team's calendar. Raises NotVisible when there is no such team."""
    parents = _parents(ctx)
    if team_id not in parents:
        raise NotVisible(_("There is no such team."))
    chain = [*_teams(team_id, parents), (COMPANY, 0)]
    return _hours(ctx, chain, "", *_read(ctx, set(chain)))


def of_user(ctx: Context, user_id: int) -> Hours:
    """Return somebody's calendar, absences included. Raises NotVisible when there is nobody of this id."""
    found = of_users(ctx, [user_id])
    if user_id not in found:
        raise NotVisible(_("There is no such person."))
    return found[user_id]


def of_users(ctx: Context, user_ids: Iterable[int]) -> dict[int, Hours]:
    """Return the calendars of people, with as many statements for many as for one."""
    ids = list(dict.fromkeys(user_ids))
    people = ctx.session.execute(select(User.id, User.team_id, User.zone).where(User.id.in_(ids))).all()
    parents = _parents(ctx)
    chains = {
        p.id: [(USER, p.id), *(_teams(p.team_id, parents) if p.team_id else ()), (COMPANY, 0)] for p in people
    }
    rows, exceptions = _read(ctx, {place for chain in chains.values() for place in chain})
    away = _absences(ctx, [p.id for p in people])
    return {
        p.id: _hours(ctx, chains[p.id], p.zone, rows, exceptions, tuple(away.get(p.id, ()))) for p in people
    }


def level(ctx: Context, place: Place) -> Level:
    """Return what a level says itself."""
    row = _row(ctx, place)
    if row is None:
        return Level()
    return Level(week=text.revived(row.week), country=row.country, region=row.region, zone=row.zone)


def exceptions(ctx: Context, place: Place, *, since: date) -> Sequence[WorkException]:
    """Return the days of a level that differ and are not over, the next first; at most 200."""
    query = (
        select(WorkException)
        .join(WorkCalendar, WorkCalendar.id == WorkException.calendar_id)
        .where(*_at(place), WorkException.last_on >= since.isoformat())
        .order_by(WorkException.first_on, WorkException.id)
        .limit(200)
    )
    return ctx.session.execute(query).scalars().all()


def team_names(ctx: Context) -> list[tuple[int, str]]:
    """Return the teams by name, for choosing whose calendar to look at; at most 500."""
    rows = ctx.session.execute(select(Team.id, Team.name).order_by(Team.name).limit(500))
    return [(row.id, row.name) for row in rows]


def _at(place: Place) -> tuple[Any, Any]:
    return WorkCalendar.scope == place[0], WorkCalendar.scope_id == place[1]


def _row(ctx: Context, place: Place) -> WorkCalendar | None:
    return ctx.session.execute(select(WorkCalendar).where(*_at(place))).scalar_one_or_none()


def _parents(ctx: Context) -> dict[int, int | None]:
    return {row.id: row.parent_id for row in ctx.session.execute(select(Team.id, Team.parent_id))}


def _teams(team_id: int, parents: Mapping[int, int | None]) -> list[Place]:
    """Return a team and those above it, the nearest first; a loop in the tree does no harm."""
    found: list[Place] = []
    at: int | None = team_id
    while at is not None and (TEAM, at) not in found and len(found) < DEEPEST:
        found.append((TEAM, at))
        at = parents.get(at)
    return found


Rows = Mapping[Place, WorkCalendar]
Differing = Mapping[int, Sequence[Exceptional]]


def _read(ctx: Context, places: set[Place]) -> tuple[Rows, Differing]:
    by_scope: dict[str, list[int]] = {}
    for scope, scope_id in places:
        by_scope.setdefault(scope, []).append(scope_id)
    asked = [and_(WorkCalendar.scope == s, WorkCalendar.scope_id.in_(ids)) for s, ids in by_scope.items()]
    found = ctx.session.execute(select(WorkCalendar).where(or_(*asked))).scalars().all()
    differing: dict[int, list[Exceptional]] = {}
    query = select(WorkException).where(WorkException.calendar_id.in_([r.id for r in found]))
    for row in ctx.session.execute(query.order_by(WorkException.id.desc())).scalars() if found else ():
        differing.setdefault(row.calendar_id, []).append(_exceptional(row))
    return {(r.scope, r.scope_id): r for r in found}, differing


def _exceptional(row: WorkException) -> Exceptional:
    periods = text.revived(row.periods)
    return Exceptional(
        first=date.fromisoformat(row.first_on),
        last=date.fromisoformat(row.last_on),
        periods=periods[0] if periods else (),
        label=row.label,
    )


def _hours(
    ctx: Context,
    chain: Sequence[Place],
    own_zone: str,
    rows: Rows,
    differing: Differing,
    away: Sequence[Span] = (),
) -> Hours:
    """Put the levels of a chain together: of each thing the nearest level that says something."""
    found = [rows[place] for place in chain if place in rows]
    week = next((text.revived(r.week) for r in found if r.week), WEEK)
    placed = next((r for r in found if r.country), None)
    where = own_zone or next((r.zone for r in found if r.zone), "") or str(ctx.settings.get("zone") or "UTC")
    return Hours(
        week=week,
        zone=zone(where),
        country=placed.country if placed is not None and placed.country != NONE else "",
        region=placed.region if placed is not None else "",
        exceptions=tuple(e for row in found for e in differing.get(row.id, ())),
        away=away,
    )


def _absences(ctx: Context, ids: Sequence[int]) -> dict[int, list[Span]]:
    """Ask everybody who knows of absences; one who fails to answer is left out."""
    found: dict[int, list[Span]] = {}
    for service in ctx.schema.all(Service):
        if service.protocol is not Absences:
            continue
        answer = run(
            service.factory(house().config).away,
            ids,
            ctx.now - BEHIND,
            ctx.now + AHEAD,
            owner=service.owner,
            surface=Surface.FIELD,
            item=service.key,
            session=ctx.session,
        )
        for user_id, spans in ({} if isinstance(answer, Failure) else answer).items():
            found.setdefault(user_id, []).extend(spans)
    return found
