"""What is exported imports again without loss: every format, every kind of record, every odd text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.kernel.contributions import Kind
from app.services import export_columns, exporting, fields, import_mapping, importing, records
from app.services.bulk_choice import Chosen
from app.services.context import HouseContext
from app.services.exporting import FORMATS, Wanted
from app.services.values import dump
from app.testing.factories import Make

ODD = [
    "=1+1",
    "'=1+1",
    "  blanks around  ",
    "+351 912",
    "'+351 912",
    '="01"',
    "json:[1]",
    '[{"a":1}]',
    "tab\tline\nend",
    "a,b;c|d",
    '"quoted"',
    "Zoë 田中 👩‍👩‍👧 \u202eabc",
    "ends with (work)",
    "-",
    "0123",
]
TABLES = ("csv", "xlsx", "jsonl")


@pytest.fixture
def ctx(make: Make) -> HouseContext:
    return make.ctx(make.user("administrator"))


def person(make: Make, ctx: HouseContext) -> Any:
    return make.contact(
        given_name="Ana",
        family_name="de Lima",
        honorific_prefix="Dr.",
        nickname="=Nana",
        emails=[
            {"value": "ana@acme.pt", "kind": "work", "preferred": True},
            {"value": "ana@home.pt", "kind": "", "preferred": False},
        ],
        phones=[{"value": "+351 912 345 678", "kind": "cell", "preferred": True}],
        addresses=[
            {
                "street_address": "Rua do Norte 1",
                "locality": "Lisboa",
                "country_code": "PT",
                "preferred": True,
            },
            {"street_address": "Elsewhere", "kind": "home", "preferred": False},
        ],
        links=[{"value": "https://acme.pt", "service": "linkedin", "kind": "work", "preferred": True}],
        affiliations=[
            {"company": "Acme, Ltd", "title": "CFO", "is_primary": True},
            {"company": "Old Co", "ended_on": "2020-01", "is_primary": False},
        ],
        birthday="--04-12",
        anniversary="2001",
        tags=["vip", "a, b"],
        languages="pt,en",
        note=ODD[8],
        lifecycle_stage="customer",
        owner_id=ctx.user.id,
        extra=json.dumps([["x-shoe-size", {}, "text", "38"]]),
    )


def told(ctx: HouseContext, entity: str) -> list[dict[str, Any]]:
    """The values of all records that an import may write, without what is new with each record."""
    kind = ctx.schema.entity(entity)
    found = ctx.session.execute(select(kind.model).order_by(kind.model.id)).scalars().all()
    names = [f for f in import_mapping.importable(ctx, entity) if f.key != "source"]
    loaded = fields.load(ctx, kind, names, found)
    return [json.loads(dump({key: _plain(v.get(r.id)) for key, v in loaded.items()})) for r in found]


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [
            {k: v for k, v in one.items() if k not in ("company_id", "since")}
            if isinstance(one, dict)
            else one
            for one in value
        ]
    return value


def taken_out(ctx: HouseContext, folder: Path, entity: str, kind: Any) -> Path:
    asked = Wanted(entity=entity, format=kind, chosen=Chosen(every=True))
    path = folder / f"all.{FORMATS[kind][0]}"
    if kind == "xlsx":
        with exporting.workbook(ctx, asked) as made:
            path.write_bytes(made.read())
    else:
        path.write_bytes("".join(exporting.text(ctx, asked)).encode())
    return path


def emptied(ctx: HouseContext, *entities: str) -> None:
    for entity in entities:
        model = ctx.schema.entity(entity).model
        ids = list(ctx.session.execute(select(model.id)).scalars())
        records.trash(ctx, entity, ids)
        records.purge(ctx, entity, ids)


def there_and_back(ctx: HouseContext, folder: Path, entity: str, kind: Any, *also: str) -> None:
    before = told(ctx, entity)
    path = taken_out(ctx, folder, entity, kind)
    again = importing.import_file(ctx, path, entity=entity)
    assert (again.created, again.failed) == (0, 0), again.lines
    emptied(ctx, entity, *also)
    report = importing.import_file(ctx, path, entity=entity)
    assert (report.created, report.failed) == (len(before), 0), report.lines
    after = told(ctx, entity)
    lost = [
        {k: (v, b.get(k)) for k, v in a.items() if v != b.get(k)} for a, b in zip(before, after, strict=True)
    ]
    assert lost == [{}] * len(before)


@pytest.mark.parametrize("kind", TABLES)
def test_a_person_comes_back_whole(make: Make, ctx: HouseContext, tmp_path: Path, kind: str) -> None:
    person(make, ctx)
    there_and_back(ctx, tmp_path, "contact", kind)


@pytest.mark.parametrize("kind", TABLES)
def test_a_company_comes_back_whole(make: Make, ctx: HouseContext, tmp_path: Path, kind: str) -> None:
    make.company(
        owner_id=ctx.user.id,
        name="Acme & Söhne",
        domains=["acme.pt", "acme.de"],
        number_of_employees=1200,
        annual_revenue="1234567.89",
        founding_date="1998",
        phones=[{"value": "030 1234", "kind": "work", "preferred": True}],
        description=ODD[2],
        tags=["solar"],
    )
    there_and_back(ctx, tmp_path, "company", kind)


@pytest.mark.parametrize("kind", TABLES)
def test_a_task_comes_back_whole(make: Make, ctx: HouseContext, tmp_path: Path, kind: str) -> None:
    records.create(ctx, "task", {"summary": "=Call", "due_on": "2026-03-01", "description": "a\nb"})
    there_and_back(ctx, tmp_path, "task", kind)


@pytest.mark.parametrize("kind", TABLES)
def test_an_interaction_comes_back_with_who_took_part(
    make: Make, ctx: HouseContext, tmp_path: Path, kind: str
) -> None:
    ana, acme = make.contact(given_name="Ana"), make.company(name="Acme")
    values = {"kind": "note", "subject": "Talk", "body": "Text", "occurred_at": ctx.now}
    records.create(ctx, "interaction", values | {"contacts": [ana.id], "about": [f"company:{acme.id}"]})
    there_and_back(ctx, tmp_path, "interaction", kind)


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("kind", TABLES)
def test_an_odd_text_comes_back_as_it_was(
    make: Make, ctx: HouseContext, tmp_path: Path, kind: str, text: str
) -> None:
    make.contact(
        owner_id=ctx.user.id,
        given_name="Ana",
        family_name="Lima",
        note=text,
        nickname=text,
        tags=[text.strip()[:80]],
    )
    there_and_back(ctx, tmp_path, "contact", kind)


@pytest.mark.parametrize("entity", ["contact", "company"])
def test_a_vcard_brings_back_what_it_holds(
    make: Make, ctx: HouseContext, tmp_path: Path, entity: str
) -> None:
    person(make, ctx)
    path = taken_out(ctx, tmp_path, entity, "vcard")
    before = told(ctx, entity)
    assert importing.import_file(ctx, path, entity=entity).created == 0
    emptied(ctx, "contact", "company")
    assert importing.import_file(ctx, path, entity=entity).failed == 0
    held = ("given_name", "family_name", "name", "emails", "phones", "birthday", "nickname")
    after = {r.get("family_name") or r["name"]: r for r in told(ctx, entity)}
    for record in before:
        found = after[record.get("family_name") or record["name"]]
        assert {n: found[n] for n in held if n in found} == {n: record[n] for n in held if n in record}


def test_every_field_that_may_leave_has_a_way_back(ctx: HouseContext) -> None:
    for kind in ctx.schema.entities():
        leaving = {c.field.key for c in export_columns.columns(ctx, kind.key) if c.field is not None}
        missing = {
            f.key for f in import_mapping.importable(ctx, kind.key) if f.kind is not Kind.PLACE
        } - leaving
        assert missing <= {"status", "kind"} or not missing, (kind.key, missing)
