"""Deals and quotes are found by the names of those they are with, never by their ids, and by nobody who may not see these."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from app.sdk.services import records
from app.testing.clients import Person
from app.testing.factories import Make

AsRole = Callable[..., Person]


def found(person: Person, words: str, deal_id: int) -> bool:
    """Whether somebody finds a deal by words."""
    return f"/sales/deals/{deal_id}" in person.get(f"/search?q={words}").text


def test_a_deal_is_found_by_the_names_of_those_it_is_with(as_role: AsRole, make: Make) -> None:
    for n in range(3):
        make.contact(given_name=f"Nobody{n}")
    ana, firm = make.contact(given_name="Annegret", family_name="Zoellner"), make.company(name="Wolkenbruch")
    deal = make(
        "sales.deal", name="Roof", contact_id=ana.id, company_id=firm.id, amount=Decimal(1), currency="EUR"
    )

    person = as_role("admin")
    assert found(person, "Zoellner", deal.id)
    assert found(person, "Wolkenbruch+Annegret", deal.id)
    records.update(make.ctx(), "company", firm.id, {"name": "Sonnenschein"})
    assert found(person, "Sonnenschein", deal.id)
    assert not found(person, "Wolkenbruch", deal.id)


def test_a_deal_is_not_found_by_the_number_of_its_contact(as_role: AsRole, make: Make) -> None:
    for n in range(20):
        ana = make.contact(given_name=f"Ana{chr(97 + n)}")
    deal = make("sales.deal", name="Roof", contact_id=ana.id)
    assert not found(as_role("admin"), str(ana.id), deal.id)


def test_nobody_finds_a_deal_by_a_contact_out_of_sight(as_role: AsRole, make: Make) -> None:
    far = make.user("rep", team="south")
    hidden = make.contact(given_name="Annegret", family_name="Zoellner", owner=far, team="south")
    deal = make("sales.deal", name="Roof", owner=make.user("rep", team="north"), team="north")
    records.update(make.ctx(), "sales.deal", deal.id, {"contact_id": hidden.id})
    colleague = as_role("rep", team="north")

    assert found(colleague, "Roof", deal.id)
    assert not found(colleague, "Zoellner", deal.id)
