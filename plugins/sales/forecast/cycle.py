"""The reports on decided deals: how long it took to win them, and why they were won or lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

from sqlalchemy import func, select

from app.sdk import Context, _

from ..deals.models import Deal, Reason
from . import amounts, dimensions
from .asked import Asked
from .dimensions import Dimension
from .tables import Column, Row, Table


def tables(ctx: Context, asked: Asked, by: str) -> list[Table]:
    """Return how many days lay between the opening and the winning of deals that were won in the period."""
    part = dimensions.of(by, "close_on")
    query = (
        select(
            part.column.label("part"),
            Deal.opened_on,
            Deal.close_on,
            func.count().label("n"),
            amounts.total(Deal.amount_base).label("total"),
        )
        .where(Deal.outcome == "won", asked.dated(Deal.close_on), *asked.whose(Deal))
        .group_by(part.column, Deal.opened_on, Deal.close_on)
    )
    groups: dict[Any, list[Any]] = {}
    for row in ctx.session.execute(query):
        groups.setdefault(row.part, []).append(row)
    words = part.words(ctx, groups)
    rows = [
        Row(
            label=words[value],
            values=_values(groups[value]),
            urls=dict.fromkeys(("deals", "value"), _address(asked, part, value)),
        )
        for value in sorted(groups, key=lambda v: (v is None, words[v].casefold()))
    ]
    every = [row for found in groups.values() for row in found]
    return [
        Table(
            id="cycle",
            title=_("From opened to won"),
            first=dict(dimensions.choices())[part.way],
            columns=[
                Column(key="deals", label=_("Deals won"), kind="count"),
                Column(key="value", label=_("Value")),
                Column(key="mean", label=_("Days on average"), kind="decimal"),
                Column(key="median", label=_("Median"), kind="decimal"),
                Column(key="least", label=_("Fastest"), kind="days"),
                Column(key="most", label=_("Slowest"), kind="days"),
            ],
            rows=rows,
            total=Row(
                label=_("All"),
                values=_values(every),
                urls=dict.fromkeys(("deals", "value"), asked.deals("outcome = won")),
            )
            if every
            else None,
            bar="mean",
        )
    ]


def reasons(ctx: Context, asked: Asked) -> list[Table]:
    """Return why deals were lost and won in the period: how many and how much for each reason."""
    query = (
        select(
            Deal.outcome,
            Deal.reason_id,
            func.count().label("n"),
            amounts.total(Deal.amount_base).label("total"),
        )
        .where(Deal.outcome.in_(("won", "lost")), asked.dated(Deal.close_on), *asked.whose(Deal))
        .group_by(Deal.outcome, Deal.reason_id)
    )
    found = ctx.session.execute(query).all()
    names = {row.id: row.name for row in ctx.session.execute(select(Reason.id, Reason.name))}
    titles = {"lost": _("Why deals were lost"), "won": _("Why deals were won")}
    decided = sum(row.n for row in found)
    won = sum(row.n for row in found if row.outcome == "won")
    said = _("%(won)s of %(all)s decided deals were won.", won=won, all=decided) if decided else ""
    return [
        _reason_table(asked, outcome, title, [r for r in found if r.outcome == outcome], names, said)
        for outcome, title in titles.items()
    ]


def _reason_table(
    asked: Asked, outcome: str, title: str, found: Sequence[Any], names: Mapping[int, str], said: str
) -> Table:
    count = sum(row.n for row in found)
    rows = []
    for row in sorted(found, key=lambda r: -r.n):
        why = "reason_id is empty" if row.reason_id is None else f"reason_id = {row.reason_id}"
        address = asked.deals(f"outcome = {outcome}", why)
        rows.append(
            Row(
                label=names.get(row.reason_id, "") or _("No reason given"),
                values={
                    "count": row.n,
                    "share": Decimal(row.n * 100) / count,
                    "value": amounts.money(row.total),
                },
                urls=dict.fromkeys(("count", "share", "value"), address),
            )
        )
    total = {"count": count, "value": sum((row.values["value"] for row in rows), Decimal(0))}
    return Table(
        id=f"why-{outcome}",
        title=title,
        said=said if outcome == "lost" else "",
        first=_("Reason"),
        columns=[
            Column(key="count", label=_("Deals"), kind="count"),
            Column(key="share", label=_("Share"), kind="percent"),
            Column(key="value", label=_("Value")),
        ],
        rows=rows,
        total=Row(
            label=_("All"),
            values=total,
            urls=dict.fromkeys(("count", "value"), asked.deals(f"outcome = {outcome}")),
        )
        if rows
        else None,
        bar="count",
    )


def _address(asked: Asked, part: Dimension, value: Any) -> str:
    return asked.deals("outcome = won", part.where(value))


def _values(rows: Sequence[Any]) -> dict[str, Any]:
    days = [length for row in rows if (length := _days(row)) is not None for _one in range(row.n)]
    found: dict[str, Any] = {
        "deals": sum(row.n for row in rows),
        "value": sum((amounts.money(row.total) for row in rows), Decimal(0)),
    }
    if days:
        found |= {
            "mean": Decimal(sum(days)) / len(days),
            "median": Decimal(median(days)),
            "least": min(days),
            "most": max(days),
        }
    return found


def _days(row: Any) -> int | None:
    try:
        return max((date.fromisoformat(row.close_on) - date.fromisoformat(row.opened_on)).days, 0)
    except ValueError:
        return None
