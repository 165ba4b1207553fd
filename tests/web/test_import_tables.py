"""The wizard for tables: what the file holds, which sheet, which columns; kept for the next file of the same make."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from sqlalchemy import select

from app.models import Affiliation, Company, Contact, ImportRun, Task, User
from app.services import import_bundle, import_running, import_undo, importing, roles
from app.services.context import as_system, for_user
from app.testing.clients import Person, soup

TASKS = "Aufgabe;Fällig am;Zuständig\nAna anrufen;01.03.2026;\nAngebot;31.02.2026;\n"


@pytest.fixture
def manager(as_role: Any) -> Person:
    found: Person = as_role("manager")
    return found


def who(person: Person) -> User:
    assert person.user is not None
    return person.user


def sent(person: Person, data: bytes, name: str, entity: str) -> str:
    answer = person.post("/import", {"entity": entity, "file": (io.BytesIO(data), name)})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def run(person: Person, url: str) -> importing.Report:
    """Begin the run of a page and let it be done."""
    assert person.post(url, {"do": "go"}).status_code == 303
    ctx = for_user(who(person).id)
    run_id = int(url.rstrip("/").rpartition("/")[2])
    import_running.run(ctx, run_id)
    return importing.report(ctx, run_id)


def book() -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        sheets: dict[str, list[list[Any]]] = {
            "Notes": [["Read me"]],
            "Firms": [["Company", "Employees"], ["Acme", 12]],
        }
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return made.getvalue()


def test_tasks_come_from_a_german_table_and_a_wrong_date_is_told_where_it_stands(manager: Person) -> None:
    url = sent(manager, TASKS.encode(), "aufgaben.csv", "task")
    page = manager.get(url)
    assert all(word in page.text for word in ("Ana anrufen", "31.02.2026"))
    report = run(manager, url)
    assert (report.created, report.failed) == (1, 1)
    (number, words, sentence) = report.lines[0]
    assert ("31.02.2026" in words, "Due" in sentence, number) == (True, True, 2)
    task = as_system("test").session.execute(select(Task)).scalars().one()
    assert (task.summary, task.due_on) == ("Ana anrufen", "2026-03-01")


def test_a_sheet_is_chosen_and_its_columns_are_guessed_anew(manager: Person) -> None:
    url = sent(manager, book(), "firms.xlsx", "company")
    assert "Sheet" in manager.get(url).text
    manager.post(url, {"do": "look", "sheet": "Firms"})
    assert run(manager, url).created == 1
    firm = as_system("test").session.execute(select(Company)).scalars().one()
    assert (firm.name, firm.number_of_employees) == ("Acme", 12)


def test_what_was_chosen_for_a_header_is_there_for_the_next_file(manager: Person) -> None:
    first = sent(manager, b"Firmenkennung,Mail\nAcme,a@acme.pt\n", "a.csv", "company")
    manager.post(first, {"do": "look", "m0": "field:name", "m1": "field:emails"})
    run(manager, first)
    second = sent(manager, b"Firmenkennung,Mail\nBolt,b@bolt.pt\n", "b.csv", "company")
    assert run(manager, second).created == 1
    assert {c.name for c in as_system("test").session.execute(select(Company)).scalars()} == {"Acme", "Bolt"}


def test_a_table_of_people_brings_owner_and_stage(manager: Person) -> None:
    text = f"Name,E-mail,Owner,Stage\nAna Lima,ana@x.pt,{who(manager).email},Customer\n"
    run(manager, sent(manager, text.encode(), "p.csv", "contact"))
    ana = as_system("test").session.execute(select(Contact)).scalars().one()
    assert (ana.owner_id, ana.lifecycle_stage) == (who(manager).id, "customer")


def test_an_import_of_tasks_is_taken_back(manager: Person) -> None:
    url = sent(manager, b"Task\nCall\n", "t.csv", "task")
    run(manager, url)
    run_id = int(url.rpartition("/")[2])
    ctx = for_user(who(manager).id)
    import_undo.ask(ctx, run_id)
    import_undo.undo(ctx, run_id)
    assert as_system("test").session.execute(select(Task)).scalars().all() == []
    assert as_system("test").session.get_one(ImportRun, run_id).state == "undone"


def test_the_same_table_again_with_uids_makes_nothing_new(manager: Person) -> None:
    text = b"Kith UID,Task\n018f0000-0000-7000-8000-000000000001,Call\n"
    assert run(manager, sent(manager, text, "t.csv", "task")).created == 1
    assert run(manager, sent(manager, text, "t.csv", "task")).created == 0


def test_who_may_not_import_a_kind_is_told_so(as_role: Any) -> None:
    answer = as_role("representative").post(
        "/import", {"entity": "task", "file": (io.BytesIO(b"Task\nCall\n"), "t.csv")}
    )
    assert answer.status_code == 403


def test_who_may_import_tasks_alone_finds_the_way_and_imports_them(make: Any, as_role: Any) -> None:
    grants = {"task.view": "all", "task.create": "all", "task.import": "all", "task.edit": "all"}
    clerk = as_role(roles.create(make.ctx(), roles.RoleChange(label="Clerk", grants=grants)))

    page = soup(clerk.get("/import"))
    assert page.select_one("select[name=entity]") is None
    assert "Tasks" in page.select_one("main form").text
    assert page.select_one("header.bar a")["href"] == "/tasks"

    answer = clerk.post("/import", {"file": (io.BytesIO(TASKS.encode()), "aufgaben.csv")})
    assert answer.status_code == 303, answer.text
    url = answer.headers["Location"]
    assert "Ana anrufen" in clerk.get(url).text
    assert run(clerk, url).created == 1
    assert clerk.get(url).status_code == 200


def test_failed_rows_come_as_a_file_that_imports_when_it_is_corrected(manager: Person) -> None:
    url = sent(manager, TASKS.encode(), "aufgaben.csv", "task")
    run(manager, url)
    text = manager.get(f"{url}/failed").get_data(as_text=True)
    assert ("31.02.2026" in text, "Due" in text, "Ana" in text) == (True, True, False)
    again = run(manager, sent(manager, text.replace("31.02.2026", "28.02.2026").encode(), "f.csv", "task"))
    assert (again.created, again.failed) == (1, 0)


def test_the_sentence_about_a_failed_row_is_not_imported_with_it(manager: Person) -> None:
    text = "Name,E-mail,What was wrong\nAna Lima,ana@x.pt,No column was filled\n"
    run(manager, sent(manager, text.encode(), "p.csv", "contact"))
    ana = as_system("test").session.execute(select(Contact)).scalars().one()
    assert "No column was filled" not in (ana.extra + ana.note)


def zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("contacts.csv", "id,first_name,last_name,company_id\n1,Ana,Lima,7\n")
        archive.writestr("companies.csv", "id,name\n7,Acme\n")
        archive.writestr("odd.csv", "shape,colour\nround,red\n")
    return made.getvalue()


def test_a_zip_with_several_files_goes_through_the_wizard_without_script(manager: Person) -> None:
    url = sent(manager, zipped(), "crm.zip", "contact")
    page = soup(manager.get(url))
    chosen = {
        row.select_one("b").text: row.select_one("select option[selected]")["value"]
        for row in page.select("ul.list li")
        if row.select_one("select")
    }
    assert chosen == {"companies.csv": "company", "contacts.csv": "contact", "odd.csv": ""}
    columns = manager.get(page.select_one("ul.list li a")["href"])
    assert columns.status_code == 200
    names = {
        row.select_one("b").text: row.select_one("select")["name"] for row in page.select("li:has(select)")
    }
    form = {names[name]: value for name, value in chosen.items()}
    assert (
        manager.post(url, {**form, "do": "go", "system": "old crm", "duplicates": "fill"}).status_code == 303
    )
    page = soup(manager.get(url))
    assert [form["action"].rpartition("/")[2] for form in page.select("main .btns form")] == [
        "pause",
        "cancel",
    ]
    assert page.select_one("#files")["hx-trigger"] == "every 2s"
    ctx = for_user(who(manager).id)
    for one in import_bundle.parts(ctx, importing.get(ctx, int(url.rpartition("/")[2]))):
        import_running.run(ctx, one.id)
    page = soup(manager.get(url))
    assert [tag.text for tag in page.select("#files .tag")] == ["Done", "Done"]
    ana = ctx.session.execute(select(Contact)).scalars().one()
    place = ctx.session.execute(select(Affiliation)).scalars().one()
    assert (place.contact_id, ana.family_name) == (ana.id, "Lima")
    assert manager.post(f"{url}/undo").status_code == 303


def test_a_zip_bomb_is_refused_on_the_page(manager: Person) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("contacts.csv", b"a" * 30_000_000)
    answer = manager.post("/import", {"entity": "contact", "file": (io.BytesIO(made.getvalue()), "crm.zip")})
    assert (answer.status_code, "unpacks to" in answer.text) == (422, True)


def test_json_objects_of_any_kind_are_read_with_their_lists(manager: Person) -> None:
    tasks = json.dumps([{"task": "Call", "due date": "2026-03-01"}, {"task": "Write"}])
    assert run(manager, sent(manager, tasks.encode(), "t.json", "task")).created == 2
    firms = json.dumps(
        {"data": [{"name": "Acme", "domains": ["acme.pt"], "emails": ["a@acme.pt", "b@acme.pt"]}]}
    )
    assert run(manager, sent(manager, firms.encode(), "f.json", "company")).created == 1
    ctx = as_system("test")
    emails = ctx.schema.field("company", "emails").load
    assert emails is not None
    firm = ctx.session.execute(select(Company)).scalars().one()
    assert [row["value"] for row in emails(ctx, [firm.id])[firm.id]] == ["a@acme.pt", "b@acme.pt"]


def test_a_running_import_is_paused_gone_on_with_and_its_receipts_come_as_a_table(manager: Person) -> None:
    url = sent(manager, b"Name,E-mail\nAna Lima,ana@x.pt\nRui,\n", "p.csv", "contact")
    manager.post(url, {"do": "go"})
    assert "Pause" in manager.get(url).text
    manager.post(f"{url}/pause")
    page = manager.get(url)
    assert ("Paused" in page.text, "Go on" in page.text, "every 2s" in page.text) == (True, True, False)
    polled = manager.get(url, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert polled.headers.get("HX-Redirect") == url
    manager.post(f"{url}/begin")
    ctx = for_user(who(manager).id)
    import_running.run(ctx, int(url.rpartition("/")[2]))
    answer = manager.get(f"{url}/receipts")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.get_data(as_text=True).count("created") == 2


def test_keys_and_rules_are_chosen_without_script(manager: Person) -> None:
    text = b"First name,Last name,E-mail,Notes\nAna,Lima,ana@x.pt,Old.\n"
    run(manager, sent(manager, text, "p.csv", "contact"))
    url = sent(manager, text.replace(b"Old.", b"New."), "q.csv", "contact")
    page = soup(manager.get(url))
    assert {box["value"] for box in page.select("input[name=match]")} == {"uid", "email", "phone", "name"}
    assert page.select_one("select[name=p-note]") is not None
    chosen = {"match-there": "1", "match": ["email", "uid"], "p-note": "overwrite", "duplicates": "fill"}
    manager.post(url, {**chosen, "do": "look"})
    page = soup(manager.get(url))
    assert {box["value"] for box in page.select("input[name=match][checked]")} == {"uid", "email"}
    assert run(manager, url).updated == 1
    assert as_system("test").session.execute(select(Contact.note)).scalar_one() == "New."
