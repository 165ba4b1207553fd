"""Leads come by the import of the core: a table with who they are, or without."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from app.sdk import Context
from app.sdk.models import Contact
from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..leads.models import AssignRule, Lead

TABLE = """Name,E-mail,Phone,Company,Topic,Lead source,Campaign
Rosa Alves,rosa@alves.example,+351 213 456 789,Alves Lda,Roof,Fair,Spring
Rosa A.,ROSA@alves.example,,,Carport,Website,
,,,,Lead 660737,Olark Chat,
"""


def imported(person: Person, run_jobs: Callable[[], int], text: str) -> Any:
    """Send a file, let it be looked at and imported, and return the page of its report."""
    data = {"file": (io.BytesIO(text.encode()), "leads.csv"), "entity": "sales.lead"}
    url = person.post("/import", data, content_type="multipart/form-data").location
    person.post(url, {"do": "go", "duplicates": "create"})
    run_jobs()
    return soup(person.get(url))


def seen(ctx: Context, query: Any) -> list[Any]:
    ctx.session.expire_all()
    ctx.session.info["ctx"] = ctx
    return list(ctx.session.execute(query).scalars())


def test_a_table_of_leads_makes_their_contacts_and_gives_them_away(
    as_role: Callable[..., Person], make: Make, run_jobs: Callable[[], int]
) -> None:
    ctx, ana = make.ctx(), make.user("rep", name="Ana")
    with ctx.unit():
        ctx.session.add(AssignRule(name="All", people=[{"user_id": ana.id, "weight": 1}], mapping={}))

    imported(as_role("manager"), run_jobs, TABLE)

    leads = seen(ctx, select(Lead).order_by(Lead.id))
    assert [(lead.name, lead.channel, lead.campaign) for lead in leads] == [
        ("Rosa Alves · Roof", "Fair", "Spring"),
        ("Rosa Alves · Carport", "Website", ""),
        ("Lead 660737", "Olark Chat", ""),
    ]
    assert leads[0].contact_id == leads[1].contact_id
    assert {lead.owner_id for lead in leads} == {ana.id}
    assert seen(ctx, select(func.count(Contact.id))) == [1]
