"""What those who lead look at: hours that wait for approval, who has time, and what an hour of whom costs."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from babel.dates import format_date
from flask import request, url_for
from sqlalchemy import delete, select

from app.sdk import Context, Invalid, Refuse, _, _n
from app.sdk.models import Team, User
from app.sdk.services import people, unit
from app.sdk.web import Response, ctx, day_text, done, render, requires

from ..plan import typed
from . import load as loads
from . import service
from .blueprint import pages
from .entities import APPROVED, OPEN
from .models import Rate

PEOPLE = 60


@pages.get("/hours/approve")
@requires("projects.approve")
def approve() -> Response:
    """Show the hours that wait for approval, by person."""
    asked = ctx()
    found = service.waiting(asked)
    names = people.user_names(asked, {e.owner_id for e in found if e.owner_id})
    places = service.names(asked, [(e.project_id, e.task_id) for e in found if e.project_id])
    groups: dict[int, list[dict[str, Any]]] = {}
    for e in found:
        name = places.get((e.project_id or 0, e.task_id), ("–", ""))
        line = {"id": e.id, "day": day_text(e.day), "name": name[1] or name[0], "project": name[0]}
        groups.setdefault(e.owner_id or 0, []).append({**line, "note": e.note, "minutes": e.minutes})
    return render(
        "projects/hours/approve.html",
        title=_("Hours to approve"),
        groups=[
            {
                "name": names.get(i, "–"),
                "lines": [{**line, "time": typed.clock(line["minutes"])} for line in lines],
                "total": typed.clock(sum(line["minutes"] for line in lines)),
            }
            for i, lines in groups.items()
        ],
    )


@pages.post("/hours/approve")
@requires("projects.approve")
def decide() -> Response:
    """Approve the ticked hours, or send them back."""
    asked = ctx()
    ids = [int(text) for text in request.form.getlist("id") if text.isdecimal() and len(text) < 10]
    back = url_for("projects_hours.approve")
    if not ids:
        return done(back, toast=_("Tick the hours first."), kind="bad")
    good = request.form.get("do") == "approve"
    try:
        number = service.set_state(asked, ids, APPROVED if good else OPEN)
    except (Invalid, Refuse) as error:
        return done(back, toast=str(error), kind="bad")
    if good:
        return done(back, toast=_n("%(num)s entry approved", "%(num)s entries approved", number))
    return done(back, toast=_n("%(num)s entry sent back", "%(num)s entries sent back", number))


@pages.get("/load")
@requires("projects.load")
def load() -> Response:
    """Show who has how much to do in the coming weeks."""
    asked = ctx()
    team = request.args.get("team", "")
    chosen = int(team) if team.isdecimal() and len(team) < 10 else 0
    query = select(User.id, User.name).where(User.active.is_(True))
    query = query.where(User.team_id == chosen) if chosen else query
    found = asked.session.execute(query.order_by(User.name, User.id).limit(PEOPLE)).all()
    mondays = loads.weeks(asked)
    cells = loads.load(asked, [row.id for row in found], mondays)
    teams = asked.session.execute(select(Team.id, Team.name).order_by(Team.name).limit(200)).all()
    return render(
        "projects/hours/load.html",
        title=_("Who has time"),
        weeks=[format_date(monday, "d MMM", locale=asked.locale) for monday in mondays],
        rows=[
            {"name": row.name, "cells": [_cell(cell) for cell in cells[row.id]]}
            for row in found
            if row.id in cells
        ],
        teams=[("", _("All teams")), *((str(row.id), row.name) for row in teams)],
        team=team,
    )


def _cell(cell: loads.Cell) -> dict[str, Any]:
    tone = "bad" if cell.percent > 100 else "warn" if cell.percent > 85 else ""
    told = _(
        "%(planned)s of %(capacity)s", planned=typed.hours(cell.planned), capacity=typed.hours(cell.capacity)
    )
    return {"percent": min(cell.percent, 100), "text": told, "tone": tone, "away": not cell.capacity}


@pages.get("/rates")
@requires("projects.rates")
def rates() -> Response:
    """Show what an hour of whom costs."""
    return _rates(ctx())


def _rates(asked: Context, problems: dict[int, str] | None = None) -> Response:
    query = select(Rate.user_id, Rate.rate).order_by(Rate.id).limit(500)
    known = {row.user_id: row.rate for row in asked.session.execute(query)}
    return render(
        "projects/hours/rates.html",
        title=_("Prices of hours"),
        status=422 if problems else 200,
        problems=problems or {},
        people=[
            (i, name, request.form.get(f"r{i}", known.get(i, ""))) for i, name in people.colleagues(asked)
        ],
    )


@pages.post("/rates")
@requires("projects.rates")
def save_rates() -> Response:
    """Save what an hour of whom costs; hours that are written already keep theirs."""
    asked = ctx()
    wanted: dict[int, Decimal | None] = {}
    problems: dict[int, str] = {}
    for i, _name in people.colleagues(asked):
        text = request.form.get(f"r{i}", "").strip().replace(",", ".")
        try:
            wanted[i] = Decimal(text).quantize(Decimal("0.01")) if text else None
            if text and not 0 <= (wanted[i] or 0) <= 100_000:
                raise InvalidOperation
        except InvalidOperation:
            problems[i] = _("“%(text)s” is no price. Write it like 95.50.", text=text[:40])
    if problems:
        return _rates(asked, problems)
    _keep(asked, wanted)
    return done(url_for("projects_hours.rates"), toast=_("Saved"))


@unit
def _keep(asked: Context, wanted: dict[int, Decimal | None]) -> None:
    asked.session.execute(delete(Rate).where(Rate.user_id.in_(list(wanted))))
    asked.session.add_all(Rate(user_id=i, rate=rate) for i, rate in wanted.items() if rate is not None)
    asked.session.flush()
