"""Imports of files of another system: records find one another by its ids, and each field follows its own rule."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.kernel.errors import Invalid
from app.models import Affiliation, Company, Contact, ExternalId, Task
from app.services import import_matching, import_running, importing, records
from app.services.context import HouseContext
from app.services.import_ids import system_name
from app.services.import_options import Options
from app.testing.factories import Make


@pytest.fixture
def ctx(make: Make) -> HouseContext:
    return make.ctx(make.user("manager"))


@pytest.fixture
def put(ctx: HouseContext) -> Any:
    """Import a text with an explicit mapping and return the report."""

    def run(text: str, mapping: dict[int, str], entity: str = "contact", **more: Any) -> importing.Report:
        run_id = importing.start(ctx, "rows.csv", text.encode(), entity).id
        found = Options.read(importing.get(ctx, run_id).options)
        importing.choose(ctx, run_id, replace(found, mapping=mapping, **more))
        importing.begin(ctx, run_id)
        import_running.run(ctx, run_id)
        return importing.report(ctx, run_id)

    return run


FIRMS = "Id,Name\n7,Acme\n8,Bolt\n"
PEOPLE = "Id,First name,Last name,Company Id\n1,Ana,Lima,8\n2,Rui,Faria,7\n3,Eva,Sousa,99\n"
UID, FIRM = "field:uid", "field:company.id"


def both(put: Any, system: str = "hubspot") -> importing.Report:
    put(FIRMS, {0: UID, 1: "field:name"}, "company", system=system)
    mapping = {0: UID, 1: "field:given_name", 2: "field:family_name", 3: FIRM}
    found: importing.Report = put(PEOPLE, mapping, system=system)
    return found


def test_people_come_to_the_firms_whose_ids_their_rows_name(ctx: HouseContext, put: Any) -> None:
    report = both(put)
    assert (report.created, report.failed) == (2, 1)
    assert "99" in report.lines[0][2]
    query = select(Contact.family_name, Company.name).join(Affiliation, Affiliation.contact_id == Contact.id)
    rows = ctx.session.execute(query.join(Company, Company.id == Affiliation.company_id)).all()
    assert sorted(map(tuple, rows)) == [("Faria", "Acme"), ("Lima", "Bolt")]


def test_the_same_ids_again_make_nothing_new_and_those_of_another_system_do(
    ctx: HouseContext, put: Any
) -> None:
    both(put)
    assert both(put).created == 0
    mapping = {0: UID, 1: "field:given_name", 2: "field:family_name"}
    other = "Id,First name,Last name\n1,Zoe,Braun\n"
    assert put(other, mapping, system="pipedrive").created == 1
    assert put(other, mapping, system="hubspot", match="uid").created == 0
    query = select(ExternalId.system).where(ExternalId.entity == "contact", ExternalId.value == "1")
    assert sorted(ctx.session.execute(query).scalars()) == ["hubspot", "pipedrive"]


def test_ids_are_looked_up_for_a_whole_batch(ctx: HouseContext, put: Any, queries: Any) -> None:
    firms = "Id,Name\n" + "".join(f"{n},Firm {n}\n" for n in range(40))
    people = "Id,Last name,Company Id\n" + "".join(f"{n},Person {n},{n}\n" for n in range(40))
    put(firms, {0: UID, 1: "field:name"}, "company", system="x")
    with queries() as seen:
        assert put(people, {0: UID, 1: "field:family_name", 2: FIRM}, system="x").created == 40
    assert sum("external_id.value IN" in s for s in seen) < 8


def test_a_reference_field_is_found_by_an_id_of_the_system(ctx: HouseContext, put: Any) -> None:
    put("Id,First name,Last name\np-1,Ana,Lima\n", {0: UID, 2: "field:family_name"}, system="x")
    put("Id,Task\nt-1,Call her\n", {0: UID, 1: "field:summary"}, "task", system="x")
    note = "Kind,When,Took part,About,Text\nnote,2026-03-01 10:00,p-1,t-1,Hello\n"
    columns = ("kind", "occurred_at", "contacts", "about", "body")
    mapping = {at: f"field:{name}" for at, name in enumerate(columns)}
    report = put(note, mapping, "interaction", system="x")
    assert (report.created, report.lines) == (1, [])
    ana = ctx.session.execute(select(Contact)).scalars().one()
    task = ctx.session.execute(select(Task)).scalars().one()
    found = [ctx.schema.field("interaction", name).load for name in ("contacts", "about")]
    values = [next(iter(load(ctx, [1]).values())) for load in found if load is not None]
    assert values == [[ana.id], [f"task:{task.id}"]]


def test_each_field_follows_its_own_rule(ctx: HouseContext, put: Any, make: Make) -> None:
    old = {"given_name": "Ana", "family_name": "Lima", "email": "ana@acme.pt", "birthday": "1980-04-12"}
    ana = make.contact(**old, note="Old.", gender="F", tags=["vip"])
    text = "First name,Last name,E-mail,Birthday,Notes,Gender,Tags\nAna,Lima,ana@acme.pt,1981-01-01,New.,M,fair\n"
    names = ("given_name", "family_name", "emails", "birthday", "note", "gender", "tags")
    policies = {"birthday": "overwrite", "note": "keep", "gender": "fill", "tags": "overwrite"}
    mapping = {at: f"field:{name}" for at, name in enumerate(names)}
    report = put(text, mapping, duplicates="fill", policies=policies)
    assert report.updated == 1
    now = records.get(ctx, "contact", ana.id)
    load = ctx.schema.field("contact", "tags").load
    assert load is not None
    assert (now.birthday, now.note, now.gender, load(ctx, [ana.id])[ana.id]) == (
        "1981-01-01",
        "Old.",
        "F",
        ["fair"],
    )
    assert "New." in report.lines[0][2]
    put(text, mapping, duplicates="fill", policies={"note": "append"})
    assert records.get(ctx, "contact", ana.id).note == "Old.\n\nNew."


def test_only_the_chosen_keys_count(ctx: HouseContext, put: Any, make: Make) -> None:
    make.contact(given_name="Ana", family_name="Lima", email="ana@acme.pt", phone="+351 912 345 678")
    text = "First name,Last name,E-mail,Phone\nAna,Lima,ana@acme.pt,+351 912 345 678\n"
    mapping = {0: "field:given_name", 1: "field:family_name", 2: "field:emails", 3: "field:phones"}
    assert put(text.replace("ana@acme.pt", "a@b.pt"), mapping, match="uid,email").created == 1
    assert put(text, mapping, match="uid,email").skipped == 1


def test_of_a_file_of_millions_the_last_keys_are_remembered(ctx: HouseContext, monkeypatch: Any) -> None:
    monkeypatch.setattr(import_matching, "MOST_SEEN", 10)
    matcher = import_matching.Matcher(ctx)

    def seen(number: int, of: int) -> bool:
        keys = import_matching.Keys(entity="contact", emails=(f"p{of}@x.pt",))
        return matcher.match([(number, f"P{of}", keys)])[0] is not None

    assert not any(seen(n, n) for n in range(50))
    assert len(matcher.seen) == 10
    assert (seen(50, 49), seen(51, 3)) == (True, False)


def test_choices_that_there_are_not_are_refused(ctx: HouseContext) -> None:
    run_id = importing.start(ctx, "a.csv", b"First name,Last name\nAna,Lima\n").id
    for wrong in (Options(match="shoe"), Options(policies={"note": "burn"}), Options(dates="moon")):
        with pytest.raises(Invalid):
            importing.choose(ctx, run_id, wrong)


def test_a_system_is_called_the_same_however_it_is_written() -> None:
    assert system_name(" HubSpot EU ") == system_name("hubspot-eu") == "hubspot-eu"


def test_a_file_of_the_command_line_takes_keys_and_rules(
    ctx: HouseContext, tmp_path: Path, make: Make
) -> None:
    make.contact(given_name="Ana", family_name="Lima", email="ana@acme.pt", note="Old.")
    path = tmp_path / "p.csv"
    path.write_text("First name,Last name,E-mail,Notes\nAna,Lima,ana@acme.pt,New.\n", encoding="utf-8")
    more: dict[str, Any] = {"match": "email", "policies": {"note": "overwrite"}}
    assert importing.import_file(ctx, path, duplicates="update", **more).updated == 1
    assert ctx.session.execute(select(Contact.note)).scalar_one() == "New."
