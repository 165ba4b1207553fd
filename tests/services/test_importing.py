"""Importing address books as a service: what is new, what is there already, what is kept, what is taken back."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.kernel.errors import Invalid, NotAllowed
from app.models import Company, Contact, EventRow, ExternalId, ImportRow, ImportRun, JournalEntry
from app.services import (
    cards,
    import_pace,
    import_running,
    import_undo,
    importing,
    records,
)
from app.services.context import HouseContext
from app.services.import_options import Options
from app.testing.factories import Make

CARD = """BEGIN:VCARD
VERSION:4.0
UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1
FN:Ana Lima
N:Lima;Ana;;;
ORG:Acme;Sales
TITLE:CFO
EMAIL;TYPE=work:ana@acme.pt
TEL;TYPE=cell:+351 912 345 678
CATEGORIES:vip,fair
X-SHOE-SIZE:38
END:VCARD
"""


@pytest.fixture
def ctx(make: Make) -> HouseContext:
    return make.ctx(make.user("manager"))


@pytest.fixture
def put(ctx: HouseContext, tmp_path: Path) -> Any:
    """Import a text as a file and return the report."""

    def run(text: str, name: str = "people.vcf", duplicates: str = "skip", **more: Any) -> importing.Report:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return importing.import_file(ctx, path, duplicates=duplicates, **more)

    return run


def values(ctx: HouseContext, entity: str, record_id: int, *names: str) -> list[Any]:
    record = records.get(ctx, entity, record_id)
    found = [ctx.schema.field(entity, name) for name in names]
    return [f.load(ctx, [record_id])[record_id] if f.load else getattr(record, str(f.column)) for f in found]


def last_run(ctx: HouseContext) -> int:
    return ctx.session.scalar(select(func.max(ImportRun.id))) or 0


def only(ctx: HouseContext, model: Any = Contact) -> Any:
    return ctx.session.execute(select(model)).scalars().one()


def test_a_card_becomes_a_contact_with_all_it_says(ctx: HouseContext, put: Any) -> None:
    report = put(CARD)
    assert (report.created, report.failed, report.companies) == (1, 0, 1)
    ana = only(ctx)
    emails, phones, places, tags = values(ctx, "contact", ana.id, "emails", "phones", "affiliations", "tags")
    assert (ana.given_name, ana.family_name, ana.source) == ("Ana", "Lima", "import")
    assert (emails[0]["value"], emails[0]["kind"], phones[0]["value"]) == (
        "ana@acme.pt",
        "work",
        "+351 912 345 678",
    )
    assert (places[0]["company"], places[0]["title"], places[0]["department"]) == ("Acme", "CFO", "Sales")
    assert set(tags) == {"vip", "fair"}
    assert values(ctx, "company", places[0]["company_id"], "domains") == [["acme.pt"]]
    assert [(p.name, p.values) for p in cards.further(ana.extra)] == [("x-shoe-size", ("38",))]


def test_the_same_file_again_makes_nothing_new(ctx: HouseContext, put: Any) -> None:
    put(CARD)
    again = put(CARD)
    assert (again.created, again.skipped) == (0, 1)
    assert "Ana Lima" in again.lines[0][2]
    for mode in ("update", "replace"):
        assert (put(CARD, duplicates=mode).updated, put(CARD, duplicates=mode).created) == (0, 0)
    assert put(CARD, duplicates="create").created == 1


@pytest.mark.parametrize(
    ("row", "same"),
    [
        ("Somebody Else,ANA@acme.pt,,", True),
        ("A. Lima,,00351 912-345-678,", True),
        ("Bruno Costa,,+351 912 345 678,", False),
        ("Ana Lima,other@acme.pt,,Acme", True),
        ("Ana Lima,other@home.pt,,", False),
        ("Ana Lima,,,", False),
    ],
)
def test_who_is_taken_for_the_same(ctx: HouseContext, put: Any, make: Make, row: str, same: bool) -> None:
    make.contact(
        given_name="Ana",
        family_name="Lima",
        email="ana@acme.pt",
        phone="+351 912 345 678",
        affiliations=[{"company": "Acme"}],
    )
    report = put(f"Name,E-mail,Phone,Company\n{row}\n", "people.csv")
    assert (report.skipped, report.created) == ((1, 0) if same else (0, 1))


def test_a_shared_office_address_does_not_make_two_people_one(ctx: HouseContext, put: Any) -> None:
    report = put(
        "Name,E-mail\nAna Lima,info@acme.pt\nBruno Costa,info@acme.pt\nAna Lima,info@acme.pt\n", "a.csv"
    )
    assert (report.created, report.skipped) == (2, 1)


def test_filling_keeps_what_is_there_and_tells_what_it_did_not_take(
    ctx: HouseContext, put: Any, make: Make
) -> None:
    ana = make.contact(
        given_name="Ana", family_name="Lima", email="ana@acme.pt", birthday="1980-04-12", note="Old."
    )
    text = CARD.replace("X-SHOE-SIZE:38", "BDAY:19810101\nGENDER:F\nNOTE:New.\nEMAIL:ana@home.pt")
    report = put(text, duplicates="update")
    assert report.updated == 1
    birthday, gender, note, emails = values(ctx, "contact", ana.id, "birthday", "gender", "note", "emails")
    assert (birthday, gender, note) == ("1980-04-12", "F", "Old.\n\nNew.")
    assert [e["value"] for e in emails] == ["ana@acme.pt", "ana@home.pt"]
    assert "1981-01-01" in report.lines[0][2]
    put(text, duplicates="replace")
    assert values(ctx, "contact", ana.id, "birthday") == ["1981-01-01"]


def test_a_row_that_is_refused_does_not_take_others_with_it(
    ctx: HouseContext, put: Any, monkeypatch: Any
) -> None:
    real = records.create_many

    def refuse(asked: Any, entity: str, rows: Any) -> Any:
        if entity == "contact":
            raise ValueError("somewhere in the batch")
        return real(asked, entity, rows)

    def choosy(asked: Any, entity: str, row: Any, **more: Any) -> Any:
        if row.get("given_name") == "Bad":
            raise ValueError("not this one")
        return made(asked, entity, row, **more)

    made = records.create
    monkeypatch.setattr(records, "create_many", refuse)
    monkeypatch.setattr(records, "create", choosy)
    report = put("First name,Last name\nAna,Lima\nBad,Row\nRui,Faria\n", "people.csv")
    assert (report.created, report.failed) == (2, 1)
    assert report.lines[0][0] == 2
    assert "Bad" in report.lines[0][1]


def test_a_dry_run_writes_nothing(ctx: HouseContext, put: Any) -> None:
    report = put(CARD + CARD, dry_run=True)
    assert (report.created, report.skipped) == (1, 1)
    for model in (Contact, Company, ImportRun, ImportRow, JournalEntry, EventRow, ExternalId):
        assert ctx.session.scalar(select(func.count()).select_from(model)) == 0, model


def test_texts_too_long_for_their_field_are_whole_in_the_notes(ctx: HouseContext, put: Any) -> None:
    name, page = "Lima " * 60, "https://example.org/" + "a" * 1200
    report = put(f"First name,Last name,Web page\nAna,{name},{page}\n", "people.csv")
    ana = only(ctx)
    assert (report.created, ana.given_name) == (1, "Ana")
    assert name.strip() in ana.note
    assert page in ana.note


def test_people_and_groups_of_a_file_are_tied_together(ctx: HouseContext, put: Any) -> None:
    other = "BEGIN:VCARD\nVERSION:4.0\nUID:u2\nFN:Bo Lima\nN:Lima;Bo;;;\nRELATED;TYPE=parent;VALUE=text:Ana Lima\n"
    other += "RELATED;TYPE=friend;VALUE=text:Nobody Here\nEND:VCARD\n"
    group = "BEGIN:VCARD\nVERSION:4.0\nKIND:group\nFN:Choir\nMEMBER:u2\nMEMBER:mailto:ana@acme.pt\nMEMBER:u9\nEND:VCARD\n"
    report = put(group + CARD + other)
    found = {c.formatted_name: c.id for c in ctx.session.execute(select(Contact)).scalars()}
    relations, extra, tags = values(ctx, "contact", found["Bo Lima"], "relations", "extra", "tags")
    assert [(r["other_id"], r["type"]) for r in relations] == [(found["Ana Lima"], "parent")]
    back = values(ctx, "contact", found["Ana Lima"], "relations", "tags")
    assert back[0][0]["type"] == "child"
    assert "Choir" in tags
    assert "Choir" in back[1]
    assert [p.values[0] for p in cards.further(extra)] == ["Nobody Here"]
    assert "u9" in next(message for _number, words, message in report.lines if words == "Choir")


def test_taking_back_restores_what_nobody_changed_since(ctx: HouseContext, put: Any, make: Make) -> None:
    ana = make.contact(given_name="Ana", family_name="Lima", email="ana@acme.pt")
    report = put(CARD.replace("X-SHOE-SIZE:38", "GENDER:F\nNOTE:New."), duplicates="update")
    records.update(ctx, "contact", ana.id, {"note": "Mine."})
    import_undo.ask(ctx, report.run_id)
    import_undo.undo(ctx, report.run_id)
    gender, note, tags, places, phones = values(
        ctx, "contact", ana.id, "gender", "note", "tags", "affiliations", "phones"
    )
    assert (gender, note, tags, places, phones) == ("", "Mine.", [], [], [])
    assert ctx.session.scalar(select(func.count()).select_from(Company)) == 0
    assert importing.get(ctx, report.run_id).state == "undone"
    assert put(CARD, duplicates="create").created == 1


def test_somebody_in_the_trash_is_not_in_the_way(ctx: HouseContext, put: Any) -> None:
    put(CARD)
    records.trash(ctx, "contact", [only(ctx).id])
    assert put(CARD).created == 1
    assert put(CARD).skipped == 1


def test_who_may_not_import_or_not_change_others_is_stopped(make: Make, tmp_path: Path) -> None:
    path = tmp_path / "people.vcf"
    path.write_text(CARD)
    with pytest.raises(NotAllowed):
        importing.import_file(make.ctx(make.user("representative")), path)


def test_owner_and_tags_go_to_all_new_contacts(ctx: HouseContext, make: Make) -> None:
    colleague = make.user("representative")
    run_id = importing.start(ctx, "people.vcf", CARD.encode()).id
    importing.choose(ctx, run_id, Options(owner_id=colleague.id, tags=("fair",)))
    importing.begin(ctx, run_id)
    import_running.run(ctx, run_id)
    ana = only(ctx)
    assert ana.owner_id == colleague.id
    assert "fair" in values(ctx, "contact", ana.id, "tags")[0]


def test_duplicates_are_looked_up_for_a_whole_batch(ctx: HouseContext, put: Any, queries: Any) -> None:
    rows = [f"Person {n},p{n}@example.org,+35191200{n:04},Firm {n % 7}\n" for n in range(100)]
    text = "Name,E-mail,Phone,Company\n" + "".join(rows)
    put(text, "people.csv")
    with queries() as seen:
        assert put(text, "people.csv").skipped == 100
    assert len(seen) < 60


@pytest.mark.parametrize("cell", ["javascript:alert(1)", " data:text/html,x"])
def test_a_link_that_would_run_is_kept_but_no_link(ctx: HouseContext, put: Any, cell: str) -> None:
    put(f"Name,Web page\nAna Lima,{json.dumps(cell)}\n", "people.csv")
    links, extra = values(ctx, "contact", only(ctx).id, "links", "extra")
    assert links == []
    assert cell.strip() in str(cards.further(extra))


def test_an_empty_card_is_told_and_makes_nobody(ctx: HouseContext, put: Any) -> None:
    report = put("BEGIN:VCARD\nVERSION:4.0\nFN:\nNOTE:only a note\nEND:VCARD\n" + CARD)
    assert (report.created, report.failed) == (1, 1)
    assert "only a note" in report.lines[0][1]


def test_a_huge_json_file_is_refused_before_it_is_read(ctx: HouseContext) -> None:
    with pytest.raises(Invalid, match="8 megabytes"):
        importing.start(ctx, "bomb.json", b"[" + b"[]," * 3_000_000 + b"[]]")


def test_a_month_later_the_run_is_forgotten_and_its_contacts_stay(ctx: HouseContext, put: Any) -> None:
    run_id = put(CARD).run_id
    assert importing.forget(ctx) == 0
    ctx.now += timedelta(days=31)
    assert importing.forget(ctx) == 1
    assert ctx.session.scalar(select(func.count()).where(ImportRow.run_id == run_id)) == 0
    assert only(ctx).family_name == "Lima"


def test_tables_that_grow_are_counted_where_the_database_does_not_know(
    ctx: HouseContext, put: Any, queries: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(import_pace, "LOOK", 1)
    with queries() as seen:
        put("First name,Last name\nAna,Lima\nRui,Faria\n", "people.csv")
    counted = [s for s in seen if s.startswith("ANALYZE")]
    assert len(counted) == (1 if ctx.session.get_bind().dialect.name == "postgresql" else 0)
    assert all("contact" in s and "search_doc" in s for s in counted)
