"""The calendar of a project: which tasks are due and which milestones lie on the days of a month."""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date
from flask import request, url_for

from app.sdk import Context, _, _n
from app.sdk.web import Response, ctx, render, requires

from . import days, frame, reading
from .blueprint import pages

NAMED = 3


@pages.get("/<int:record_id>/calendar")
@requires("projects.project.view")
def calendar(record_id: int) -> Response:
    """Show a month of a project."""
    asked = ctx()
    plan = reading.plan(asked, frame.project(asked, record_id))
    first = _month(plan.today, request.args.get("month", ""))
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    by_day = _by_day(plan)
    chosen = _chosen(plan.today, first)

    def to(day: date) -> str:
        return url_for("projects_plan.calendar", record_id=record_id, month=day.strftime("%Y-%m"))

    return render(
        "projects/plan/calendar.html",
        title=_("Calendar of %(name)s", name=plan.project.name),
        month=format_date(first, "LLLL yyyy", locale=asked.locale).capitalize(),
        weeks=[
            [_day(asked, plan, day, first, by_day[day], chosen) for day in week]
            for week in Calendar().monthdatescalendar(first.year, first.month)
        ],
        weekdays=[_weekday(asked, n) for n in range(7)],
        day=format_date(chosen, "full", locale=asked.locale),
        listed=by_day[chosen],
        now="" if first == plan.today.replace(day=1) else to(plan.today),
        before=to(first - timedelta(days=1)),
        after=to(last + timedelta(days=1)),
        **frame.of(asked, plan.project, "projects_plan.calendar"),
    )


def _by_day(plan: reading.Plan) -> dict[date, list[dict[str, Any]]]:
    found: dict[date, list[dict[str, Any]]] = defaultdict(list)
    for one in plan.milestones:
        if (day := days.parsed(one.due_on)) is not None:
            late = not one.reached_on and day < plan.today
            found[day].append(
                {"name": one.name, "url": "", "done": bool(one.reached_on), "late": late, "mile": True}
            )
    for item in plan.items:
        if item.end is not None:
            row = frame.row(plan, item, {})
            found[item.end].append({**row, "mile": False})
    return found


def _weekday(asked: Context, number: int) -> tuple[str, str]:
    day = date(2024, 1, 1 + number)
    short, wide = (format_date(day, form, locale=asked.locale) for form in ("EEE", "EEEE"))
    return short, wide


def _day(
    asked: Context, plan: reading.Plan, day: date, first: date, rows: list[dict[str, Any]], chosen: date
) -> dict[str, Any]:
    label = format_date(day, "full", locale=asked.locale)
    told = _n("%(num)s thing", "%(num)s things", len(rows))
    return {
        "number": day.day,
        "out": day.month != first.month,
        "today": day == plan.today,
        "chosen": day == chosen,
        "url": url_for(
            "projects_plan.calendar",
            record_id=plan.project.id,
            month=day.strftime("%Y-%m"),
            day=day.isoformat(),
            _anchor="day",
        ),
        "label": f"{label}: {told}" if rows else label,
        "named": [{"text": r["name"], "done": r["done"], "late": r["late"]} for r in rows[:NAMED]],
        "more": max(len(rows) - NAMED, 0),
    }


def _chosen(today: date, first: date) -> date:
    day = days.parsed(request.args.get("day", ""))
    if day is not None and day.replace(day=1) == first:
        return day
    return today if today.replace(day=1) == first else first


def _month(today: date, text: str) -> date:
    return (days.parsed(f"{text}-01") if len(text) == 7 else None) or today.replace(day=1)
