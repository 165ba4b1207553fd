"""An exported file runs nothing in a spreadsheet and comes back as it was."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats.csv_safe import neutralise, neutralise_row, restore


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "|calc", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "\u200b=1", "＝1+1",
     "＋1+1", "－1+1", "＠SUM", "﹦1", "-2+3+cmd|' /C calc'!A0", '=HYPERLINK("http://x")', "+A1", "--1"],
)  # fmt: skip
def test_a_formula_is_marked_as_text(cell: str) -> None:
    assert neutralise(cell) == "'" + cell
    assert restore(neutralise(cell)) == cell


@pytest.mark.parametrize(
    "cell",
    ["Ana", "", "-12.5", "+3", "-1,234.50", "-5 %", "1e-5", "+351 912 345 678", "+1 (212) 555-0100 ext. 5", "a=b",
     "'quoted'", "O'Brien", "2026-01-31", "ana@acme.pt"],
)  # fmt: skip
def test_numbers_phones_and_words_stay_as_typed(cell: str) -> None:
    assert neutralise(cell) == restore(cell) == cell


@given(st.text(alphabet="'=+-@|\t\n\r＝ a1.5\u200b’", max_size=8) | st.text(max_size=20))
def test_what_is_exported_comes_back_exactly(cell: str) -> None:
    assert restore(neutralise(cell)) == cell


def test_every_known_payload_is_dead_and_comes_back(shared_data: Path) -> None:
    payloads = (
        (shared_data / "security/csv_injection/csv-payload.txt").read_text(encoding="utf-8").splitlines()
    )
    naughty = json.loads((shared_data / "security/blns/blns.json").read_text(encoding="utf-8"))
    for cell in [line for line in payloads if line] + naughty:
        safe = neutralise(cell)
        assert restore(safe) == cell
        assert not safe.strip().startswith(("=", "@", "|")), cell


def test_a_row_survives_the_file() -> None:
    row = ["=1+1", "a\nb", 'say "x"', "'=1", "+351 912 345 678"]
    file = io.StringIO()
    csv.writer(file).writerow(neutralise_row(row))
    read = next(csv.reader(io.StringIO(file.getvalue(), newline="")))
    assert [restore(cell) for cell in read] == row
