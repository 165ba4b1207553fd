"""Everything that Kith knows as JSON Lines and files, that any program can read and an empty Kith takes back whole.

One instant of the database, table by table; nothing is held in memory but the rows of a batch. docs/export.md says what
is in it and what is not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.types import JSON, Boolean, DateTime, Float, Integer, Numeric

from app import version as program
from app.extensions import db
from app.kernel.context import Context
from app.kernel.contributions import Field
from app.services import attachments, backups, whole_filters, whole_rows, whole_tables
from app.services.whole_files import SCHEMA, Writer, writing
from app.services.whole_names import Names
from app.services.whole_tables import Plan, Sheet
from app.services.whole_texts import JSON_TEXTS

Say = Callable[[str, int], None]
"""Told after each table: its name and how many rows it has."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """What was exported: rows, files, and what is missing because nobody could read it."""

    rows: int
    files: int
    plugins: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.plugins and not self.lost


def write(ctx: Context, target: Path, *, say: Say = lambda name, rows: None) -> Written:
    """Export everything into a new folder or ZIP file. Raises BadExport with a sentence."""
    with _instant() as connection, writing(target) as writer:
        plan = whole_tables.plan(connection)
        known = whole_filters.known(plan.entities, added(ctx))
        names = Names(connection, plan)
        rows = 0
        for sheet in plan.sheets:
            found = whole_rows.lines(connection, plan, sheet, known, names)
            count = writer.lines(f"data/{sheet.key}.jsonl", found)
            rows += count
            say(sheet.key, count)
        writer.lines(SCHEMA, [_schema(plan)])
        writer.members[SCHEMA].pop("lines")
        lost = _files(connection, plan, writer)
        made = Written(rows=rows, files=writer.files["count"], plugins=plan.missing, lost=lost)
        writer.manifest(_told(connection, plan, made))
    return made


def added(ctx: Context) -> Mapping[str, Mapping[str, Field]]:
    """Return the fields as they are now, by entity and name: those that administrators added among them."""
    return {kind.key: {f.key: f for f in ctx.schema.fields(kind.key)} for kind in ctx.schema.entities()}


def _instant() -> Any:
    """Return a connection that sees the database as it is now, whatever is written meanwhile."""
    connection = db.engine.connect()
    if connection.dialect.name == "postgresql":
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
        connection.execute(text("SET LOCAL statement_timeout = 0"))
    return connection


def _files(connection: Connection, plan: Plan, writer: Writer) -> tuple[str, ...]:
    """Add the contents of files, in the order of their hashes; return those whose bytes are gone."""
    sheet = plan.sheet("blob")
    assert sheet is not None
    lost = []
    for query in whole_rows.contents(connection, plan, sheet):
        rows = connection.execute(query.execution_options(yield_per=whole_rows.BATCH)).mappings()
        for row in rows:
            path = attachments.path_of(row["storage_name"])
            if path.is_file():
                writer.content(row["sha256"], path)
            else:
                lost.append(str(row["sha256"]))
    return tuple(lost)


def _told(connection: Connection, plan: Plan, made: Written) -> dict[str, Any]:
    missing: dict[str, Any] = {"plugins": list(made.plugins), "files": list(made.lost)}
    return {
        "kith": program.current(),
        "complete": made.complete,
        "incomplete": {name: found for name, found in missing.items() if found},
        "owners": dict(_owners(connection, plan)),
    }


def _owners(connection: Connection, plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield whose data are in the export, and at which revision their tables are."""
    owners = {str(sheet.table.info.get("owner", "core")) for sheet in plan.sheets}
    for table in sorted(inspect(connection).get_table_names()):
        if table.startswith(backups.VERSIONS) and (owner := backups.owner_of(table)) in owners:
            at = connection.execute(select(text("version_num")).select_from(text(f'"{table}"'))).scalar()
            yield owner, str(at or "")


# ---------------------------------------------------------------- the schema


def _schema(plan: Plan) -> bytes:
    found = {sheet.key: _described(sheet) for sheet in plan.sheets}
    return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _described(sheet: Sheet) -> dict[str, Any]:
    """Say what a table holds: by what its rows are named, and the type of each column."""
    return {
        "owner": sheet.table.info.get("owner", "core"),
        "named_by": sheet.name or "line",
        "columns": {c.name: _column(sheet, c) for c in sheet.columns},
    }


def _column(sheet: Sheet, column: Any) -> dict[str, Any]:
    kind = getattr(column.type, "impl_instance", column.type)
    names = (
        (JSON, "json"),
        (DateTime, "instant"),
        (Boolean, "boolean"),
        (Float, "float"),
        (Numeric, "decimal"),
    )
    said = next((name for one, name in names if isinstance(kind, one)), "")
    said = said or ("integer" if isinstance(kind, Integer) else "text")
    if (sheet.key, column.name) in JSON_TEXTS:
        said = "json"
    to = next(iter(column.foreign_keys)).column.table.name if column.foreign_keys else None
    pointer = {"points_at": to or "record"} if column.name in sheet.points else {}
    return {"type": "reference" if pointer else said, "empty": bool(column.nullable), **pointer}
