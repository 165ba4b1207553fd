"""Address books in CSV or tab-separated text, and lists of JSON records, read into cards."""

from collections.abc import Iterable, Iterator, Mapping

from app.formats.card import N_, Card, Problem, left_out
from app.formats.csv_cards import Plan, cards_of_row
from app.formats.csv_dates import DateOrder, date_order
from app.formats.csv_rows import Row
from app.formats.csv_table import Layout, Table, data_rows, is_header, read_table, table_of
from app.formats.jcard import json_text
from app.formats.source import Data

_NO_COLUMN = N_(
    "No column looks like a name, e-mail address, phone number or company. Say in the preview which is."
)
_AGAIN = N_("This row holds column names and no contact; it was left out.")
REACH = frozenset(("emails", "phones", "family_name"))
"""One of these must be among the keys of JSON records, which may be anything."""
_ESSENTIAL = REACH | {"formatted_name", "given_name", "nickname", "organization", "impp"}


def read_csv(
    data: Data, mapping: Mapping[int, str] | None = None, encoding: str = ""
) -> Iterator[Card | Problem]:
    """Yield the contacts of a table and what was wrong with it; `mapping` (column to target) overrides the guess."""
    table = read_table(data, Layout(encoding=encoding))
    yield from (found for _, found in numbered(table, data_rows(data, table), mapping))


def read_records(records: list[object], mapping: Mapping[int, str] | None = None) -> Iterator[Card | Problem]:
    """Yield the contacts of a list of JSON objects, whose keys are read like the header of a table."""
    rows = record_rows(records)
    found = numbered(table_of(rows, named=True), rows[1:], mapping, essential=REACH)
    yield from (item for _, item in found)


def record_rows(records: list[object]) -> list[Row]:
    """Return a list of JSON objects as rows, the first with the keys; nested objects are left as JSON text."""
    objects = [record for record in records if isinstance(record, dict)]
    keys = list(dict.fromkeys(str(key) for record in objects for key in record if key != "attributes"))[:1000]
    rows = [Row(1, tuple(keys))]
    for number, record in enumerate(objects, start=2):
        rows.append(Row(number, tuple(json_text(record.get(key)).strip() for key in keys)))
    return rows


def numbered(
    table: Table,
    rows: Iterable[Row | Problem],
    mapping: Mapping[int, str] | None = None,
    *,
    essential: frozenset[str] = _ESSENTIAL,
    order: DateOrder = DateOrder.UNKNOWN,
    begun: bool = False,
) -> Iterator[tuple[Row | None, Card | Problem]]:
    """Yield what each row gives together with the row; None where a problem is about no single row.

    `order` says how dates are written when their own numbers do not, `begun` that the rows are some of the middle.
    """
    if table.problem is not None:
        yield None, table.problem
        return
    chosen = dict(table.mapping if mapping is None else mapping)
    fields = {target.partition(".")[0].partition("#")[0].partition("@")[0] for target in chosen.values()}
    if not fields & essential:
        if table.header or table.rows:
            yield None, left_out(table.header_row or 1, ", ".join(filter(None, table.header)), _NO_COLUMN)
        return
    plan = Plan.of(table.header, chosen, order if order is not DateOrder.UNKNOWN else order_of(table, chosen))
    header_follows = not begun
    for row in rows:
        if isinstance(row, Problem):
            yield None, row
            continue
        header_follows = header_follows and is_header(row.cells)
        if header_follows:
            yield row, left_out(row.number, ", ".join(row.cells), _AGAIN)
        else:
            yield from ((row, found) for found in cards_of_row(row, plan))


def order_of(table: Table, mapping: Mapping[int, str]) -> DateOrder:
    """Return the order that the dates of a table show by themselves."""
    columns = [
        at for at, target in mapping.items() if target.partition("@")[0] in ("birthday", "anniversary")
    ]
    return date_order(row.cells[at] for row in table.rows for at in columns if at < len(row.cells))
