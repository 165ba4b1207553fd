from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from app.sdk.services import records
from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..quotes import content, issuing, pdf, tokens
from ..quotes.content import QUOTE
from .selling import deal

AsRole = Callable[..., Person]


def issued(make: Make, **values: Any) -> Any:
    ctx = make.ctx()
    return issuing.issue(ctx, content.from_deal(ctx, deal(make, **values)).id)


def unpacked(data: bytes) -> bytes:
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL)
    return b"".join(zlib.decompressobj().decompress(stream) for stream in streams if stream[:1] == b"x")


def offer(quote: Any) -> str:
    return f"/sales/offer/{tokens.of(quote)}"


def test_a_quote_is_made_and_issued_in_two_taps(as_role: AsRole, make: Make) -> None:
    person, made = as_role("admin"), deal(make)

    first = person.post("/action/sales/quote", {"id": made.id})
    page = person.get(first.headers["Location"])
    quote_id = int(first.headers["Location"].rpartition("/")[2])
    second = person.post("/action/sales/issue", {"id": quote_id})

    assert "Solar panel" in page.text
    assert "€2,782.23" in page.text
    assert second.status_code == 303
    shown = person.get(f"/sales/quotes/{quote_id}").text
    assert "-0001" in shown
    assert "/sales/offer/" in shown


def test_the_lines_of_a_deal_are_typed_without_a_script(as_role: AsRole, make: Make) -> None:
    person, made = as_role("admin"), deal(make, [])
    panel = make("sales.product", name="Panel", price=Decimal("199.90"), currency="EUR", unit="pc")
    address = f"/sales/lines/{made.id}"
    blank = {"lines": "0", "version": str(made.version)}

    page = soup(person.post(address, {**blank, "do": "add", "add_product": panel.id, "add_quantity": "3"}))
    fields = {tag["name"]: tag.get("value", "") for tag in page.select("#lines-form input[name]")}
    assert fields["lines-0-unit_price"] == "199.9"
    wrong = person.post(
        address, {**fields, "do": "save", "lines-0-recurring": "none", "lines-0-quantity": "x"}
    )
    good = person.post(
        address, {**fields, "do": "save", "lines-0-recurring": "none", "lines-0-discount": "10"}
    )

    assert wrong.status_code == 422
    assert "no number" in wrong.text
    assert good.status_code == 303
    ctx = make.ctx()
    assert records.get(ctx, "sales.deal", made.id).amount == Decimal("539.73")
    assert "Panel" in person.get(f"/panel/sales/lines?on=sales.deal:{made.id}", htmx=True).text


def test_a_draft_is_changed_with_its_lines(as_role: AsRole, make: Make) -> None:
    ctx, person = make.ctx(), as_role("admin")
    quote = content.from_deal(ctx, deal(make))
    address = f"/sales/quotes/{quote.id}/edit"
    page = soup(person.get(address))
    fields: dict[str, Any] = {
        tag["name"]: tag.get("value", "") for tag in page.select("#lines-form input[name]")
    }
    fields |= {"language": "de", "lines-0-recurring": "none", "lines-1-recurring": "none", "terms": "Net 30"}

    answer = person.post(address, {**fields, "do": "save", "discount": "10", "name": "Dach"})

    assert answer.status_code == 303
    ctx.session.expire_all()
    found = records.get(ctx, QUOTE, quote.id)
    assert (found.name, found.language, found.net) == ("Dach", "de", Decimal("2115.45"))


def test_the_customer_sees_only_the_quote_and_accepts_it(as_role: AsRole, make: Make) -> None:
    owner = make.user("rep", name="Rui Faria")
    quote = issued(make)
    with make.ctx().unit():
        quote.owner_id = owner.id
    customer = as_role(None)

    page = customer.get(offer(quote))
    answer = customer.post(offer(quote), {"name": "Ana Lima", "note": "Go", "answer": "accept"})

    assert page.status_code == 200
    assert page.headers["X-Robots-Tag"].startswith("noindex")
    assert page.headers["Cache-Control"] == "no-store"
    assert "<script" not in page.text
    assert not soup(page).select('a[href="/"]')
    assert answer.status_code == 303
    ctx = make.ctx()
    ctx.session.expire_all()
    found = records.get(ctx, QUOTE, quote.id)
    assert (found.status, found.decided_by, found.decided_note) == ("accepted", "Ana Lima", "Go")
    assert found.decided_from == "127.0.0.0/24"
    won = records.get(ctx, "sales.deal", found.deal_id)
    assert (won.outcome, won.amount) == ("won", Decimal("2350.50"))
    assert "Accepted by Ana Lima" in customer.get(offer(quote)).text
    again = customer.post(offer(quote), {"name": "Eve", "answer": "decline"})
    assert again.status_code == 422


def test_a_customer_declines(as_role: AsRole, make: Make) -> None:
    quote, customer = issued(make), as_role(None)
    customer.get(offer(quote))
    customer.post(offer(quote), {"name": "Ana", "answer": "decline"})
    ctx = make.ctx()
    ctx.session.expire_all()
    assert records.get(ctx, QUOTE, quote.id).status == "declined"
    assert records.get(ctx, "sales.deal", quote.deal_id).outcome == "open"


def test_an_answer_needs_a_name_and_our_own_page(as_role: AsRole, make: Make) -> None:
    quote, customer = issued(make), as_role(None)
    customer.get(offer(quote))
    assert customer.post(offer(quote), {"name": "", "answer": "accept"}).status_code == 422
    assert customer.post(offer(quote), {"name": "Ana", "answer": "accept"}, token=False).status_code == 403


def test_a_link_that_is_no_longer_good_shows_nothing_and_guessing_ends(as_role: AsRole, make: Make) -> None:
    customer = as_role(None)
    codes = [customer.get(f"/sales/offer/{'x' * 43}").status_code for _n in range(22)]
    assert codes[0] == 404
    assert codes[-1] == 429


def test_the_customer_reads_the_language_of_the_quote(as_role: AsRole, make: Make) -> None:
    ctx = make.ctx()
    quote = content.from_deal(ctx, deal(make))
    records.update(ctx, QUOTE, quote.id, {"language": "de"})
    issuing.issue(ctx, quote.id)
    page = soup(as_role(None).get(offer(quote)))
    assert page.html["lang"] == "de"
    assert "2.782,23" in page.text


def test_markup_in_a_quote_is_shown_as_text(as_role: AsRole, make: Make) -> None:
    rows = [{"description": "<script>alert(1)</script>", "quantity": "1", "unit_price": "1"}]
    quote = issued(make, rows=rows)
    for page in (as_role(None).get(offer(quote)), as_role("admin").get(f"/sales/quotes/{quote.id}/print")):
        assert "<script>alert" not in page.text


def test_a_quote_of_another_team_is_not_there(as_role: AsRole, make: Make) -> None:
    quote = content.from_deal(make.ctx(), deal(make, owner=make.user("rep", team="north"), team="north"))
    person = as_role("rep", team="south")
    for path in ("", "/edit", "/pdf", "/print"):
        assert person.get(f"/sales/quotes/{quote.id}{path}").status_code == 404


def test_without_pango_the_page_for_printing_is_offered(
    as_role: AsRole, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote = issued(make)
    monkeypatch.setattr(pdf, "_loaded", lambda: None)
    answer = as_role("admin").get(f"/sales/quotes/{quote.id}/pdf")
    assert answer.status_code == 503
    assert "libpango" in answer.text
    assert f"/sales/quotes/{quote.id}/print" in answer.text


@pytest.mark.skipif(not pdf.available(), reason="no Pango on this machine")
def test_the_pdf_is_on_the_paper_of_the_country(as_role: AsRole, make: Make) -> None:
    ctx = make.ctx()
    for country, box in (("PT", b"595.2"), ("US", b"612")):
        quote = content.from_deal(ctx, deal(make))
        records.update(ctx, QUOTE, quote.id, {"country": country})
        answer = as_role("admin").get(f"/sales/quotes/{quote.id}/pdf")
        assert answer.mimetype == "application/pdf"
        assert answer.data.startswith(b"%PDF")
        assert b"/MediaBox [0 0 " + box in unpacked(answer.data)


@pytest.mark.skipif(not pdf.available(), reason="no Pango on this machine")
def test_the_pdf_fetches_nothing_from_elsewhere() -> None:
    page = '<img src="file:///etc/passwd"><img src="http://127.0.0.1:9/x.png"><p>Fine</p>'
    assert pdf.render(page, {}).startswith(b"%PDF")
