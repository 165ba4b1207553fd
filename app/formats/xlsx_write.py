"""Rows written as a workbook, a row in memory at a time; texts are texts, whatever they begin with (TRUST S15)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

LONGEST = 32_767
"""Characters that a cell of a workbook can hold."""

MOST_ROWS = 1_048_576
EXACT = 2**53


class TooMuch(ValueError):
    """A workbook cannot hold this: a text is too long for a cell, or there are too many rows."""


def write(path: Path, name: str, rows: Iterable[list[Any]]) -> int:
    """Write rows, the first of which holds the names of the columns, and return how many there are. Raises TooMuch."""
    import xlsxwriter  # type: ignore[import-untyped]  # two megabytes that few processes need

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    count = 0
    with xlsxwriter.Workbook(str(path), options) as workbook:
        sheet = workbook.add_worksheet(_sheet_name(name))
        bold = workbook.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows):
            if number >= MOST_ROWS:
                raise TooMuch("rows")
            for at, cell in enumerate(row):
                _cell(sheet, number, at, cell, bold if number == 0 else None)
            count += 1
    return count


def _cell(sheet: Any, row: int, column: int, cell: Any, style: Any) -> None:
    if cell in ("", None):
        return
    if isinstance(cell, int) and not isinstance(cell, bool) and abs(cell) < EXACT:
        sheet.write_number(row, column, cell, style)
        return
    text = str(cell)
    if len(text) > LONGEST:
        raise TooMuch("text")
    sheet.write_string(row, column, text, style)


def _sheet_name(name: str) -> str:
    """A name that spreadsheet programs accept."""
    kept = "".join(char for char in name if char not in "[]:*?/\\'").strip()[:31]
    return kept or "Kith"
