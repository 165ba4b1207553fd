from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.sdk import Context, Refuse
from app.sdk.models import Interaction, Task
from app.sdk.services import interactions, records
from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..cadences import editing, enrolling, results, running
from ..cadences.choices import CADENCE
from ..cadences.models import Enrolment, Touch
from ..leads import cases, intake

AsRole = Callable[..., Person]

FRIDAY = datetime(2026, 3, 6, 10, tzinfo=UTC)
STEPS = (("call", 0, "Ask"), ("email", 1, "Hello {first_name}"), ("task", 2, "Decide"))
VALUES = {"name": "Two weeks", "note": "", "daily_cap": 30, "active": True}


@pytest.fixture
def ctx(make: Make) -> Context:
    made = make.ctx()
    made.now = FRIDAY
    return made


@pytest.fixture
def cadence(ctx: Context) -> int:
    return build(ctx)


def build(ctx: Context, steps: Any = STEPS, **values: Any) -> int:
    rows = [
        {"id": "", "kind": k, "days": d, "subject": s, "body": "For {company} by {me}"} for k, d, s in steps
    ]
    return editing.save(ctx, None, VALUES | values, rows)


def on(ctx: Context, day: int, hour: int = 10) -> None:
    """Let it be a day of March 2026 and begin what is due."""
    ctx.session.info["ctx"] = ctx
    ctx.now = datetime(2026, 3, day, hour, tzinfo=UTC)
    running.run_due(ctx, {})
    ctx.session.expire_all()


def only(ctx: Context) -> Enrolment:
    ctx.session.info["ctx"] = ctx
    ctx.session.expire_all()
    return ctx.session.execute(select(Enrolment)).scalar_one()


def summaries(ctx: Context) -> list[str]:
    ctx.session.info["ctx"] = ctx
    return list(ctx.session.execute(select(Task.summary).order_by(Task.id)).scalars())


def talk(ctx: Context, contact_id: int, **values: str) -> None:
    made = interactions.log(
        ctx, interactions.Entry(values={"kind": "email", "body": "x", **values}, contacts=[contact_id])
    )
    enrolling.talked(ctx, [type("E", (), {"record_id": made.id})()])


def test_steps_become_tasks_on_working_days(ctx: Context, make: Make, cadence: int) -> None:
    user, ana = make.user(name="Rui Faria"), make.contact(given_name="Ana", family_name="Lima")
    enrolling.enrol(ctx, cadence, {ana.id: None}, user_id=user.id)

    on(ctx, 6)
    assert summaries(ctx) == ["Call Ana Lima: Ask"]
    on(ctx, 7)
    on(ctx, 8)
    assert len(summaries(ctx)) == 1
    on(ctx, 9)
    assert summaries(ctx)[1:] == ["E-mail to Ana Lima: Hello Ana"]
    on(ctx, 10)
    on(ctx, 11)

    assert summaries(ctx)[2:] == ["Ana Lima: Decide"]
    assert only(ctx).state == "done"
    tasks = ctx.session.execute(select(Task).order_by(Task.id)).scalars().all()
    assert {t.assignee_id for t in tasks} == {user.id}
    assert "by Rui Faria" in tasks[1].description


def test_the_job_run_twice_begins_a_step_once(ctx: Context, make: Make, cadence: int) -> None:
    enrolling.enrol(ctx, cadence, {make.contact().id: None}, user_id=make.user().id)
    on(ctx, 6)
    on(ctx, 6)
    assert len(summaries(ctx)) == 1


def test_nobody_is_in_a_cadence_twice(ctx: Context, make: Make, cadence: int) -> None:
    ana = make.contact()
    assert enrolling.enrol(ctx, cadence, {ana.id: None})[0] == 1
    assert enrolling.enrol(ctx, cadence, {ana.id: None}) == (0, {ana.id: "Is in this cadence already."})


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"direction": "inbound"}, "an answer"),
        ({"kind": "meeting"}, "a meeting"),
        ({"kind": "call", "outcome": "connected", "direction": "outbound"}, "a talk"),
    ],
)
def test_an_answer_stops_it_and_counts_for_the_step(
    ctx: Context, make: Make, cadence: int, values: Any, why: str
) -> None:
    ana = make.contact()
    enrolling.enrol(ctx, cadence, {ana.id: None}, user_id=make.user().id)
    on(ctx, 6)

    talk(ctx, ana.id, **values)

    assert (only(ctx).state, only(ctx).why) == ("stopped", why)
    assert list(results.of_steps(ctx, cadence).values()) == [(1, 1)]
    on(ctx, 9)
    assert len(summaries(ctx)) == 1


def test_our_own_mail_does_not_stop_it(ctx: Context, make: Make, cadence: int) -> None:
    ana = make.contact()
    enrolling.enrol(ctx, cadence, {ana.id: None})
    talk(ctx, ana.id, direction="outbound")
    assert only(ctx).state == "active"


def test_a_closed_lead_stops_it(ctx: Context, make: Make, cadence: int) -> None:
    lead = intake.create(ctx, {"person": "Eva", "email": "eva@x.example"})
    enrolling.enrol(ctx, cadence, {lead.contact_id or 0: lead.id})
    deal = cases.convert(ctx, lead.id, name="Roof")
    event = type("E", (), {"entity": "sales.lead", "record_id": lead.id, "after": {"status": "qualified"}})()

    enrolling.decided(ctx, [event])

    assert deal.id
    assert (only(ctx).state, only(ctx).why) == ("stopped", "the stage has changed")


def test_a_wish_not_to_be_contacted_stops_it_and_is_asked_before(
    ctx: Context, make: Make, cadence: int
) -> None:
    ana, rui = make.contact(), make.contact()
    enrolling.enrol(ctx, cadence, {ana.id: None}, user_id=make.user().id)
    flags = [{"channel": "call", "reason": "", "flagged_on": "2026-03-01"}]
    for one in (ana, rui):
        records.update(ctx, "contact", one.id, {"do_not_contact": flags})

    on(ctx, 6)

    assert (only(ctx).state, summaries(ctx)) == ("stopped", [])
    assert enrolling.enrol(ctx, cadence, {rui.id: None})[1] == {rui.id: "Does not want to be contacted."}


def test_no_more_mails_a_day_than_the_cap(ctx: Context, make: Make) -> None:
    cadence, user = build(ctx, (("email", 0, "Hi"),), daily_cap=2), make.user()
    enrolling.enrol(ctx, cadence, {make.contact().id: None for _n in range(3)}, user_id=user.id)

    on(ctx, 6)
    assert len(summaries(ctx)) == 2
    on(ctx, 9)
    assert len(summaries(ctx)) == 3


def test_paused_it_rests_and_goes_on(ctx: Context, make: Make, cadence: int) -> None:
    enrolling.enrol(ctx, cadence, {make.contact().id: None}, user_id=make.user().id)
    enrolling.pause(ctx, only(ctx).id, on=True)
    on(ctx, 6)
    assert summaries(ctx) == []

    ctx.now = datetime(2026, 3, 10, 9, tzinfo=UTC)
    enrolling.pause(ctx, only(ctx).id, on=False)
    on(ctx, 10)
    assert len(summaries(ctx)) == 1
    enrolling.stop(ctx, only(ctx).id)
    with pytest.raises(Refuse):
        enrolling.pause(ctx, only(ctx).id, on=True)


def test_a_cadence_that_is_off_begins_nothing(ctx: Context, make: Make, cadence: int) -> None:
    enrolling.enrol(ctx, cadence, {make.contact().id: None}, user_id=make.user().id)
    records.update(ctx, CADENCE, cadence, {"active": False})
    on(ctx, 6)
    assert summaries(ctx) == []
    with pytest.raises(Refuse):
        enrolling.enrol(ctx, cadence, {make.contact().id: None})


def test_placeholders_are_filled_in_once() -> None:
    known = {"{name}": "{me}", "{me}": "Rui"}
    assert running.filled("Hi {name}, {me} {x}", known) == "Hi {me}, Rui {x}"


# ---------------------------------------------------------------- pages


def test_people_are_put_in_from_their_page_and_the_text_is_logged(
    as_role: AsRole, make: Make, ctx: Context
) -> None:
    ctx.now = make.ctx().now
    cadence = build(ctx, (("email", 0, "Hello {first_name}"),))
    person = as_role("admin")
    ana = make.contact(given_name="Ana", family_name="Lima", email="ana@lima.example")

    person.post("/action/sales/enrol_contact", {"id": ana.id, "sent": "1", "cadence": cadence})
    ctx.session.info["ctx"] = ctx
    with ctx.unit():
        only(ctx).next_on = "2026-01-01"
    enrolment = only(ctx)
    touch = Touch(
        enrolment_id=enrolment.id,
        step_id=enrolling.steps(ctx, cadence)[0].id,
        kind="email",
        user_id=person.user.id,  # type: ignore[union-attr]
    )
    with ctx.unit():
        ctx.session.add(touch)
    page: Any = soup(person.get(f"/sales/touches/{touch.id}"))
    assert page.select_one('a[href^="mailto:ana%40lima.example"]')
    assert page.select_one("[name=subject]")["value"] == "Hello Ana"
    data = {"subject": "Hello Ana", "body": "Text"}
    for _again in range(2):
        assert person.post(f"/sales/touches/{touch.id}", data).status_code == 303

    ctx.session.info["ctx"] = ctx
    logged = ctx.session.execute(select(Interaction)).scalars().all()
    assert [(i.kind, i.direction, i.subject) for i in logged] == [("email", "outbound", "Hello Ana")]
    assert "Two weeks" in person.get(f"/panel/sales/contact_cadences?on=contact:{ana.id}", htmx=True).text


def test_a_cadence_is_written_by_a_form(as_role: AsRole, ctx: Context) -> None:
    person = as_role("manager")
    data = {"name": "New", "note": "", "daily_cap": "5", "active": "y"}
    assert person.post("/sales/cadences/new", data).status_code == 422

    steps = {
        "kind_0": "call",
        "days_0": "0",
        "subject_0": "Ask",
        "kind_1": "",
        "kind_2": "task",
        "days_2": "3",
    }
    done = person.post("/sales/cadences/new", {**data, **steps})

    page = person.get(done.location).text
    assert "after 3 working days" in page
    assert "0 reached, 0 answered" in page
    assert person.get(done.location + "/edit").status_code == 200
    assert person.get("/list/sales.cadence").status_code == 200


def test_somebody_is_paused_from_a_page_only_by_who_sees_him(
    as_role: AsRole, make: Make, ctx: Context
) -> None:
    cadence = build(ctx)
    ana = make.contact(team="north")
    enrolling.enrol(ctx, cadence, {ana.id: None})
    enrolment = only(ctx)

    assert (
        as_role("rep", team="south").post(f"/sales/enrolments/{enrolment.id}", {"do": "stop"}).status_code
        == 404
    )
    assert as_role("readonly").post(f"/sales/enrolments/{enrolment.id}", {"do": "stop"}).status_code == 403
    as_role("admin").post(f"/sales/enrolments/{enrolment.id}", {"do": "pause"})

    assert only(ctx).state == "paused"
