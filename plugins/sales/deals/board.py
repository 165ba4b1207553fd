"""The board of a pipeline: what each column holds and adds up to, read a page of cards at a time."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam, or_, select

from app.sdk import Context
from app.sdk.filters import criterion, parse
from app.sdk.formats import user_face
from app.sdk.services import access, people

from . import days, stages, sums
from .choices import LOST, OPEN
from .fields import DEAL
from .models import Deal, Pipeline, Stage
from .sums import Sum

SIZE = 20
"""Cards of a column that are read at once."""

DECIDED_DAYS = 30
"""Won deals stay on the board for so long."""

COLUMNS = (
    Deal.id,
    Deal.name,
    Deal.stage_id,
    Deal.outcome,
    Deal.contact_id,
    Deal.company_id,
    Deal.owner_id,
    Deal.amount,
    Deal.currency,
    Deal.close_on,
    Deal.next_step,
    Deal.step_on,
    Deal.active_at,
    Deal.stale_on,
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody wants to see: whose deals (`me`, an id or ""), of which team, and an expression over deals."""

    pipeline: Pipeline
    owner: str = ""
    team: str = ""
    where: str = ""

    def args(self) -> dict[str, str]:
        """Return what the address says besides the pipeline."""
        return {k: v for k, v in (("owner", self.owner), ("team", self.team), ("where", self.where)) if v}


@dataclass(kw_only=True)
class Column:
    """A stage with its totals, its first cards, and where the next ones begin ("" when there are none)."""

    stage: Stage
    sum: Sum
    rows: Sequence[Any] = ()
    next: str = ""


Face = tuple[str, str, int]


@dataclass(frozen=True, kw_only=True)
class Names:
    """What records and colleagues on cards are called; those out of sight are not there."""

    found: Mapping[tuple[str, int], Any]
    faces: dict[int, Face] = field(default_factory=dict)

    def of(self, row: Any) -> str:
        """Return whom a deal is with."""
        for target in (("company", row.company_id), ("contact", row.contact_id)):
            if target in self.found:
                return str(self.found[target].name)
        return ""

    def owner(self, row: Any) -> Face:
        """Return whose a deal is: name, initials and hue, all empty for somebody out of sight."""
        if row.owner_id not in self.faces:
            named = self.found.get(("user", row.owner_id))
            self.faces[row.owner_id] = (
                (str(named.name), *user_face(row.owner_id, str(named.name))) if named else ("", "", 0)
            )
        return self.faces[row.owner_id]


def shown(ctx: Context, pipeline: Pipeline) -> list[Stage]:
    """Return the stages that are columns: all but the lost ones."""
    return [stage for stage in stages.stages(ctx, pipeline) if stage.outcome != LOST]


def columns(ctx: Context, asked: Asked, only: Iterable[int] | None = None) -> tuple[list[Column], Names]:
    """Return the columns of a board, with cards of all of them or of some, and the names on the cards."""
    found = shown(ctx, asked.pipeline)
    totals = _totals(ctx, asked, found)
    made = [Column(stage=stage, sum=totals.get(stage.id, Sum())) for stage in found]
    wanted = None if only is None else set(only)
    for column in made:
        if (wanted is None or column.stage.id in wanted) and column.sum.count:
            column.rows, column.next = cards(ctx, asked, column.stage)
    return made, names(ctx, [row for column in made for row in column.rows])


def _totals(ctx: Context, asked: Asked, found: Sequence[Stage]) -> Mapping[int, Sum]:
    values = {**_values(ctx, asked), "until": month_end(ctx), "stages": [stage.id for stage in found]}
    if asked.where:
        query = sums.selected([*_summed(bool(asked.owner), bool(asked.team)), *_extra(ctx, asked)])
        return sums.of_rows(found, ctx.session.execute(query, values))
    return sums.of_rows(found, access.rows(ctx, _totals_query(bool(asked.owner), bool(asked.team)), values))


@lru_cache
def _totals_query(owner: bool, team: bool) -> Any:
    return sums.selected(_summed(owner, team))


def _summed(owner: bool, team: bool) -> list[ColumnElement[bool]]:
    """Return what narrows the deals of the totals: by stage, so that the index of the board answers alone."""
    return [Deal.stage_id.in_(bindparam("stages", expanding=True)), *_board(owner, team)]


def cards(ctx: Context, asked: Asked, stage: Stage, after: str = "") -> tuple[Sequence[Any], str]:
    """Return a page of the cards of a stage, and where the next page begins: deals to be decided first stand first."""
    query = _cards_query(stage.outcome != OPEN, bool(after), bool(asked.owner), bool(asked.team))
    values = {**_values(ctx, asked), "stage": stage.id}
    if after:
        day, _sep, number = after.partition("_")
        values |= {"day": day[:10], "last": int(number) if number.isdecimal() and len(number) < 10 else 0}
    if asked.where:
        rows = ctx.session.execute(query.where(*_extra(ctx, asked)), values).all()
    else:
        rows = access.rows(ctx, query, values).all()
    more = f"{rows[SIZE - 1].close_on}_{rows[SIZE - 1].id}" if len(rows) > SIZE else ""
    return rows[:SIZE], more


@lru_cache
def _cards_query(falling: bool, beyond: bool, owner: bool, team: bool) -> Any:
    """Return the select of a page of cards; it is built once for each form, and takes the values by name."""
    query = select(*COLUMNS).where(
        Deal.pipeline_id == bindparam("pipeline"),
        Deal.stage_id == bindparam("stage"),
        *_board(owner, team),
    )
    if beyond:
        query = query.where(_beyond(bindparam("day", type_=String), bindparam("last"), falling=falling))
    order = (Deal.close_on.desc(), Deal.id.desc()) if falling else (Deal.close_on, Deal.id)
    return query.order_by(*order).limit(SIZE + 1)


def _beyond(day: Any, last: Any, *, falling: bool) -> ColumnElement[bool]:
    if falling:
        return or_(Deal.close_on < day, and_(Deal.close_on == day, Deal.id < last))
    return or_(Deal.close_on > day, and_(Deal.close_on == day, Deal.id > last))


def names(ctx: Context, rows: Sequence[Any]) -> Names:
    """Return what the records and colleagues of some deals are called: a query for each kind."""
    wanted = {
        (entity, number)
        for row in rows
        for entity, number in (
            ("company", row.company_id),
            ("contact", row.contact_id),
            ("user", row.owner_id),
        )
        if number is not None
    }
    return Names(found=people.names(ctx, wanted) if wanted else {})


def conditions(ctx: Context, asked: Asked) -> list[ColumnElement[bool]]:
    """Return what narrows the deals of a board, open and decided. Raises ExprError for an expression that is none."""
    found: list[ColumnElement[bool]] = [Deal.deleted_at.is_(None)]
    if asked.owner:
        found.append(Deal.owner_id == _number(str(ctx.user.id or 0) if asked.owner == "me" else asked.owner))
    if asked.team:
        found.append(Deal.team_id == _number(asked.team))
    if asked.where:
        found.append(criterion(ctx, DEAL, parse(asked.where)))
    return found


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _board(owner: bool, team: bool) -> list[ColumnElement[bool]]:
    """Return what narrows the deals of the columns, with values by name: open ones, and those won lately."""
    lately = or_(Deal.outcome == OPEN, Deal.close_on >= bindparam("since", type_=String))
    found: list[ColumnElement[bool]] = [Deal.outcome != LOST, lately]
    found += [Deal.owner_id == bindparam("owner")] if owner else []
    found += [Deal.team_id == bindparam("team")] if team else []
    return found


def _values(ctx: Context, asked: Asked) -> dict[str, Any]:
    since = (date.fromisoformat(days.today(ctx)) - timedelta(days=DECIDED_DAYS)).isoformat()
    found: dict[str, Any] = {"pipeline": asked.pipeline.id, "since": since}
    if asked.owner:
        found["owner"] = _number(str(ctx.user.id or 0) if asked.owner == "me" else asked.owner)
    if asked.team:
        found["team"] = _number(asked.team)
    return found


def _extra(ctx: Context, asked: Asked) -> list[ColumnElement[bool]]:
    return [criterion(ctx, DEAL, parse(asked.where))] if asked.where else []


def month_end(ctx: Context) -> str:
    """Return the last day of the present month where the reader is."""
    today = date.fromisoformat(days.today(ctx))
    return today.replace(day=monthrange(today.year, today.month)[1]).isoformat()
