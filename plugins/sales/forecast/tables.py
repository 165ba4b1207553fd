"""Tables of reports: figures with the addresses of the records behind them, for a page and for a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from flask_babel import get_locale

from app.sdk import Context, _
from app.sdk.web import money

from . import options


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of figures: `kind` is money, cents (to the cent), count, percent, decimal, days, day or text."""

    key: str
    label: str
    kind: str = "money"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line: what it is about, its figures (None for none), where each figure and the line itself lead."""

    label: str
    values: Mapping[str, Any]
    url: str = ""
    urls: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table with a title, a sentence that says what to see, and a line of sums; `bar` is the column drawn as bars.

    `best` is what a full bar stands for where several tables are compared; else it is the largest figure of the table.
    """

    id: str
    title: str
    first: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    said: str = ""
    total: Row | None = None
    bar: str = ""
    best: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A figure as it is shown: text, where it leads, a note; `label` is its column's for narrow screens."""

    text: str
    label: str
    url: str = ""
    note: str = ""
    kind: str = "money"


def shown(ctx: Context, table: Table, row: Row) -> list[Cell]:
    """Return the cells of a line as they are shown."""
    code = options.currency(ctx)
    return [
        Cell(
            text=text(row.values.get(c.key), c.kind, code),
            label=c.label,
            url=row.urls.get(c.key, "") if row.values.get(c.key) is not None else "",
            note=row.notes.get(c.key, ""),
            kind=c.kind,
        )
        for c in table.columns
    ]


def text(value: Any, kind: str, currency: str) -> str:
    """Return a figure as people read it; none is an en dash."""
    if value is None or value == "":
        return "–"
    if kind == "money":
        return money(value, currency)
    if kind == "cents":
        return exact(value, currency)
    if kind == "percent":
        return _("%(number)s %%", number=_number(round(Decimal(value), 1)))
    if kind == "decimal":
        return _number(round(Decimal(value), 1))
    if kind == "day":
        return str(format_date(date.fromisoformat(str(value)), "medium", locale=get_locale()))
    return _number(value) if kind in ("count", "days") else str(value)


def exact(value: Any, currency: str) -> str:
    """Return an amount to the cent, however large it is."""
    return str(format_currency(value, currency, locale=get_locale()))


def bars(table: Table) -> list[str]:
    """Return for every line how long its bar is, in percent of the longest or of the best, as text for an attribute."""
    sizes = [max(Decimal(row.values.get(table.bar) or 0), Decimal(0)) for row in table.rows]
    longest = max([*sizes, table.best]) or Decimal(1)
    return [f"{size * 100 / longest:.2f}%" for size in sizes]


def rows(tables: Iterable[Table]) -> list[list[object]]:
    """Return tables as the rows of a file, one below the other with their headings."""
    found: list[list[object]] = []
    for table in tables:
        found += [[]] if found else []
        found.append([table.first, *(column.label for column in table.columns)])
        for row in [*table.rows, *([table.total] if table.total else [])]:
            found.append([row.label, *(_raw(row.values.get(c.key)) for c in table.columns)])
    return found


def _raw(value: Any) -> object:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        return str(value if isinstance(exponent, int) and exponent >= -2 else round(value, 2))
    return value


def _number(value: Any) -> str:
    return str(format_decimal(value, locale=get_locale()))
