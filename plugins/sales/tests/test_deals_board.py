"""The board under load: two people at once, and as many statements and bytes for many deals as for few."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert, select

from app.sdk.models import new_uid, now
from app.sdk.services import records
from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..deals import service, stages
from ..deals.models import Deal, StageChange

AsRole = Callable[..., Person]
CHECKED = ["The need is understood", "Who decides is known"]
PACKED = {"Accept-Encoding": "gzip, deflate, br, zstd"}


def open_stages(ctx: Any) -> list[Any]:
    pipeline = stages.default_pipeline(ctx)
    return [stage for stage in stages.stages(ctx, pipeline) if stage.outcome == "open"]


def filled(make: Make, per_stage: int) -> None:
    """Put open deals into each stage, with customers and owners of their own, without asking what stages need."""
    ctx = make.ctx()
    people = [make.contact() for _n in range(5)]
    firms = [make.company() for _n in range(5)]
    owners = [make.user("rep") for _n in range(5)]
    rows = [
        {
            "uid": new_uid(),
            "created_at": now(),
            "updated_at": now(),
            "name": f"Roof {stage.id} {n:04}",
            "pipeline_id": stage.pipeline_id,
            "stage_id": stage.id,
            "owner_id": owners[n % 5].id,
            "contact_id": people[n % 5].id,
            "company_id": firms[n % 5].id,
            "amount": 100 + n,
            "amount_base": 100 + n,
            "currency": "EUR",
            "close_on": f"2030-{n % 12 + 1:02}-01",
            "next_step": "Call",
            "step_on": "2030-01-01",
            "checked": CHECKED,
        }
        for stage in open_stages(ctx)
        for n in range(per_stage)
    ]
    with ctx.unit():
        ctx.session.execute(insert(Deal), rows)


def test_of_two_people_moving_a_deal_at_the_same_moment_one_does_and_both_see_the_truth(
    as_role: AsRole, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx = make.ctx()
    deal = service.open_deal(
        ctx, {"name": "Roof", "contact_id": make.contact().id, "amount": 5, "close_on": "2030-01-01"}
    )
    records.update(ctx, "sales.deal", deal.id, {"checked": CHECKED})
    deal_id, seen = deal.id, deal.stage_id
    _first, *targets = [stage.id for stage in open_stages(ctx)][:3]
    people = [as_role("admin"), as_role("manager")]
    meet, move = threading.Barrier(2, timeout=30), service.move

    def together(*given: Any, **rest: Any) -> Any:
        meet.wait()  # both have looked, and the deal was where they saw it
        return move(*given, **rest)

    monkeypatch.setattr(service, "move", together)
    answers: dict[int, Any] = {}

    def drop(person: Person, stage: int) -> None:
        form = {"stage": stage, "seen": seen, "board": "1", "next": "/sales/board"}
        answers[stage] = person.post(f"/sales/deals/{deal_id}/stage", form, htmx=True)

    threads = [threading.Thread(target=drop, args=given) for given in zip(people, targets, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    ctx.session.expire_all()
    truth = records.get(ctx, "sales.deal", deal_id).stage_id
    assert truth in targets
    moves = ctx.session.execute(
        select(StageChange.to_stage_id).where(StageChange.deal_id == deal_id).order_by(StageChange.id)
    ).scalars()
    assert list(moves) == [seen, truth]
    late = next(stage for stage in targets if stage != truth)
    assert "is in “" in answers[truth].text
    assert "Somebody else has moved “Roof”" in answers[late].text
    for stage, answer in answers.items():
        assert answer.status_code == 200
        shown = soup(answer)
        assert shown.select_one(f"#st{truth} #d{deal_id}") is not None, stage
        assert shown.select_one(f"#st{seen} #d{deal_id}") is None, stage
    assert soup(answers[late]).select_one(f"#st{late} #d{deal_id}") is None


@pytest.mark.parametrize("role", ["manager", "rep"])
def test_looking_and_moving_take_as_many_statements_for_many_deals_as_for_few(
    as_role: AsRole, make: Make, queries: Any, role: str
) -> None:
    ctx, person = make.ctx(), as_role(role, team="north")
    first, second, *_rest = open_stages(ctx)
    counts = []
    for more in (3, 60):
        filled(make, more)
        with ctx.unit():
            mine = ctx.session.execute(
                select(Deal).where(Deal.stage_id == first.id).order_by(Deal.id).limit(1)
            ).scalar_one()
            mine.owner_id = person.user.id  # type: ignore[union-attr]
        form = {"stage": second.id, "seen": first.id, "board": "1", "next": "/sales/board"}
        person.get("/sales/board")
        with queries() as looking:
            page = person.get("/sales/board")
        with queries() as moving:
            moved = person.post(f"/sales/deals/{mine.id}/stage", form, htmx=True)
        assert (page.status_code, moved.status_code) == (200, 200)
        assert "is in “Needs analysed” now" in moved.text
        counts.append((len(looking), len(moving)))
    (looked_few, moved_few), (looked_many, moved_many) = counts
    assert looked_many <= max(looked_few, 14), looking
    assert moved_many <= max(moved_few, 24), moving


def test_a_full_board_is_sent_in_few_bytes(as_role: AsRole, make: Make) -> None:
    filled(make, 30)
    person = as_role("admin")
    page = person.get("/sales/board", headers=PACKED)
    assert page.headers["Content-Encoding"] in {"br", "gzip", "zstd"}
    assert len(page.data) <= 20_000
    shown = soup(person.get("/sales/board"))
    assert len(shown.select(".card")) == 4 * 20
    assert len(shown.select(".beyond")) == 4
