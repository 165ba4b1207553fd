from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from app.sdk import Context, Invalid, Refuse
from app.sdk.services import records, tasks
from app.testing.factories import Make

from ..deals import days, history, rates, service, stages
from ..deals.models import Deal


@pytest.fixture
def ctx(make: Make) -> Context:
    return make.ctx()


def named(ctx: Context, name: str) -> Any:
    return next(s for s in stages.known(ctx).stages if s.name == name)


def opened(ctx: Context, **values: Any) -> Deal:
    return service.open_deal(ctx, {"name": "Roof", **values})


def test_enabling_makes_a_pipeline_ready(ctx: Context) -> None:
    of = stages.default_pipeline(ctx)
    found = [(s.name, s.outcome) for s in stages.stages(ctx, of)]
    assert found[0] == ("Qualifying", "open")
    assert found[-2:] == [("Won", "won"), ("Lost", "lost")]


def test_a_deal_begins_in_the_first_stage_today(ctx: Context) -> None:
    deal = opened(ctx, amount=Decimal("1200"))
    assert (deal.stage_id, deal.outcome, deal.category) == (named(ctx, "Qualifying").id, "open", "pipeline")
    assert (deal.opened_on, deal.currency, deal.amount_base) == (days.today(ctx), "EUR", Decimal(1200))
    assert [change.to_stage_id for change in history.of(ctx, deal.id)] == [deal.stage_id]


def test_a_deal_without_a_name_is_called_after_its_contact(ctx: Context, make: Make) -> None:
    ana = make.contact(given_name="Ana", family_name="Lima")
    assert service.open_deal(ctx, {"contact_id": ana.id}).name == "Deal with Ana Lima"
    with pytest.raises(Invalid, match="what may be sold"):
        service.open_deal(ctx, {})


def test_a_stage_says_what_it_needs_and_what_is_to_be_ticked_off(ctx: Context, make: Make) -> None:
    deal = opened(ctx)
    with pytest.raises(Refuse, match=r"cannot go to “Needs analysed” yet\. Fill in first: Contact"):
        service.move(ctx, deal, named(ctx, "Needs analysed"))
    records.update(ctx, "sales.deal", deal.id, {"contact_id": make.contact().id})
    with pytest.raises(
        Refuse, match=r"cannot leave “Qualifying” yet\. Tick off first: The need is understood"
    ):
        service.move(ctx, deal, named(ctx, "Needs analysed"))
    records.update(ctx, "sales.deal", deal.id, {"checked": ["The need is understood"]})
    assert service.move(ctx, deal, named(ctx, "Needs analysed")).stage_id == named(ctx, "Needs analysed").id


def test_losing_needs_a_reason_and_no_checklist(ctx: Context) -> None:
    deal = opened(ctx)
    with pytest.raises(Refuse, match="Fill in first: Reason"):
        service.lose(ctx, [deal])
    price = stages.reasons(ctx, "lost")[0]
    (lost,) = service.lose(ctx, [deal], price.id, "Too dear")
    assert (lost.outcome, lost.category, lost.close_on) == ("lost", "closed", days.today(ctx))
    assert lost.closed_at == ctx.now


def test_winning_and_opening_again(ctx: Context) -> None:
    deal = opened(ctx, amount=Decimal(10), checked=["The need is understood"])
    (won,) = service.win(ctx, [deal])
    assert (won.outcome, won.category) == ("won", "closed")
    (again,) = service.reopen(ctx, [won])
    assert (again.outcome, again.closed_at, again.stage_id) == ("open", None, named(ctx, "Qualifying").id)
    assert len(history.of(ctx, deal.id)) == 3


def test_what_was_decided_in_the_past_keeps_its_day(ctx: Context) -> None:
    won = opened(ctx, amount=Decimal(5), close_on="2024-03-07", stage_id=named(ctx, "Won").id)
    assert (won.outcome, won.close_on) == ("won", "2024-03-07")
    assert won.closed_at is not None
    assert won.closed_at.date().isoformat() == "2024-03-07"


def test_somebody_elses_move_is_seen(ctx: Context) -> None:
    deal = opened(ctx, checked=["The need is understood"], contact_id=None)
    seen = deal.stage_id
    records.update(ctx, "sales.deal", deal.id, {"amount": Decimal(3), "close_on": "2030-01-01"})
    service.move(ctx, deal, named(ctx, "Quote sent"))
    with pytest.raises(Invalid, match="moved “Roof” to “Quote sent” meanwhile"):
        service.move(ctx, deal, named(ctx, "Negotiating"), seen_stage=seen)


def test_the_next_step_is_the_open_task_that_is_due_first(ctx: Context) -> None:
    deal = opened(ctx)
    tasks.create(ctx, {"summary": "Later", "due_on": "2030-02-01"}, about=[("sales.deal", deal.id)])
    soon = tasks.create(ctx, {"summary": "Call", "due_on": "2030-01-01"}, about=[("sales.deal", deal.id)])
    ctx.session.refresh(deal)
    assert (deal.next_step, deal.step_on) == ("Call", "2030-01-01")
    tasks.finish(ctx, soon.id)
    ctx.session.refresh(deal)
    assert (deal.next_step, deal.step_on) == ("Later", "2030-02-01")


def test_amounts_follow_the_rate_of_the_day(ctx: Context) -> None:
    rates.save(ctx, "USD", "2024-01-01", Decimal("0.90"))
    rates.save(ctx, "USD", "2025-01-01", Decimal("0.95"))
    won = named(ctx, "Won").id
    old = opened(ctx, amount=Decimal("10.55"), currency="USD", close_on="2024-06-01", stage_id=won)
    new = opened(ctx, amount=Decimal("10.55"), currency="USD")
    assert (old.amount_base, new.amount_base) == (Decimal("9.50"), Decimal("10.02"))


def test_won_and_lost_are_told(ctx: Context) -> None:
    deal = opened(ctx, amount=Decimal(1), checked=["The need is understood"])
    ctx.topics.clear()
    service.win(ctx, [deal])
    assert "sales.deal.won" in ctx.topics


def test_a_pipeline_or_stage_with_deals_stays(ctx: Context, make: Make) -> None:
    """Also when the deals are somebody's whom the one who removes it does not see."""
    deal = opened(ctx)
    with pytest.raises(Refuse, match=r"There are deals in “Sales”\. Retire it"):
        records.trash(ctx, "sales.pipeline", [deal.pipeline_id])
    with pytest.raises(Refuse, match=r"There are deals in “Qualifying”"):
        records.trash(ctx, "sales.stage", [deal.stage_id])
    records.trash(ctx, "sales.stage", [named(ctx, "Negotiating").id])


def test_a_deal_whose_stage_lost_its_pipeline_begins_in_the_first_one(ctx: Context, make: Make) -> None:
    stray = make("sales.pipeline", name="Stray")
    stage = make("sales.stage", name="Somewhere", pipeline_id=stray.id)
    records.trash(ctx, "sales.pipeline", [stray.id])
    records.purge(ctx, "sales.pipeline", [stray.id])
    stages.forget(ctx)
    assert stages.stage(ctx, stage.id).pipeline_id is None

    deal = opened(ctx, stage_id=stage.id)
    assert deal.stage_id == named(ctx, "Qualifying").id
