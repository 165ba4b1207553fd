"""The pages of goals, reviews and talks."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from flask import request, url_for
from sqlalchemy import select
from wtforms import BooleanField, DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.sdk import Context, Invalid, NotVisible, _, _l
from app.sdk.services import people, records
from app.sdk.web import Form, Response, ctx, done, record_page, render, requires

from .. import forms
from ..people import employees
from ..people.choices import EMPLOYEE, MANAGE
from ..people.models import Employee
from ..rows import by_id
from . import measuring, reviews, secret, talks
from .blueprint import pages
from .entities import GOAL
from .models import Cycle, Goal

NAMES = (
    "title",
    "target",
    "current",
    "starts_on",
    "ends_on",
    "note",
    "parent_id",
    "counts",
    "condition",
    "adds",
)


@pages.get("/")
@requires(f"{GOAL}.view")
def index() -> Response:
    """Show one's own goals, and what one has to write or may read of reviews."""
    asked = ctx()
    me = employees.own(asked)
    manages = asked.may(MANAGE)
    if me is None and not manages:
        return render("hr/people/nobody.html", title=_("Goals and reviews"))
    query = select(Goal).where(Goal.employee_id == (me.id if me else 0))
    goals = (
        asked.session.execute(query.order_by(Goal.ends_on.desc(), Goal.id.desc()).limit(50)).scalars().all()
    )
    mine = reviews.mine(asked)
    names = people.names(asked, {(EMPLOYEE, row.employee_id) for row in mine})
    cycles = asked.session.execute(select(Cycle).order_by(Cycle.ends_on.desc(), Cycle.id.desc()).limit(20))
    return render(
        "hr/growth/index.html",
        title=_("Goals and reviews"),
        me=me,
        manages=manages,
        goals=shown(asked, goals),
        reviews=[
            (r, names[key].name if (key := (EMPLOYEE, r.employee_id)) in names else _("A colleague"))
            for r in mine
        ],
        own_id=me.id if me else 0,
        cycles=cycles.scalars().all(),
    )


def shown(asked: Context, goals: Any) -> list[dict[str, Any]]:
    """Return goals with what is reached of them."""
    reached = measuring.of(asked, goals)
    found = []
    for goal in goals:
        value = reached.get(goal.id)
        percent = int(min(100, max(0, 100 * (value or 0) / goal.target))) if goal.target else None
        url = url_for("hr_growth.goal", record_id=goal.id)
        found.append({"goal": goal, "reached": value, "percent": percent, "url": url})
    return found


@pages.get("/goals/<int:record_id>")
@requires(f"{GOAL}.view")
def goal(record_id: int) -> Response:
    """Show a goal with those that are part of it."""
    asked = ctx()
    found = records.get(asked, GOAL, record_id)
    query = select(Goal).where(Goal.parent_id == record_id).order_by(Goal.id).limit(50)
    return record_page(
        "hr/growth/goal.html",
        GOAL,
        found,
        aside=NAMES[1:],
        one=shown(asked, [found])[0],
        parts=shown(asked, asked.session.execute(query).scalars().all()),
    )


@pages.route("/goals/new", methods=["GET", "POST"])
@requires(f"{GOAL}.create")
def new_goal() -> Response:
    """Write a goal down: one's own, or with `?of=` that of somebody below."""
    asked, of = ctx(), request.args.get("of", type=int)
    employee = records.get(asked, EMPLOYEE, of) if of else employees.own(asked)
    if employee is None:
        return render("hr/people/nobody.html", title=_("Goals and reviews"))
    return forms.answer(
        forms.Page(
            entity=GOAL,
            names=NAMES,
            title=_("New goal"),
            back=url_for("hr_growth.index"),
            url=lambda made: url_for("hr_growth.goal", record_id=made.id),
            toast=_("Goal saved"),
            fixed={"employee_id": employee.id},
        )
    )


class CycleForm(Form):
    """A round of reviews."""

    name = StringField(_l("Name"), [InputRequired(_l("Give it a name.")), Length(max=200)])
    starts_on = DateField(_l("From"), [InputRequired(_l("Choose a day."))])
    ends_on = DateField(_l("Until"), [InputRequired(_l("Choose a day."))])
    questions = TextAreaField(
        _l("Questions, one a line"),
        [InputRequired(_l("Write at least one question.")), Length(max=4000)],
        render_kw={"rows": 6},
    )


@pages.route("/cycles/new", methods=["GET", "POST"])
@requires(MANAGE)
def new_cycle() -> Response:
    """Start a round; the questions of the last one are the template."""
    asked = ctx()
    last = asked.session.execute(select(Cycle).order_by(Cycle.id.desc()).limit(1)).scalar_one_or_none()
    usual = [_("What went well?"), _("What was hard?"), _("What comes next?")]
    form: Any = CycleForm.of(questions="\n".join(last.questions if last else usual))
    if form.accepted():
        lines = [line.strip() for line in form.questions.data.splitlines() if line.strip()][:20]
        days = (form.starts_on.data.isoformat(), form.ends_on.data.isoformat())
        if days[1] < days[0]:
            form.explain(Invalid({"ends_on": _("The last day is before the first.")}))
        else:
            made = reviews.begin(asked, form.name.data, lines, days)
            return done(url_for("hr_growth.cycle", cycle_id=made.id), toast=_("Reviews have begun"))
    return render(
        "hr/growth/cycle_new.html", status=422 if form.wrong else 200, title=_("New reviews"), form=form
    )


@pages.route("/cycles/<int:cycle_id>", methods=["GET", "POST"])
@requires(f"{GOAL}.view")
def cycle(cycle_id: int) -> Response:
    """Show the reviews of a round side by side, for calibration; HR closes it."""
    asked = ctx()
    found: Cycle | None = by_id(asked, Cycle, cycle_id)
    rows = reviews.listed(asked, cycle_id) if found is not None else []
    if found is None or not (rows or asked.may(MANAGE)):
        raise NotVisible(_("There is no such page."))
    if request.method == "POST":
        if not asked.may(MANAGE):
            raise NotVisible(_("There is no such page."))
        with asked.unit():
            found.closed = True
        return done(url_for("hr_growth.cycle", cycle_id=cycle_id), toast=_("Reviews are closed"))
    spread = Counter(row[0].rating or row[2] for row in rows)
    return render(
        "hr/growth/cycle.html",
        title=found.name,
        cycle=found,
        rows=rows,
        spread=[(n, spread.get(n, 0), 100 * spread.get(n, 0) // max(1, len(rows))) for n in range(1, 6)],
        manages=asked.may(MANAGE),
    )


@pages.route("/reviews/<int:review_id>", methods=["GET", "POST"])
@requires(f"{GOAL}.view")
def review(review_id: int) -> Response:
    """Show a review as far as it concerns the reader, and take what is written, rated, shared or signed."""
    asked = ctx()
    found, round_, part = reviews.get(asked, review_id)
    problem = ""
    if request.method == "POST":
        try:
            _act(asked, review_id, round_)
            return done(url_for("hr_growth.review", review_id=review_id), toast=_("Saved"))
        except Invalid as error:
            problem = " ".join(error.problems.values())
    target = (EMPLOYEE, found.employee_id)
    named = people.names(asked, {target}).get(target)
    mine: dict[str, str] = {}
    if part.feedback is not None:
        mine = secret.opened(part.feedback.sealed, f"hr_feedback.{part.feedback.id}") or {}
    words = {"self": _("In own words"), "manager": _("Manager"), "peer": _("Colleague")}
    return render(
        "hr/growth/review.html",
        status=422 if problem else 200,
        title=f"{round_.name}: {named.name if named else _('A colleague')}",
        review=found,
        cycle=round_,
        part=part,
        mine=[
            (n, q, request.form.get(f"q{n}", mine.get(str(n), ""))) for n, q in enumerate(round_.questions)
        ],
        said=[{**one, "label": words[one["kind"]]} for one in reviews.said(asked, found, part)],
        problem=problem,
        peers=_peers(asked, found.employee_id) if part.leads else [],
    )


def _act(asked: Context, review_id: int, round_: Cycle) -> None:
    wanted, rating = request.form.get("do", ""), request.form.get("rating", type=int)
    if wanted in {"keep", "hand_in"}:
        answers = {str(n): request.form.get(f"q{n}", "")[:4000] for n in range(len(round_.questions))}
        reviews.write(asked, review_id, answers, rating, hand_in=wanted == "hand_in")
    elif wanted == "peer":
        reviews.ask_peer(asked, review_id, request.form.get("peer", 0, type=int))
    else:
        reviews.settle(asked, review_id, wanted, rating)


def _peers(asked: Context, employee_id: int) -> list[tuple[str, str]]:
    query = select(Employee.id, Employee.name).where(
        Employee.id != employee_id, Employee.user_id.is_not(None)
    )
    rows = asked.session.execute(query.order_by(Employee.name, Employee.id).limit(300))
    return [(str(row.id), row.name) for row in rows]


class TalkForm(Form):
    """A note of a talk."""

    held_on = DateField(_l("Day"), [InputRequired(_l("Choose a day."))])
    text = TextAreaField(
        _l("What was said"),
        [InputRequired(_l("Write what was said.")), Length(max=10_000)],
        render_kw={"rows": 5},
    )
    shared = BooleanField(_l("The other one may read it"))


@pages.route("/talks/<int:record_id>", methods=["GET", "POST"])
@requires(f"{GOAL}.view")
def talk(record_id: int) -> Response:
    """Show the notes of talks with somebody, and take a new one; only the two ever read them."""
    asked = ctx()
    employee, _own = talks.person(asked, record_id)
    form: Any = TalkForm.of(held_on=asked.now.astimezone(asked.zone).date())
    if form.accepted():
        day: date = form.held_on.data
        talks.note(asked, record_id, day.isoformat(), form.text.data, shared=form.shared.data)
        return done(url_for("hr_growth.talk", record_id=record_id), toast=_("Note kept"))
    return render(
        "hr/growth/talks.html",
        status=422 if form.wrong else 200,
        title=_("One-to-one notes"),
        employee=employee,
        form=form,
        notes=talks.of(asked, record_id),
    )
