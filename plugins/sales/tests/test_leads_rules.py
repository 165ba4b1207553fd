from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from app.sdk import Context, Invalid
from app.sdk.protocols import Point
from app.sdk.services import interactions
from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..leads import clock, intake, options, routing, rule_changes, rule_forms, scoring
from ..leads.models import AssignRule, Lead, LeadReason, ScoreRule

AsRole = Callable[..., Person]
Queries = Callable[[], Any]
NOW = datetime(2026, 3, 6, 10, tzinfo=UTC)


@pytest.fixture
def ctx(make: Make) -> Context:
    """A context, in a house without the rules of the score that it begins with."""
    made = make.ctx()
    with made.unit():
        made.session.execute(delete(ScoreRule))
    return made


def arrive(ctx: Context, n: int = 0, **values: Any) -> Lead:
    return intake.create(ctx, {"person": f"Eva {n}", "email": f"eva{n}@x.example", **values})


def add(ctx: Context, *rules: Any) -> None:
    with ctx.unit():
        ctx.session.add_all(rules)


def fresh(ctx: Context, lead: Lead) -> Lead:
    ctx.session.info["ctx"] = ctx
    ctx.session.expire_all()
    return ctx.session.get_one(Lead, lead.id)


# ---------------------------------------------------------------- score


@pytest.mark.parametrize(("days", "left"), [(0, 40), (10, 20), (20, 10), (-5, 40)])
def test_points_fade_by_half(days: int, left: float) -> None:
    assert scoring.faded(40, 10, NOW - timedelta(days=days), NOW) == pytest.approx(left)


def test_without_a_half_life_points_stay() -> None:
    assert scoring.faded(-7, 0, NOW - timedelta(days=900), NOW) == -7


def test_a_score_never_falls_below_zero() -> None:
    assert scoring.total([Point(points=-30, reason="x")]) == 0


def test_each_interaction_counts_with_its_own_date(ctx: Context) -> None:
    add(
        ctx, ScoreRule(name="Called", subject="interaction", condition="kind = call", points=10, half_life=30)
    )
    lead = arrive(ctx)
    for days in (0, 30, 800):
        values = {"kind": "call", "occurred_at": ctx.now - timedelta(days=days)}
        interactions.log(ctx, interactions.Entry(values=values, contacts=[lead.contact_id or 0]))

    found = scoring.explain(ctx, lead.id)

    assert [(p.reason, round(p.points), p.full) for p in found] == [("Called", 10, 10), ("Called", 5, 10)]


def test_scores_follow_what_happens(ctx: Context) -> None:
    add(ctx, ScoreRule(name="Met", subject="interaction", condition="kind = meeting", points=70))
    lead = arrive(ctx)
    made = interactions.log(
        ctx, interactions.Entry(values={"kind": "meeting"}, contacts=[lead.contact_id or 0])
    )
    event = type("E", (), {"entity": "interaction", "record_id": made.id})()

    scoring.heard(ctx, [event])

    assert (fresh(ctx, lead).score, fresh(ctx, lead).grade) == (70, "hot")


def test_all_are_scored_with_as_many_statements_for_many_as_for_one(ctx: Context, queries: Queries) -> None:
    add(ctx, ScoreRule(name="Web", condition="channel = Web", points=40))
    one = [arrive(ctx, 0, channel="Web").id]
    many = one + [arrive(ctx, n, channel="Web").id for n in range(1, 8)]

    with ctx.unit(), queries() as few:
        scoring.refresh(ctx, one)
    with ctx.unit(), queries() as lots:
        scoring.refresh(ctx, many)

    assert len(lots) <= len(few)


def test_the_nightly_job_scores_what_rules_say_now(ctx: Context) -> None:
    lead = arrive(ctx, channel="Web")
    add(ctx, ScoreRule(name="Web", condition="channel = Web", points=40))
    scoring.refresh_all(ctx, {})
    assert (fresh(ctx, lead).score, fresh(ctx, lead).grade) == (40, "warm")


def test_another_scorer_takes_the_place_of_the_rules(ctx: Context, monkeypatch: Any) -> None:
    class Learned:
        def score(self, of: Context, entity: str, ids: Any) -> Any:
            return {i: [Point(points=88, reason="learned")] for i in ids}

    monkeypatch.setattr(scoring, "scorer", lambda of: Learned())
    assert arrive(ctx).score == 88


def test_a_rule_is_looked_at_before_it_is_saved(as_role: AsRole, ctx: Context) -> None:
    lead = arrive(ctx, channel="Fair")
    person = as_role("manager")
    data = {"name": "Fair", "subject": "lead", "condition": "channel = Fair", "points": "65", "active": "y"}
    rest = {"half_life": "0", "position": "10"}

    page: Any = soup(person.post("/sales/lead-rules/score/new", {**data, **rest, "do": "try"}))
    assert "0 → 65" in page.select_one("#preview").get_text(" ", strip=True)
    ctx.session.info["ctx"] = ctx
    assert ctx.session.execute(select(ScoreRule).where(ScoreRule.name == "Fair")).first() is None

    person.post("/sales/lead-rules/score/new", {**data, **rest})
    ctx.session.info["ctx"] = ctx
    scoring.refresh_all(ctx, {})
    assert fresh(ctx, lead).grade == "hot"


def test_a_condition_that_cannot_be_read_is_explained(as_role: AsRole, ctx: Context) -> None:
    data = {"name": "X", "subject": "lead", "condition": "nonsense = 1", "points": "5", "half_life": "0"}
    answer = as_role("manager").post("/sales/lead-rules/score/new", {**data, "position": "1", "active": "y"})
    assert answer.status_code == 422
    assert "nonsense" in answer.text


# ---------------------------------------------------------------- assignment


def test_a_rule_is_rehearsed_before_it_is_saved(as_role: AsRole, ctx: Context, make: Make) -> None:
    ana = make.user(name="Ana Lima")
    for n in range(3):
        arrive(ctx, n)
    person = as_role("manager")
    data = {
        "name": "All",
        "condition": "",
        "strategy": "turn",
        f"weight_{ana.id}": "1",
        "field": "",
        "mapping": "",
        "most_open": "0",
        "hours": "0",
        "position": "1",
        "active": "y",
    }

    tried: Any = soup(person.post("/sales/lead-rules/assign/new", {**data, "do": "try"}))
    assert "Ana Lima 3 leads" in tried.select_one("#tried").get_text(" ", strip=True)
    ctx.session.info["ctx"] = ctx
    assert ctx.session.execute(select(AssignRule)).first() is None
    assert ctx.session.execute(select(Lead).where(Lead.owner_id == ana.id)).first() is None

    assert person.post("/sales/lead-rules/assign/new", data).status_code == 303
    ctx.session.info["ctx"] = ctx
    rule = ctx.session.execute(select(AssignRule)).scalar_one()
    page: Any = soup(person.get(f"/sales/lead-rules/assign/{rule.id}"))
    assert page.select_one(f"[name=weight_{ana.id}]")["value"] == "1"
    assert person.post(f"/sales/lead-rules/assign/{rule.id}/remove").status_code == 303


def test_a_rule_without_anybody_is_refused(as_role: AsRole, ctx: Context) -> None:
    data = {
        "name": "All",
        "strategy": "least",
        "most_open": "0",
        "hours": "0",
        "position": "1",
        "active": "y",
    }
    answer = as_role("manager").post("/sales/lead-rules/assign/new", data)
    assert answer.status_code == 422
    assert "Say who takes part" in answer.text


def test_who_is_away_is_left_out(ctx: Context, make: Make, monkeypatch: Any) -> None:
    ana, rui = make.user(), make.user()
    people = [{"user_id": i, "weight": 1} for i in (ana.id, rui.id)]
    add(ctx, AssignRule(name="All", people=people, mapping={}))
    monkeypatch.setattr(routing.routing_ways, "away", lambda of, ids: {ana.id})
    assert {arrive(ctx, n).owner_id for n in range(3)} == {rui.id}


def test_a_router_is_asked_before_the_rules(ctx: Context, make: Make, monkeypatch: Any) -> None:
    ana = make.user()

    class Router:
        def route(self, of: Context, entity: str, record_id: int) -> tuple[int, str]:
            return ana.id, "learned"

    monkeypatch.setattr(type(ctx.services), "get", lambda self, protocol: Router())
    monkeypatch.setattr(scoring, "scorer", lambda of: scoring.RuleScorer())
    lead = arrive(ctx)
    assert (lead.owner_id, lead.assigned_why) == (ana.id, "learned")


def test_the_hours_of_a_rule_hold_before_those_of_the_house(ctx: Context, make: Make) -> None:
    add(ctx, AssignRule(name="Fast", people=[{"user_id": make.user().id, "weight": 1}], mapping={}, hours=1))
    lead = arrive(ctx)
    calendar = clock.calendars_of(ctx, [lead])[lead.owner_id]
    assert lead.respond_by == calendar.add_hours(lead.created_at, 1)


# ---------------------------------------------------------------- the rest of the page


@pytest.mark.parametrize(
    ("channel", "grade", "hours"),
    [("Website", "cold", 3), ("Fair", "cold", 8), ("Fair", "hot", 2), ("website", "hot", 2)],
)
def test_hours_by_source_and_grade(channel: str, grade: str, hours: int) -> None:
    settled = options.Options(lead_hours_by_source="Website: 3\nnonsense")
    lead = Lead(channel=channel, grade=grade)
    assert clock.target(settled, options.by_source(settled), lead) == hours


def test_reasons_are_renamed_retired_and_added(as_role: AsRole, ctx: Context) -> None:
    add(ctx, LeadReason(label="Old", position=1), LeadReason(label="Gone", position=2))
    first, second = ctx.session.execute(
        select(LeadReason.id).order_by(LeadReason.id.desc()).limit(2)
    ).scalars()
    data = {f"reason_{second}": "New name", f"reason_{first}": "", "new": "Third"}
    assert as_role("manager").post("/sales/lead-rules/reasons", data).status_code == 303
    ctx.session.info["ctx"] = ctx
    ctx.session.expire_all()
    found = {r.label: r.retired for r in ctx.session.execute(select(LeadReason)).scalars()}
    assert (found["New name"], found["Gone"], found["Third"]) == (False, True, False)


@pytest.mark.parametrize("path", ["", "/kept", "/assign/new", "/score/new"])
def test_only_who_may_change_rules_gets_there(as_role: AsRole, ctx: Context, path: str) -> None:
    assert as_role("manager").get(f"/sales/lead-rules{path}").status_code == 200
    assert as_role("rep").get(f"/sales/lead-rules{path}").status_code == 403


def test_a_draft_takes_the_place_of_the_rule_it_changes(ctx: Context) -> None:
    add(ctx, ScoreRule(name="A", points=1, position=1), ScoreRule(name="B", points=2, position=2))
    a = next(r for r in scoring.rules(ctx) if r.name == "A")
    draft = type("Draft", (), {"id": a.id, "name": "A2", "position": 9, "active": True})()
    assert [r.name for r in rule_changes.with_draft(scoring.rules(ctx), draft)][-2:] == ["B", "A2"]
    with pytest.raises(Invalid):
        rule_forms.condition_of(ctx, "sales.lead", "owner ===")
