"""Exports of other systems come in by their profiles: people with their companies, and what was talked about with them.

The files stand in the real layouts of the systems; what is in them is invented (see tests/formats/profiles).
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.kernel.errors import Invalid
from app.models import Affiliation, Company, Contact, ExternalId, Interaction, InteractionLink, Task
from app.services import (
    cards,
    import_bundle,
    import_check,
    import_options,
    importing,
    records,
    task_fields,
    timeline,
)
from app.services.contact_values import load_do_not
from app.services.context import HouseContext
from app.services.import_options import NO_PROFILE
from app.testing.factories import Make

DATA = Path(__file__).resolve().parents[1] / "data/profiles"
FILES = {
    "hubspot": "companies contacts notes calls meetings emails tasks",
    "salesforce": "Account Contact Lead Task Event Note",
    "pipedrive": "organizations people activities notes",
    "zoho": "Accounts Contacts Leads Notes Calls Events Tasks",
    "espocrm": "Account Contact Lead Call Meeting Task Email Note",
    "suitecrm": "Accounts Contacts Leads Notes Calls Meetings Tasks",
    "odoo": "res_partner mail_message mail_activity",
    "google": "contacts contacts_older",
    "outlook": "contacts contacts_de contacts_fr contacts_es contacts_pt calendar tasks",
}
TALKS = {
    "hubspot": "note Wants two stands. | call First call outbound connected 125"
    " | meeting Showroom visit held 5400 Lisboa | email Offer inbound",
    "salesforce": "call Call about panels outbound connected 240 | meeting Site visit 5400 Boston | note Budget",
    "pipedrive": "call First call 2700 | note Opens a second shop in May",
    "zoho": "note Factura | note Empresa familiar | call Precio inbound connected 200 | meeting Visita 3600 Madrid",
    "espocrm": "call Rückruf inbound connected 900 | meeting Besuch held 5400 Hamburg | email Angebot outbound"
    " | note Neuer Ansprechpartner ab Mai",
    "suitecrm": "note Sample sent | call Delivery date outbound connected 900 | meeting Quarry tour held 5400 Augusta",
    "odoo": "note Pidió muestras | email Muestras",
    "outlook": "meeting Review 2700 Room 2",
    "google": "",
}
TASKS = {
    "hubspot": "Send the contract 2024-03-01 todo high | Ask for feedback 2024-01-15 done normal",
    "salesforce": "Ring Theo 2024-03-15 todo high",
    "pipedrive": "Send the revised quote 2024-04-01 todo high",
    "zoho": "Enviar oferta 2024-02-28 todo high",
    "espocrm": "Angebot schicken 2024-03-10 todo high",
    "suitecrm": "Order slabs 2024-02-29 todo high",
    "odoo": "Llamar por las muestras 2024-03-05 todo normal | To Do 2024-03-06 todo normal",
    "outlook": "Write to Eva 2024-04-30 todo high",
    "google": "",
}
PEOPLE = {
    "hubspot": "Ana Lima, Kiosk & Sons, Buyer, qualified | Rui Sá, Bruma Lda, , customer",
    "salesforce": "Nora Reed, Northwind Solar, CFO, subscriber | Theo Marsh, Marsh Roofing, Owner, lead",
    "pipedrive": "Nadia Chérif, Nouvelle Boulangerie, Manager, subscriber",
    "zoho": "Lucía Ortega, Talleres Prisma, Directora, subscriber | Pau Riba, Vidrios Sol, , lead",
    "espocrm": "Jana Voß, Fabrik Nord GmbH, Einkauf, subscriber | Ole Brandt, Brandt Bau, , lead",
    "suitecrm": "Iris Stone, Granite Works, Owner, subscriber | Gus Pike, Pike Tiles, , lead",
    "odoo": "Inés Sosa, Molinos del Sur, Ventas, subscriber",
    "google": "Mia Falk, Falk & Co, Chair, subscriber | Leo Haas, Haas Brot, Boss, subscriber",
    "outlook": "Eva Holm, Holm Ltd, Counsel, subscriber | Jörg Weiß, Weiß KG, Leiter, subscriber"
    " | Zoé Martin, Martin SA, Directrice, subscriber | Eva Ruiz, Ruiz SL, Jefa, subscriber"
    " | Rita Alves, Alves Lda, Chefe, subscriber",
}


@pytest.fixture
def ctx(make: Make) -> HouseContext:
    """Somebody whom the files call the owner of their records."""
    return make.ctx(make.user("manager", name="Olga Owner", email="owner@example.org"))


def brought(ctx: HouseContext, system: str) -> list[importing.Report]:
    paths = [DATA / system / f"{name}.csv" for name in FILES[system].split()]
    return [importing.import_file(ctx, path, duplicates="fill") for path in paths]


def all_of(ctx: HouseContext, model: Any) -> Sequence[Any]:
    return ctx.session.execute(select(model).order_by(model.id)).scalars().all()


def split(text: str) -> list[str]:
    return [one.strip() for one in text.split(" | ") if one]


@pytest.mark.parametrize("system", FILES)
def test_an_export_comes_in_with_all_that_hangs_together(ctx: HouseContext, system: str) -> None:
    assert all(report.failed == 0 for report in brought(ctx, system))
    assert people(ctx) == split(PEOPLE[system])
    names = [firm.name for firm in all_of(ctx, Company)]
    assert len(names) == len(set(names)), "no company was made twice"
    assert talks(ctx) == split(TALKS[system])
    assert tasks(ctx) == split(TASKS[system])
    links = all_of(ctx, InteractionLink)
    for person in {link.record_id for link in links if link.entity == "contact"}:
        page = timeline.page(ctx, "contact", records.get(ctx, "contact", person), timeline.Asked())
        mine = {link.interaction_id for link in links if (link.entity, link.record_id) == ("contact", person)}
        assert {one.id for _at, one in page.items} == mine
    if system != "outlook":  # its calendar does not say who came
        assert {link.interaction_id for link in links} == {talk.id for talk in all_of(ctx, Interaction)}


def people(ctx: HouseContext) -> list[str]:
    query = select(Contact.formatted_name, Company.name, Affiliation.title, Contact.lifecycle_stage)
    query = query.join(Affiliation, Affiliation.contact_id == Contact.id)
    query = query.join(Company, Company.id == Affiliation.company_id).order_by(Contact.id)
    return [", ".join(row) for row in ctx.session.execute(query)]


def talks(ctx: HouseContext) -> list[str]:
    found = [
        (t.kind, t.subject or t.body.partition("\n")[0], t.direction, t.outcome, t.duration_s, t.location)
        for t in all_of(ctx, Interaction)
    ]
    return [" ".join(str(part) for part in talk if part) for talk in found]


def tasks(ctx: HouseContext) -> list[str]:
    found = all_of(ctx, Task)
    urgency = task_fields.load_urgency(ctx, [task.id for task in found])
    return [f"{t.summary} {t.due_on} {t.status} {urgency[t.id]}" for t in found]


@pytest.mark.parametrize("system", ["hubspot", "pipedrive", "odoo"])
def test_the_same_files_again_make_nothing_new(ctx: HouseContext, system: str) -> None:
    brought(ctx, system)
    before = [len(all_of(ctx, model)) for model in (Contact, Company, Interaction, Task, ExternalId)]
    assert sum(report.created for report in brought(ctx, system)) == 0
    assert before == [len(all_of(ctx, model)) for model in (Contact, Company, Interaction, Task, ExternalId)]


def test_a_channel_that_was_closed_stays_closed(ctx: HouseContext) -> None:
    brought(ctx, "hubspot")
    ana, rui = all_of(ctx, Contact)
    flags = load_do_not(ctx, [ana.id, rui.id])
    assert [[flag["channel"] for flag in flags[one.id]] for one in (ana, rui)] == [["email"], []]


def test_what_has_no_field_is_kept_and_who_is_not_here_is_told(ctx: HouseContext) -> None:
    reports = brought(ctx, "hubspot")
    ana, rui = all_of(ctx, Contact)
    kept = {
        (str(p.params["x-name"][0]), str(p.values[0]))
        for one in (ana, rui)
        for p in cards.further(one.extra)
        if p.name == "x-column"
    }
    assert {
        ("Lead Status", "OPEN"),
        ("Owner", "Former Colleague"),
        ("Associated Company IDs", "9002;9001"),
    } <= kept
    told = [line for report in reports for line in report.lines if "Former Colleague" in line[2]]
    assert len(told) == 2
    assert (ana.owner_id, rui.owner_id) == (ctx.user.id, ctx.user.id)


def test_a_note_about_people_who_are_not_here_says_so_and_is_kept(ctx: HouseContext) -> None:
    report = importing.import_file(ctx, DATA / "hubspot/notes.csv")
    assert (report.created, report.failed) == (1, 0)
    assert all(number in report.lines[0][2] for number in ("8001", "8002", "9001"))
    assert all_of(ctx, InteractionLink) == []


def test_the_number_of_a_note_is_not_that_of_an_activity(ctx: HouseContext) -> None:
    brought(ctx, "pipedrive")
    query = select(ExternalId.value).where(
        ExternalId.system == "pipedrive", ExternalId.entity == "interaction"
    )
    assert sorted(ctx.session.execute(query).scalars()) == ["activity:12", "note:12"]


def test_two_systems_may_have_the_same_numbers(ctx: HouseContext, tmp_path: Path) -> None:
    brought(ctx, "pipedrive")
    header = "Record ID,First Name,Last Name,Contact owner\n"
    path = tmp_path / "other.csv"
    path.write_text(header + "12,Zoe,Braun,\n")
    assert importing.import_file(ctx, path).created == 1


def test_what_somebody_chose_goes_before_the_profile(ctx: HouseContext) -> None:
    data = (DATA / "hubspot/notes.csv").read_bytes()
    made = importing.start(ctx, "notes.csv", data)
    options = import_options.Options.read(made.options)
    assert (made.entity, options.profile, options.system) == ("interaction", "hubspot.note", "hubspot")
    at = import_check.preview(ctx, made).table.header.index("Note body")  # type: ignore[union-attr]
    importing.choose(ctx, made.id, replace(options, mapping=options.mapping | {at: "field:subject"}))
    sample = import_check.preview(ctx, importing.get(ctx, made.id)).samples[0]
    assert sample.name.startswith("<p>Wants"), "a column that is taken otherwise comes as it stands"


def test_a_file_may_be_read_without_its_profile(ctx: HouseContext) -> None:
    made = importing.start(ctx, "c.csv", (DATA / "hubspot/contacts.csv").read_bytes(), profile=NO_PROFILE)
    assert import_options.Options.read(made.options).system == ""
    with pytest.raises(Invalid, match="nosuch"):
        importing.start(ctx, "c.csv", (DATA / "hubspot/contacts.csv").read_bytes(), profile="nosuch.contact")


def test_a_file_of_records_that_nothing_here_takes_is_refused(ctx: HouseContext) -> None:
    with pytest.raises(Invalid, match="HubSpot: deals"):
        importing.start(ctx, "deals.csv", (DATA / "hubspot/deals.csv").read_bytes())


def test_ids_of_a_batch_are_looked_up_together(ctx: HouseContext, tmp_path: Path, queries: Any) -> None:
    brought(ctx, "hubspot")
    header = "Record ID,Note body,Activity date,Associated Contact IDs,Associated Company IDs\n"
    path = tmp_path / "notes.csv"
    path.write_text(header + "".join(f"{n},Text {n},2024-02-01,{8001 + n % 2},9001\n" for n in range(40)))
    with queries() as seen:
        assert importing.import_file(ctx, path).created == 40
    assert sum("FROM external_id" in text or "JOIN external_id" in text for text in seen) <= 8


@pytest.mark.parametrize("system", ["hubspot", "salesforce"])
def test_all_files_of_an_export_come_as_one_zip(ctx: HouseContext, tmp_path: Path, system: str) -> None:
    path = tmp_path / "everything.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name in reversed(FILES[system].split()):
            made.write(DATA / system / f"{name}.csv", f"{name}.csv")
    assert all(report.failed == 0 for _name, report in import_bundle.import_zip(ctx, path, "update"))
    assert sorted(people(ctx)) == sorted(split(PEOPLE[system]))
    assert {one.system for one in all_of(ctx, ExternalId)} == {system}
    assert sorted(talks(ctx)) == sorted(split(TALKS[system]))
    assert sorted(tasks(ctx)) == sorted(split(TASKS[system]))
    links = all_of(ctx, InteractionLink)
    assert {link.interaction_id for link in links} == {talk.id for talk in all_of(ctx, Interaction)}
