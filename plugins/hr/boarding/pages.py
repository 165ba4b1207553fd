"""The pages of checklists and of retention."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from sqlalchemy import select
from wtforms import BooleanField, DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.sdk import Invalid, NotVisible, _, _l
from app.sdk.services import audit, records
from app.sdk.web import Form, Response, ctx, done, local_path, render, requires

from .. import rows
from ..people.choices import EMPLOYEE, MANAGE
from ..people.models import Employee
from . import retention, service
from .blueprint import pages
from .models import Checklist, Hold


class ChecklistForm(Form):
    """A checklist."""

    name = StringField(_l("Name"), [InputRequired(_l("Give it a name.")), Length(max=200)])
    leaving = BooleanField(_l("For who leaves: days count from the last day"))
    lines = TextAreaField(
        _l("Steps, one a line"),
        [InputRequired(_l("Write at least one line.")), Length(max=20_000)],
        description=_l("Days from the first day | hr, manager or self | what is to be done"),
        render_kw={"rows": 8},
    )


@pages.get("/")
@requires(MANAGE)
def index() -> Response:
    """Show the checklists."""
    found = ctx().session.execute(select(Checklist).order_by(Checklist.leaving, Checklist.name).limit(200))
    return render("hr/boarding/index.html", title=_("Checklists"), lists=found.scalars().all())


@pages.route("/new", methods=["GET", "POST"])
@requires(MANAGE)
def new() -> Response:
    """Make a checklist."""
    return _edit(None)


@pages.route("/<int:list_id>", methods=["GET", "POST"])
@requires(MANAGE)
def edit(list_id: int) -> Response:
    """Change a checklist; what was started stays as it is."""
    found = rows.by_id(ctx(), Checklist, list_id)
    if found is None:
        raise NotVisible(_("There is no such checklist."))
    return _edit(found)


def _edit(found: Checklist | None) -> Response:
    asked = ctx()
    stored: dict[str, Any] = {"lines": "0 | hr | "}
    if found is not None:
        text = "\n".join(" | ".join(map(str, line)) for line in found.lines)
        stored = {"name": found.name, "leaving": found.leaving, "lines": text}
    form: Any = ChecklistForm.of(**stored)
    if form.accepted():
        try:
            lines = service.read(form.lines.data)
            with asked.unit():
                made = found or Checklist(name="")
                made.name, made.leaving, made.lines = form.name.data, form.leaving.data, lines
                asked.session.add(made)
            return done(url_for("hr_boarding.index"), toast=_("Checklist saved"))
        except Invalid as error:
            form.explain(error)
    title = found.name if found else _("New checklist")
    return render("hr/boarding/edit.html", status=422 if form.wrong else 200, title=title, form=form)


@pages.post("/start/<int:record_id>")
@requires(MANAGE)
def start(record_id: int) -> Response:
    """Start a checklist for somebody."""
    back = url_for("hr_people.show", record_id=record_id)
    try:
        service.start(ctx(), record_id, request.form.get("checklist", 0, type=int))
    except Invalid as error:
        return done(back, toast=" ".join(error.problems.values()), kind="bad")
    return done(back, toast=_("The checklist has begun"))


@pages.post("/steps/<int:step_id>")
@requires(f"{EMPLOYEE}.view")
def tick(step_id: int) -> Response:
    """Tick a step off, or take the tick back."""
    found = service.tick(ctx(), step_id)
    back = local_path(request.form.get("next")) or url_for("hr_people.show", record_id=found.employee_id)
    return done(back, toast=_("Done") if found.done_at else _("To do again"))


class HoldForm(Form):
    """Something that keeps a file longer."""

    until = DateField(_l("Keep until"), [InputRequired(_l("Choose a day."))])
    reason = StringField(_l("Reason"), [InputRequired(_l("Say why.")), Length(max=300)])


@pages.get("/retention")
@requires(MANAGE)
def keeping() -> Response:
    """Show whose file goes when, and why it is kept until then."""
    asked = ctx()
    files, privates, reason = retention.limits(asked)
    query = (
        select(Employee, Hold).outerjoin(Hold, Hold.employee_id == Employee.id).where(Employee.ended_on != "")
    )
    found: Any = asked.session.execute(query.order_by(Employee.ended_on, Employee.id).limit(100)).all()
    lines = []
    for employee, hold in found:
        goes = retention.goes_on(employee.ended_on, files)
        held = hold is not None and (not goes or hold.until > goes)
        lines.append(
            {
                "employee": employee,
                "goes": hold.until if held else goes,
                "private": retention.goes_on(employee.ended_on, privates),
                "reason": hold.reason if held else reason,
            }
        )
    return render("hr/boarding/retention.html", title=_("Retention"), lines=lines)


@pages.route("/hold/<int:record_id>", methods=["GET", "POST"])
@requires(MANAGE)
def hold(record_id: int) -> Response:
    """Keep somebody's file longer, with the reason."""
    asked = ctx()
    employee = records.get(asked, EMPLOYEE, record_id)
    query = select(Hold).where(Hold.employee_id == record_id)
    form: Any = HoldForm.of()
    if form.accepted():
        with asked.unit():
            found = asked.session.execute(query).scalar_one_or_none() or Hold(employee_id=record_id)
            found.until, found.reason = form.until.data.isoformat(), form.reason.data
            asked.session.add(found)
            audit.note(asked, "hr.hold", f"{EMPLOYEE}:{record_id}", after=found.until, reason=found.reason)
        return done(url_for("hr_boarding.keeping"), toast=_("Saved"))
    return render("hr/boarding/edit.html", status=422 if form.wrong else 200, title=employee.name, form=form)
