"""How good forecasts were: what was said at the beginning of periods past, and what was won in the end."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from flask import url_for

from app.sdk import Context, _

from . import asked as asking
from . import board, calls, comparing, people, snapshots
from .asked import Asked
from .models import Snapshot
from .periods import Period
from .tables import Column, Row, Table

PERIODS = 6


def table(ctx: Context, asked: Asked) -> Table:
    """Return the last periods of the length that is asked for, the latest first, each with its forecasts and its end."""
    from dataclasses import replace

    present = asking.now(ctx, asked.period.unit)
    period, rows = min(asked.period, present.previous), []
    for _number in range(PERIODS):
        rows.append(_row(ctx, replace(asked, period=period)))
        period = period.previous
    return Table(
        id="accuracy",
        title=_("Forecasts and what became of them"),
        said=_("As of the first snapshot in each period. What people expect is their latest word."),
        first=_("Period"),
        columns=[
            Column(key="day", label=_("Forecast of"), kind="day"),
            Column(key="commit", label=_("Closed and commit")),
            Column(key="best", label=_("With best case")),
            Column(key="weighted", label=_("Weighted")),
            Column(key="said", label=_("People expected")),
            Column(key="won", label=_("Won")),
            Column(key="of_commit", label=_("Commit was right by"), kind="percent"),
            Column(key="of_weighted", label=_("Weighted was right by"), kind="percent"),
        ],
        rows=rows,
        bar="won",
    )


def right(forecast: Decimal | None, won: Decimal) -> Decimal | None:
    """Return how right a forecast was in percent: 100 for exactly, 0 for wrong by as much as was won or more."""
    if forecast is None or not won:
        return None
    return max(Decimal(100) - abs(forecast - won) * 100 / won, Decimal(0))


def _row(ctx: Context, asked: Asked) -> Row:
    period = asked.period
    won = board.added(board.lines(ctx, asked)).sums["closed"]
    first = snapshots.after(ctx, period.start, period.start + timedelta(days=_early(period)))
    values = {"won": won, "said": _said(ctx, asked)}
    urls = {"won": board.address(asked, "closed")}
    if first is not None:
        values |= _then(ctx, asked, first)
        for key, categories in (
            ("commit", "closed,commit"),
            ("best", "closed,commit,best"),
            ("weighted", ""),
        ):
            urls[key] = url_for(
                "sales_reports.behind",
                what="snapshot",
                snapshot=first.id,
                **asked.args(categories=categories),
            )
    return Row(
        label=period.label(ctx.locale),
        values={
            **values,
            "day": first.day if first else None,
            "of_commit": right(values.get("commit"), won),
            "of_weighted": right(values.get("weighted"), won),
        },
        urls=urls,
    )


def _then(ctx: Context, asked: Asked, first: Snapshot) -> dict[str, Decimal | None]:
    sums = comparing.totals(ctx, asked, first)
    commit = sums["closed"] + sums["commit"]
    return {
        "commit": commit,
        "best": commit + sums["best"],
        "weighted": comparing.weighted(ctx, asked, first),
    }


def _early(period: Period) -> int:
    """Return until how many days after its beginning a snapshot counts as one of the beginning of a period."""
    return (period.end - period.start).days // 3


def _said(ctx: Context, asked: Asked) -> Decimal | None:
    """Return what people expected of themselves, or their managers of those who said nothing."""
    ids = [p.id for p in people.within_reach(ctx) if _meant(asked, p)]
    latest = calls.latest(ctx, asked.period, ids)
    found = [
        (latest.get((i, calls.OWN)) or latest[i, calls.MANAGER]).amount
        for i in ids
        if (i, calls.OWN) in latest or (i, calls.MANAGER) in latest
    ]
    return sum(found, Decimal(0)) if found else None


def _meant(asked: Asked, person: people.Person) -> bool:
    of_team = asked.teams is None or person.team_id in asked.teams
    return of_team and (asked.owner_id is None or asked.owner_id == person.id)
