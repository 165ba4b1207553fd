"""Rows of a table as texts under the names of fields: for records of every kind, understood by their fields later."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from app.formats.card import N_, Problem, left_out
from app.formats.csv_dates import DateOrder, date_order, table_date
from app.formats.csv_rows import Row
from app.formats.csv_table import Table

FIELD = "field:"
"""How a target begins that names a field of a record and no part of a card."""

_NO_COLUMN = N_("No column is assigned to a field yet. Say for each column what it holds.")
_EMPTY = N_("None of the columns that are imported is filled in this row. It was left out.")


@dataclass(frozen=True, slots=True)
class Texts:
    """A row: (name of a field, text) in the order of the columns, empty cells left out.

    `entity` is the kind of record it is about, "" for the one that the whole file holds.
    """

    cells: tuple[tuple[str, str], ...]
    entity: str = ""


def field_of(target: str) -> str:
    """Return the name of the field of a target, or "" for another one."""
    return target.removeprefix(FIELD) if target.startswith(FIELD) else ""


def of_fields(mapping: Mapping[int, str]) -> bool:
    """Tell whether a mapping names fields of records and nothing of cards."""
    chosen = {target for target in mapping.values() if target not in ("", "skip")}
    return bool(chosen) and all(target.startswith(FIELD) for target in chosen)


def numbered_texts(
    table: Table, rows: Iterable[Row | Problem], mapping: Mapping[int, str]
) -> Iterator[tuple[Row | None, Texts | Problem]]:
    """Yield what each row gives together with the row; None where a problem is about no single row."""
    if table.problem is not None:
        yield None, table.problem
        return
    wanted = {at: name for at, target in mapping.items() if (name := field_of(target))}
    if not wanted:
        yield None, left_out(table.header_row or 1, ", ".join(filter(None, table.header)), _NO_COLUMN)
        return
    for row in rows:
        if isinstance(row, Problem):
            yield None, row
            continue
        cells = tuple((wanted[at], cell) for at, cell in enumerate(row.cells) if cell and at in wanted)
        if cells:
            yield row, Texts(cells)
        else:
            yield row, left_out(row.number, ", ".join(filter(None, row.cells)), _EMPTY)


def order_of_columns(table: Table, columns: Iterable[int]) -> DateOrder:
    """Return the order that the dates in some columns show."""
    return date_order(row.cells[at] for row in table.rows for at in columns if at < len(row.cells))


def decimal_mark(table: Table, columns: Iterable[int]) -> str:
    """Return the mark before the fraction of the numbers in some columns, "," or "."; "" where none shows it."""
    votes = {",": 0, ".": 0}
    for row in islice(table.rows, 100):
        for at in columns:
            cell = row.cells[at] if at < len(row.cells) else ""
            last = max(cell.rfind(","), cell.rfind("."))
            if last >= 0 and cell[last + 1 :].strip().isdecimal():
                several = cell.count(cell[last]) > 1
                thousands = len(cell[last + 1 :].strip()) == 3
                if several:
                    votes["," if cell[last] == "." else "."] += 1
                elif not thousands or ("." in cell and "," in cell):
                    votes[cell[last]] += 1
    best = max(votes, key=lambda mark: votes[mark])
    return best if votes[best] else ""


def plain_number(text: str, mark: str) -> str:
    """Return a number written with this mark before its fraction as "1234.5"; other texts stay as they are."""
    if not mark or not any(char.isdecimal() for char in text):
        return text
    other = "." if mark == "," else ","
    return text.replace(other, "").replace(mark, ".")


def iso_day(text: str, order: DateOrder) -> str:
    """Return a date, with a time behind it or not, in ISO 8601; what is none stays as it is."""
    day, blank, clock = text.strip().partition(" ")
    found, clear = table_date(day, order)
    return f"{found}{blank}{clock}" if clear and found != day else text
