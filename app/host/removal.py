"""Takes everything out of the core's tables that speaks of a plugin: rights, settings, saved references, work to do.

Works on the connection in which the plugin's tables go, so that both happen or neither, and by its name alone, so that
it works when its code has gone. What people wrote (entries of a kind that the plugin brought, the audit) stays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, inspect, or_, select, update

from app.models import (
    Approval,
    Epoch,
    EventRow,
    FieldRule,
    JobRow,
    Model,
    Notification,
    PluginState,
    RoleGrant,
    SavedView,
    ScheduleState,
    Setting,
)

LISTS = "views"
"""Whose settings hold the columns and the views that people chose for a list, by the list's entity."""

FILTERS = ("f", "where")
COLUMNS, ORDERS = ("cols",), ("sort", "group")


def clean(connection: Connection, name: str) -> dict[str, int]:
    """Take away what the core keeps of a plugin, and let every process notice; return the rows per table."""
    found: dict[str, int] = {}

    def count(table: Any, number: int) -> None:
        if number:
            found[str(table.name)] = found.get(str(table.name), 0) + number

    _views(connection, name, count)
    _choices(connection, name, count)
    for table, criterion in _gone(name):
        count(table, _delete(connection, table, criterion))
    counters = {
        column: getattr(Epoch, column) + 1 for column in ("plugins", "schema", "settings", "permissions")
    }
    connection.execute(update(Epoch).values(counters))
    return found


def _gone(name: str) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Yield the tables of the core and which of their rows are the plugin's; children come before their parents."""
    for table in reversed(Model.metadata.sorted_tables):
        entity = table.columns.get("entity")
        if table.info.get("owner", "core") == "core" and entity is not None:
            yield table, _its(entity, name)
    chosen = and_(Setting.owner == "core", Setting.user_id == 0, _its(Setting.value, f'"{name}'))
    rows: tuple[tuple[Any, ColumnElement[bool]], ...] = (
        (Approval, _its(Approval.action, name)),
        (EventRow, _its(EventRow.topic, name)),
        (FieldRule, or_(_its(FieldRule.field, name), FieldRule.field.contains(f".{name}.", autoescape=True))),
        (JobRow, or_(JobRow.owner == name, _its(JobRow.name, name))),
        (Notification, or_(_its(Notification.topic, name), _under(Notification.url, name))),
        (RoleGrant, _its(RoleGrant.permission, name)),
        (ScheduleState, _its(ScheduleState.name, name)),
        (Setting, or_(Setting.owner == name, and_(Setting.owner == LISTS, _its(Setting.key, name)), chosen)),
        (PluginState, PluginState.name == name),
    )
    for model, criterion in rows:
        yield model.__table__, criterion


def _delete(connection: Connection, table: Table, criterion: ColumnElement[bool]) -> int:
    """Delete rows and what hangs on them, and return how many: foreign keys do nothing while migrations run."""
    present = set(inspect(connection).get_table_names())
    for child in (other for other in Model.metadata.tables.values() if other.name in present):
        for key in child.foreign_keys:
            if key.column.table is not table:
                continue
            hanging = key.parent.in_(select(key.column).where(criterion))
            if (key.ondelete or "").upper() == "CASCADE" and child is not table:
                _delete(connection, child, hanging)
            else:
                connection.execute(update(child).where(hanging).values({key.parent: None}))
    return int(connection.execute(delete(table).where(criterion)).rowcount)


def _its(column: Any, name: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.startswith(f"{name}.", autoescape=True)
    return found


def _under(column: Any, name: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.startswith(f"/{name}/", autoescape=True)
    return found


# ---------------------------------------------------------------- saved lists


def _views(connection: Connection, name: str, count: Callable[[Any, int], None]) -> None:
    """Take its columns and orders out of saved views; a view that filters by it goes, for it would show too much."""
    table: Any = SavedView.__table__
    query = select(SavedView.id, SavedView.state).where(SavedView.state.contains(f"{name}.", autoescape=True))
    for row in connection.execute(query).all():
        pairs = [(str(key), str(text)) for key, text in json.loads(row.state)]
        if any(key in FILTERS and mentions(text, name) for key, text in pairs):
            connection.execute(delete(SavedView).where(SavedView.id == row.id))
        else:
            kept = [(key, text) for key, text in (_without(pair, name) for pair in pairs) if text]
            state = json.dumps(kept, ensure_ascii=False)
            connection.execute(update(SavedView).where(SavedView.id == row.id).values(state=state))
        count(table, 1)


def mentions(text: str, name: str) -> bool:
    """Tell whether a filter names something of a plugin: “gifts.last_on is set”, “gift.company.gifts.on”."""
    return re.search(rf"(?<!\w){re.escape(name)}\.\w", text) is not None


def _without(pair: tuple[str, str], name: str) -> tuple[str, str]:
    key, text = pair
    if key in COLUMNS:
        return key, ",".join(word for word in text.split(",") if not mentions(word, name))
    return key, "" if key in ORDERS and mentions(text, name) else text


def _choices(connection: Connection, name: str, count: Callable[[Any, int], None]) -> None:
    """Take its columns and views out of what people and roles chose for their lists, and its topics for notices."""
    table: Any = Setting.__table__
    query = select(Setting.id, Setting.value).where(
        or_(Setting.owner == LISTS, Setting.user_id != 0),
        Setting.value.contains(f'"{name}.', autoescape=True),
    )
    for row in connection.execute(query).all():
        value = json.dumps(_scrubbed(json.loads(row.value), name), ensure_ascii=False)
        connection.execute(update(Setting).where(Setting.id == row.id).values(value=value))
        count(table, 1)


def _scrubbed(value: Any, name: str) -> Any:
    """Return a value without what begins with the plugin's name: entries of lists, keys and values of objects."""

    def its(found: Any) -> bool:
        return isinstance(found, str) and found.startswith(f"{name}.")

    if isinstance(value, dict):
        return {k: _scrubbed(v, name) for k, v in value.items() if not its(k) and not its(v)}
    return [_scrubbed(v, name) for v in value if not its(v)] if isinstance(value, list) else value
