"""Deals of other systems come in by their profiles, with the people and companies they are about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.sdk.models import Company, Contact
from app.testing.clients import Person
from app.testing.factories import Make

from ..deals import admin, stages
from ..deals.models import Deal

DATA = Path(__file__).resolve().parents[3] / "tests/data/profiles"
FILES = {
    "hubspot": ("companies", "contacts", "deals"),
    "salesforce": ("Account", "Contact", "Opportunity"),
    "pipedrive": ("organizations", "people", "deals"),
    "zoho": ("Accounts", "Contacts", "Deals"),
    "espocrm": ("Account", "Contact", "Opportunity"),
    "suitecrm": ("Accounts", "Contacts", "Opportunities"),
    "odoo": ("res_partner", "crm_lead"),
}
EXPECTED = {
    "hubspot": ("Two stands", "1500.50", "won", "2024-03-31", "Ana Lima", "Kiosk & Sons"),
    "salesforce": ("Roof of hall 3", "42000.00", "lost", "2024-05-30", "Nora Reed", "Northwind Solar"),
    "pipedrive": (
        "Ovens for the new shop",
        "20000.00",
        "won",
        "2024-06-30",
        "Nadia Chérif",
        "Nouvelle Boulangerie",
    ),
    "zoho": ("Ventanas", "7500.00", "won", "2024-07-31", "Lucía Ortega", "Talleres Prisma"),
    "espocrm": ("Halle 2", "18000.00", "won", "2024-04-30", "Jana Voß", "Fabrik Nord GmbH"),
    "suitecrm": ("Kitchen tops", "12000.00", "won", "2024-08-31", "", "Granite Works"),
    "odoo": ("Harina 2024", "9500.00", "won", "2024-09-15", "Inés Sosa", ""),
}


def lost_without_a_reason(make: Make) -> None:
    """Let deals be lost without a reason, as an administrator would before old deals come whose reason nobody noted."""
    ctx = make.ctx()
    of = stages.default_pipeline(ctx)
    lost = next(stage for stage in stages.stages(ctx, of) if stage.outcome == "lost")
    values = {n: getattr(lost, n) for n in ("name", "outcome", "probability", "expected_days", "retired")}
    admin.save_stage(ctx, of.id, lost.id, values | {"required": [], "checklist": []})


@pytest.mark.parametrize("system", FILES)
def test_a_deal_comes_with_what_it_is_about(
    make: Make, as_role: Callable[..., Person], run_jobs: Callable[[], int], system: str
) -> None:
    person: Any = as_role("manager")
    lost_without_a_reason(make)
    for name in FILES[system]:
        path = DATA / system / f"{name}.csv"
        with path.open("rb") as file:
            url = person.post("/import", {"entity": "contact", "file": (file, path.name)}).headers["Location"]
        assert person.post(url, {"do": "go"}).status_code == 303
        while run_jobs():
            pass
    ctx = make.ctx()
    query = select(Deal, Contact.formatted_name, Company.name)
    query = query.outerjoin(Contact, Contact.id == Deal.contact_id)
    deal, contact, company = ctx.session.execute(
        query.outerjoin(Company, Company.id == Deal.company_id)
    ).one()
    found = (deal.name, str(deal.amount), deal.outcome, deal.close_on, contact or "", company or "")
    assert found == EXPECTED[system]
