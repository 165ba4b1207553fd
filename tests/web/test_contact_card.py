"""vCard download and QR code."""

from __future__ import annotations

from typing import Any

from app.formats.vcard_read import read_vcards
from app.testing.clients import soup


def test_the_file_has_what_may_be_seen_under_a_safe_name(make: Any, as_role: Any) -> None:
    acme = make.company(name="Acme")
    ana = make.contact(
        given_name="Ána/..\\",
        family_name="Lima\r\nX-EVIL:1",
        phone="+351 912 345 678",
        affiliations=[{"company_id": acme.id, "title": "CFO"}],
    )
    answer = as_role("manager").get(f"/contacts/{ana.id}.vcf")
    card = next(iter(read_vcards(answer.get_data())))

    assert answer.mimetype == "text/vcard"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "/" not in answer.headers["Content-Disposition"].split("filename=")[1].split(";")[0]
    assert (card.organization, card.title, card.phones[0].value) == ("Acme", "CFO", "+351 912 345 678")
    assert not card.extra


def test_the_code_is_on_the_page_and_says_when_it_cannot_be(make: Any, as_role: Any) -> None:
    ana = make.contact(given_name="Ana", family_name="Lima", email="ana@acme.pt", note="n" * 5000)
    long = make.contact(given_name="A" * 199, family_name="B" * 199, email="ana@" + "x" * 60 + ".pt", name="")
    acme = make.company()
    person = as_role("manager")

    assert soup(person.get(f"/contacts/{ana.id}/qr")).select_one("svg.qr title").get_text() == "Ana Lima"
    assert soup(person.get(f"/companies/{acme.id}/qr")).select_one("svg.qr")
    page = soup(person.get(f"/contacts/{long.id}/qr"))
    assert page.select_one("svg.qr") or "vCard" in page.get_text()
