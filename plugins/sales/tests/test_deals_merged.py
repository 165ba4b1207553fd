"""Deals and what stands in them follow a contact that is merged, and come back when that is undone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.sdk.models import Contact
from app.testing.clients import soup

from ..deals import involved, service
from ..deals.models import DealPerson


def parts(ctx: Any, deal_id: int) -> set[tuple[int, str, str]]:
    ctx.session.expire_all()
    rows = ctx.session.execute(select(DealPerson).where(DealPerson.deal_id == deal_id)).scalars()
    return {(row.contact_id, row.role, row.stance) for row in rows}


def test_deals_and_parts_follow_and_come_back(make: Any, as_role: Any) -> None:
    ctx = make.ctx()
    ana, double = make.contact(), make.contact()
    deal = service.open_deal(ctx, {"name": "Roof", "contact_id": double.id})
    both = service.open_deal(ctx, {"name": "Wall", "contact_id": ana.id})
    involved.add_person(ctx, deal.id, double.id, "decision_maker", "champion")
    involved.add_person(ctx, both.id, ana.id, "other", "")
    involved.add_person(ctx, both.id, double.id, "decision_maker", "champion")
    before = parts(ctx, deal.id), parts(ctx, both.id)

    client = as_role("admin")
    client.post("/duplicates/contact/merge", {"id": [ana.id, double.id], "keep": ana.id})

    ctx.session.refresh(deal)
    assert deal.contact_id == ana.id
    assert parts(ctx, deal.id) == {(ana.id, "decision_maker", "champion")}
    assert (ana.id, "decision_maker", "champion") in parts(ctx, both.id)
    (back,) = soup(client.get("/operations")).select("form[action$='/undo']")[:1]
    client.post(str(back["action"]))
    ctx.session.refresh(deal)
    assert deal.contact_id == double.id
    assert (parts(ctx, deal.id), parts(ctx, both.id)) == before
    assert ctx.session.get(Contact, double.id) is not None
