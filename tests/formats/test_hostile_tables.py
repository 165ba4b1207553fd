"""Tables that somebody broke, on purpose or not: a sentence each, no crash, nothing lost without a word."""

from __future__ import annotations

import pytest

from app.formats.card import Format, Problem
from app.formats.csv_dates import DateOrder
from app.formats.csv_rows import Row
from app.formats.csv_table import Layout, data_rows, read_table
from app.formats.csv_texts import decimal_mark, iso_day, plain_number
from app.formats.sniff import read, sniff


def rows(data: bytes, layout: Layout | None = None) -> tuple[list[tuple[str, ...]], list[str]]:
    table = read_table(data, layout or Layout())
    found = list(data_rows(data, table))
    return [r.cells for r in found if isinstance(r, Row)], [str(p) for p in found if isinstance(p, Problem)]


def test_ten_thousand_columns_get_a_sentence() -> None:
    data = (",".join(f"c{n}" for n in range(10_000)) + "\n" + "," * 9_999).encode()
    reading = read(data)
    assert reading.cards == ()
    assert "10,000 columns" in str(reading.problems[0])


def test_nuls_are_taken_out_and_the_rest_is_read() -> None:
    cells, _problems = rows(b"Name,E-mail\nA\x00na,ana@x.pt\n")
    assert cells == [("Ana", "ana@x.pt")]


def test_letters_that_cannot_be_read_are_told() -> None:
    data = "Name,E-mail\nInês,i@x.pt\n".encode("latin-1")
    _cells, problems = rows(data, Layout(encoding="utf-8"))
    assert "utf-8" in problems[0]
    assert rows(data) == ([("Inês", "i@x.pt")], [])


def test_line_ends_may_be_mixed() -> None:
    cells, _problems = rows(b"Name,E-mail\r\nAna,a@x.pt\rRui,r@x.pt\nEva,e@x.pt")
    assert [cell[0] for cell in cells] == ["Ana", "Rui", "Eva"]


def test_a_row_of_another_length_is_read_and_told() -> None:
    lines = [f"P{n},p{n}@x.pt,1" for n in range(30)]
    data = "\n".join(["Name,E-mail,Age", *lines, "Ana,a@x.pt", "Rui,r@x.pt,2,3"]).encode()
    cells, problems = rows(data)
    assert len(cells) == 32
    assert ["2 cells" in problems[0], "4 cells" in problems[1]] == [True, True]


def test_columns_of_the_same_name_are_both_kept() -> None:
    (card,) = read(b"Name,E-mail,E-mail\nAna,a@x.pt,b@x.pt\n").cards
    assert [e.value for e in card.emails] == ["a@x.pt", "b@x.pt"]


def test_a_delimiter_and_a_sheet_can_be_chosen() -> None:
    cells, _problems = rows(b"Name E-mail\nAna a@x.pt\n", Layout(delimiter=" "))
    assert cells == [("Ana", "a@x.pt")]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b'{"name":"Ana","email":"a@x.pt"}\n{"name":"Rui","phone":"1"}\n', Format.LINES),
        (b"PK\x03\x04 nothing", Format.UNKNOWN),
        (b"", Format.EMPTY),
    ],
)
def test_a_file_is_known_by_what_is_in_it(data: bytes, kind: Format) -> None:
    assert sniff(data) is kind


def test_a_broken_line_of_json_loses_only_itself() -> None:
    reading = read(b'{"name":"Ana","email":"a@x.pt"}\n{"name": broken\n{"name":"Rui","email":"r@x.pt"}\n')
    assert [c.formatted_name for c in reading.cards] == ["Ana", "Rui"]
    assert [p.line for p in reading.problems] == [2]


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["1.234,56", "7,5"], ","),
        (["1,234.56", "7.5"], "."),
        (["1.234.567"], ","),
        (["1200", "7"], ""),
    ],
)
def test_the_mark_of_fractions_is_seen(cells: list[str], mark: str) -> None:
    table = read_table(("N;X\n" + "".join(f"{cell};x\n" for cell in cells)).encode())
    assert decimal_mark(table, [0]) == mark


def test_numbers_and_dates_are_made_plain() -> None:
    assert plain_number("1.234,56", ",") == "1234.56"
    assert plain_number("n/a", ",") == "n/a"
    assert iso_day("03/04/2026 14:30", DateOrder.DAY_FIRST) == "2026-04-03 14:30"
    assert iso_day("soon", DateOrder.DAY_FIRST) == "soon"
