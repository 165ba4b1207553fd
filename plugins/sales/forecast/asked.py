"""What somebody asks a forecast or report for: the period and whose deals; as conditions, as a filter of the list, as an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, select

from app.sdk import Context, Invalid, _
from app.sdk.models import Team

from . import options, periods
from .changes import Scope
from .periods import Period

DEAL = "sales.deal"
NOBODY = "none"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A period, and whose deals: of a person, of a team with those below it (`teams`), of a pipeline; None for all.

    `owner` is an id, or "none" for deals that belong to nobody; `team` likewise.
    """

    period: Period
    owner: str = ""
    team: str = ""
    teams: frozenset[int] | None = None
    pipeline: str = ""

    @property
    def owner_id(self) -> int | None:
        """The person, if one is asked for."""
        return int(self.owner) if self.owner not in ("", NOBODY) else None

    @property
    def pipeline_id(self) -> int | None:
        """The pipeline, if one is asked for."""
        return int(self.pipeline) if self.pipeline else None

    def whose(self, table: Any) -> list[ColumnElement[bool]]:
        """Return the conditions on owner, team and pipeline for deals or rows of a snapshot."""
        found: list[ColumnElement[bool]] = []
        if self.owner == NOBODY:
            found.append(table.owner_id.is_(None))
        elif self.owner_id is not None:
            found.append(table.owner_id == self.owner_id)
        if self.team == NOBODY:
            found.append(table.team_id.is_(None))
        elif self.teams is not None:
            found.append(table.team_id.in_(sorted(self.teams)))
        if self.pipeline_id is not None:
            found.append(table.pipeline_id == self.pipeline_id)
        return found

    def dated(self, column: Any) -> ColumnElement[bool]:
        """Return the condition that a day (ISO 8601 text) lies in the period."""
        found: ColumnElement[bool] = column.between(
            self.period.start.isoformat(), self.period.end.isoformat()
        )
        return found

    def scope(self) -> Scope:
        """Return the same for the comparison of two moments."""
        return Scope(
            start=self.period.start.isoformat(),
            end=self.period.end.isoformat(),
            owner_id=self.owner_id,
            unowned=self.owner == NOBODY,
            teams=self.teams,
            teamless=self.team == NOBODY,
            pipeline_id=self.pipeline_id,
        )

    def where(self, *more: str, day: str = "close_on") -> str:
        """Return the same as an expression of the filter language, with further conditions; without `day` no period."""
        found = list(more)
        if self.owner == NOBODY:
            found.append("owner_id is empty")
        elif self.owner_id is not None:
            found.append(f"owner_id = {self.owner_id}")
        if self.team == NOBODY:
            found.append("team_id is empty")
        elif self.teams is not None:
            found.append(f"team_id in ({', '.join(map(str, sorted(self.teams)))})")
        if self.pipeline_id is not None:
            found.append(f"pipeline_id = {self.pipeline_id}")
        if day:
            found.append(f"{day} between {self.period.start.isoformat()} and {self.period.end.isoformat()}")
        return " and ".join(found)

    def deals(self, *more: str, day: str = "close_on") -> str:
        """Return the address of the list of exactly these deals."""
        return url_for("lists.index", entity=DEAL, where=self.where(*more, day=day))

    def of(self, *, owner: int | None = None, team: int | None = None) -> Asked:
        """Return the same for one person within one team; None for nobody and no team."""
        return replace(
            self,
            owner=NOBODY if owner is None else str(owner),
            team=NOBODY if team is None else str(team),
            teams=None if team is None else frozenset({team}),
        )

    def args(self, **more: Any) -> dict[str, Any]:
        """Return what an address carries to ask the same, with changes; empty ones are left out."""
        own = {"period": self.period.key, "owner": self.owner, "team": self.team, "pipeline": self.pipeline}
        return {name: value for name, value in {**own, **more}.items() if value not in ("", None)}


def read(ctx: Context, args: Mapping[str, str], unit: str = "quarter") -> Asked:
    """Return what an address asks for; without a period the present one of a unit. Raises Invalid with a sentence."""
    first = options.first_month(ctx)
    try:
        period = periods.parse(args["period"], first) if args.get("period") else now(ctx, unit)
        asked = Asked(
            period=period,
            owner=_id(args.get("owner", "")),
            team=_id(args.get("team", "")),
            pipeline=_id(args.get("pipeline", "")).replace(NOBODY, ""),
        )
    except ValueError as error:
        raise Invalid({"period": str(error)}) from error
    return replace(asked, teams=below(ctx, int(asked.team))) if asked.team not in ("", NOBODY) else asked


def now(ctx: Context, unit: str) -> Period:
    """Return the period of a unit in which it is now for the reader."""
    return periods.of_day(ctx.now.astimezone(ctx.zone).date(), unit, options.first_month(ctx))


def below(ctx: Context, team_id: int) -> frozenset[int]:
    """Return a team with all teams below it."""
    rows = ctx.session.execute(select(Team.id, Team.parent_id)).all()
    found = {team_id}
    while more := {row.id for row in rows if row.parent_id in found} - found:
        found |= more
    return frozenset(found)


def _id(text: str) -> str:
    if text in ("", NOBODY):
        return text
    if not text.isdecimal() or len(text) > 9:
        raise ValueError(_("“%(text)s” is no number of a record.", text=text[:20]))
    return text
