"""What the pages of forecasts and reports share: which period and whose, ways between them, and tables as files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from sqlalchemy import select

from app.sdk import Context, _
from app.sdk.web import Response, csv_file, render

from ..deals.models import Pipeline
from . import options, people, periods, tables
from .asked import NOBODY, Asked
from .tables import Table

FIELDS = ("since", "until")
"""Words of the address that pages have fields of their own for."""


@dataclass(frozen=True, kw_only=True)
class Picker:
    """What can be chosen on a page: periods near by, units, teams, people and pipelines, each as (value, label)."""

    asked: Asked
    label: str
    before: str
    after: str
    units: Sequence[tuple[str, str, bool]]
    teams: Sequence[tuple[str, str]]
    people: Sequence[tuple[str, str]]
    pipelines: Sequence[tuple[str, str]]
    kept: Sequence[tuple[str, str]]


def picker(ctx: Context, asked: Asked, *, units: Sequence[str] = periods.UNITS, **kept: Any) -> Picker:
    """Return what can be chosen; `kept` are further words of the address that stay as they are."""
    words = {"month": _("Month"), "quarter": _("Quarter"), "year": _("Year")}
    here = str(request.endpoint)
    values = {**(request.view_args or {}), **kept}

    def to(period: periods.Period) -> str:
        return url_for(here, **values, **asked.args(period=period.key))

    pipes = ctx.session.execute(
        select(Pipeline.id, Pipeline.name).order_by(Pipeline.position, Pipeline.id)
    ).all()
    seen = people.within_reach(ctx)
    return Picker(
        asked=asked,
        label=asked.period.label(ctx.locale),
        before=to(asked.period.previous),
        after=to(asked.period.next),
        units=[(words[unit], to(_in(asked, unit)), unit == asked.period.unit) for unit in units],
        teams=[
            ("", _("All teams")),
            *((str(i), name) for i, name in people.teams(ctx)),
            (NOBODY, _("No team")),
        ],
        people=[("", _("Everybody")), *((str(p.id), p.name) for p in seen), (NOBODY, _("Nobody"))],
        pipelines=[("", _("All pipelines")), *((str(row.id), row.name) for row in pipes)]
        if len(pipes) > 1
        else [],
        kept=[("period", asked.period.key), *((n, str(v)) for n, v in kept.items() if n not in FIELDS)],
    )


def report(ctx: Context, template: str, title: str, shown: Sequence[Table], **values: Any) -> Response:
    """Answer with a page that shows tables, or with the tables as a file when the address says `format=csv`."""
    if request.args.get("format") == "csv":
        return csv_file(f"{title}.csv", tables.rows(shown))
    args = {**(request.view_args or {}), **request.args.to_dict(), "format": "csv"}
    return render(
        template,
        title=title,
        tables=shown,
        cells=lambda table, row: tables.shown(ctx, table, row),
        bars=tables.bars,
        currency=options.currency(ctx),
        csv_url=url_for(str(request.endpoint), **args),
        **values,
    )


def _in(asked: Asked, unit: str) -> periods.Period:
    """Return the period of a unit that goes with what is looked at: what holds its first day."""
    return periods.of_day(asked.period.start, unit, asked.period.first_month)
