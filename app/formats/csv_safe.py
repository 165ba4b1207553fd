"""Cells of an export that no spreadsheet runs as a formula, and the way back (TRUST S15)."""

from __future__ import annotations

import re
import unicodedata

MARK = "'"

# A sign, and what only a formula or a command has after it: so "-12.5" and "+351 912 345 678" stay as typed.
_NUMBER = re.compile(r"[+-]?(?:\d[\d\u00a0\u202f '’.,]*)?\d(?:[eE][+-]?\d{1,3})?\s?%?")
_PHONE = re.compile(r"\+[\d\s().\-/]{3,40}(?:\s?(?:ext|x)\.?\s?\d{1,8})?")
_STARTS = frozenset("=+-@|\t\r\n")
_QUOTES = frozenset("'’＇")


def neutralise(cell: str) -> str:
    """Return the cell so that Excel, LibreOffice and Google Sheets show it as text.

    A cell whose first sign, after blanks and invisible characters, starts a formula (`= + - @ |`, their
    full-width forms, tab, line end) gets an apostrophe before it. Numbers and phone numbers stay as they are.
    Text that already begins with an apostrophe before such a sign gets another one, so that `restore` is exact.
    """
    if _NUMBER.fullmatch(cell) or _PHONE.fullmatch(cell):
        return cell
    bare = cell.lstrip(MARK) if cell.startswith(MARK) else cell
    return MARK + cell if _dangerous(bare) else cell


def restore(cell: str) -> str:
    """Return what `neutralise` was given; a cell that it would not have written stays as it is."""
    if not cell.startswith(MARK):
        return cell
    return cell[1:] if neutralise(cell[1:]) == cell else cell


def neutralise_row(cells: list[str]) -> list[str]:
    """Return the row with every cell neutralised."""
    return [neutralise(cell) for cell in cells]


def _dangerous(text: str) -> bool:
    """Tell whether the first visible sign starts a formula in some spreadsheet."""
    for char in text:
        if char in _STARTS:
            return True
        if unicodedata.category(char) in {"Zs", "Cf", "Cc", "Zl", "Zp"} or char in _QUOTES:
            continue
        # Excel reads the full-width and small forms as the plain sign.
        return unicodedata.normalize("NFKC", char)[:1] in _STARTS
    return False
