"""Exports: what is in them, for whom, and that no spreadsheet runs it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.kernel.errors import Invalid, NotAllowed, NotVisible
from app.models import AuditRow
from app.services import exporting
from app.services.bulk_choice import Chosen
from app.services.context import HouseContext
from app.services.exporting import Wanted
from app.testing.factories import Make

EVERY = Chosen(every=True)


@pytest.fixture
def ctx(make: Make) -> HouseContext:
    return make.ctx(make.user("manager"))


def wanted(entity: str = "contact", kind: Any = "csv", **more: Any) -> Wanted:
    return Wanted(entity=entity, format=kind, **{"chosen": EVERY, **more})


def table(ctx: HouseContext, asked: Wanted) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(exporting.text(ctx, asked)), newline="")))


def test_a_list_becomes_a_table_with_names_for_what_it_points_at(make: Make, ctx: HouseContext) -> None:
    make.contact(given_name="Ana", family_name="Lima", owner_id=ctx.user.id)
    (row,) = table(ctx, wanted())
    assert (row["Given name"], row["Family name"]) == ("Ana", "Lima")
    assert "@" in row["Owner"]
    assert len(row["Kith UID"]) == 36


def test_several_values_stand_in_one_cell_with_their_kinds(make: Make, ctx: HouseContext) -> None:
    make.contact(
        given_name="Ana",
        emails=[
            {"value": "ana@acme.pt", "kind": "work", "preferred": True},
            {"value": "a@home.pt", "kind": "", "preferred": False},
        ],
    )
    assert table(ctx, wanted())[0]["E-mail"] == "ana@acme.pt (work)\na@home.pt"


def test_nothing_in_a_csv_is_run_and_numbers_stay_as_they_are(make: Make, ctx: HouseContext) -> None:
    make.contact(given_name="=1+1", note="@SUM(A1)", phones=[{"value": "+351 912 345 678"}])
    (row,) = table(ctx, wanted())
    assert (row["Given name"], row["Notes"]) == ("'=1+1", "'@SUM(A1)")
    assert row["Phone"] == "+351 912 345 678"


def test_a_workbook_holds_texts_and_no_formulas(make: Make, ctx: HouseContext) -> None:
    make.contact(given_name="=1+1", family_name="https://example.org")
    with exporting.workbook(ctx, wanted(kind="xlsx", columns=("given_name", "family_name"))) as made:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(made.read())).get_sheet_by_index(0).to_python()
    assert rows[0][1:] == ["Given name", "Family name"]
    assert rows[1][1:] == ["=1+1", "https://example.org"]


def test_json_lines_hold_whole_values(make: Make, ctx: HouseContext) -> None:
    make.company(name="Acme", number_of_employees=12)
    (line,) = "".join(exporting.text(ctx, wanted("company", "jsonl"))).splitlines()
    record = json.loads(line)
    assert (record["name"], record["number_of_employees"], record["emails"]) == ("Acme", 12, [])


def test_vcards_are_of_people_and_companies_only(make: Make, ctx: HouseContext) -> None:
    make.contact(given_name="Ana", family_name="Lima")
    assert "FN:Ana Lima" in "".join(exporting.text(ctx, wanted(kind="vcard")))
    with pytest.raises(Invalid):
        exporting.require(ctx, wanted("task", "vcard"))


def test_only_what_was_ticked_leaves(make: Make, ctx: HouseContext) -> None:
    ana, _rui = make.contact(given_name="Ana"), make.contact(given_name="Rui")
    rows = table(ctx, wanted(chosen=Chosen(ids=(ana.id,))))
    assert [row["Given name"] for row in rows] == ["Ana"]


def test_an_export_in_batches_leaves_nobody_out(make: Make, ctx: HouseContext, monkeypatch: Any) -> None:
    monkeypatch.setattr(exporting, "BATCH", 2)
    for number in range(5):
        make.contact(given_name=f"P{number}")
    assert [row["Given name"] for row in table(ctx, wanted())] == ["P0", "P1", "P2", "P3", "P4"]


def test_who_may_not_export_gets_nothing(make: Make) -> None:
    make.contact(given_name="Ana")
    with pytest.raises(NotAllowed):
        exporting.require(make.ctx(make.user("representative")), wanted())
    with pytest.raises(NotVisible):
        exporting.require(make.ctx(make.user("manager")), wanted("nothing"))


def test_an_export_is_in_the_audit_log(ctx: HouseContext) -> None:
    exporting.noted(ctx, wanted())
    row = ctx.session.execute(select(AuditRow).order_by(AuditRow.id.desc()).limit(1)).scalar_one()
    assert (row.action, row.object, row.actor_id) == ("records.export", "list:contact", ctx.user.id)


def test_a_hidden_field_is_not_in_the_file(make: Make, ctx: HouseContext) -> None:
    make.contact(given_name="Ana", note="secret words")
    assert "secret words" in "".join(exporting.text(ctx, wanted(kind="jsonl")))
    blind = replace(ctx, user=replace(ctx.user, hidden=frozenset({"contact.note"}), memo={}))
    assert "secret words" not in "".join(exporting.text(blind, wanted(kind="jsonl")))
    assert "Notes" not in table(blind, wanted())[0]


@pytest.mark.parametrize("entity", ["contact", "company"])
def test_address_books_take_as_many_statements_for_many_as_for_few(
    entity: str, make: Make, ctx: HouseContext, queries: Any
) -> None:
    def asked() -> int:
        with queries() as seen:
            text = "".join(exporting.text(ctx, wanted(entity, "vcard")))
        assert text.count("BEGIN:VCARD") == made
        return len(seen)

    def some(count: int) -> int:
        for n in range(count):
            email = [{"value": f"p{n}@acme.pt", "kind": "work", "preferred": True}]
            if entity == "contact":
                make.contact(
                    given_name=f"P{n}", emails=email, tags=["vip"], affiliations=[{"company": "Acme"}]
                )
            else:
                make.company(name=f"Firm {n}", emails=email, tags=["vip"])
        return count

    made = some(2)
    few = asked()
    made += some(20)
    assert asked() == few
