"""What HR settles for somebody in a year: other days than usual, another number carried over, with the reason."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import select
from wtforms import DecimalField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.sdk import _, _l
from app.sdk.services import audit, records
from app.sdk.web import Form, Response, ctx, done, render, requires

from .. import forms
from ..people.choices import EMPLOYEE, MANAGE
from . import balance
from .blueprint import pages
from .choices import TYPE
from .models import Allowance


class AllowanceForm(Form):
    """An allowance of somebody in a year."""

    type_id = SelectField(_l("Kind of leave"), coerce=int)
    year = IntegerField(_l("Year"), [NumberRange(1990, 2200, _l("Write a year."))])
    days = DecimalField(_l("Days in this year"), [Optional(), NumberRange(0, 366)], places=1)
    carried = DecimalField(_l("Carried over"), [Optional(), NumberRange(-366, 366)], places=1)
    note = StringField(_l("Reason"), [InputRequired(_l("Say why.")), Length(max=300)])


@pages.route("/settle/<int:record_id>", methods=["GET", "POST"])
@requires(MANAGE)
def settle(record_id: int) -> Response:
    """Settle an allowance; empty days are those that follow from the kind of leave."""
    asked = ctx()
    employee = records.get(asked, EMPLOYEE, record_id)
    form: Any = AllowanceForm.of(year=asked.now.astimezone(asked.zone).year)
    form.type_id.choices = [(kind.id, kind.name) for kind in balance.types(asked) if kind.counted]
    back = url_for("hr_leave.index", of=record_id)
    if form.accepted():
        with asked.unit():
            found = _row(asked, record_id, form.type_id.data, form.year.data)
            found.days, found.carried, found.note = form.days.data, form.carried.data, form.note.data
            said = {"year": form.year.data, "days": form.days.data, "carried": form.carried.data}
            audit.note(asked, "hr.allowance", f"{EMPLOYEE}:{record_id}", after=said, reason=form.note.data)
        return done(back, toast=_("Allowance saved"))
    return render(
        "hr/leave/settle.html",
        status=422 if form.wrong else 200,
        title=_("Allowance"),
        form=form,
        employee=employee,
        back=back,
    )


def _row(asked: Any, employee_id: int, type_id: int, year: int) -> Allowance:
    query = select(Allowance).where(
        Allowance.employee_id == employee_id, Allowance.type_id == type_id, Allowance.year == year
    )
    found: Allowance | None = asked.session.execute(query).scalar_one_or_none()
    if found is None:
        found = Allowance(employee_id=employee_id, type_id=type_id, year=year)
        asked.session.add(found)
    return found


@pages.route("/types/new", methods=["GET", "POST"])
@requires(MANAGE)
def new_type() -> Response:
    """Make a kind of leave."""
    return forms.answer(
        forms.Page(
            entity=TYPE,
            names=("name", "counted", "days_a_year", "accrual", "carry_days", "carry_until", "decided"),
            title=_("New kind of leave"),
            back=url_for("lists.index", entity=TYPE),
            toast=_("Kind of leave saved"),
            begin={"decided": True, "counted": True, "accrual": "year"},
        )
    )
