"""The budget of a project: what it has taken, what is left, and where that leads; and what is put on invoices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.dates import format_date
from flask import request, url_for
from sqlalchemy import select

from app.sdk import Context, Invalid, Refuse, _
from app.sdk.services import people
from app.sdk.web import Response, csv_file, ctx, day_text, done, money, render, requires

from ..plan import days, frame, reading, typed
from ..plan.models import Milestone, Project
from . import burn, service
from .blueprint import pages
from .entities import APPROVED, option
from .models import Entry

TALL, WIDE = 100, 300
MOST = 2000


@pages.get("/<int:record_id>/budget")
@requires("projects.entry.view")
def budget(record_id: int) -> Response:
    """Show what a project has taken against its budget, and what it will take."""
    asked = ctx()
    project = frame.project(asked, record_id)
    found = burn.burn(asked, reading.plan(asked, project))
    weeks = burn.weeks(asked, project)
    workers = burn.people(asked, record_id)
    names = people.user_names(asked, {w.owner_id for w in workers if w.owner_id})
    return render(
        "projects/hours/budget.html",
        title=_("Budget of %(name)s", name=project.name),
        burn=found,
        figures=_figures(project, found),
        chart=_chart(weeks, found),
        weeks=[
            (format_date(monday, "d MMM", locale=asked.locale), typed.hours(m), typed.hours(total))
            for monday, m, total in weeks
        ],
        workers=[
            (names.get(w.owner_id, "–"), typed.hours(w.minutes), money(w.amount or 0, project.currency))
            for w in workers
        ],
        may_invoice=asked.may("projects.invoice"),
        **frame.of(asked, project, "projects_hours.budget"),
    )


def _figures(project: Project, found: burn.Burn) -> list[dict[str, Any]]:
    """Return the figures above the chart: of hours, and of money."""
    expected, price = found.expected, found.expected_amount
    return [
        {"label": _("Worked"), "value": typed.hours(found.spent), "sub": _of_budget(found)},
        {
            "label": _("Expected in the end"),
            "value": typed.hours(expected) if expected is not None else "–",
            "bad": found.over,
            "sub": _gap(found.budget, expected, typed.hours),
        },
        {
            "label": _("Comes to"),
            "value": money(found.amount, project.currency),
            "sub": _("budget %(amount)s", amount=money(found.price, project.currency)) if found.price else "",
        },
        {
            "label": _("Expected amount"),
            "value": money(price, project.currency) if price is not None else "–",
            "bad": found.over_price,
            "sub": _gap(found.price, price, lambda value: money(value, project.currency)),
        },
    ]


def _of_budget(found: burn.Burn) -> str:
    if not found.budget:
        return ""
    percent = round(100 * found.spent / found.budget)
    return str(_("%(percent)s %% of %(hours)s", percent=percent, hours=typed.hours(found.budget)))


def _gap(budget: Any, expected: Any, words: Any) -> str:
    if not budget or expected is None:
        return ""
    gap = budget - expected
    if gap < 0:
        return str(_("%(much)s over the budget", much=words(-gap)))
    return str(_("%(much)s below the budget", much=words(gap)))


def _chart(weeks: list[Any], found: burn.Burn) -> dict[str, Any] | None:
    """Return the burn as the points of a line, with the budget as another."""
    if len(weeks) < 2:
        return None
    top = max(weeks[-1][2], found.budget or 0, 1)
    step = WIDE / (len(weeks) - 1)
    points = " ".join(
        f"{n * step:.1f},{TALL - TALL * total / top:.1f}" for n, (_m, _w, total) in enumerate(weeks)
    )
    line = TALL - TALL * found.budget / top if found.budget else None
    return {"points": points, "budget": round(line, 1) if line is not None else None, "top": typed.hours(top)}


@pages.get("/<int:record_id>/invoice")
@requires("projects.invoice")
def invoice(record_id: int) -> Response:
    """Show what can be put on an invoice, and what was; `?file=…` sends what is on one of a name as a table."""
    asked = ctx()
    project = frame.project(asked, record_id)
    name = request.args.get("file", "")
    return _file(asked, project, name) if name else _invoice(asked, project)


def _invoice(asked: Context, project: Project, problem: str = "") -> Response:
    until = request.values.get("until", "") or days.today(asked).isoformat()
    entries, milestones = billable(asked, project, until)
    total = _total(project, entries, milestones)
    return render(
        "projects/hours/invoice.html",
        title=_("Invoice for %(name)s", name=project.name),
        status=422 if problem else 200,
        problem=problem,
        until=until,
        entries=_lines(asked, entries),
        milestones=[
            (m.name, day_text(m.reached_on), money(_share(project, m), project.currency)) for m in milestones
        ],
        total=money(total, project.currency),
        nothing=not entries and not milestones,
        typed=request.form,
        former=_former(asked, project),
        **frame.of(asked, project, "projects_hours.budget"),
    )


def billable(asked: Context, project: Project, until: str) -> tuple[list[Entry], list[Milestone]]:
    """Return the hours up to a day and the reached milestones that are on no invoice yet."""
    query = select(Entry).where(
        Entry.project_id == project.id,
        Entry.invoice == "",
        Entry.billable.is_(True),
        Entry.day <= until,
    )
    if option(asked, "approval", True):
        query = query.where(Entry.state == APPROVED)
    entries = asked.session.execute(query.order_by(Entry.day, Entry.id).limit(MOST)).scalars().all()
    found = [
        one
        for one in reading.milestones(asked, project.id)
        if one.share and "" < one.reached_on <= until and not one.invoice
    ]
    fixed = project.billing == "fixed"
    return ([] if fixed else list(entries)), (found if project.budget else [])


def _share(project: Project, one: Milestone) -> Decimal:
    return ((project.budget or Decimal(0)) * (one.share or 0) / 100).quantize(Decimal("0.01"))


def _total(project: Project, entries: list[Entry], milestones: list[Milestone]) -> Decimal:
    hours = sum((entry.amount or Decimal(0) for entry in entries), Decimal(0))
    return hours + sum((_share(project, one) for one in milestones), Decimal(0))


def _lines(asked: Context, entries: list[Entry]) -> list[dict[str, Any]]:
    names = people.user_names(asked, {e.owner_id for e in entries if e.owner_id})
    tasks = service.names(asked, [(e.project_id, e.task_id) for e in entries if e.project_id])
    return [
        {
            "day": e.day,
            "who": names.get(e.owner_id or 0, ""),
            "task": tasks.get((e.project_id or 0, e.task_id), ("", ""))[1],
            "note": e.note,
            "minutes": e.minutes,
            "time": typed.clock(e.minutes),
            "rate": e.rate,
            "amount": e.amount,
            "shown": money(e.amount or 0, e.currency),
        }
        for e in entries
    ]


def _former(asked: Context, project: Project) -> list[str]:
    """Return what the invoices of a project are called, the last first."""
    query = select(Entry.invoice).where(Entry.project_id == project.id, Entry.invoice != "").distinct()
    found = set(asked.session.execute(query.order_by(Entry.invoice).limit(200)).scalars())
    found |= {one.invoice for one in reading.milestones(asked, project.id) if one.invoice}
    return sorted(found, reverse=True)


@pages.post("/<int:record_id>/invoice")
@requires("projects.invoice")
def put_on_invoice(record_id: int) -> Response:
    """Put the hours and milestones on an invoice of a name."""
    asked = ctx()
    project = frame.project(asked, record_id)
    name, until = request.form.get("name", "").strip(), request.form.get("until", "").strip()
    if not name or len(name) > 60:
        return _invoice(asked, project, _("Write the number of the invoice, up to 60 signs."))
    if not days.valid(until):
        return _invoice(asked, project, _("“%(text)s” is no date. Write it as 2026-02-28.", text=until[:40]))
    if name in _former(asked, project):
        return _invoice(asked, project, _("There is an invoice “%(name)s” already.", name=name))
    entries, milestones = billable(asked, project, until)
    if not entries and not milestones:
        return _invoice(asked, project, _("There is nothing to be billed up to this day."))
    try:
        service.put_on_invoice(asked, record_id, name, [e.id for e in entries], [m.id for m in milestones])
    except (Invalid, Refuse) as error:
        return _invoice(asked, project, str(error))
    back = url_for("projects_hours.invoice", record_id=record_id)
    return done(back, toast=_("Invoice “%(name)s” noted; download it below", name=name))


def _file(asked: Context, project: Project, name: str) -> Response:
    """Send what is on an invoice as a table."""
    query = select(Entry).where(Entry.project_id == project.id, Entry.invoice == name, Entry.invoice != "")
    entries = asked.session.execute(query.order_by(Entry.day, Entry.id).limit(MOST)).scalars().all()
    milestones = [m for m in reading.milestones(asked, project.id) if name and m.invoice == name]
    head = [
        _("Day"),
        _("Who"),
        _("Task"),
        _("Note"),
        _("Hours"),
        _("Price of an hour"),
        _("Amount"),
        _("Currency"),
    ]
    rows: list[list[object]] = [[str(one) for one in head]]
    for line in _lines(asked, list(entries)):
        hours = (Decimal(line["minutes"]) / 60).quantize(Decimal("0.01"))
        words = [line["day"], line["who"], line["task"], line["note"]]
        rows.append([*words, hours, line["rate"] or "", line["amount"] or 0, project.currency])
    for one in milestones:
        rows.append([one.reached_on, "", one.name, "", "", "", _share(project, one), project.currency])
    return csv_file(f"{_('Invoice')} {name}.csv", rows)
