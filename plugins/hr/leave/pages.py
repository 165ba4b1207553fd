"""The pages of absences: the own leave year, asking for leave, one absence, who is away in a month."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import request, url_for

from app.sdk import Context, Invalid, NotVisible, Refuse, _
from app.sdk.services import people, records
from app.sdk.web import Response, ctx, done, local_path, record_page, render, requires

from .. import forms
from ..people import chain, employees
from ..people.choices import EMPLOYEE, MANAGE
from ..people.models import Employee
from . import balance, service
from .blueprint import pages
from .choices import ABSENCE, REQUESTED, STATUSES
from .models import LeaveType

NAMES = ("type_id", "first_on", "last_on", "half", "note")
SHOWN = {c.value: (c.label, c.tone) for c in STATUSES}


@pages.get("/")
@requires(f"{ABSENCE}.view")
def index() -> Response:
    """Show a leave year: one's own, or with `?of=` that of somebody whom the reader may see."""
    asked = ctx()
    employee = _employee(asked, request.args.get("of", type=int))
    if employee is None:
        return render("hr/people/nobody.html", title=_("Time off"))
    today = asked.now.astimezone(asked.zone).date()
    year = request.args.get("year", today.year, type=int)
    year = year if 1990 < year < 2200 else today.year
    own = employee.user_id == asked.user.id
    return render(
        "hr/leave/index.html",
        title=_("Time off"),
        employee=employee,
        own=own,
        year=year,
        this_year=today.year,
        balances=[
            (kind, balance.of_year(asked, employee, kind, year))
            for kind in balance.types(asked)
            if kind.counted
        ],
        rows=rows(asked, service.of_employee(asked, employee.id, f"{year}-01-01", f"{year}-12-31")),
        may_ask=asked.may(f"{ABSENCE}.create"),
        may_settle=asked.may(MANAGE),
    )


def _employee(asked: Context, number: int | None) -> Employee | None:
    if number is None:
        return employees.own(asked)
    found: Employee = records.get(asked, EMPLOYEE, number)
    own = asked.user.id is not None and found.user_id == asked.user.id
    if not (own or asked.may(MANAGE) or chain.is_above(asked, number)):
        raise NotVisible(_("There is no such page."))
    return found


def rows(asked: Context, found: Any) -> list[dict[str, Any]]:
    """Return absences as pages show them: kind, days, status, and what the reader may do."""
    kinds = {kind.id: kind.name for kind in balance.types(asked)}
    names = people.names(asked, {(EMPLOYEE, a.employee_id) for a in found if a.employee_id})
    return [
        {
            "id": a.id,
            "name": names[key].name if (key := (EMPLOYEE, a.employee_id or 0)) in names else "–",
            "kind": kinds.get(a.type_id or 0, ""),
            "first": a.first_on,
            "last": a.last_on,
            "days": a.days,
            "status": SHOWN.get(a.status, (a.status, "")),
            "url": url_for("hr_leave.show", record_id=a.id),
        }
        for a in found
    ]


@pages.route("/new", methods=["GET", "POST"])
@requires(f"{ABSENCE}.create")
def new() -> Response:
    """Ask for leave: for oneself, or with `?of=` note it for somebody below."""
    asked = ctx()
    employee = _employee(asked, request.args.get("of", type=int))
    if employee is None:
        return render("hr/people/nobody.html", title=_("Time off"))
    kinds = balance.types(asked)
    tomorrow = date.fromordinal(asked.now.astimezone(asked.zone).date().toordinal() + 1).isoformat()
    begin = {"type_id": kinds[0].id if kinds else None, "first_on": tomorrow, "last_on": tomorrow}
    own = employee.user_id == asked.user.id
    back = url_for("hr_leave.index", of=None if own else employee.id)
    return forms.answer(
        forms.Page(
            entity=ABSENCE,
            names=NAMES,
            title=_("Request time off") if own else _("Absence of %(name)s", name=employee.name),
            back=back,
            toast=_("Time off noted"),
            begin=begin,
            fixed={"employee_id": employee.id},
        )
    )


@pages.get("/<int:record_id>")
@requires(f"{ABSENCE}.view")
def show(record_id: int) -> Response:
    """Show an absence to the person and to those who decide."""
    asked = ctx()
    absence = records.get(asked, ABSENCE, record_id)
    target = (EMPLOYEE, absence.employee_id or 0)
    named = people.names(asked, {target}).get(target)
    kind = asked.session.get(LeaveType, absence.type_id) if absence.type_id else None
    return record_page(
        "hr/leave/show.html",
        ABSENCE,
        absence,
        title=f"{named.name if named else '–'}: {kind.name if kind else _('Absence')}",
        aside=("first_on", "last_on", "half", "days", "note", "answer", "decided_by", "decided_at"),
        absence=absence,
        state=SHOWN.get(absence.status, (absence.status, "")),
        year_url=url_for("hr_leave.index", of=absence.employee_id, year=absence.first_on[:4]),
        may_decide=absence.status == REQUESTED and service.may_decide(asked, absence),
        may_withdraw=service.may_withdraw(asked, absence),
    )


@pages.post("/<int:record_id>/decide")
@requires(f"{ABSENCE}.view")
def decide(record_id: int) -> Response:
    """Approve, decline or withdraw an absence."""
    asked, wanted = ctx(), request.form.get("do", "")
    back = local_path(request.form.get("next")) or url_for("hr_leave.show", record_id=record_id)
    try:
        if wanted == "withdraw":
            service.withdraw(asked, record_id)
        elif wanted in {"approve", "decline"}:
            service.decide(
                asked, record_id, approve=wanted == "approve", answer=request.form.get("answer", "")
            )
    except (Invalid, Refuse) as error:
        return done(back, toast=str(error), kind="bad")
    said = {"approve": _("Approved"), "decline": _("Declined"), "withdraw": _("Withdrawn")}
    return done(back, toast=said.get(wanted, _("Nothing was changed.")))
