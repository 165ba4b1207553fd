"""The pages of employees: one's own place, somebody's page, making and changing them."""

from __future__ import annotations

from flask import request, url_for

from app.sdk import NotVisible, _
from app.sdk.services import people, records
from app.sdk.web import Response, ctx, done, record_page, render, requires

from .. import forms
from . import chain, employees
from .blueprint import pages
from .choices import CONTRACT, EMPLOYEE, MANAGE
from .models import Employee

NAMES = (
    "given_name",
    "family_name",
    "number",
    "position",
    "department",
    "manager_id",
    "work_email",
    "work_phone",
    "location",
    "country",
    "region",
    "employment",
    "started_on",
    "ended_on",
    "user_id",
    "contact_id",
)
ASIDE = (
    "number",
    "department",
    "location",
    "work_email",
    "work_phone",
    "employment",
    "started_on",
    "ended_on",
)
CONTRACT_NAMES = (
    "title",
    "kind",
    "starts_on",
    "ends_on",
    "probation_until",
    "weekly_hours",
    "notice",
    "note",
)


@pages.get("/me")
@requires(f"{EMPLOYEE}.view")
def me() -> Response:
    """Lead to one's own page; who is no employee is told how to become one."""
    found = employees.own(ctx())
    if found is None:
        return render("hr/people/nobody.html", title=_("My page"))
    return done(url_for("hr_people.show", record_id=found.id))


@pages.get("/people/<int:record_id>")
@requires(f"{EMPLOYEE}.view")
def show(record_id: int) -> Response:
    """Show an employee as far as the reader may see: for some the name and the place alone."""
    asked = ctx()
    employee: Employee = records.get(asked, EMPLOYEE, record_id)
    manages = asked.may(MANAGE)
    own = asked.user.id is not None and employee.user_id == asked.user.id
    near = [i for i in (employee.manager_id, *chain.direct(asked, [record_id]).get(record_id, [])) if i]
    names = people.names(asked, {(EMPLOYEE, i) for i in near})
    return record_page(
        "hr/people/show.html",
        EMPLOYEE,
        employee,
        aside=ASIDE,
        employee=employee,
        line=employees.line(asked, employee),
        manager=names.get((EMPLOYEE, employee.manager_id or 0)),
        reports=[names[key] for i in near if i != employee.manager_id and (key := (EMPLOYEE, i)) in names],
        contracts=employees.contracts(asked, record_id)
        if manages or own or chain.is_above(asked, record_id)
        else None,
        documents=employees.documents(asked, record_id) if manages or own else None,
        manages=manages,
        private_url=url_for("hr_people.private_data", record_id=record_id) if manages or own else "",
    )


@pages.route("/people/new", methods=["GET", "POST"])
@requires(MANAGE)
def new() -> Response:
    """Write an employee down."""
    return forms.answer(
        forms.Page(
            entity=EMPLOYEE,
            names=NAMES,
            title=_("New employee"),
            back=url_for("lists.index", entity=EMPLOYEE),
            toast=_("Employee saved"),
            url=lambda made: url_for("hr_people.show", record_id=made.id),
        )
    )


@pages.route("/people/<int:record_id>/edit", methods=["GET", "POST"])
@requires(MANAGE)
def edit(record_id: int) -> Response:
    """Change an employee."""
    record = records.get(ctx(), EMPLOYEE, record_id, "edit")
    back = url_for("hr_people.show", record_id=record_id)
    return forms.answer(
        forms.Page(
            entity=EMPLOYEE,
            names=NAMES,
            title=record.name,
            back=back,
            toast=_("Employee saved"),
            record=record,
        )
    )


@pages.route("/people/<int:record_id>/contract", methods=["GET", "POST"])
@requires(MANAGE)
def contract(record_id: int) -> Response:
    """Write a contract down, or change one (`?id=`)."""
    asked = ctx()
    records.get(asked, EMPLOYEE, record_id)
    number = request.args.get("id", type=int)
    record = records.get(asked, CONTRACT, number, "edit") if number else None
    if record is not None and record.employee_id != record_id:
        raise NotVisible(_("There is no such contract."))
    return forms.answer(
        forms.Page(
            entity=CONTRACT,
            names=CONTRACT_NAMES,
            title=_("Contract of employment"),
            back=url_for("hr_people.show", record_id=record_id),
            toast=_("Contract saved"),
            record=record,
            fixed={"employee_id": record_id},
        )
    )
