"""Reads a workbook in a process of its own, within limits: `python xlsx_child.py LISTED|SHEET < file > rows`.

It stands alone, so that it starts at once: nothing of the program is imported. What it writes are lines of JSON: first
the names of the sheets, then a list of texts per row, or one object with what is wrong.
"""

from __future__ import annotations

import datetime
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

MEMORY = 512 * 1024 * 1024
"""Address space of this process: a workbook that claims a billion cells ends it, and nothing else."""

SECONDS = 25
MOST_COLUMNS = 1_000
MOST_ROWS = 200_000
_ERROR_CELL = re.compile(
    rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*?\bt="e"[^>]*>.*?<v>([^<]{1,20})</v>', re.S
)
_SHEET = re.compile(rb"<sheet\b[^>]*?>")
_SEALED = "EncryptedPackage".encode("utf-16-le")
"""The stream of a container that holds an encrypted workbook."""

_RELATION = re.compile(rb"<Relationship\b[^>]*?>")


def main() -> None:
    """Write the sheets and the rows of the one that is named (the first with cells, if none is)."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read()
    try:
        for line in lines(data, sys.argv[1] if len(sys.argv) > 1 else ""):
            sys.stdout.write(json.dumps(line, ensure_ascii=True) + "\n")
    except MemoryError:
        sys.stdout.write(json.dumps({"wrong": "large"}) + "\n")


def lines(data: bytes, wanted: str) -> Iterator[Any]:
    """Yield the names of the sheets, then the rows of one."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

    if _declares(data):
        yield {"wrong": "doctype"}
        return
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError:
        yield {"wrong": "password"}
        return
    except CalamineError:
        yield {"wrong": "password" if _SEALED in data else "broken"}
        return
    names = [m.name for m in book.sheets_metadata if m.typ is SheetTypeEnum.WorkSheet]
    yield names
    opened = None
    for name in [wanted] if wanted else [*names, *names[:1]]:
        try:
            sheet = book.get_sheet_by_name(name)
        except CalamineError:
            continue
        opened = (name, sheet)
        if sheet.start is not None:
            break
    if opened is None:
        yield {"wrong": "broken"}
        return
    yield {"sheet": opened[0]}
    yield from _rows(opened[1], _errors(data, opened[0]))


def _rows(sheet: Any, errors: dict[tuple[int, int], str]) -> Iterator[Any]:
    if sheet.total_width > MOST_COLUMNS:
        yield {"wrong": "wide", "count": sheet.total_width + 1}
        return
    if sheet.total_height > MOST_ROWS:
        yield {"wrong": "long", "count": sheet.total_height + 1}
        return
    for number, row in enumerate(sheet.iter_rows()):
        yield (
            [errors.get((number, at)) or text(cell) for at, cell in enumerate(row)]
            if errors
            else [text(cell) for cell in row]
        )


def text(cell: Any) -> str:
    """Return a typed cell as text that is read in one way only: ISO dates, a point in numbers."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, datetime.timedelta):
        minutes, seconds = divmod(int(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return cell.isoformat() if hasattr(cell, "isoformat") else str(cell)


def _zip(data: bytes) -> zipfile.ZipFile | None:
    try:
        return zipfile.ZipFile(io.BytesIO(data)) if data[:2] == b"PK" else None
    except zipfile.BadZipFile:
        return None


def _declares(data: bytes) -> bool:
    """Tell whether a part of a workbook declares a document type, which no program that writes workbooks does."""
    archive = _zip(data)
    for name in archive.namelist() if archive is not None else ():
        if name.endswith((".xml", ".rels")):
            assert archive is not None
            try:
                with archive.open(name) as part:
                    if b"<!DOCTYPE" in part.read(4096):
                        return True
            except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
                continue
    return False


def _errors(data: bytes, sheet: str) -> dict[tuple[int, int], str]:
    """Return the cells that hold an error (#DIV/0!), which the library gives as empty ones."""
    archive = _zip(data)
    if archive is None or "xl/workbook.xml" not in archive.namelist():
        return {}
    try:
        part = _part(archive, sheet)
        found = archive.read(part) if part else b""
    except (KeyError, OSError, zipfile.BadZipFile, RuntimeError):
        return {}
    if b't="e"' not in found:
        return {}
    return {
        (int(row) - 1, _column(letters)): value.decode("ascii", "replace")
        for letters, row, value in _ERROR_CELL.findall(found)
    }


def _part(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return the part of the archive that holds a sheet."""
    ids = {}
    for tag in _SHEET.findall(archive.read("xl/workbook.xml")):
        name = re.search(rb'\bname="([^"]*)"', tag)
        link = re.search(rb'\br:id="([^"]*)"', tag)
        if name and link:
            ids[name[1].decode("utf-8", "replace")] = link[1]
    for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        key = re.search(rb'\bId="([^"]*)"', tag)
        target = re.search(rb'\bTarget="([^"]*)"', tag)
        if key and target and key[1] == ids.get(sheet):
            path = target[1].decode("utf-8", "replace").lstrip("/")
            return path if path.startswith("xl/") else f"xl/{path}"
    return ""


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


if __name__ == "__main__":
    main()
