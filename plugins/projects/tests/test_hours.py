"""What people do with hours: three taps from Today, a week, approval, the lock, the budget and the invoice."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.sdk import Refuse
from app.sdk.services import acting, plugin_settings, records
from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..hours import burn, load, service
from ..hours.models import ENTRY, Entry, Timer
from ..plan import reading, typed
from ..plan import service as plans
from ..plan.models import Project

AsUser = Callable[..., Person]


@pytest.fixture
def boss(make: Make, clock: Any) -> Any:
    """A manager, on a Monday morning."""
    clock.set("2026-03-02T09:00")
    return make.user("manager", team="north")


@pytest.fixture
def project(make: Make, boss: Any) -> Any:
    """A project by the hour, led by the manager."""
    ctx = make.ctx(boss)
    with acting(ctx):
        values = {"name": "Bakery", "rate": Decimal(90), "budget_hours": 10, "budget": Decimal(900)}
        return plans.begin(ctx, values)


def entries(make: Make) -> list[Any]:
    query = select(Entry.day, Entry.minutes, Entry.amount, Entry.state).where(Entry.deleted_at.is_(None))
    return [tuple(row) for row in make.ctx().session.execute(query.order_by(Entry.day, Entry.id))]


def send(form: Any, button: Any) -> dict[str, str]:
    """Return what a browser sends when a button of a form is pressed."""
    sent = {i["name"]: i.get("value", "") for i in form.select("input[name]:not([type=radio])")}
    sent |= {i["name"]: i["value"] for i in form.select("input[type=radio][checked]")}
    for one in form.select("select"):
        option = one.select_one("option[selected]") or one.select_one("option")
        sent[one["name"]] = option.get("value", "")
    return sent | {button["name"]: button["value"]}


def test_time_is_noted_in_two_taps_from_today(make: Make, boss: Any, project: Any, as_user: AsUser) -> None:
    with acting(make.ctx(boss)):
        service.note(make.ctx(boss), (project.id, None), "2026-02-27", 30)
    me = as_user(boss)
    panel = soup(me.get("/panel/projects/timer", htmx=True))
    link = panel.select_one('a[href="/projects/hours/note"]')
    page = soup(me.get(link["href"]))  # the first tap
    form = page.select_one('form[action="/projects/hours/note"]')
    button = next(b for b in form.select("button[name=quick]") if b["value"] == "90")
    assert me.post(form["action"], send(form, button)).status_code == 303  # the second
    assert entries(make)[-1] == ("2026-03-02", 90, Decimal("135.00"), "open")


def test_the_timer_goes_on_over_pages_and_is_written_down(
    make: Make, boss: Any, project: Any, as_user: AsUser, clock: Any
) -> None:
    me = as_user(boss)
    me.post("/projects/hours/timer", {"place": str(project.id)})
    clock.forward(minutes=75)
    assert "1:15" in as_user(boss).get("/projects/hours").text
    me.post("/projects/hours/timer", {"do": "stop"})
    assert entries(make) == [("2026-03-02", 75, Decimal("112.50"), "open")]
    assert make.ctx().session.execute(select(Timer.id).order_by(Timer.id)).first() is None


def test_a_week_is_filled_changed_and_emptied(make: Make, boss: Any, project: Any, as_user: AsUser) -> None:
    me = as_user(boss)
    cell = f"{project.id}_2026-03-03"

    def save(text: str, was: str) -> Any:
        return me.post("/projects/hours", {"week": "2026-03-02", f"c_{cell}": text, f"w_{cell}": was})

    assert save("1:30", "").status_code == 303
    assert save("4", "1:30").status_code == 303
    assert entries(make) == [("2026-03-03", 240, Decimal("360.00"), "open")]
    wrong = save("soon", "4:00")
    assert wrong.status_code == 422
    assert "“soon” is no length of time" in wrong.text
    assert save("25", "4:00").status_code == 422
    assert save("", "4:00").status_code == 303
    assert entries(make) == []


def test_approved_hours_cannot_be_changed_until_they_are_sent_back(
    make: Make, boss: Any, project: Any, as_user: AsUser
) -> None:
    ana = make.user("representative", team="north")
    ctx = make.ctx(ana)
    with acting(ctx):
        made = service.note(ctx, (project.id, None), "2026-03-02", 60)
    as_user(ana).post("/projects/hours/submit", {"week": "2026-03-02"})
    as_user(boss).post("/projects/hours/approve", {"id": made.id, "do": "approve"})
    assert entries(make)[0][3] == "approved"
    with acting(make.ctx(ana)), pytest.raises(Refuse, match="approved"):
        records.update(make.ctx(ana), ENTRY, made.id, {"minutes": 90})
    as_user(boss).post("/projects/hours/approve", {"id": made.id, "do": "back"})
    with acting(make.ctx(ana)):
        records.update(make.ctx(ana), ENTRY, made.id, {"minutes": 90})
    assert entries(make)[0][1:] == (90, Decimal("135.00"), "open")


def test_nobody_approves_the_own_hours(make: Make, boss: Any, project: Any, as_user: AsUser) -> None:
    with acting(make.ctx(boss)):
        made = service.note(make.ctx(boss), (project.id, None), "2026-03-02", 60)
    as_user(boss).post("/projects/hours/submit", {"week": "2026-03-02"})
    as_user(boss).post("/projects/hours/approve", {"id": made.id, "do": "approve"})
    assert entries(make)[0][3] == "submitted"


def test_closed_days_take_no_hours(make: Make, boss: Any, project: Any, as_user: AsUser) -> None:
    plugin_settings.save(make.ctx(), "projects", {"locked_until": "2026-02-28"})
    sent = {"place": str(project.id), "day": "2026-02-27", "time": "1"}
    refused = as_user(boss).post("/projects/hours/note", sent)
    assert refused.status_code == 422
    assert "closed" in refused.text
    assert entries(make) == []


def test_the_forecast_adds_what_is_left_of_the_estimates(make: Make, boss: Any, project: Any) -> None:
    ctx = make.ctx(boss)
    with acting(ctx):
        first = plans.add_task(ctx, project.id, {"summary": "Measure", "projects.estimate": 240})
        plans.add_task(ctx, project.id, {"summary": "Build", "projects.estimate": 480})
        service.note(ctx, (project.id, first.id), "2026-03-02", 300)
        found = burn.burn(ctx, reading.plan(ctx, ctx.session.get(Project, project.id)))
    assert (found.spent, found.left, found.expected) == (300, 480, 780)
    assert (found.amount, found.expected_amount) == (Decimal("450.00"), Decimal("1170.00"))
    assert found.over
    assert found.over_price


def test_what_was_billed_is_not_billed_again(make: Make, boss: Any, project: Any, as_user: AsUser) -> None:
    ana = make.user("representative", team="north")
    with acting(make.ctx(ana)):
        made = service.note(make.ctx(ana), (project.id, None), "2026-03-02", 60, "=Roof")
    as_user(ana).post("/projects/hours/submit", {"week": "2026-03-02"})
    me, url = as_user(boss), f"/projects/{project.id}/invoice"
    assert me.post(url, {"name": "R-1", "until": "2026-03-31"}).status_code == 422  # it is not approved
    me.post("/projects/hours/approve", {"id": made.id, "do": "approve"})
    assert me.post(url, {"name": "R-1", "until": "2026-03-31"}).status_code == 303
    table = me.get(f"{url}?file=R-1").text
    assert "90.00" in table
    assert ",=Roof" not in table
    assert me.post(url, {"name": "R-2", "until": "2026-03-31"}).status_code == 422


def test_who_has_time_counts_working_hours_and_estimates(make: Make, boss: Any, project: Any) -> None:
    ctx = make.ctx(boss)
    with acting(ctx):
        values = {"summary": "Build", "projects.start_on": "2026-03-05", "due_on": "2026-03-10"}
        plans.add_task(ctx, project.id, {**values, "assignee_id": boss.id, "projects.estimate": 1600})
        cells = load.load(ctx, [boss.id], load.weeks(ctx, 3))[boss.id]
    assert [(cell.capacity, cell.planned) for cell in cells] == [(2400, 800), (2400, 800), (2400, 0)]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("1:30", 90), ("1.5", 90), ("1,5", 90), ("90 min", 90), ("1h30", 90), ("2 h", 120), ("", None)],
)
def test_times_are_understood_as_people_type_them(text: str, minutes: int | None) -> None:
    assert typed.minutes(text) == minutes
