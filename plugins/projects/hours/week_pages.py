"""A week of somebody's hours, the timer, and time written down in three taps."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from babel.dates import format_date
from flask import request, url_for

from app.sdk import Context, Invalid, NotVisible, Refuse, _, _n
from app.sdk.services import nonces
from app.sdk.web import Response, ctx, day_text, done, local_path, render, requires

from ..plan import days, typed
from . import service
from .blueprint import pages
from .entities import APPROVED, OPEN, STATES, SUBMITTED
from .models import ENTRY

LENGTHS = (15, 30, 60, 90, 120, 240, 480)
SUGGESTED = 8


@pages.get("/hours")
@requires("projects.entry.view")
def week() -> Response:
    """Show a week of one's own hours as a sheet."""
    asked = ctx()
    return _week(asked, _monday(asked))


def _monday(asked: Context) -> date:
    day = days.parsed(request.values.get("week", "")) or days.today(asked)
    return day - timedelta(days=day.weekday())


def _week(asked: Context, first: date, problem: str = "", given: Any = None) -> Response:
    every = [first + timedelta(days=n) for n in range(7)]
    found = service.entries(asked, first, every[-1])
    places = list(dict.fromkeys((e.project_id, e.task_id) for e in found if e.project_id))
    extra = service.read_place(request.values.get("add", ""))
    places += [place for place in ([extra] if extra else []) if place not in places]
    if len(places) < 3:
        places += [place for place in service.lately(asked, 3) if place not in places]
    names = service.names(asked, places)
    rows = [_row(place, names[place], every, found, given) for place in places if place in names]
    states = {e.state for e in found}
    return render(
        "projects/hours/week.html",
        title=_("My hours"),
        status=422 if problem else 200,
        problem=problem,
        heading=_week_text(asked, first),
        first=first.isoformat(),
        days=[
            {
                "iso": day.isoformat(),
                "short": format_date(day, "EEE d", locale=asked.locale),
                "long": format_date(day, "EEEE d MMMM", locale=asked.locale),
                "today": day == days.today(asked),
                "total": typed.clock(sum(e.minutes for e in found if e.day == day.isoformat())),
            }
            for day in every
        ],
        rows=rows,
        total=typed.clock(sum(e.minutes for e in found)),
        may_submit=OPEN in states and asked.may("projects.entry.edit"),
        waits=SUBMITTED in states,
        approved=bool(states) and states == {APPROVED},
        before=url_for("projects_hours.week", week=(first - timedelta(days=7)).isoformat()),
        after=url_for("projects_hours.week", week=(first + timedelta(days=7)).isoformat()),
        now="" if days.today(asked) in every else url_for("projects_hours.week"),
        timer=timer_of(asked),
        choices=_choices(asked),
        may_note=asked.may("projects.entry.create"),
        noted=[_entry(e, names) for e in found],
    )


def _entry(entry: Any, names: Any) -> dict[str, Any]:
    name = names.get((entry.project_id, entry.task_id), ("–", ""))
    return {
        "id": entry.id,
        "name": name[1] or name[0],
        "project": name[0],
        "day": day_text(entry.day),
        "time": typed.clock(entry.minutes),
        "note": entry.note,
        "state": next(s for s in STATES if s.value == entry.state),
        "open": entry.state == OPEN,
    }


def _week_text(asked: Context, first: date) -> str:
    last = first + timedelta(days=6)
    form = "d MMM"
    begin, end = (format_date(day, form, locale=asked.locale) for day in (first, last))
    return f"{begin} – {end} {last.year}"


def _row(place: Any, name: tuple[str, str], every: list[date], found: Any, given: Any) -> dict[str, Any]:
    cells = []
    for day in every:
        within = [e for e in found if (e.project_id, e.task_id) == place and e.day == day.isoformat()]
        key = f"{service.place_text(place)}_{day.isoformat()}"
        was = typed.clock(sum(e.minutes for e in within)) if within else ""
        cells.append(
            {
                "key": key,
                "was": was,
                "value": given.get(f"c_{key}", was) if given else was,
                "locked": bool(within) and all(e.state != OPEN for e in within),
            }
        )
    total = sum(e.minutes for e in found if (e.project_id, e.task_id) == place)
    return {"project": name[0], "task": name[1], "cells": cells, "total": typed.clock(total)}


def _choices(asked: Context) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what hours can be written down for, by kind: one's own tasks, and the projects."""
    mine = service.mine(asked, 50)
    names = service.names(asked, mine)
    tasks = [(service.place_text(p), f"{names[p][1]} ({names[p][0]})") for p in mine if p in names]
    every = [(str(number), name) for number, name in service.projects(asked)]
    return [(str(label), list_) for label, list_ in ((_("My tasks"), tasks), (_("Projects"), every)) if list_]


@pages.post("/hours")
@requires("projects.entry.create")
def fill_week() -> Response:
    """Save a week."""
    asked = ctx()
    first = _monday(asked)
    try:
        cells = _cells(first)
        service.fill(asked, cells)
    except (Invalid, Refuse, NotVisible) as error:
        return _week(asked, first, str(error), request.form)
    return done(url_for("projects_hours.week", week=first.isoformat()), toast=_("Week saved"))


def _cells(first: date) -> dict[tuple[service.Place, str], int]:
    """Return the cells of the sheet that were changed."""
    found: dict[tuple[service.Place, str], int] = {}
    for name, text in request.form.items():
        if not name.startswith("c_") or text.strip() == request.form.get(f"w_{name[2:]}", ""):
            continue
        where, _sep, iso = name[2:].partition("_")
        place, day = service.read_place(where), days.parsed(iso)
        if place is None or day is None or not first <= day <= first + timedelta(days=6):
            raise Invalid({"": _("This sheet is not understood. Load it again.")})
        found[place, iso] = service.minutes(text)
    return found


@pages.post("/hours/submit")
@requires("projects.entry.edit")
def submit() -> Response:
    """Submit a week for approval."""
    asked = ctx()
    first = _monday(asked)
    number = service.submit(asked, first)
    told = _n("%(num)s entry submitted", "%(num)s entries submitted", number)
    return done(url_for("projects_hours.week", week=first.isoformat()), toast=told)


def timer_of(asked: Context) -> dict[str, Any] | None:
    """Return what is timed at this moment and for how long, None when nothing is."""
    timer = service.running(asked)
    if timer is None:
        return None
    place = (timer.project_id, timer.task_id)
    name = service.names(asked, [place]).get(place, ("–", ""))
    return {
        "project": name[0],
        "task": name[1],
        "time": typed.clock(service.elapsed(asked, timer)),
        "since": timer.started_at.astimezone(asked.zone).strftime("%H:%M"),
    }


@pages.post("/hours/timer")
@requires("projects.entry.create")
def timer() -> Response:
    """Start the timer for a project or task, stop it, or drop what it timed."""
    asked = ctx()
    back = local_path(request.form.get("next")) or url_for("projects_hours.week")
    do = request.form.get("do", "start")
    try:
        if do == "drop":
            service.drop(asked)
            return done(back, toast=_("Timer dropped"))
        if do == "stop":
            made = service.stop(asked, request.form.get("note", ""))
            told = _("%(time)s noted", time=typed.clock(made.minutes)) if made else _("Nothing was timed.")
            return done(back, toast=told)
        place = service.read_place(request.form.get("place", ""))
        if place is None:
            raise Invalid({"place": _("Choose a project.")})
        service.start(asked, place)
    except (Invalid, Refuse, NotVisible) as error:
        return done(back, toast=str(error), kind="bad")
    return done(back, toast=_("Timer started"))


@pages.route("/hours/note", methods=["GET", "POST"])
@requires("projects.entry.create")
def note() -> Response:
    """Write time down: what it was for, and how long; today unless another day is said."""
    asked = ctx()
    problem = ""
    if request.method == "POST":
        try:
            return _noted(asked)
        except (Invalid, Refuse, NotVisible) as error:
            problem = str(error)
    places = service.lately(asked, SUGGESTED)
    wanted = service.read_place(request.values.get("place", ""))
    if wanted is not None and wanted not in places:
        places.insert(0, wanted)
    names = service.names(asked, places)
    chosen = request.form.get("place") or (service.place_text(wanted or places[0]) if places else "")
    title = _("Note time")
    return render(
        "projects/hours/note.html",
        title=_("Error: %(title)s", title=title) if problem else title,
        heading=title,
        status=422 if problem else 200,
        problem=problem,
        places=[(service.place_text(p), *names[p]) for p in places if p in names],
        chosen=chosen,
        choices=_choices(asked),
        lengths=[(number, typed.clock(number)) for number in LENGTHS],
        given=request.form,
        day=request.values.get("day") or days.today(asked).isoformat(),
        nonce=request.form.get("nonce") or nonces.fresh(),
    )


def _noted(asked: Context) -> Response:
    given = request.form
    place = service.read_place(given.get("other") or given.get("place", ""))
    if place is None:
        raise Invalid({"place": _("Choose what it was for.")})
    day = given.get("day", "").strip() or days.today(asked).isoformat()
    if not days.valid(day):
        raise Invalid({"day": _("“%(text)s” is no date. Write it as 2026-02-28.", text=day[:40])})
    minutes = service.minutes(given.get("time", "") or _quick(given.get("quick", "")))
    if not minutes:
        raise Invalid({"time": _("Choose how long it took.")})
    number, fresh = nonces.once(
        asked,
        given.get("nonce", ""),
        ENTRY,
        lambda: service.note(asked, place, day, minutes, given.get("note", "")),
    )
    told = _("%(time)s noted", time=typed.clock(minutes)) if fresh else _("This was noted already")
    return done(url_for("projects_hours.week", week=day, _anchor=f"e{number}"), toast=told)


def _quick(text: str) -> str:
    return typed.clock(int(text)) if text.isdecimal() and len(text) < 5 else ""
