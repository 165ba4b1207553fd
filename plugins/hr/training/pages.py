"""The pages of training: somebody's record, courses with sessions, who can do what, what a position asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from sqlalchemy import func, or_, select

from app.sdk import Context, Invalid, NotVisible, _
from app.sdk.services import people, records
from app.sdk.web import Response, ctx, done, record_page, render, requires

from .. import forms
from ..people import employees, rules
from ..people.choices import EMPLOYEE, MANAGE, POSITION
from ..people.models import Employee
from . import paper, service
from .blueprint import pages
from .entities import CERTIFICATE, COURSE, SKILL
from .models import Certificate, Course, Enrolment, Session, Skill

MOST = 60
MOST_SEATS = 9999


@pages.get("/")
@requires(f"{COURSE}.view")
def index() -> Response:
    """Show one's own training record, or with `?of=` that of somebody below."""
    asked = ctx()
    employee = _employee(asked, request.args.get("of", type=int))
    if employee is None:
        return render("hr/people/nobody.html", title=_("Training"))
    return render("hr/training/index.html", title=_("Training"), **_record(asked, employee))


@pages.get("/record/<int:record_id>.pdf")
@requires(f"{COURSE}.view")
def pdf(record_id: int) -> Response:
    """Return somebody's training record as PDF; without the library, a sentence that says what to do."""
    asked = ctx()
    employee = _employee(asked, record_id)
    return paper.answer(asked, {"title": _("Training record"), **_record(asked, employee)}, employee)


def _record(asked: Context, employee: Any) -> dict[str, Any]:
    query = select(Certificate).where(Certificate.employee_id == employee.id)
    query = query.order_by(Certificate.issued_on.desc(), Certificate.id.desc()).limit(200)
    today = service.today(asked).isoformat()
    return {
        "employee": employee,
        "own": asked.user.id is not None and employee.user_id == asked.user.id,
        "leads": service.leads(asked, employee),
        "manages": asked.may(MANAGE),
        "skills": service.of_employee(asked, employee),
        "every": _skills(asked),
        "certificates": [
            (c, bool(c.expires_on) and c.expires_on < today) for c in asked.session.execute(query).scalars()
        ],
        "courses": _enrolled(asked, employee.id),
        "open": _open(asked, employee.id, today),
        "today": today,
    }


def _employee(asked: Context, number: int | None) -> Employee | None:
    if number is None:
        return employees.own(asked)
    found: Employee = records.get(asked, EMPLOYEE, number)
    if not service.concerned(asked, found):
        raise NotVisible(_("There is no such page."))
    return found


def _skills(asked: Context) -> list[tuple[str, str]]:
    query = select(Skill.id, Skill.name).order_by(Skill.name, Skill.id).limit(500)
    return [(str(row.id), row.name) for row in asked.session.execute(query)]


def _enrolled(asked: Context, employee_id: int) -> list[dict[str, Any]]:
    query = (
        select(Enrolment.state, Session.id, Session.starts_on, Course.name)
        .join(Session, Session.id == Enrolment.session_id)
        .join(Course, Course.id == Session.course_id)
        .where(Enrolment.employee_id == employee_id)
        .order_by(Session.starts_on.desc(), Enrolment.id.desc())
        .limit(100)
    )
    words = states()
    return [{**row._mapping, "label": words[row.state]} for row in asked.session.execute(query)]


def states() -> dict[str, tuple[str, str]]:
    """Return how a session ended for somebody, in words with a tone."""
    return {
        "enrolled": (_("Enrolled"), "warn"),
        "passed": (_("Passed"), "ok"),
        "failed": (_("Not passed"), "bad"),
        "absent": (_("Did not come"), "sys"),
    }


def _open(asked: Context, employee_id: int, today: str) -> Sequence[Any]:
    mine = select(Enrolment.session_id).where(Enrolment.employee_id == employee_id)
    query = select(Session.id, Session.starts_on, Session.place, Course.name, Course.id.label("course_id"))
    query = query.join(Course, Course.id == Session.course_id)
    query = query.where(Session.starts_on >= today, Session.id.not_in(mine))
    return asked.session.execute(query.order_by(Session.starts_on, Session.id).limit(20)).all()


@pages.post("/sessions/<int:session_id>/enrol")
@requires(f"{COURSE}.view")
def enrol(session_id: int) -> Response:
    """Put the reader, or with `of` somebody below, into a session; `do=leave` takes out again."""
    asked = ctx()
    employee = _employee(asked, request.form.get("of", type=int))
    if employee is None:
        raise NotVisible(_("There is no such page."))
    own = employee.user_id == asked.user.id
    back = url_for("hr_training.index", of=None if own else employee.id)
    leave = request.form.get("do") == "leave"
    try:
        service.enrol(asked, session_id, employee, leave=leave)
    except Invalid as error:
        return done(back, toast=" ".join(error.problems.values()), kind="bad")
    return done(back, toast=_("Taken out") if leave else _("Enrolled"))


@pages.post("/skill/<int:record_id>")
@requires(f"{SKILL}.view")
def set_skill(record_id: int) -> Response:
    """Note somebody's skill; for those above and HR."""
    asked = ctx()
    employee = _employee(asked, record_id)
    back = url_for("hr_training.index", of=record_id)
    skill, level = request.form.get("skill", 0, type=int), request.form.get("level", -1, type=int)
    try:
        service.set_level(asked, employee, skill, level)  # type: ignore[arg-type]
    except Invalid as error:
        return done(back, toast=" ".join(error.problems.values()), kind="bad")
    return done(back, toast=_("Skill noted"))


@pages.get("/matrix")
@requires(f"{SKILL}.view")
def matrix() -> Response:
    """Show who can do what, among those whom the reader leads, and what is missing for the positions."""
    asked, after = ctx(), request.args.get("after", 0, type=int)
    today = service.today(asked).isoformat()
    query = select(Employee).where(
        rules.concerned(asked, Employee.id, frozenset({rules.SELF, rules.CHAIN})),
        or_(Employee.ended_on == "", Employee.ended_on >= today),
        employees.behind(after),
    )
    rows = asked.session.execute(query.order_by(Employee.name, Employee.id).limit(MOST + 1)).scalars().all()
    shown = rows[:MOST]
    has = service.levels(asked, [e.id for e in shown])
    wants = service.required(asked, [e.position_id for e in shown])
    used = {skill for one in (*has.values(), *wants.values()) for skill in one}
    skills = [(int(number), name) for number, name in _skills(asked) if int(number) in used][:40]
    lines = []
    for e in shown:
        own, wanted = has.get(e.id, {}), wants.get(e.position_id or 0, {})
        cells = [(own.get(s, 0), wanted.get(s, 0)) for s, _name in skills]
        url = url_for("hr_training.index", of=e.id)
        lines.append({"name": e.name, "url": url, "cells": cells, "gaps": sum(h < w for h, w in cells)})
    more = url_for("hr_training.matrix", after=shown[-1].id) if len(rows) > MOST else ""
    return render(
        "hr/training/matrix.html",
        title=_("Skill matrix"),
        skills=[n for _i, n in skills],
        lines=lines,
        more=more,
    )


@pages.route("/positions/<int:record_id>", methods=["GET", "POST"])
@requires(f"{POSITION}.view")
def position(record_id: int) -> Response:
    """Show what a position asks for; HR changes it."""
    asked = ctx()
    found = records.get(asked, POSITION, record_id)
    if request.method == "POST":
        try:
            skill, level = request.form.get("skill", 0, type=int), request.form.get("level", -1, type=int)
            service.require(asked, record_id, skill, level)
            return done(url_for("hr_training.position", record_id=record_id), toast=_("Saved"))
        except Invalid as error:
            return done(request.path, toast=" ".join(error.problems.values()), kind="bad")
    names = dict(_skills(asked))
    wants = service.required(asked, [record_id]).get(record_id, {})
    return render(
        "hr/training/position.html",
        title=found.name,
        position=found,
        wants=[(number, names.get(str(number), "–"), level) for number, level in wants.items()],
        every=_skills(asked),
        manages=asked.may(MANAGE),
    )


@pages.route("/courses/<int:record_id>", methods=["GET", "POST"])
@requires(f"{COURSE}.view")
def course(record_id: int) -> Response:
    """Show a course with its sessions; HR adds dates and notes how they ended."""
    asked = ctx()
    found = records.get(asked, COURSE, record_id)
    manages, problem = asked.may(MANAGE), ""
    if request.method == "POST":
        if not manages:
            raise NotVisible(_("There is no such page."))
        try:
            _change(asked, record_id)
            return done(url_for("hr_training.course", record_id=record_id), toast=_("Saved"))
        except Invalid as error:
            problem = " ".join(error.problems.values())
    query = (
        select(Session).where(Session.course_id == record_id).order_by(Session.starts_on.desc(), Session.id)
    )
    sessions = asked.session.execute(query.limit(30)).scalars().all()
    return record_page(
        "hr/training/course.html",
        COURSE,
        found,
        aside=("skill_id", "level", "months", "note"),
        sessions=[(s, _of_session(asked, s.id) if manages else [], _count(asked, s.id)) for s in sessions],
        manages=manages,
        problem=problem,
    )


def _change(asked: Context, course_id: int) -> None:
    if enrolment := request.form.get("enrolment", type=int):
        service.finish(asked, enrolment, request.form.get("state", ""))
        return
    from datetime import date

    try:
        day = date.fromisoformat(request.form.get("starts_on", "")).isoformat()
    except ValueError:
        raise Invalid({"starts_on": _("Choose a day.")}) from None
    seats = request.form.get("seats", type=int)
    if seats is not None and not 0 < seats <= MOST_SEATS:
        raise Invalid({"seats": _("Choose a number of seats from 1 to %(num)s.", num=MOST_SEATS)})
    texts = {n: request.form.get(n, "").strip()[:200] for n in ("place", "trainer")}
    with asked.unit():
        asked.session.add(Session(course_id=course_id, starts_on=day, seats=seats, **texts))


def _of_session(asked: Context, session_id: int) -> list[dict[str, Any]]:
    query = select(Enrolment).where(Enrolment.session_id == session_id).order_by(Enrolment.id).limit(200)
    rows = asked.session.execute(query).scalars().all()
    names, words = people.names(asked, {(EMPLOYEE, e.employee_id) for e in rows}), states()
    return [
        {
            "id": e.id,
            "name": names[key].name if (key := (EMPLOYEE, e.employee_id)) in names else "–",
            "state": words[e.state],
            "open": e.state == service.ENROLLED,
        }
        for e in rows
    ]


def _count(asked: Context, session_id: int) -> int:
    query = select(func.count(Enrolment.id)).where(Enrolment.session_id == session_id)
    return asked.session.execute(query).scalar_one()


@pages.route("/new/<what>", methods=["GET", "POST"])
@requires(MANAGE)
def new(what: str) -> Response:
    """Make a skill, a course, or with `?of=` a certificate."""
    asked, of = ctx(), request.args.get("of", type=int)
    entity, names = {
        "skill": (SKILL, ("name", "category")),
        "course": (COURSE, ("name", "skill_id", "level", "months", "note")),
        "certificate": (CERTIFICATE, ("name", "skill_id", "level", "issued_on", "expires_on")),
    }.get(what, ("", ()))
    if not entity or (what == "certificate" and _employee(asked, of) is None):
        raise NotVisible(_("There is no such page."))
    back = url_for("hr_training.index", of=of) if of else url_for("lists.index", entity=entity)
    label = str(asked.schema.entity(entity).label)
    return forms.answer(
        forms.Page(
            entity=entity,
            names=names,
            title=_("New: %(what)s", what=label),
            back=back,
            toast=_("Saved"),
            fixed={"employee_id": of} if what == "certificate" else {},
        )
    )
