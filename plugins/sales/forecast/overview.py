"""The page of a forecast as tables: teams with their people, against quotas, beside what people say themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import url_for
from sqlalchemy import select

from app.sdk import Context, _
from app.sdk.models import Team
from app.sdk.services import people as names

from ..goals import quotas
from . import board, calls, people
from .asked import Asked
from .board import Figures, Line
from .calls import MANAGER, OWN, Said
from .changes import CATEGORIES
from .tables import Column, Row, Table


@dataclass(frozen=True, kw_only=True)
class Overview:
    """A forecast: its table, all figures together, and the quota they are held against (None for none)."""

    table: Table
    figures: Figures
    quota: Decimal | None

    @property
    def gap(self) -> Decimal:
        """What is missing to the quota beside what is won and committed; 0 when nothing is."""
        sure = self.figures.sums["closed"] + self.figures.sums["commit"]
        return max((self.quota or Decimal(0)) - sure, Decimal(0))


@dataclass(frozen=True)
class _Known:
    """What the rows are made from."""

    asked: Asked
    lines: Sequence[Line]
    quotas: Mapping[quotas.Who, Decimal]
    said: Mapping[tuple[int, str], Said]
    home: Mapping[int, int | None]
    users: Mapping[int, str]
    teams: Mapping[int, str]
    parents: Mapping[int, int | None]


def read(ctx: Context, asked: Asked) -> Overview:
    """Return the forecast of a period as far as the reader may see it."""
    known = _known(ctx, asked)
    grouped: dict[int | None, list[Line]] = {}
    for line in known.lines:
        grouped.setdefault(line.team_id, []).append(line)
    order = sorted(grouped, key=lambda team: (team is None, known.teams.get(team or 0, "").casefold()))
    rows: list[Row] = []
    quota: dict[int | None, Decimal | None] = {}
    for team in order:
        people_rows = [_person(known, line) for line in _sorted(known, grouped[team])]
        quota[team] = _team_quota(known, team, people_rows)
        rows.append(_team(known, team, grouped[team], quota[team]))
        rows += people_rows
    figures = board.added(known.lines)
    total = _total_quota(known, quota)
    values = {**_values(figures, total), **_sums(rows)}
    return Overview(
        table=Table(
            id="forecast",
            title=_("By team and person"),
            first=_("Who"),
            columns=_columns(),
            rows=rows,
            total=Row(label=_("All"), values=values, urls=_urls(asked)),
        ),
        figures=figures,
        quota=total,
    )


def _known(ctx: Context, asked: Asked) -> _Known:
    lines = board.lines(ctx, asked)
    seen = [p for p in people.within_reach(ctx) if _meant(asked, p)]
    ids = {p.id for p in seen} | {line.owner_id for line in lines if line.owner_id is not None}
    reached = {p.id for p in seen}
    said = calls.latest(ctx, asked.period, sorted(reached))
    targets = quotas.read(ctx, asked.period)
    told = {i for i, _team_id in targets if i is not None} | {i for i, _side in said}
    there = {line.owner_id for line in lines}
    missing = [p for p in seen if p.id in told and p.id not in there]
    lines += [Line(team_id=p.team_id, owner_id=p.id, figures=Figures()) for p in missing]
    tree = ctx.session.execute(select(Team.id, Team.name, Team.parent_id)).all()
    return _Known(
        asked=asked,
        lines=lines,
        quotas={who: target for who, target in targets.items() if who[0] is None or who[0] in reached},
        said=said,
        home=_home(lines, {p.id: p.team_id for p in seen}),
        users=names.user_names(ctx, ids),
        teams={row.id: row.name for row in tree},
        parents={row.id: row.parent_id for row in tree},
    )


def _meant(asked: Asked, person: people.Person) -> bool:
    if asked.owner and asked.owner_id != person.id:
        return False
    return (
        person.team_id in asked.teams
        if asked.teams is not None
        else asked.team == "" or person.team_id is None
    )


def _home(lines: Sequence[Line], own: Mapping[int, int | None]) -> dict[int, int | None]:
    """Return in which team a person's quota and word are shown: the own one if there are deals in it."""
    found: dict[int, int | None] = {}
    for line in lines:
        if line.owner_id is not None and (
            line.owner_id not in found or own.get(line.owner_id) == line.team_id
        ):
            found[line.owner_id] = line.team_id
    return found


def _sorted(known: _Known, lines: Sequence[Line]) -> list[Line]:
    return sorted(lines, key=lambda x: (x.owner_id is None, known.users.get(x.owner_id or 0, "").casefold()))


def _columns() -> list[Column]:
    return [
        Column(key="quota", label=_("Quota")),
        Column(key="closed", label=_("Closed")),
        Column(key="reached", label=_("Reached"), kind="percent"),
        Column(key="commit", label=_("Commit")),
        Column(key="best", label=_("Best case")),
        Column(key="pipeline", label=_("Pipeline")),
        Column(key="weighted", label=_("Weighted")),
        Column(key="own", label=_("Own forecast")),
        Column(key="manager", label=_("Manager's forecast")),
    ]


def _values(figures: Figures, quota: Decimal | None) -> dict[str, Any]:
    reached = figures.sums["closed"] * 100 / quota if quota else None
    return {**figures.sums, "weighted": figures.weighted, "quota": quota, "reached": reached}


def _urls(asked: Asked) -> dict[str, str]:
    found = {category: board.address(asked, category) for category in CATEGORIES}
    return {**found, "weighted": board.address(asked), "reached": found["closed"]}


def _person(known: _Known, line: Line) -> Row:
    own = known.asked.of(owner=line.owner_id, team=line.team_id)
    here = line.owner_id is not None and known.home.get(line.owner_id) == line.team_id
    quota = known.quotas.get((line.owner_id, None)) if here and line.owner_id else None
    said = {side: known.said.get((line.owner_id or 0, side)) if here else None for side in (OWN, MANAGER)}
    return Row(
        label=known.users.get(line.owner_id or 0, "") or _("Nobody"),
        url=url_for("sales_forecast.person", user_id=line.owner_id, period=known.asked.period.key)
        if line.owner_id in known.home
        else "",
        values={**_values(line.figures, quota), **{k: s.amount if s else None for k, s in said.items()}},
        urls=_urls(own),
        notes={side: one.note for side, one in said.items() if one and one.note},
    )


def _team(known: _Known, team: int | None, lines: Sequence[Line], quota: Decimal | None) -> Row:
    from dataclasses import replace

    figures = board.added(lines)
    asked = replace(
        known.asked,
        team=str(team) if team is not None else "none",
        teams=frozenset({team}) if team is not None else None,
    )
    return Row(
        label=known.teams.get(team or 0, "") or _("No team"),
        values=_values(figures, quota),
        urls=_urls(asked),
        strong=True,
    )


def _team_quota(known: _Known, team: int | None, rows: Sequence[Row]) -> Decimal | None:
    own = known.quotas.get((None, team)) if team is not None and not known.asked.owner else None
    found = [row.values["quota"] for row in rows if row.values["quota"] is not None]
    return own if own is not None else sum(found, Decimal(0)) if found else None


def _total_quota(known: _Known, by_team: Mapping[int | None, Decimal | None]) -> Decimal | None:
    """Return all quotas together; a team below one that has a quota of its own counts within that."""
    found = [
        quota for team, quota in by_team.items() if quota is not None and not _covered(known, team, by_team)
    ]
    return sum(found, Decimal(0)) if found else None


def _covered(known: _Known, team: int | None, by_team: Mapping[int | None, Decimal | None]) -> bool:
    above = known.parents.get(team) if team is not None else None
    seen = {team}
    while above is not None and above not in seen:
        if above in by_team and (None, above) in known.quotas:
            return True
        seen.add(above)
        above = known.parents.get(above)
    return False


def _sums(rows: Sequence[Row]) -> dict[str, Decimal | None]:
    found: dict[str, Decimal | None] = {}
    for side in (OWN, MANAGER):
        said = [row.values[side] for row in rows if row.values.get(side) is not None]
        found[side] = sum(said, Decimal(0)) if said else None
    return found
