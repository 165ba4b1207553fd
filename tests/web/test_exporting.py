"""The page of an export, and the file it sends: whose it is, and for whom there is none."""

from __future__ import annotations

import io
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from app.testing.clients import Person, soup
from app.testing.factories import Make


@pytest.fixture
def manager(as_role: Any) -> Person:
    found: Person = as_role("manager")
    return found


def test_the_page_says_how_many_and_keeps_what_was_chosen(manager: Person, make: Make) -> None:
    ana = make.contact(given_name="Ana")
    make.contact(given_name="Rui")
    page = soup(manager.get(f"/export/contact?id={ana.id}"))
    assert "1 record" in page.get_text()
    assert page.select_one(f'form input[name="id"][value="{ana.id}"]') is not None


def test_a_file_is_a_download_that_nobody_keeps(manager: Person, make: Make) -> None:
    make.contact(given_name="Ana", family_name="Lima")
    answer = manager.get("/export/contact?format=csv&delimiter=semicolon&bom=1&fields=shown")
    text = answer.get_data(as_text=True)
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "no-store" in answer.headers["Cache-Control"]
    head, row = text.removeprefix("\ufeff").splitlines()[:2]
    assert head.startswith("Kith UID;Name;")
    assert ";Ana Lima;" in row


def test_a_filter_of_the_list_holds_for_its_export(manager: Person, make: Make) -> None:
    make.contact(given_name="Ana", tags=["fair"])
    make.contact(given_name="Rui")
    text = manager.get("/export/contact?format=jsonl&f=tag:is:fair").get_data(as_text=True)
    assert "Ana" in text
    assert "Rui" not in text


def test_a_workbook_is_one(manager: Person, make: Make) -> None:
    make.company(name="Acme")
    data = manager.get("/export/company?format=xlsx").data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert "Acme" in rows[1]


def test_a_format_that_is_not_offered_is_said_on_the_page(manager: Person) -> None:
    assert manager.get("/export/task?format=vcard").status_code == 422
    assert manager.get("/export/nothing").status_code == 404


def test_who_may_see_but_not_export_is_told_which_right_is_missing(as_role: Any) -> None:
    answer = as_role("representative").get("/export/contact?format=csv")
    assert answer.status_code == 403
    assert "contact.export" in answer.get_data(as_text=True)


def test_the_way_from_a_list_keeps_what_the_list_shows(manager: Person, make: Make) -> None:
    make.contact(given_name="Ana", tags=["fair"])
    page = soup(manager.get("/contacts?f=tag:is:fair"))
    link = page.select_one('a[href^="/export/contact"]')
    assert link is not None
    assert "fair" in str(link["href"])
