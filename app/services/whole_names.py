"""What stands for a row elsewhere: its uid, the name that it has instead, or the number of its line; and the way back."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from app.services.whole_tables import Plan, Sheet

KEPT = 20_000
"""Names that are remembered at a time."""


class Names:
    """From ids to names, while an export is written."""

    def __init__(self, connection: Connection, plan: Plan) -> None:
        self._connection = connection
        self._sheets = {one.key: one for one in plan.sheets}
        self._known: dict[tuple[str, int], str | None] = {}
        self._numbers: dict[str, array[int]] = {}

    def __call__(self, table: str, key: Any) -> Any:
        """Return the name of a row by its id, None when there is no such row."""
        if not isinstance(key, int) or isinstance(key, bool) or table not in self._sheets:
            return None
        sheet = self._sheets[table]
        if sheet.name is None:
            return self._number(sheet, key)
        if (table, key) not in self._known:
            self.fetch(table, [key])
        return self._known[table, key]

    def fetch(self, table: str, ids: Iterable[Any]) -> None:
        """Read the names of many rows at once."""
        sheet = self._sheets.get(table)
        wanted = [i for i in set(ids) if isinstance(i, int) and (table, i) not in self._known]
        if sheet is None or sheet.name is None or not wanted:
            return
        if len(self._known) > KEPT:
            self._known.clear()
        self._known |= {(table, i): None for i in wanted}
        query = select(sheet.table.c.id, sheet.table.c[sheet.name]).where(sheet.table.c.id.in_(wanted))
        self._known |= {(table, row[0]): row[1] for row in self._connection.execute(query)}

    def _number(self, sheet: Sheet, key: int) -> int | None:
        """Rows without any name are counted in the order in which they are written."""
        if sheet.key not in self._numbers:
            ids = self._connection.execute(select(sheet.table.c.id).order_by(sheet.table.c.id)).scalars()
            self._numbers[sheet.key] = array("q", ids)
        found = self._numbers[sheet.key]
        at = bisect_left(found, key)
        return at + 1 if at < len(found) and found[at] == key else None


class Ids:
    """From names to the ids of rows that were read in before; the number of a line is the id of its row."""

    def __init__(self, connection: Connection, plan: Plan) -> None:
        self._connection = connection
        self._sheets = {one.key: one for one in plan.sheets}
        self._known: dict[tuple[str, str], int | None] = {}

    def __call__(self, table: str, name: Any) -> Any:
        """Return the id of a row by its name, None when there is no such row."""
        sheet = self._sheets.get(table)
        if sheet is None:
            return None
        if sheet.name is None:
            return name if isinstance(name, int) and not isinstance(name, bool) else None
        if not isinstance(name, str):
            return None
        if self._known.get((table, name)) is None:
            self.fetch(table, [name])
        return self._known[table, name]

    def fetch(self, table: str, names: Iterable[Any]) -> None:
        """Look up many rows at once."""
        sheet = self._sheets.get(table)
        wanted = [n for n in set(names) if isinstance(n, str) and self._known.get((table, n)) is None]
        if sheet is None or sheet.name is None or not wanted:
            return
        if len(self._known) > KEPT:
            self._known.clear()
        self._known |= {(table, n): None for n in wanted}
        column = sheet.table.c[sheet.name]
        query = select(column, sheet.table.c.id).where(column.in_(wanted))
        self._known |= {(table, row[0]): row[1] for row in self._connection.execute(query)}
