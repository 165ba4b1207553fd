from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.sdk.services import acting, interactions, settings
from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..forecast import periods
from ..goals import activity, plans, quotas, statements
from .deals_as_rows import Selling

AsRole = Callable[..., Person]


@pytest.fixture
def selling(make: Make) -> Selling:
    return Selling(make)


def test_a_manager_sets_quotas_and_everybody_sees_how_far_they_are(
    as_role: AsRole, make: Make, selling: Selling
) -> None:
    ana = make.user("rep", team="North", name="Ana Lima")
    selling.deal("5000", outcome="won", on="2026-05-05", owner=ana)
    boss = as_role("manager")
    address = "/sales/goals/quotas?period=2026-Q2&metric=amount"

    done = boss.post(address, {f"q-u{ana.id}": "20 000", f"q-t{ana.team_id}": "50000.50"})
    assert done.status_code == 303
    found = quotas.read(make.ctx(), periods.parse("2026-Q2"))
    assert found == {(ana.id, None): Decimal(20000), (None, ana.team_id): Decimal("50000.50")}

    colleague = as_role("rep", team="North")
    page: Any = soup(colleague.get(address))
    row = next(tr for tr in page.select("tbody tr") if "Ana Lima" in tr.get_text())
    assert "25 %" in row.get_text(" ")
    assert not page.select("main form[method=post]")
    assert colleague.post(address, {f"q-u{ana.id}": "1"}).status_code == 403


def test_a_quota_that_is_no_number_is_asked_for_again(as_role: AsRole, make: Make, selling: Selling) -> None:
    ana = make.user("rep", team="North")
    answer = as_role("manager").post("/sales/goals/quotas?period=2026-Q2", {f"q-u{ana.id}": "a lot"})
    assert answer.status_code == 422
    assert "Write a number from 0 on" in answer.text
    assert 'value="a lot"' in answer.text


def test_a_plan_is_made_and_a_statement_shows_every_step(
    as_role: AsRole, as_user: Callable[[Any], Person], make: Make, selling: Selling
) -> None:
    ana = make.user("rep", team="North", name="Ana Lima")
    selling.deal("1000", outcome="won", on="2026-05-05", owner=ana, name="Roof <b>")
    boss = as_role("manager")
    fields = {"name": "Sales", "unit": "quarter", "tiers": "0: 5\n600: 10", "clawback_days": "90"}
    assert boss.post("/sales/goals/plans/new", {**fields, "members": [ana.id]}).status_code == 303
    assert boss.post("/sales/goals/plans/new", {**fields, "tiers": "x"}).status_code == 422
    (plan,) = plans.listed(make.ctx())

    person = as_user(ana)
    address = f"/sales/goals/commission/{plan.id}/{ana.id}?period=2026-Q2"
    page: Any = soup(person.get(address))
    line = page.select_one("#lines tbody tr").get_text(" ", strip=True)
    assert "Roof <b>" in line
    assert "€600.00 at 5 %: €30.00" in line
    assert "€400.00 at 10 %: €40.00" in line
    assert person.get("/sales/goals/commission?period=2026-Q2").status_code == 200
    assert person.get("/sales/goals/plans/new").status_code == 403

    assert person.post(address, {"note": "Where is the shed?"}).status_code == 303
    assert "Where is the shed?" in boss.get(address).text
    dispute = statements.disputes(
        make.ctx(), statements.read(make.ctx(), plan, ana.id, periods.parse("2026-Q2"))
    )[0]
    boss.post(address, {"dispute": dispute.id, "answer": "In the next quarter."})
    assert "In the next quarter." in person.get(address).text
    assert as_role("rep", team="North").get(address).status_code == 404


def test_a_period_is_closed_and_opened_on_the_page(as_role: AsRole, make: Make, selling: Selling) -> None:
    ana = make.user("rep")
    values = {
        "name": "P",
        "unit": "month",
        "of_quota": False,
        "tiers": "0: 1",
        "clawback_days": 0,
        "members": [ana.id],
    }
    plan = plans.save(make.ctx(), None, values)
    boss = as_role("manager")
    settle = f"/sales/goals/commission/{plan.id}/settle?period=2025-01"
    for do, closed in (("close", True), ("open", False)):
        assert boss.post(settle, {"do": do}).status_code == 303
        assert statements.is_closed(make.ctx(), plan, periods.parse("2025-01")) is closed
    assert as_role("rep").post(settle).status_code == 403


def test_a_deal_is_split_on_its_page(as_role: AsRole, make: Make, selling: Selling) -> None:
    ana, rui = make.user("rep"), make.user("rep")
    deal = selling.deal()
    boss = as_role("manager")
    address = f"/sales/goals/splits/{deal.id}"
    wrong = boss.post(address, {"user0": ana.id, "percent0": "70", "user1": rui.id, "percent1": "20"})
    assert wrong.status_code == 422
    assert "100 percent together" in wrong.text
    boss.post(address, {"user0": ana.id, "percent0": "70", "user1": rui.id, "percent1": "30"})
    found = plans.splits(make.ctx(), [deal.id])[deal.id]
    assert {one.user_id: one.percent for one in found} == {ana.id: Decimal(70), rui.id: Decimal(30)}
    panel = boss.get(f"/panel/sales/split?on=sales.deal:{deal.id}", htmx=True).text
    assert "70 %" in panel


def talk(make: Make, who: Any, kind: str, at: datetime) -> None:
    ctx = make.ctx(who)
    contact = make.contact(owner=who)
    with acting(ctx):
        values = {"kind": kind, "body": "x", "occurred_at": at}
        interactions.log(ctx, interactions.Entry(values=values, contacts=[contact.id], users=[who.id]))


NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)


def test_goals_count_calls_meetings_and_new_deals(make: Make, selling: Selling, app: Any) -> None:
    ana = make.user("rep", team="North")
    for at in ("2026-11-16T08:00", "2026-11-18T09:00", "2026-11-15T20:00"):
        talk(make, ana, "call", datetime.fromisoformat(at).replace(tzinfo=UTC))
    talk(make, ana, "meeting", datetime(2026, 11, 2, 9, tzinfo=UTC))
    selling.deal(owner=ana, opened_on="2026-11-17")
    selling.deal(owner=ana, opened_on="2026-10-31")
    system = make.ctx()
    for metric, unit, target in (("calls", "week", 4), ("meetings", "month", 1), ("deals", "month", 2)):
        activity.save(system, user_id=None, role="representative", metric=metric, unit_=unit, target=target)
    activity.save(system, user_id=ana.id, role="", metric="calls", unit_="week", target=8)
    with app.test_request_context():
        found = activity.progress(replace(make.ctx(ana), now=NOW), [ana.id])
    told = [(one.metric, one.unit, one.done, one.target, one.percent) for one in found]
    assert told == [
        ("calls", "week", 2, 8, 25),
        ("meetings", "month", 1, 1, 100),
        ("deals", "month", 1, 2, 50),
    ]


def test_what_was_counted_opens_as_a_list(
    as_user: Callable[[Any], Person], make: Make, selling: Selling
) -> None:
    ana = make.user("rep", team="North")
    ctx = make.ctx()
    talk(make, ana, "call", ctx.now)
    selling.deal(owner=ana, opened_on=ctx.now.date().isoformat(), name="Fresh")
    for metric in ("calls", "deals"):
        activity.save(ctx, user_id=ana.id, role="", metric=metric, unit_="week", target=2)
    person = as_user(ana)
    page: Any = soup(person.get("/sales/goals/"))
    for link in page.select("#mine a"):
        rows: Any = soup(person.get(str(link["href"]))).select("#rows tr")
        assert len(rows) == 1
    today = person.get("/panel/sales/goals", htmx=True).text
    assert "1 of 2" in today


def test_the_leader_board_reaches_as_far_as_the_reader_and_can_be_switched_off(
    as_role: AsRole, make: Make, selling: Selling
) -> None:
    make.user("rep", team="North", name="Ana Lima")
    make.user("rep", team="South", name="Rui Faria")
    ctx = make.ctx()
    activity.save(ctx, user_id=None, role="", metric="calls", unit_="week", target=5)
    person = as_role("rep", team="North")

    text = person.get("/sales/goals/").text
    assert "Ana Lima" in text
    assert "Rui Faria" not in text
    with acting(ctx):
        settings.save(ctx, {"leader_board": False}, owner="sales")
    assert "Ana Lima" not in person.get("/sales/goals/").text


def test_bars_of_all_teams_are_measured_against_the_best(
    as_role: AsRole, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, rui = make.user("rep", team="North", name="Ana"), make.user("rep", team="South", name="Rui")
    done = {ana.id: 8, rui.id: 2}
    progress = [
        activity.Progress(user_id=i, metric="calls", unit="week", target=10, done=n, url="/")
        for i, n in done.items()
    ]
    monkeypatch.setattr(activity, "progress", lambda seen, ids: progress)

    page = soup(as_role("manager").get("/sales/goals/"))

    bars = [str(bar["width"]) for bar in page.select(".rep tbody .rep-bar rect")]
    assert bars == ["100.00%", "25.00%"]


def test_goals_are_set_and_taken_away_by_those_who_may(as_role: AsRole, make: Make) -> None:
    boss = as_role("manager")
    assert (
        boss.post(
            "/sales/goals/", {"who": "r:representative", "what": "calls-week", "target": "20"}
        ).status_code
        == 303
    )
    (goal,) = activity.listed(make.ctx())
    assert (goal.role, goal.metric, goal.target) == ("representative", "calls", 20)
    assert boss.post("/sales/goals/", {"who": "", "what": "calls-week", "target": "0"}).status_code == 422
    assert as_role("rep").post("/sales/goals/", {"remove": goal.id}).status_code == 403
    boss.post("/sales/goals/", {"remove": goal.id})
    assert activity.listed(make.ctx()) == []
