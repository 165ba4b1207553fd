"""Tasks by the day: the agenda, the calendar of a month, and moving all that is overdue."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date, get_day_names
from flask import Response, request, url_for

from app.i18n import _, _n
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.models import Task
from app.services import people, task_agenda, task_days, task_moving
from app.services import tasks as service
from app.services.context import ctx
from app.services.task_scopes import MINE
from app.services.working_calendar_hours import Hours
from app.web import dates, task_agenda_view, task_rows
from app.web.render import done, render
from app.web.routes import requires
from app.web.task_agenda_view import scope, scopes
from app.web.tasks import after_done, tasks

MONTH = re.compile(r"(\d{4})-(\d\d)")
DOTS = 3
"""Tasks that a day of the calendar names on a desk, and dots that it shows on a phone."""


@tasks.get("/tasks/agenda")
@requires("task.view")
def agenda() -> Response:
    """Show what is overdue, due and to come."""
    asked, args = ctx(), request.args
    who = scope(asked, args.get("who", ""))
    return render(
        "tasks/agenda.html",
        title=_("Tasks"),
        tabs=_tabs("agenda", who),
        scopes=scopes(asked, who, "tasks.agenda"),
        strip=after_done(asked, args.get("after", "")),
        **task_agenda_view.values(asked, who, args.get("from", "")[:30]),
    )


def _tabs(on: str, who: str) -> list[dict[str, Any]]:
    kept: dict[str, Any] = {"who": who if who != MINE else None}
    places = {
        "agenda": (_("Agenda"), url_for("tasks.agenda", **kept)),
        "calendar": (_("Calendar"), url_for("tasks.month", **kept)),
        "list": (_("List"), url_for("tasks.index")),
    }
    return [{"label": label, "url": url, "on": key == on} for key, (label, url) in places.items()]


@tasks.get("/tasks/calendar")
@requires("task.view")
def month() -> Response:
    """Show a month as a table, with the tasks of a chosen day below."""
    asked, args = ctx(), request.args
    who, today = scope(asked, args.get("who", "")), service.today(asked)
    first = _month(args.get("month", ""), today)
    chosen = _day(args.get("day", ""), first, today)
    shown = calendar.Calendar(_first_weekday(asked)).monthdatescalendar(first.year, first.month)
    found = task_agenda.month(asked, who, first, shown[0][0], shown[-1][-1])
    free = task_days.hours(
        asked, int(who) if who.isdecimal() and people.user_names(asked, [int(who)]) else None
    )
    listed = found.days.get(chosen, [])
    kept: dict[str, Any] = {"who": who if who != MINE else None}
    return render(
        "tasks/calendar.html",
        title=_("Tasks"),
        tabs=_tabs("calendar", who),
        scopes=scopes(asked, who, "tasks.month", month=f"{first:%Y-%m}"),
        who=who,
        name=format_date(first, "LLLL y", locale=asked.locale),
        weekdays=_weekdays(asked),
        weeks=[[_cell(found, day, today, chosen, kept, free) for day in week] for week in shown],
        chosen=dates.weekday_of(chosen),
        holiday=free.holiday(chosen),
        listed=task_rows.shown(asked, listed),
        expected=[
            {"summary": t.summary, "url": url_for("tasks.show", record_id=t.id)}
            for t in found.expected.get(chosen, ())
        ],
        before=_link(first - timedelta(days=1), kept),
        after=_link(first + timedelta(days=32), kept),
        now=_link(today, kept) if today.replace(day=1) != first else "",
        add=url_for("tasks.new", line=f" {chosen.isoformat()}") if asked.may("task.create") else "",
        here=url_for("tasks.month", month=f"{first:%Y-%m}", day=chosen.isoformat(), **kept),
        cut=found.cut,
    )


def _month(text: str, today: date) -> date:
    match = MONTH.fullmatch(text)
    if match and 1970 <= int(match[1]) < 2200 and 1 <= int(match[2]) <= 12:
        return date(int(match[1]), int(match[2]), 1)
    return today.replace(day=1)


def _day(text: str, first: date, today: date) -> date:
    try:
        wanted = date.fromisoformat(text)
    except ValueError:
        wanted = today
    return wanted if wanted.replace(day=1) == first else first


def _link(day: date, kept: dict[str, Any]) -> str:
    return url_for("tasks.month", month=f"{day:%Y-%m}", **kept)


def _first_weekday(asked: Context) -> int:
    from babel import Locale

    return int(Locale.parse(asked.locale.replace("-", "_")).first_week_day)


def _weekdays(asked: Context) -> list[tuple[str, str]]:
    wide, short = (get_day_names(width, locale=asked.locale) for width in ("wide", "abbreviated"))
    start = _first_weekday(asked)
    return [(str(short[(start + n) % 7]), str(wide[(start + n) % 7])) for n in range(7)]


def _cell(
    found: task_agenda.Month, day: date, today: date, chosen: date, kept: dict[str, Any], free: Hours
) -> dict[str, Any]:
    here, coming = found.days.get(day, []), found.expected.get(day, [])
    count = sum(t.status == "todo" for t in here) + len(coming)
    todo = _n("%(num)s task to do", "%(num)s tasks to do", count) if count else _("nothing to do")
    named = [_named(t, day < today) for t in here] + [{"text": t.summary, "coming": True} for t in coming]
    return {
        "number": day.day,
        "url": url_for("tasks.month", month=f"{day:%Y-%m}", day=day.isoformat(), _anchor="day", **kept),
        "label": ", ".join(filter(None, (dates.weekday_of(day), free.holiday(day), todo))),
        "out": day.month != found.first.month,
        "today": day == today,
        "chosen": day == chosen,
        "off": not free.is_working_day(day),
        "named": named[:DOTS],
        "more": max(0, len(named) - DOTS),
    }


def _named(task: Task, past: bool) -> dict[str, Any]:
    done = task.status == "done"
    return {"text": task.summary, "done": done, "late": past and not done}


@tasks.route("/tasks/move", methods=["GET", "POST"])
@requires("task.edit")
def move() -> Response:
    """Move all that is overdue: choose which and where to, with a preview."""
    asked, given = ctx(), request.values
    who = scope(asked, given.get("who", ""))
    how, day = given.get("how", task_moving.WORKDAY), given.get("day", "")
    if request.method == "GET":
        return _preview(asked, who, how, day)
    ids = [int(text) for text in request.form.getlist("id") if text.isdecimal() and len(text) < 11]
    if request.form.get("do") == "preview":
        return _preview(asked, who, how, day, chosen=ids)
    try:
        if not ids:
            raise Invalid({"id": _("Choose at least one task.")})
        count, operation = task_moving.move(asked, ids, how, day)
    except Invalid as error:
        return _preview(asked, who, how, day, chosen=ids, problems=error.problems)
    back = url_for("tasks.agenda", who=who if who != MINE else None)
    return done(
        back,
        toast=_n("%(num)s task moved", "%(num)s tasks moved", count),
        undo=url_for("tasks.unmove", operation=operation, next=back),
    )


@tasks.post("/tasks/move/<int:operation>/back")
@requires("task.edit")
def unmove(operation: int) -> Response:
    """Take a move back, where nobody has changed the tasks since."""
    count = task_moving.move_back(ctx(), operation)
    return done(url_for("tasks.agenda"), toast=_n("%(num)s task is back", "%(num)s tasks are back", count))


def _preview(
    asked: Context,
    who: str,
    how: str,
    day: str,
    *,
    chosen: list[int] | None = None,
    problems: dict[str, str] | None = None,
) -> Response:
    """Show which tasks would go to which day."""
    problems = problems or {}
    late = task_moving.overdue(asked, who)
    wanted = [t for t in late if chosen is None or t.id in chosen]
    try:
        moves = task_moving.plan(asked, wanted, how, day) if not problems and wanted else []
    except Invalid as error:
        moves, problems = [], error.problems
    to = {one.task.id: dates.day(one.day) for one in moves}
    marked = {t.id for t in wanted}
    rows = [
        one | {"to": to.get(one["id"], ""), "chosen": one["id"] in marked}
        for one in task_rows.shown(asked, late)
    ]
    return render(
        "tasks/move.html",
        status=422 if problems else 200,
        title=_("Move what is overdue") if not problems else _("Error: Move what is overdue"),
        who=who,
        how=how,
        day=day,
        problems=problems,
        rows=rows,
        ways=_ways(asked, len(wanted)),
        count=len(wanted),
        cut=len(late) >= task_moving.MOST,
    )


def _ways(asked: Context, number: int) -> list[tuple[str, str]]:
    tomorrow = service.due(asked, "tomorrow")
    workday = task_moving.next_workday(asked)
    ways = [(task_moving.WORKDAY, _("Next working day (%(day)s)", day=dates.day(workday)))]
    if tomorrow != workday:
        ways.append((task_moving.TOMORROW, _("Tomorrow")))
    if number > task_moving.A_DAY:
        ways.append((task_moving.SPREAD, _("Spread over working days, %(num)s a day", num=task_moving.A_DAY)))
    return [*ways, (task_moving.ON_DAY, _("On a day of my choice"))]
