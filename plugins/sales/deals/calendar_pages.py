"""The calendar of deals: which are to be decided on which day of a month."""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date
from flask import request, url_for
from sqlalchemy import select

from app.sdk import Context, _n
from app.sdk.web import Response, ctx, money, render, requires

from . import days, options, stages, sums
from .blueprint import pages
from .choices import LOST, OPEN, WON
from .models import Deal

NAMED = 3
MOST = 500
"""Deals of a month that are shown; the list has all of them."""


@pages.get("/calendar")
@requires("sales.deal.view")
def calendar() -> Response:
    """Show the deals of a month on the days on which they are decided."""
    asked = ctx()
    first = _month(asked, request.args.get("month", ""))
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    within = (Deal.close_on.between(first.isoformat(), last.isoformat()), Deal.outcome != LOST)
    query = select(Deal.id, Deal.name, Deal.close_on, Deal.amount, Deal.currency, Deal.outcome)
    rows = asked.session.execute(query.where(*within).order_by(Deal.close_on, Deal.id).limit(MOST)).all()
    by_day: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_day[row.close_on].append(row)
    total = sums.of(asked, within)
    chosen = _chosen(asked, first)
    month = first.strftime("%Y-%m")
    return render(
        "sales/deals/calendar.html",
        title=format_date(first, "LLLL yyyy", locale=asked.locale).capitalize(),
        weeks=_weeks(asked, first, by_day, chosen),
        weekdays=[_weekday(asked, n) for n in range(7)],
        total=money(total.value, options.currency(asked)),
        count=total.count,
        cut=len(rows) == MOST,
        day=format_date(date.fromisoformat(chosen), "full", locale=asked.locale),
        listed=[_deal(row) for row in by_day[chosen]],
        add=url_for("sales_deals.new") if asked.may("sales.deal.create") else "",
        now="" if days.today(asked).startswith(month) else url_for("sales_deals.calendar"),
        before=url_for("sales_deals.calendar", month=(first - timedelta(days=1)).strftime("%Y-%m")),
        after=url_for("sales_deals.calendar", month=(last + timedelta(days=1)).strftime("%Y-%m")),
        pipeline=next(iter(stages.pipelines(asked)), None),
    )


def _weekday(asked: Context, number: int) -> tuple[str, str]:
    day = date(2024, 1, 1 + number)
    return tuple(format_date(day, form, locale=asked.locale) for form in ("EEE", "EEEE"))  # type: ignore[return-value]


def _deal(row: Any) -> dict[str, Any]:
    value = money(row.amount, row.currency) if row.amount is not None and row.currency else ""
    return {
        "name": row.name,
        "url": url_for("sales_deals.show", record_id=row.id),
        "value": value,
        "won": row.outcome == WON,
    }


def _weeks(
    asked: Context, first: date, by_day: dict[str, list[Any]], chosen: str
) -> list[list[dict[str, Any]]]:
    today, weeks = days.today(asked), Calendar().monthdatescalendar(first.year, first.month)
    return [
        [_day(asked, day, first, by_day[day.isoformat()], today, chosen) for day in week] for week in weeks
    ]


def _day(asked: Context, day: date, first: date, rows: list[Any], today: str, chosen: str) -> dict[str, Any]:
    iso = day.isoformat()
    label = format_date(day, "full", locale=asked.locale)
    told = _n("%(num)s deal", "%(num)s deals", len(rows))
    return {
        "number": day.day,
        "out": day.month != first.month,
        "today": iso == today,
        "chosen": iso == chosen,
        "url": url_for("sales_deals.calendar", month=iso[:7], day=iso, _anchor="day"),
        "label": f"{label}: {told}" if rows else label,
        "named": [
            {"text": row.name, "done": row.outcome == WON, "late": row.outcome == OPEN and iso < today}
            for row in rows[:NAMED]
        ],
        "more": max(len(rows) - NAMED, 0),
    }


def _chosen(asked: Context, first: date) -> str:
    day, month = request.args.get("day", ""), first.strftime("%Y-%m")
    if days.valid(day) and day.startswith(month):
        return day
    return days.today(asked) if days.today(asked).startswith(month) else first.isoformat()


def _month(asked: Context, text: str) -> date:
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        found = date.fromisoformat(days.today(asked)).replace(day=1)
    return found if 1900 < found.year < 2200 else date.fromisoformat(days.today(asked)).replace(day=1)
