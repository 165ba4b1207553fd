"""An export of everything, taken into an empty Kith: checked to its last byte first, then all of it or nothing.

Rows get the numbers of their lines as ids, in one transaction; what points at something that comes later is filled in at
the end. Nobody can sign in until he is given a password, and what was done elsewhere cannot be taken back here.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, text, update
from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError

from app.house import house
from app.kernel.context import Context
from app.models import PluginState
from app.services import (
    attachments,
    mass,
    schema,
    search_index,
    settings,
    whole_export,
    whole_filters,
    whole_rows,
    whole_tables,
    whole_texts,
)
from app.services.whole_files import BadExport, Reader, place, reading
from app.services.whole_names import Ids
from app.services.whole_rows import BATCH, Unfit
from app.services.whole_tables import Plan, Sheet

OWNER, SINCE = "whole", "since"
"""The setting that says when everything was read in: what was done before cannot be taken back here."""

SWITCHES = "plugin_state"
DEFINING = ("own_type", "custom_field")
"""Tables that say what other tables mean."""


def read(ctx: Context, source: Path, *, say: whole_export.Say = lambda name, rows: None) -> Mapping[str, Any]:
    """Take an export in and return its manifest. Raises BadExport with a sentence; then nothing was changed."""
    with reading(source) as found:
        plan = whole_tables.plan(ctx.session.connection())
        _fits(plan, found.manifest)
        _is_empty(ctx.session.connection(), plan)
        found.verify()
        made: list[Path] = []
        try:
            with ctx.unit():
                _is_empty(ctx.session.connection(), plan)
                _clear(ctx.session.connection(), plan)
                _Reading(ctx, plan, found, made).run(say)
                settings.save(ctx, {SINCE: ctx.now.isoformat()}, owner=OWNER)
                for counter in ("plugins", "schema", "settings", "permissions"):
                    settings.bump(ctx, counter)
        except BaseException as error:
            for path in made:
                path.unlink(missing_ok=True)
            if isinstance(error, SQLAlchemyError):
                why = error.orig if isinstance(error, DBAPIError | StatementError) else error
                raise BadExport(f"The export does not fit: {why}. Nothing was changed.") from error
            raise
        finally:
            house().schema_cache = None
        return found.manifest


def index(ctx: Context) -> int:
    """Make everything that was read in findable; return how many records were looked at."""
    return search_index.reindex(ctx)


def _fits(plan: Plan, manifest: Mapping[str, Any]) -> None:
    """Raise BadExport unless all tables of the export are here."""
    here = {str(sheet.table.info.get("owner", "core")) for sheet in plan.sheets}
    for owner in sorted(set(manifest["owners"]) - here):
        raise BadExport(
            f"The export holds data of the plugin “{owner}”, which is not installed here (or does not work). "
            f"Install it, run “kith db upgrade”, and import again. Nothing was changed."
        )
    known = {f"data/{sheet.key}.jsonl" for sheet in plan.sheets}
    for name in sorted(n for n in manifest["members"] if n.startswith("data/") and n not in known):
        raise BadExport(f"The export holds {name}, which this version does not know. Install a newer one.")


def _is_empty(connection: Connection, plan: Plan) -> None:
    """Raise BadExport when there is anything in the core that the export might meet: a user, say, or a record."""
    for sheet in sorted(plan.sheets, key=lambda one: one.key != "user"):
        query = select(text("1")).select_from(sheet.table).limit(1)
        if sheet.key != SWITCHES and _is_core(sheet) and connection.execute(query).first() is not None:
            raise BadExport(
                f"This Kith is not empty: there is something in “{sheet.key}”. An export of everything is taken into an "
                "empty Kith only: a new data folder (KITH_DATA_DIR) or database, after “kith db upgrade” and before "
                "“kith init”. Nothing was changed."
            )


def _clear(connection: Connection, plan: Plan) -> None:
    """Remove what plugins brought when their tables were made: where nobody is, it can be nothing else."""
    for sheet in reversed(plan.sheets):
        if not _is_core(sheet):
            connection.execute(delete(sheet.table))


def _is_core(sheet: Sheet) -> bool:
    return bool(sheet.table.info.get("owner", "core") == "core")


class _Reading:
    """One import: what is known so far of what was read."""

    def __init__(self, ctx: Context, plan: Plan, found: Reader, made: list[Path]) -> None:
        self._ctx, self._plan, self._found, self._made = ctx, plan, found, made
        self._connection = ctx.session.connection()
        self._ids = Ids(self._connection, plan)
        self._done: set[str] = set()

    def run(self, say: whole_export.Say) -> None:
        """Read everything in."""
        waiting: list[tuple[Sheet, Sequence[str]]] = []
        for sheet in self._plan.sheets:
            if sheet.key == SWITCHES:
                self._switches(sheet)
                continue
            later = self._later(sheet)
            say(sheet.key, self._sheet(sheet, later))
            self._done.add(sheet.key)
            if later:
                waiting.append((sheet, later))
            if sheet.key in DEFINING:
                house().schema_cache = None
                self._ctx.session.expire_all()
                whole_tables.learn(self._connection, self._plan)
        for sheet, later in waiting:
            self._complete(sheet, later)
        self._sequences()

    def _later(self, sheet: Sheet) -> Sequence[str]:
        """Return the columns that may point at rows which are not there yet."""
        soft = [c for c in sheet.columns if c.name in sheet.points and c.nullable]
        ahead = {one.key for one in self._plan.sheets} - self._done
        return [
            c.name
            for c in soft
            if (not c.foreign_keys and sheet.key != "custom_value")
            or any(key.column.table.name in ahead for key in c.foreign_keys)
        ]

    def _sheet(self, sheet: Sheet, later: Sequence[str]) -> int:
        count = 0
        changes = self._changes(sheet)
        for part in _parts(self._lines(sheet)):
            rows = []
            fitting = [(number, self._fitting(sheet, number, found, later)) for number, found in part]
            self._fetch(sheet, [row for _number, row in fitting])
            for number, row in fitting:
                self._put(sheet, number, row, changes)
                if sheet.key == "blob":
                    row["storage_name"] = self._content(row)
                rows.append(row)
            mass.put_apart(self._ctx.session, sheet.table, rows)
            count += len(rows)
        return count

    def _lines(self, sheet: Sheet) -> Iterator[tuple[int, dict[str, Any]]]:
        return self._found.lines(f"data/{sheet.key}.jsonl")

    def _fitting(
        self, sheet: Sheet, number: int, found: Mapping[str, Any], later: Sequence[str]
    ) -> dict[str, Any]:
        try:
            return whole_rows.read(sheet, number, found, later)
        except Unfit as error:
            raise BadExport(f"data/{sheet.key}.jsonl, line {number}: {error}. Nothing was changed.") from None

    def _put(self, sheet: Sheet, number: int, row: dict[str, Any], changes: Mapping[str, Any]) -> None:
        try:
            whole_rows.resolve(sheet, row, self._ids, changes)
        except Unfit as error:
            raise BadExport(f"data/{sheet.key}.jsonl, line {number}: {error}. Nothing was changed.") from None

    def _fetch(self, sheet: Sheet, rows: Iterable[Mapping[str, Any]]) -> None:
        """Look up the ids of many rows at once, as far as it is known by now where they are."""
        wanted: dict[str, set[Any]] = {}
        added = sheet.key == "custom_value"
        for said in rows:
            row = {**said, "field_id": self._ids("custom_field", said["field_id"])} if added else said
            for name, target in sheet.points.items():
                if row.get(name) and (table := target(row)):
                    wanted.setdefault(table, set()).add(row[name])
        for table, found in wanted.items():
            self._ids.fetch(table, found)

    def _changes(self, sheet: Sheet) -> Mapping[str, Any]:
        if not any((sheet.key, c.name) in whole_texts.JSON_TEXTS or c.info for c in sheet.columns):
            return {}
        now = schema.current(self._ctx.session, (0, -1))
        more = {kind.key: {f.key: f for f in now.fields(kind.key)} for kind in now.entities()}
        known = whole_filters.known(self._plan.entities, more)
        return {c.name: whole_texts.changes(sheet.key, c, known, self._ids) for c in sheet.columns}

    def _complete(self, sheet: Sheet, later: Sequence[str]) -> None:
        """Fill in what was left empty because it points at something that came later."""
        table = sheet.table
        statement = (
            update(table)
            .where(table.c.id == bindparam("this_row"))
            .values({name: bindparam(f"to_{name}") for name in later})
        )
        only = Sheet(table, sheet.name, sheet.columns, {n: sheet.points[n] for n in later})
        found = ((number, said) for number, said in self._lines(sheet) if any(said.get(n) for n in later))
        for part in _parts(found):
            self._fetch(only, [said for _number, said in part])
            values = []
            for number, said in part:
                row = {n: said[n] for n in (*later, "entity", "scope") if n in said}
                self._put(only, number, row, {})
                values.append({"this_row": number} | {f"to_{n}": row.get(n) for n in later})
            self._connection.execute(statement, values)

    def _content(self, row: Mapping[str, Any]) -> str:
        """Store the bytes of a file under a name of its own and return that."""
        name = secrets.token_hex(20)
        if row["sha256"] in self._found.manifest["incomplete"].get("files", ()):
            return name
        path = attachments.path_of(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._made.append(path)
        digest = hashlib.sha256()
        with self._found.open(place(row["sha256"])) as source, path.open("xb") as sink:
            while data := source.read(1024 * 1024):
                digest.update(data)
                sink.write(data)
        if digest.hexdigest() != row["sha256"] or path.stat().st_size != row["size"]:
            raise BadExport(f"The file {row['sha256']} is damaged. Nothing was changed.")
        return name

    def _switches(self, sheet: Sheet) -> None:
        """Switch on the plugins that were switched on."""
        for _number, said in self._lines(sheet):
            changed = update(PluginState).where(PluginState.name == said.get("name"))
            self._connection.execute(changed.values(enabled=said.get("enabled") is True))

    def _sequences(self) -> None:
        """Let PostgreSQL count on from the ids that were given."""
        if self._connection.dialect.name != "postgresql":
            return
        for sheet in self._plan.sheets:
            if "id" in sheet.table.columns:
                name = f'"{sheet.key}"'
                query = f"SELECT setval(s, (SELECT coalesce(max(id), 0) + 1 FROM {name}), false) FROM "  # noqa: S608
                query += f"(SELECT pg_get_serial_sequence('{name}', 'id') AS s) x WHERE s IS NOT NULL"
                self._connection.execute(text(query))
        mass.counted(self._ctx.session, [sheet.key for sheet in self._plan.sheets])


def _parts(found: Iterator[Any]) -> Iterator[list[Any]]:
    while part := list(islice(found, BATCH)):
        yield part
