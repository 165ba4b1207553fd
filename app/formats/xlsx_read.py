"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS) as rows of text: checked before they are opened, read in a process apart."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.formats.card import N_, Problem, left_out
from app.formats.clean_text import clean
from app.formats.csv_rows import Row
from app.formats.source import Data, source_of

MOST_PARTS = 10_000
MOST_BYTES = 400 * 1024 * 1024
MOST_RATIO = 100
SMALL = 4 * 1024 * 1024
"""Parts that unpack to less are no bomb, whatever their ratio."""

BEGINNING = 200
"""Rows that are read to see what a sheet holds."""

OLE = b"\xd0\xcf\x11\xe0"
_CHILD = Path(__file__).with_name("xlsx_child.py")
_WRONG = {
    "wide": N_("The sheet has %(count)s columns. At most 1,000 can be read; delete those that are empty."),
    "long": N_("The sheet has %(count)s rows. At most 200,000 can be read; split it."),
    "password": N_("The workbook is protected by a password. Save it without one and choose it again."),
    "doctype": N_("The workbook declares a document type, as only harmful ones do. It is not opened."),
    "broken": N_("The workbook is damaged. Open it in a spreadsheet program, save it anew and try again."),
    "large": N_("The workbook claims more cells than can be read. Copy the used rows into a new one."),
    "bomb": N_("The workbook unpacks to %(size)s megabytes, which no real one does. It is not opened."),
    "parts": N_("The workbook holds %(count)s parts, which no real one does. It is not opened."),
}
_ERROR = N_("A formula in this row gives an error (%(value)s). The cell is taken as empty.")
ERRORS = frozenset(
    ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA", "#SPILL!", "#CALC!")
)


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets of a workbook and the one that is read; `problem` says why nothing can be."""

    names: tuple[str, ...] = ()
    chosen: str = ""
    problem: Problem | None = None


def is_workbook(data: Data) -> bool:
    """Tell whether a file is a workbook of a spreadsheet program, by its container."""
    source = source_of(data)
    if source.head.startswith(OLE):
        return True
    if not source.head.startswith(b"PK\x03\x04"):
        return False
    try:
        with source.open() as stream:
            names = zipfile.ZipFile(stream).namelist()
    except (zipfile.BadZipFile, ValueError):
        return False
    lowered = {name.lower() for name in names[:MOST_PARTS]}
    sheets = any(
        name.endswith(("workbook.xml", "workbook.bin")) or "/worksheets/" in name for name in lowered
    )
    return sheets or {"content.xml", "meta-inf/manifest.xml"} <= lowered


def refusal(data: Data, name: str = "") -> Problem | None:
    """Return why an archive is not opened: what its directory says of itself, before anything is unpacked (S12, S13)."""
    source = source_of(data)
    if not source.head.startswith(b"PK"):
        return None
    try:
        with source.open() as stream:
            parts = zipfile.ZipFile(stream).infolist()
    except (zipfile.BadZipFile, ValueError):
        return left_out(1, name, _WRONG["broken"])
    if len(parts) > MOST_PARTS:
        return left_out(1, name, _WRONG["parts"], count=len(parts))
    total = sum(part.file_size for part in parts)
    swollen = any(p.file_size > SMALL and p.file_size > MOST_RATIO * max(1, p.compress_size) for p in parts)
    if total > MOST_BYTES or swollen:
        return left_out(1, name, _WRONG["bomb"], size=f"{total >> 20:,}")
    return None


def read_rows(data: bytes, sheet: str = "", name: str = "") -> Iterator[Sheets | Row | Problem]:
    """Yield what the workbook says of its sheets, then the rows of one that hold anything, numbered as it shows them."""
    why = refusal(data, name)
    if why is not None:
        yield Sheets(problem=why)
        return
    names: tuple[str, ...] = ()
    number = 0
    for line in _lines(data, sheet):
        if isinstance(line, dict):
            if "wrong" in line:
                count = f"{line['count']:,}" if "count" in line else ""
                yield Sheets(names, sheet, left_out(1, name, _WRONG[line["wrong"]], count=count))
                return
            yield Sheets(names, line["sheet"])
        elif not names:
            names = tuple(line)
        else:
            number += 1
            yield from _row(number, line)


def _row(number: int, cells: list[str]) -> Iterator[Row | Problem]:
    wrong = next((cell for cell in cells if cell in ERRORS), None)
    texts = tuple("" if cell in ERRORS else clean(cell).strip() for cell in cells)
    if wrong is not None:
        yield left_out(number, ", ".join(filter(None, cells)), _ERROR, value=wrong)
    if any(texts):
        yield Row(number, texts)


def _lines(data: bytes, sheet: str) -> Iterator[Any]:
    """Yield what the process apart writes, as it writes it; one that dies of its limits says so here."""
    with tempfile.TemporaryFile() as held:
        held.write(data)
        held.seek(0)
        command = [sys.executable, "-I", str(_CHILD), sheet.replace("\x00", "")]
        child = subprocess.Popen(  # noqa: S603 - our own file, with the name of a sheet
            command, stdin=held, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert child.stdout is not None
        try:
            for line in child.stdout:
                if line.endswith(b"\n"):
                    yield json.loads(line)
            if child.wait() != 0:
                yield {"wrong": "large"}
        finally:
            child.kill()
            child.stdout.close()
            child.wait()


def sheets(data: bytes, sheet: str = "", name: str = "") -> tuple[Sheets, list[Row | Problem]]:
    """Return the sheets of a workbook, and the first rows of the chosen one (the first that holds anything)."""
    found, first = Sheets(), list[Row | Problem]()
    for item in read_rows(data, sheet, name):
        if isinstance(item, Sheets):
            found = item
        else:
            first.append(item)
        if len(first) >= BEGINNING:
            break
    return found, first
