"""Rows written as CSV: no cell is run as a formula, and everything is read back as it was (TRUST S15)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from app.formats.csv_safe import neutralise

BOM = "\ufeff"
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
"""What a person chooses → the mark between cells."""


def written(rows: Iterable[list[object]], delimiter: str = ",", *, bom: bool = False) -> Iterator[str]:
    """Yield rows as text; numbers stay numbers, texts that a spreadsheet would run get an apostrophe."""
    if bom:
        yield BOM
    for row in rows:
        text = io.StringIO()
        cells = [neutralise(cell) if isinstance(cell, str) else cell for cell in row]
        csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerow(cells)
        yield text.getvalue()
