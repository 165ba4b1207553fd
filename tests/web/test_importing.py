"""Importing on the page: a file is taken, looked at, changed, imported in the background, reported and taken back."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.models import Contact, ImportRun
from app.services import import_check, import_running, import_undo
from app.testing.clients import Person, fragment, soup
from app.testing.factories import Make

PEOPLE = "Given Name;Family Name;E-Mail;Phone;Firma\nAna;Lima;ana@acme.pt;+351 912 345 678;Acme\nRui;Faria;rui@faria.pt;;\n"


def sent(person: Person, text: str | bytes, name: str = "people.csv") -> Any:
    data = text.encode() if isinstance(text, str) else text
    return person.post("/import", {"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def page_of(person: Person, text: str | bytes, name: str = "people.csv") -> str:
    answer = sent(person, text, name)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def worked(make: Make, person: Person, what: Callable[..., None] = import_running.run) -> None:
    """Do what the worker would do for the person's last run."""
    ctx = make.ctx(person.user, source="job")
    run_id = ctx.session.scalar(select(func.max(ImportRun.id)))
    what(ctx, run_id)


def names(make: Make) -> set[str]:
    return set(make.ctx().session.execute(select(Contact.formatted_name)).scalars())


@pytest.fixture
def manager(as_role: Callable[..., Person]) -> Person:
    return as_role("manager")


def test_a_file_is_looked_at_before_anything_is_saved(manager: Person, make: Make) -> None:
    page = soup(manager.get(page_of(manager, PEOPLE)))
    text = page.get_text(" ", strip=True)
    assert all(words in text for words in ("2 new", "Ana Lima", "ana@acme.pt"))
    assert [o["value"] for o in page.select('select[name="m4"] option[selected]')] == ["organization"]
    assert names(make) == set()


def test_the_run_reports_every_entry_and_can_be_taken_back(manager: Person, make: Make) -> None:
    url = page_of(manager, PEOPLE)
    manager.post(url, {"do": "go", "duplicates": "skip", "tags": "fair, 2026"})
    assert "Waiting" in soup(manager.get(url)).get_text()
    worked(make, manager)
    report = soup(manager.get(url)).get_text(" ", strip=True)
    assert all(words in report for words in ("Done", "Ana Lima", "1 company was made"))
    assert names(make) == {"Ana Lima", "Rui Faria"}
    manager.post(f"{url}/undo")
    worked(make, manager, import_undo.undo)
    assert "Taken back" in soup(manager.get(url)).get_text()
    assert names(make) == set()


def test_columns_can_be_matched_in_another_way(manager: Person, make: Make) -> None:
    url = page_of(manager, "a;b;c\nLima;Ana;ana@x.pt\nFaria;Rui;rui@x.pt\n")
    manager.post(url, {"do": "look", "m0": "family_name", "m1": "given_name"})
    assert "Ana Lima" in soup(manager.get(url)).get_text(" ", strip=True)
    manager.post(url, {"do": "go"})
    worked(make, manager)
    assert names(make) == {"Ana Lima", "Rui Faria"}


def test_a_first_row_that_holds_a_person_can_be_told_so(manager: Person, make: Make) -> None:
    url = page_of(manager, "Ana Lima;Lisbon\nRui Faria;x1@example.org\n")
    shown = soup(manager.get(url)).select_one('input[name="header-there"]')
    assert shown is not None
    change = {"header": "0" if shown["value"] != "0" else "1"}
    manager.post(url, {"do": "look", "header-there": shown["value"], **change, "m0": "formatted_name"})
    after = soup(manager.get(url)).select_one('input[name="header-there"]')
    assert after is not None
    assert (after["value"] == "0") != (shown["value"] == "0")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("people.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("people.html", b"<!doctype html><html><script>alert(1)</script>BEGIN</html>"),
        ("people.vcf", b"   \r\n"),
        ("people.xlsx", b"PK\x03\x04" + bytes(100)),
    ],
)
def test_what_is_no_address_book_is_refused_with_a_sentence(manager: Person, name: str, data: bytes) -> None:
    answer = sent(manager, data, name)
    assert answer.status_code == 422
    assert soup(answer).select_one("#file-e") is not None


def test_progress_is_a_fragment_that_polls_and_ends_with_the_report(manager: Person, make: Make) -> None:
    url = page_of(manager, PEOPLE)
    manager.post(url, {"do": "go"})
    waiting = fragment(manager.get(url, htmx=True))
    assert waiting.select_one("[hx-trigger='every 2s'] progress") is not None
    worked(make, manager)
    over = manager.get(url, htmx=True)
    assert over.headers["HX-Redirect"] == url


def test_a_long_file_is_counted_in_the_background(manager: Person, make: Make) -> None:
    lines = [f"Person{n},Test,p{n}@example.org" for n in range(700)]
    url = page_of(manager, "\n".join(["First name,Last name,E-mail", *lines]))
    assert "Looked at 300 entries" in soup(manager.get(url)).get_text(" ", strip=True)
    ctx = make.ctx(manager.user)
    run_id = ctx.session.scalar(select(func.max(ImportRun.id)))
    import_check.check_job(ctx, {"run": run_id})
    assert "700 new" in soup(manager.get(url)).get_text(" ", strip=True)


def test_failed_rows_come_back_as_a_file_that_runs_no_formula(manager: Person, make: Make) -> None:
    url = page_of(manager, "Name,E-mail,Stand\nAna Lima,ana@acme.pt,A1\n,,=1+1\n")
    manager.post(url, {"do": "go"})
    worked(make, manager)
    answer = manager.get(f"{url}/failed")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = answer.get_data(as_text=True).splitlines()
    assert len(rows) == 2
    assert rows[0].startswith("\ufeffName,E-mail,Stand,")
    assert rows[1].startswith(",,'=1+1,")


def test_nobody_sees_the_import_of_somebody_else(manager: Person, as_role: Callable[..., Person]) -> None:
    url = page_of(manager, PEOPLE)
    assert as_role("manager").get(url).status_code == 404
    assert as_role("rep").get(url).status_code == 403


def test_a_preview_can_be_thrown_away(manager: Person, app: Flask, make: Make) -> None:
    url = page_of(manager, PEOPLE)
    assert manager.post(f"{url}/discard").status_code == 303
    assert manager.get(url).status_code == 404
