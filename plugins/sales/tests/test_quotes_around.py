"""Quotes around themselves: approvals, panels, the timeline, lists, what the owner is told."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.sdk import Context
from app.sdk.services import approvals, records
from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..products.entities import PRODUCT
from ..quotes import content, deciding, demo, document, issuing, tokens
from ..quotes.content import QUOTE
from ..quotes.models import Quote
from .selling import LINES, deal

AsRole = Callable[..., Person]
CHECKED = {"checked": ["The need is understood"]}


@pytest.fixture
def ctx(make: Make) -> Context:
    return make.ctx()


def accepted(ctx: Context, make: Make, **values: Any) -> Any:
    quote = issuing.issue(ctx, content.from_deal(ctx, deal(make, **values)).id)
    return deciding.decide(ctx, quote.id, deciding.Answer(accepted=True, name="Ana Lima"))


def test_a_large_discount_waits_for_a_manager(
    as_role: AsRole, as_user: Callable[[Any], Person], make: Make
) -> None:
    panel = make(PRODUCT, name="Panel", price=Decimal(200), currency="EUR")
    row = {"product_id": panel.id, "description": "Panel", "quantity": "1", "unit_price": "150"}
    rep = make.user("rep", team="north")
    quote = content.from_deal(make.ctx(rep), deal(make, [row], owner=rep, team="north"))
    manager = make.user("manager", team="north")

    as_user(rep).post("/action/sales/issue", {"id": quote.id})
    asked = make.ctx(manager)
    waiting = approvals.for_me(asked)
    status = records.get(asked, QUOTE, quote.id).status
    as_user(manager).post(f"/approvals/{waiting[0].id}", {"do": "approve", "note": "Fine"})

    assert status == "draft"
    assert "25 %" in waiting[0].reason
    asked.session.expire_all()
    assert records.get(make.ctx(manager), QUOTE, quote.id).number


def test_what_was_bought_stands_beside_person_and_company(ctx: Context, as_role: AsRole, make: Make) -> None:
    quote = accepted(ctx, make)
    without = deal(make, [LINES[1]], name="Without a quote")
    records.update(
        ctx, "sales.deal", without.id, {**CHECKED, "contact_id": quote.contact_id, "company_id": None}
    )
    from ..deals import service

    service.win(ctx, [records.get(ctx, "sales.deal", without.id)])
    person = as_role("admin")

    beside = person.get(f"/panel/sales/bought?on=contact:{quote.contact_id}", htmx=True).text
    company = person.get(f"/panel/sales/bought_by_company?on=company:{quote.company_id}", htmx=True).text

    assert beside.count("Mounting") == 2
    assert beside.count("Solar panel") == 1
    assert company.count("Mounting") == 1
    other = make.contact()
    assert "Bought" not in person.get(f"/panel/sales/bought?on=contact:{other.id}", htmx=True).text


def test_quotes_of_a_deal_and_the_way_to_one_more(ctx: Context, as_role: AsRole, make: Make) -> None:
    quote = accepted(ctx, make)
    panel = soup(as_role("admin").get(f"/panel/sales/quotes?on=sales.deal:{quote.deal_id}", htmx=True))
    assert quote.number in panel.text
    assert panel.select_one("form[action$='/action/sales/quote'] button") is not None


def test_the_timeline_tells_when_it_was_issued_and_accepted(
    ctx: Context, as_role: AsRole, make: Make
) -> None:
    quote = accepted(ctx, make)
    page = as_role("admin").get(f"/contacts/{quote.contact_id}")
    heads = [" ".join(one.text.split()) for one in soup(page).select(".tl-h > span")]
    assert page.text.count(f"{quote.number} {quote.name}") == 2
    assert "Ana Lima accepted a quote" in heads
    assert (
        "Deal won" in heads
    )  # by nobody of us: the name of what happened, not followed by what somebody did
    assert [head for head in heads if head.startswith("Quote") and head != "Quote issued"] == []


def test_the_owner_is_told_by_whom_and_that_the_deal_is_won(
    ctx: Context, as_role: AsRole, as_user: Callable[[Any], Person], make: Make
) -> None:
    owner = make.user("manager")
    quote = issuing.issue(ctx, content.from_deal(ctx, deal(make, owner=owner)).id)
    with ctx.unit():
        quote.owner_id = owner.id
    customer = as_role(None)
    address = f"/sales/offer/{tokens.of(quote)}"
    customer.get(address)
    customer.post(address, {"name": "Ana", "answer": "accept"})
    assert f"Ana has accepted quote {quote.number}" in as_user(owner).get("/notifications").text


def test_a_decision_that_a_colleague_noted_can_be_taken_back(
    ctx: Context, as_role: AsRole, make: Make
) -> None:
    person = as_role("admin")
    quote = issuing.issue(ctx, content.from_deal(ctx, deal(make)).id)
    quote_id, deal_id = quote.id, quote.deal_id
    person.post("/action/sales/accept", {"id": quote_id, "sent": "1", "name": "Ana by phone"})
    page = soup(person.get(f"/sales/quotes/{quote_id}"))
    undo = page.select_one("#toasts form")
    assert undo is not None
    person.post(str(undo["action"]))
    ctx.session.expire_all()
    assert records.get(ctx, QUOTE, quote_id).status == "issued"
    assert records.get(ctx, "sales.deal", deal_id).outcome == "open"


def test_lists_show_open_and_expiring_quotes(ctx: Context, as_role: AsRole, make: Make) -> None:
    quote = issuing.issue(ctx, content.from_deal(ctx, deal(make)).id)
    person = as_role("admin")
    number = quote.number
    assert number in person.get(f"/list/{QUOTE}?view=sales.open_quotes").text
    assert number not in person.get(f"/list/{QUOTE}?view=sales.expiring_quotes").text
    assert number in person.get(f"/export/{QUOTE}?format=csv").text
    assert number in person.get(f"/search?q={number}").text


def test_the_demonstration_has_quotes_in_every_state(ctx: Context, make: Make) -> None:
    owner = make.user("manager")
    made = [deal(make, owner=owner, name=f"Deal {n}") for n in range(10)]
    with ctx.unit():
        for one in made:
            one.owner_id = owner.id
    for _time in range(2):
        with ctx.unit():
            demo.build(ctx)
    ctx.session.expire_all()
    states = set(ctx.session.execute(select(Quote.status)).scalars())
    assert {"draft", "issued", "replaced", "expired", "declined"} <= states


def test_what_was_bought_costs_what_the_customer_pays(ctx: Context, as_role: AsRole, make: Make) -> None:
    rows = [{"description": f"Panel {n}", "quantity": "1", "unit_price": "33.33"} for n in range(3)]
    draft = content.from_deal(ctx, deal(make, rows))
    records.update(ctx, QUOTE, draft.id, {"discount": Decimal(10)})
    quote = issuing.issue(ctx, draft.id)
    deciding.decide(ctx, quote.id, deciding.Answer(accepted=True, name="Ana Lima"))

    panel = as_role("admin").get(f"/panel/sales/bought?on=contact:{quote.contact_id}", htmx=True).text

    assert sum(content.paid(ctx, [quote]).values()) == quote.net == Decimal("89.99")
    assert panel.count("€30.00") == 2
    assert "€29.99" in panel


def test_an_empty_quote_says_at_its_place_why_it_is_not_issued(
    ctx: Context, as_role: AsRole, make: Make
) -> None:
    quote, person = content.from_deal(ctx, deal(make, [])), as_role("admin")
    page = soup(person.get(f"/sales/quotes/{quote.id}"))
    assert page.select_one(".quick form[action$='/action/sales/issue']") is None
    assert "Add at least one line" in str(page.select_one(".alert"))

    answer = person.post("/action/sales/issue", {"id": quote.id})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/sales/quotes/{quote.id}"
    assert "Add at least one line" in str(soup(person.get(answer.headers["Location"])).select_one("#toasts"))


@pytest.mark.parametrize("way", ["#toasts form", "form[action^='/operations/']"])
def test_issuing_is_undone_wherever_undo_is_offered(
    ctx: Context, as_role: AsRole, make: Make, way: str
) -> None:
    quote, person = content.from_deal(ctx, deal(make)), as_role("admin")
    quote_id = quote.id
    person.post("/action/sales/issue", {"id": quote_id})
    page = f"/sales/quotes/{quote_id}" if "toasts" in way else "/operations"
    undo = soup(person.get(page)).select_one(way)
    assert undo is not None

    person.post(str(undo["action"]))

    ctx.session.expire_all()
    found = records.get(ctx, QUOTE, quote_id)
    assert (found.status, found.issued_on, found.issued_at, tokens.of(found)) == ("draft", "", None, "")
    assert found.number.endswith("-0001")


def test_approval_is_offered_until_it_was_asked_for(
    ctx: Context, as_role: AsRole, as_user: Callable[[Any], Person], make: Make
) -> None:
    panel = make(PRODUCT, name="Panel", price=Decimal(200), currency="EUR")
    row = {"product_id": panel.id, "description": "Panel", "quantity": "1", "unit_price": "150"}
    rep = make.user("rep", team="north")
    make.user("manager", team="north")
    quote = content.from_deal(make.ctx(rep), deal(make, [row], owner=rep, team="north"))
    person, address = as_user(rep), f"/sales/quotes/{quote.id}"

    before = soup(person.get(address)).select_one(".quick")
    person.post("/action/sales/issue", {"id": quote.id})
    page = soup(person.get(address))

    assert "Ask for approval" in str(before)
    assert "Ask for approval" not in str(page.select_one(".quick"))
    assert ["Waits for an approval" in str(one) for one in page.select("main .alert")] == [True]
    assert page.select_one("#toasts form") is None
    records.update(make.ctx(), QUOTE, quote.id, {"lines": [{**row, "unit_price": "200"}]})
    assert "Ask for approval" not in person.get(address).text


def test_the_offer_says_on_which_day_it_was_accepted(ctx: Context, as_role: AsRole, make: Make) -> None:
    quote = issuing.issue(ctx, content.from_deal(ctx, deal(make)).id)
    address = f"/sales/offer/{tokens.of(quote)}"
    deciding.decide(ctx, quote.id, deciding.Answer(accepted=True, name="Ana Lima", address="127.0.0.1"))
    day = document.of(ctx, quote).issued_on
    assert f"Accepted by Ana Lima on {day}. Thank you!" in as_role(None).get(address).text
