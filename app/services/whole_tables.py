"""What an export of everything holds (docs/export.md): the tables of all loaded owners, and what their columns point at.

Foreign keys are known by themselves, and so are the pair (entity, record_id) and `merged_into`. A plugin says the rest
on its columns: `info={"points": "user"}` for ids without a foreign key, `info={"points_in": {"user_id": "user"}}` for
ids within JSON, `info={"filter": "sales.lead"}` for expressions, `info={"export": False}` for what stays, and with it
`"instead": function` of the line for what then stands there, where something must.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Connection, LargeBinary, Table, inspect, select

from app.extensions import Base
from app.house import house
from app.kernel.contributions import Entity
from app.models import (
    CustomField,
    DuplicatePair,
    Operation,
    PluginState,
    RecordAlias,
    Setting,
    WorkCalendar,
)

LEFT_OUT = frozenset(
    {
        *("api_answer", "api_token", "approval", "approval_link", "attempt", "audit"),
        *("bulk_refusal", "bulk_run", "dav_book", "dav_card", "duplicate_search", "epoch"),
        *("event", "import_row", "import_run", "job", "login_session", "notification"),
        *("notification_delivery", "oauth_client", "oauth_grant", "oauth_refresh", "receipt"),
        *("recovery_code", "schedule_state", "search_delete", "search_doc", "search_name"),
        *("secret", "webhook", "webhook_delivery", "webhook_inbox"),
    }
)
"""Tables of the core that stay: sessions, tokens, work under way, receipts, what is told to others, what is computed."""

KEPT_BACK: Mapping[str, frozenset[str]] = {
    "user": frozenset({"password_hash", "totp_seed", "totp_last", "session_epoch", "last_seen_at"}),
    "blob": frozenset({"storage_name"}),
    "interaction": frozenset({"form_nonce"}),
    "plugin_state": frozenset({"installed_version", "tables", "quarantined_until", "problem", "changed_at"}),
}
"""Columns that stay: credentials, and what holds for one installation alone."""

NAMES = {
    "blob": "sha256",
    "interaction_kind": "name",
    "lifecycle_stage": "name",
    "plugin_state": "name",
    "relation_type": "name",
    "role": "name",
    "tag": "key",
}
"""Tables whose rows have no uid but a name of their own."""

LAST = ("saved_view", "setting", "operation", "journal")
"""Tables that may speak of anything: they come behind all others, in this order."""

Row = Mapping[str, Any]
Target = Callable[[Row], str | None]
"""The table whose id a column holds, by the other values of the row: "" for one that is not known, None for no id."""


@dataclass(frozen=True)
class Sheet:
    """A table as it is exported: by which column its rows are named (None: by their number), and where columns point.

    In `points` foreign keys come first: others may depend on what they say.
    """

    table: Table
    name: str | None
    columns: tuple[Column[Any], ...]
    points: Mapping[str, Target] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The name of the table."""
        return str(self.table.name)


@dataclass(frozen=True)
class Plan:
    """All sheets in the order in which they can be read back, and what is missing because nobody can read it."""

    sheets: tuple[Sheet, ...]
    missing: tuple[str, ...]
    entities: dict[str, str]
    added: dict[int, tuple[str, str | None]]

    def sheet(self, key: str) -> Sheet | None:
        """Return the sheet of a table, None for one that is not exported."""
        return next((one for one in self.sheets if one.key == key), None)


def plan(connection: Connection) -> Plan:
    """Return what there is to export, of all loaded owners, enabled or not (DECISIONS 13)."""
    there = set(inspect(connection).get_table_names())
    entities = _entities(connection, there)
    added = _added(connection, entities)
    owners = {"core", *house().registry.owners()}
    tables = [t for t in Base.metadata.tables.values() if t.name in there and _goes(t, owners)]
    known = {str(t.name) for t in tables}
    sheets = [_sheet(t, known, entities, added) for t in tables]
    return Plan(
        tuple(_ordered(sheets, {*entities.values(), "record"})),
        tuple(_missing(connection, owners)),
        entities,
        added,
    )


def _goes(table: Table, owners: set[str]) -> bool:
    owner = table.info.get("owner", "core")
    return owner in owners and table.name not in LEFT_OUT and table.info.get("export", True)


def _missing(connection: Connection, owners: set[str]) -> Iterator[str]:
    """Yield the plugins that have tables here but are not loaded: gone, or broken."""
    query = select(PluginState.name, PluginState.tables).order_by(PluginState.name)
    for name, tables in connection.execute(query):
        if name not in owners and json.loads(tables or "[]"):
            yield name


def _entities(connection: Connection, there: set[str]) -> dict[str, str]:
    """Return entity → table, of kinds of record that plugins and administrators brought too."""
    found = {kind.key: str(kind.model.__table__.name) for kind in house().registry.loaded(Entity)}
    own = Base.metadata.tables.get("own_type")
    if own is not None and own.name in there:
        found |= {name: "record" for (name,) in connection.execute(select(own.c.name))}
    return {key: table for key, table in found.items() if table in there} | {"user": "user", "team": "team"}


def _added(connection: Connection, entities: Mapping[str, str]) -> dict[int, tuple[str, str | None]]:
    """Return added field → the table of its records, and the table that its values point at."""
    found = {}
    for row in connection.execute(
        select(CustomField.id, CustomField.entity, CustomField.type, CustomField.settings).order_by(
            CustomField.id
        )
    ):
        to = {"ref": str(json.loads(row.settings or "{}").get("ref")), "user": "user", "team": "team"}.get(
            row.type
        )
        found[row.id] = (entities.get(row.entity, ""), entities.get(to, "") if to else None)
    return found


def learn(connection: Connection, found: Plan) -> None:
    """Look again at what administrators defined, after it was read in: kinds of record, added fields."""
    found.entities.update(_entities(connection, set(inspect(connection).get_table_names())))
    found.added.update(_added(connection, found.entities))


def _sheet(
    table: Table, known: set[str], entities: Mapping[str, str], added: Mapping[int, tuple[str, str | None]]
) -> Sheet:
    columns = tuple(c for c in table.columns if _stays(table, c))
    name = "uid" if "uid" in table.columns else NAMES.get(str(table.name))
    hard_first = sorted(columns, key=lambda c: not c.foreign_keys)
    points = {c.name: to for c in hard_first if (to := _target(table, c, known, entities, added)) is not None}
    first = [c for c in columns if c.name == name]
    return Sheet(table, name, (*first, *(c for c in columns if c.name != name)), points)


def _stays(table: Table, column: Column[Any]) -> bool:
    name = str(column.name)
    if name == "id" or name.endswith("_hash") or name in KEPT_BACK.get(str(table.name), ()):
        return False
    return column.info.get("export", True) and not isinstance(column.type, LargeBinary)


def _target(
    table: Table,
    column: Column[Any],
    known: set[str],
    entities: Mapping[str, str],
    added: Mapping[int, tuple[str, str | None]],
) -> Target | None:
    own = str(table.name)
    if column.foreign_keys:
        to = str(next(iter(column.foreign_keys)).column.table.name)
        return lambda row: to if to in known else ""
    if (said := column.info.get("points")) is not None or column.name == "merged_into":
        return lambda row: said or own
    if column.name == "record_id" and "entity" in table.columns:
        return lambda row: entities.get(row["entity"], "")
    if own == "custom_value" and column.name in ("record_id", "number"):
        which = ("record_id", "number").index(column.name)
        return lambda row: added[row["field_id"]][which]
    return _special(own, column.name, entities)


def _special(table: str, column: str, entities: Mapping[str, str]) -> Target | None:
    here = (table, column)
    if here in {(Operation.__tablename__, "caused_by"), (Operation.__tablename__, "undoes")}:
        return lambda row: table
    if here == (Setting.__tablename__, "user_id"):
        return lambda row: "user"
    if here == (WorkCalendar.__tablename__, "scope_id"):
        return lambda row: entities.get(row["scope"])
    paired = {
        DuplicatePair.__tablename__: ("left_id", "right_id"),
        RecordAlias.__tablename__: ("former_id", "kept_id"),
    }
    if column in paired.get(table, ()):
        return lambda row: entities.get(row["entity"], "")
    return None


# ---------------------------------------------------------------- the order


def _ordered(sheets: Sequence[Sheet], entities: set[str]) -> Iterator[Sheet]:
    """Yield sheets so that what they must point at comes before them; what may be empty is filled in afterwards."""
    waiting = {one.key: one for one in sorted(sheets, key=lambda one: one.key)}
    while waiting:
        ready = [one for one in waiting.values() if not (_needed(one, entities) & waiting.keys() - {one.key})]
        for one in ready or list(waiting.values()):
            del waiting[one.key]
            yield one


def _needed(sheet: Sheet, entities: set[str]) -> set[str]:
    found = {
        str(key.column.table.name)
        for column in sheet.columns
        if not column.nullable
        for key in column.foreign_keys
    }
    if sheet.key in LAST:
        return found | set(Base.metadata.tables) - set(LAST[LAST.index(sheet.key) :])
    for column in sheet.columns:
        found |= set(column.info.get("points_in", {}).values())
    speaking = sheet.key in ("custom_field", "layout") or any("filter" in c.info for c in sheet.columns)
    soft = [c for c in sheet.columns if c.name in sheet.points and not c.foreign_keys and not c.nullable]
    return found | (entities if soft or speaking else set())
