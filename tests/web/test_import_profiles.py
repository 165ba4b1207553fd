"""The wizard names an export of another system, matches its columns, and lets somebody say otherwise."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.models import Company, ImportRun, Interaction
from app.services import import_running
from app.services.context import as_system, for_user
from app.services.import_options import NO_PROFILE, Options
from app.testing.clients import Person, soup

DATA = Path(__file__).resolve().parents[1] / "data/profiles"


@pytest.fixture
def manager(as_role: Any) -> Person:
    found: Person = as_role("manager")
    return found


def sent(person: Person, name: str, entity: str = "contact") -> str:
    file = (io.BytesIO((DATA / name).read_bytes()), Path(name).name)
    answer = person.post("/import", {"entity": entity, "file": file})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def chosen(url: str) -> tuple[str, Options]:
    made = as_system("test").session.get_one(ImportRun, int(url.rpartition("/")[2]), populate_existing=True)
    return made.entity, Options.read(made.options)


def selected(person: Person, url: str, name: str) -> str:
    option = soup(person.get(url)).select_one(f"select[name={name}] option[selected]")
    assert option is not None
    return option.get_text()


def test_an_export_is_named_and_its_columns_are_matched(manager: Person) -> None:
    url = sent(manager, "hubspot/companies.csv")
    page = manager.get(url).text
    assert "This looks like an export of HubSpot: companies" in page
    assert chosen(url)[0] == "company"
    assert (selected(manager, url, "m1"), selected(manager, url, "m2")) == ("Company", "Domains")
    assert selected(manager, url, "m3") == "Owner"
    assert manager.post(url, {"do": "go"}).status_code == 303
    assert manager.user is not None
    import_running.run(for_user(manager.user.id), int(url.rpartition("/")[2]))
    firms = as_system("test").session.execute(select(Company.name).order_by(Company.id)).scalars().all()
    assert firms == ["Kiosk & Sons", "Bruma Lda"]


def test_notes_are_recognised_whatever_somebody_said_they_are(manager: Person) -> None:
    url = sent(manager, "zoho/Notes.csv")
    assert chosen(url)[0] == "interaction"
    assert "Zoho CRM: notes" in manager.get(url).text
    assert selected(manager, url, "m8") == "Text"


def test_no_profile_and_another_one_can_be_chosen(manager: Person) -> None:
    url = sent(manager, "suitecrm/Leads.csv")
    assert manager.post(url, {"do": "look", "profile": NO_PROFILE}).status_code == 303
    entity, options = chosen(url)
    assert (entity, options.profile) == ("contact", NO_PROFILE)
    page = manager.get(url).text
    assert "This looks like an export" not in page
    assert "SuiteCRM: leads" in page, "it stays on offer"
    manager.post(url, {"do": "look", "profile": "suitecrm.lead"})
    assert chosen(url)[1].profile == "suitecrm.lead"
    assert manager.post(url, {"do": "look", "profile": "nosuch"}).status_code == 422


def test_a_column_is_taken_for_what_somebody_says(manager: Person) -> None:
    url = sent(manager, "pipedrive/notes.csv", "interaction")
    mapping = chosen(url)[1].mapping
    form = {f"m{at}": target for at, target in mapping.items()} | {"m1": "field:subject"}
    manager.post(url, {"do": "look", "profile": "pipedrive.note", **form})
    manager.post(url, {"do": "go", "profile": "pipedrive.note"})
    assert manager.user is not None
    import_running.run(for_user(manager.user.id), int(url.rpartition("/")[2]))
    note = as_system("test").session.execute(select(Interaction)).scalars().one()
    assert note.subject == "<p>Opens a second shop in May</p>"


def test_what_was_chosen_for_an_export_is_there_for_the_next_one(manager: Person) -> None:
    first = sent(manager, "pipedrive/notes.csv")
    form = {f"m{at}": target for at, target in chosen(first)[1].mapping.items()} | {"m3": ""}
    manager.post(first, {"do": "go", "profile": "pipedrive.note", **form})
    assert chosen(sent(manager, "pipedrive/notes.csv"))[1].mapping[3] == ""
