"""What becomes of every real table: `python -m tests.tables` writes tests/data/tables_expected.tsv anew.

The cells of a file are counted here without the readers: by the table that the collection says is right, else by the
csv module; of a workbook by the library alone. The last column says why something is not read, or why it is reported.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from app.formats import sniff
from app.formats.card import Card, Format, Problem
from app.formats.csv_rows import Row
from app.formats.csv_table import Table, data_rows

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared/data"
OWN = ROOT / "tests/data/tables"
TABLE = ROOT / "tests/data/tables_expected.tsv"
FOLDERS = ("csv", "xlsx", "crm_exports", "contacts")
NAMES = (
    "file",
    "format",
    "read as",
    "header row",
    "columns",
    "rows",
    "cells",
    "read",
    "contacts",
    "problems",
    "why",
)
WHY = {
    "file_field_delimiter_0x20.csv": "blanks divide its cells and stand in them: no rule can tell; the delimiter can be chosen",
    "file_quotation_char_0x27.csv": "apostrophes around cells and in them: the rows concerned are reported",
    "file_escape_char_0x00.csv": "a NUL stands for the escape mark and is taken out; the rows concerned are reported",
    "file_header_multirow_3.csv": "three rows of column names, each kept as a row",
    "row_field_delimiter": "one row has another delimiter: it stays one cell and is reported",
    "row_less_sep_row0": "the row of column names lacks a delimiter: two names stay one",
    "row_less_sep": "one row lacks a delimiter: two cells stay one, and the row is reported",
    "row_more_sep": "one row has a delimiter too many: a cell is cut in two, and the row is reported",
    "minimal_package.xlsx": "the title above the row of column names is no row",
    "salesforce_npsp_import_template.csv": "the instructions above the row of column names are no rows",
    "file_escape_char_0x5C.csv": "one cell is meant to hold a backslash that stands before a quotation mark",
    "location_coordinates.csv": "the file itself holds a letter that some program lost; the row is reported",
    "row_extra_quote": "one quotation mark too many: the row is read without its marks and reported",
    "csv/pollock_survey/": "the right table leaves out or joins rows around it; every cell of the file is read",
}


def files() -> list[Path]:
    """Return the tables of the collection, or the few that the repository holds."""
    base = SHARED if SHARED.is_dir() else OWN
    found = [p for name in FOLDERS for p in sorted((base / name).rglob("*")) if p.is_file()]
    return [p for p in found if _is_table(p)]


def _is_table(path: Path) -> bool:
    if {"clean", "parameters", "json"} & set(path.parts):
        return False
    return "xlsx" in path.parts or path.suffix.lower() == ".csv"


def name_of(path: Path) -> str:
    """Return the name of a file in the table."""
    base = SHARED if path.is_relative_to(SHARED) else OWN
    return path.relative_to(base).as_posix()


def line(path: Path) -> list[str]:
    """Return what the readers make of a file, as a line of the table."""
    data = path.read_bytes()
    kind = sniff.sniff(data, path.name)
    table = sniff.table(data, path.name)
    if table is None or table.problem is not None:
        said = [x for x in sniff.read_each(data, path.name) if isinstance(x, Problem)]
        return [name_of(path), str(kind), "", "", "", "", "", "", "0", str(len(said)), str(said[0])]
    below = list(data_rows(data, table))
    rows = [row for row in below if isinstance(row, Row)]
    wrong = [found for found in below if isinstance(found, Problem)]
    read = Counter(cell for row in (*rows, Row(0, table.header)) for cell in row.cells if cell)
    there = Counter(cells(path, data, kind))
    people = sum(isinstance(x, Card) for x in sniff.read_each(data, path.name))
    shape = [str(table.header_row), str(len(table.header)), str(len(rows))]
    kept = [str(there.total()), str((there & read).total())]
    why = (
        ""
        if kept[0] == kept[1] and not wrong
        else next((w for n, w in WHY.items() if n in name_of(path)), "")
    )
    why = why or (str(wrong[0]) if wrong else "")
    return [name_of(path), str(kind), _as(table), *shape, *kept, str(people), str(len(wrong)), why]


def _as(table: Table) -> str:
    if table.sheets:
        return f"sheet {table.sheet} of {len(table.sheets)}"
    mark = {"\t": "tab"}.get(table.delimiter, table.delimiter)
    return " ".join(
        filter(None, (table.encoding, mark, table.quote if table.quote != '"' else "", table.escape))
    )


def cells(path: Path, data: bytes, kind: Format) -> Iterator[str]:
    """Yield the texts of a file's cells, read without our readers."""
    if kind is Format.WORKBOOK:
        yield from _of_workbook(data)
        return
    right = Path(str(path).replace("/csv/", "/clean/").replace("/clean/pollock", "/csv/pollock"))
    if "pollock" in str(path) and right.exists():
        yield from _texts(csv.reader(io.StringIO(right.read_text("utf-8", "replace"), newline="")))
        return
    spectrum = path.parents[1] / "json" / f"{path.stem}.json"
    if spectrum.exists():
        found = json.loads(spectrum.read_text("utf-8"))
        records: list[dict[str, str]] = found if isinstance(found, list) else [found]
        yield from _texts([list(records[0]), *(list(r.values()) for r in records)])
        return
    made = sniff.table(data, path.name)
    assert made is not None
    text = data.decode(made.encoding if made.encoding != "utf-8" else "utf-8-sig", "replace")
    yield from _texts(csv.reader(io.StringIO(text, newline=""), delimiter=made.delimiter))


def _texts(rows: Any) -> Iterator[str]:
    for row in rows:
        yield from (text for cell in row if (text := cell.replace("\r\n", "\n").replace("\r", "\n").strip()))


def _of_workbook(data: bytes) -> Iterator[str]:
    from app.formats.clean_text import clean
    from app.formats.xlsx_child import text

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except CalamineError:
        return
    sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    chosen = next((sheet for sheet in sheets if sheet.start is not None), None)
    for row in chosen.iter_rows() if chosen is not None else ():
        yield from (said for cell in row if (said := clean(text(cell)).strip()))


def expected() -> dict[str, list[str]]:
    """Return the lines of the table by file."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()[1:]
    return {text.split("\t")[0]: text.split("\t") for text in lines}


def main() -> None:
    """Write the table anew."""
    lines = ["\t".join(NAMES), *("\t".join(line(path)) for path in files())]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines) - 1} files in {TABLE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
