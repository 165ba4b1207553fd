"""Likely duplicates: by address, by number in any format, by name and company; never of what is out of sight."""

from __future__ import annotations

from typing import Any

import pytest

from app.services import duplicates, records
from app.services.context import acting
from app.services.duplicates import Wanted


def test_the_same_address_and_number_are_found_in_any_spelling(make: Any) -> None:
    ana = make.contact(email="Ana.Lima@Acme.PT", phone="+351 912 345 678")
    ctx = make.ctx()

    by_mail = duplicates.of_contact(ctx, Wanted(emails=["ana.lima@acme.pt"]))
    by_phone = duplicates.of_contact(ctx, Wanted(phones=["00351 912-345-678"]))

    assert [(m.id, m.sure) for m in by_mail] == [(ana.id, True)]
    assert [(m.id, m.sure) for m in by_phone] == [(ana.id, True)]
    assert by_mail[0].reason != by_phone[0].reason


@pytest.mark.parametrize(
    ("name", "company", "sure"),
    [
        ("Ana Lima", "", False),
        ("Lima Ana", "", False),
        ("Ana Lima", "ACME ltd", True),
        ("Anna Lima", "Acme Ltd", True),
        ("A. Lima", "Acme Ltd", True),
        ("Anita Lima", "", False),
        ("Anita Lima", "Acme Ltd", True),
    ],
)
def test_names_count_with_the_company(make: Any, name: str, company: str, sure: bool) -> None:
    acme = make.company(name="Acme Ltd")
    ana = make.contact(given_name="Ana", family_name="Lima", affiliations=[{"company_id": acme.id}])

    found = duplicates.of_contact(make.ctx(), Wanted(name=name, company=company))

    assert [(m.id, m.sure) for m in found] == [(ana.id, sure)]


def test_other_people_of_the_company_are_no_duplicates(make: Any) -> None:
    acme = make.company(name="Acme Ltd")
    make.contact(given_name="Jorge", family_name="Brandão", affiliations=[{"company_id": acme.id}])

    assert duplicates.of_contact(make.ctx(), Wanted(name="Ana Lima", company="Acme Ltd")) == []


def test_the_trash_never_blocks_and_nobody_learns_of_what_he_may_not_see(make: Any) -> None:
    ctx = make.ctx()
    gone = make.contact(email="gone@acme.pt")
    records.trash(ctx, "contact", [gone.id])
    make.contact(email="secret@acme.pt", team="south")
    rep = make.ctx(make.user("representative", team="north"))

    assert duplicates.of_contact(ctx, Wanted(emails=["gone@acme.pt"])) == []
    with acting(rep):
        assert duplicates.of_contact(rep, Wanted(emails=["secret@acme.pt"])) == []


def test_companies_meet_by_domain_and_by_name_without_legal_form(make: Any) -> None:
    acme = make.company(name="Acme Roofing", domains=["acme.pt"])
    ctx = make.ctx()

    for wanted in (
        Wanted(domains=["acme.pt"]),
        Wanted(name="ACME Roofing Lda"),
        Wanted(emails=["x@mail.acme.pt"]),
    ):
        assert [m.id for m in duplicates.of_company(ctx, wanted)] == [acme.id]
    assert duplicates.of_company(ctx, Wanted(name="Acme Roofing", exclude=acme.id)) == []


@pytest.mark.parametrize(
    ("wanted", "sure"),
    [
        (Wanted(emails=["Office@Sunroof.PT"]), True),
        (Wanted(phones=["00351 213 000 000"]), True),
        (Wanted(name="Sunroof Lda"), True),
        (Wanted(name="Sunrof"), False),
    ],
)
def test_a_company_is_known_by_address_number_and_nearly_its_name(
    make: Any, wanted: Wanted, sure: bool
) -> None:
    there = make.company(
        name="Sunroof", emails=[{"value": "office@sunroof.pt"}], phones=[{"value": "+351 213 000 000"}]
    )
    make.company(name="Moonroof")

    found = duplicates.of_company(make.ctx(), wanted)

    assert [(m.id, m.sure) for m in found] == [(there.id, sure)]
