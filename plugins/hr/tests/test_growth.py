"""Reviews, goals, notes, training and checklists: what happens, and who never sees it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.sdk import NotVisible
from app.sdk.services import acting, plugin_settings, records
from app.testing import Make, Person

from ..boarding import retention, service
from ..boarding.models import Checklist, Step
from ..growth import measuring, reviews, talks
from ..growth.models import Feedback, Review, Talk
from ..leave.models import Absence
from ..people import private
from ..people.models import Employee
from ..training import service as training
from ..training.models import Course, Session
from .conftest import House


def as_(make: Make, house: House, who: str) -> Any:
    return make.ctx(house.users[who])


@pytest.fixture
def review(make: Make, house: House) -> int:
    """Cem's review in a round that has begun."""
    ctx = make.ctx()
    with acting(ctx):
        reviews.begin(ctx, "2026", ["What went well?"], ("2026-01-01", "2026-12-31"))
        query = select(Review.id).where(Review.employee_id == house.employees["Cem"].id)
        return ctx.session.execute(query).scalar_one()


def test_a_review_is_written_rated_shared_and_signed(review: int, house: House, make: Make) -> None:
    path = f"/hr/growth/reviews/{review}"
    cem, bob = house.person("Cem"), house.person("Bob")
    assert cem.post(path, {"do": "hand_in", "q0": "My own words", "rating": "4"}).status_code == 303
    assert cem.post(path, {"do": "hand_in", "q0": "Again"}).status_code == 422
    assert bob.post(path, {"do": "hand_in", "q0": "Words of Bob", "rating": "3"}).status_code == 303
    bob.post(path, {"do": "peer", "peer": str(house.employees["Dana"].id)})
    assert "Words of Bob" not in cem.get(path).text
    assert cem.post(path, {"do": "sign"}).status_code == 404
    assert cem.post(path, {"do": "rate", "rating": "5"}).status_code == 404

    bob.post(path, {"do": "rate", "rating": "4"})
    bob.post(path, {"do": "share"})

    assert "Words of Bob" in cem.get(path).text
    cem.post(path, {"do": "sign"})
    assert "You have signed this." in cem.get(path).text
    assert "My own words" in house.person("Ada").get(path).text


def test_a_peer_is_unnamed_to_the_person_and_reads_nothing(
    review: int, house: House, make: Make, as_role: Any
) -> None:
    path = f"/hr/growth/reviews/{review}"
    dana, bob = house.person("Dana"), house.person("Bob")
    assert dana.get(path).status_code == 404
    ctx = make.ctx()
    with acting(ctx):
        reviews.ask_peer(ctx, review, house.employees["Dana"].id)
    assert dana.post(path, {"do": "hand_in", "q0": "Kind words"}).status_code == 303
    bob.post(path, {"do": "hand_in", "q0": "Words of Bob"})
    bob.post(path, {"do": "share"})
    page = house.person("Cem").get(path).text
    assert "Kind words" in page
    assert "Dana Test" not in page
    assert "Words of Bob" not in dana.get(path).text
    assert as_role("manager", team="north").get(path).status_code == 404
    ctx = make.ctx()
    with acting(ctx):
        sealed = ctx.session.execute(select(Feedback.sealed).order_by(Feedback.id)).scalars().all()
    assert not any(b"words" in one for one in sealed)


def test_ratings_stand_side_by_side_for_those_above_without_their_own(review: int, house: House) -> None:
    page = house.person("Bob").get("/hr/growth/cycles/1").text
    assert "Cem Test" in page
    assert "Bob Test" not in page.split("<main", 1)[1]
    assert house.person("Cem").get("/hr/growth/cycles/1").status_code == 404


def test_notes_of_talks_are_read_by_the_two_alone(house: House, make: Make, as_role: Any) -> None:
    cem_id = house.employees["Cem"].id
    bob = as_(make, house, "Bob")
    with acting(bob):
        talks.note(bob, cem_id, "2026-03-01", "Secret of Bob", shared=False)
        talks.note(bob, cem_id, "2026-03-01", "Agreed with Cem", shared=True)
    path = f"/hr/growth/talks/{cem_id}"
    assert "Secret of Bob" in house.person("Bob").get(path).text
    page = house.person("Cem").get(path).text
    assert "Agreed with Cem" in page
    assert "Secret of Bob" not in page
    assert "Secret of Bob" not in house.person("Ada").get(path).text
    assert as_role("administrator").get(path).status_code == 404
    ctx = make.ctx()
    with acting(ctx):
        assert not any(
            b"Secret" in t for t in ctx.session.execute(select(Talk.sealed).order_by(Talk.id)).scalars()
        )


def test_a_goal_counts_the_records_of_the_person(house: House, make: Make) -> None:
    cem = as_(make, house, "Cem")
    for _number in range(3):
        make("task", owner=house.users["Cem"], summary="Call")
    make("task", owner=house.users["Bob"], summary="Call")
    with acting(cem):
        values = {"title": "Calls", "target": Decimal(6), "counts": "task", "condition": 'summary = "Call"'}
        goal = records.create(cem, "hr.goal", {**values, "employee_id": house.employees["Cem"].id})
        assert measuring.of(cem, [goal]) == {goal.id: Decimal(3)}
    dana = as_(make, house, "Dana")
    with acting(dana), pytest.raises(NotVisible):
        records.get(dana, "hr.goal", goal.id)


def test_who_passes_a_course_has_the_skill_until_the_certificate_expires(
    house: House, make: Make, clock: Any
) -> None:
    clock.set("2026-03-01T09:00")
    skill = make("hr.skill", name="First aid")
    course: Course = make("hr.course", name="First aid at work", skill_id=skill.id, level=2, months=12)
    ctx = make.ctx()
    cem_id = house.employees["Cem"].id
    with acting(ctx):
        with ctx.unit():
            session = Session(course_id=course.id, starts_on="2026-03-10", seats=1)
            ctx.session.add(session)
        employee = records.get(ctx, "hr.employee", cem_id)
        training.enrol(ctx, session.id, employee)
    dana = house.person("Dana")
    dana.post(f"/hr/training/sessions/{session.id}/enrol", {})
    ctx = make.ctx()
    with acting(ctx):
        training.finish(ctx, 1, "passed")
        assert training.levels(ctx, [cem_id]) == {cem_id: {skill.id: 2}}
        assert training.levels(ctx, [house.employees["Dana"].id]) == {}
    assert "First aid" in house.person("Cem").get("/list/hr.employee?cols=name,skills").text
    clock.set("2027-03-11T09:00")
    ctx = make.ctx()
    with acting(ctx):
        assert training.levels(ctx, [cem_id]) == {}


def test_steps_are_started_and_ticked_by_whose_they_are(house: House, make: Make) -> None:
    ctx = make.ctx()
    with acting(ctx), ctx.unit():
        lines = service.read("0 | manager | Show the house\n3 | self | Read the rules")
        checklist = Checklist(name="New", lines=lines)
        ctx.session.add(checklist)
        ctx.session.flush()
        assert service.start(ctx, house.employees["Cem"].id, checklist.id) == 2
        steps = ctx.session.execute(select(Step).order_by(Step.due_on)).scalars().all()
        found = [(s.text, s.due_on, s.user_id) for s in steps]
    assert found == [
        ("Show the house", "2020-01-01", house.users["Bob"].id),
        ("Read the rules", "2020-01-04", house.users["Cem"].id),
    ]
    assert "Show the house" in house.person("Bob").get("/").text
    assert house.person("Dana").post(f"/hr/boarding/steps/{steps[0].id}", {}).status_code == 404
    assert house.person("Bob").post(f"/hr/boarding/steps/{steps[0].id}", {"next": "/"}).status_code == 303
    assert "Show the house" not in house.person("Bob").get("/").text


def test_files_go_when_their_period_is_over_unless_something_holds_them(
    house: House, make: Make, run_jobs: Callable[[], int], as_role: Callable[..., Person]
) -> None:
    ctx = make.ctx()
    gone, held = house.employees["Cem"].id, house.employees["Dana"].id
    kind = make("hr.leave_type", name="Sick", decided=False)
    with acting(ctx):
        plugin_settings.save(ctx, "hr", {"keep_months": 12, "private_months": 6, "keep_reason": "Law"})
        values = {"employee_id": gone, "type_id": kind.id, "first_on": "2020-03-02", "last_on": "2020-03-03"}
        records.create(ctx, "hr.absence", values)
        for number in (gone, held):
            private.write(ctx, number, {"tax_number": "1"})
            records.update(ctx, "hr.employee", number, {"ended_on": "2021-01-31"})
    admin = as_role("administrator")
    admin.post(f"/hr/boarding/hold/{held}", {"until": "2999-01-01", "reason": "A lawsuit"})
    ctx = make.ctx()
    with acting(ctx):
        retention.run(ctx, {})
        retention.run(ctx, {})
        ctx.session.expire_all()
        left = set(ctx.session.execute(select(Employee.id).order_by(Employee.id)).scalars())
        assert gone not in left
        assert held in left
        assert ctx.session.execute(select(Absence.id).order_by(Absence.id)).all() == []
    assert "A lawsuit" in admin.get("/hr/boarding/retention").text


def test_nobody_stays_above_through_somebody_whose_file_is_gone(house: House, make: Make) -> None:
    ctx = make.ctx()
    with acting(ctx):
        plugin_settings.save(ctx, "hr", {"keep_months": 12, "private_months": 6, "keep_reason": "Law"})
        records.update(ctx, "hr.employee", house.employees["Bob"].id, {"ended_on": "2021-01-31"})
    ctx = make.ctx()
    with acting(ctx):
        retention.run(ctx, {})
    ada = as_(make, house, "Ada")
    with acting(ada):
        seen = ada.session.execute(select(Employee.given_name).order_by(Employee.id)).scalars().all()
    assert seen == ["Ada"]


@pytest.mark.parametrize("number", ["999999", "9" * 30])
def test_numbers_that_no_row_has_are_no_page(number: str, house: House, as_role: Any) -> None:
    admin = as_role("administrator")
    for page in (
        "boarding",
        "growth/reviews",
        "growth/cycles",
        "growth/goals",
        "growth/talks",
        "training/courses",
    ):
        assert (page, admin.get(f"/hr/{page}/{number}").status_code) == (page, 404)
    for page in (f"boarding/steps/{number}", f"boarding/start/{number}", f"leave/{number}/decide"):
        assert (page, admin.post(f"/hr/{page}", {"do": "approve"}).status_code) == (page, 404)
    session = house.person("Cem").post(f"/hr/training/sessions/{number}/enrol", {})
    assert session.status_code == 404


def test_a_course_has_no_more_seats_than_a_number_can_hold(make: Make, as_role: Any) -> None:
    course = make("hr.course", name="Fire")
    sent = {"starts_on": "2027-01-04", "seats": "9" * 12}
    page = as_role("administrator").post(f"/hr/training/courses/{course.id}", sent)
    assert "Choose a number of seats from 1 to 9999." in page.text
