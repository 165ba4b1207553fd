"""Workbooks: typed cells become plain texts, hostile ones a sentence, and nothing is opened before it is checked."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from app.formats import xlsx_read
from app.formats.csv_rows import Row
from app.formats.csv_table import Layout, read_table
from app.formats.xlsx_child import text


def book(*rows: list[Any], **sheets: list[list[Any]]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        for name, cells in {**({"People": list(rows)} if rows else {}), **sheets}.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(cells):
                for at, cell in enumerate(row):
                    sheet.write(number, at, cell)
    return made.getvalue()


def at(row: int, column: int) -> bytes:
    """A workbook whose only other cell is far away."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(row, column, "z")
    return made.getvalue()


def zipped(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(f"xl/{name}.xml", data)
    return made.getvalue()


def said(data: bytes) -> str:
    problem = xlsx_read.sheets(data)[0].problem
    assert problem is not None
    return str(problem)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (1200.0, "1200"),
        (0.1, "0.1"),
        (True, "TRUE"),
        (date(2026, 2, 28), "2026-02-28"),
        (datetime(2026, 2, 28, 9, 30), "2026-02-28 09:30:00"),
        (time(9, 30), "09:30:00"),
        (timedelta(hours=30, seconds=5), "30:00:05"),
        ("007", "007"),
    ],
)
def test_a_typed_cell_is_a_text_that_is_read_in_one_way(cell: Any, shown: str) -> None:
    assert text(cell) == shown


def test_the_first_sheet_with_cells_is_read_and_another_can_be_chosen() -> None:
    data = book(Empty=[], People=[["Name"], ["Ana"]], Others=[["Name"], ["Rui"]])
    table = read_table(data)
    assert (table.sheets, table.sheet) == (("Empty", "People", "Others"), "People")
    assert [row.cells for row in read_table(data, Layout(sheet="Others")).rows] == [("Rui",)]


def test_rows_are_numbered_as_the_program_shows_them() -> None:
    _sheets, rows = xlsx_read.sheets(book([], [], ["Name"], ["Ana"]))
    assert rows == [Row(3, ("Name",)), Row(4, ("Ana",))]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (at(1_048_575, 16_383), "claims more cells"),
        (at(0, 10_000), "10,001 columns"),
        (at(300_000, 0), "300,001 rows"),
        (zipped(workbook=b"0" * 80_000_000), "unpacks to 76 megabytes"),
        (zipped(workbook=b"<!DOCTYPE x [<!ENTITY a 'b'>]><workbook/>"), "document type"),
        (zipped(workbook=b"<workbook"), "damaged"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 2000, "damaged"),
    ],
)
def test_a_hostile_workbook_gets_a_sentence(data: bytes, words: str) -> None:
    assert words in said(data)


def test_a_document_is_no_workbook() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert not xlsx_read.is_workbook(made.getvalue())
    assert xlsx_read.is_workbook(book(["Name"]))
