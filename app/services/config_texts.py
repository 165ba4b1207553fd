"""Definitions as text files with stable ids: what administrators set up, to be compared, reviewed and applied elsewhere.

A file for each table, a block for each row, in the order of their names; a plugin lets a table go along by
`__table_args__ = ({"info": {"config": True}},)`. When and by whom something was made is no part of it.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, UniqueConstraint

from app.formats import toml
from app.kernel.context import Context
from app.kernel.errors import KithError
from app.services import whole_export, whole_filters, whole_rows, whole_tables
from app.services.whole_filters import Known
from app.services.whole_names import Names
from app.services.whole_tables import Plan, Sheet

CORE = frozenset(
    {
        *("custom_field", "field_rule", "interaction_kind", "layout", "lifecycle_stage"),
        *("own_type", "relation_type", "role", "role_grant", "saved_view"),
    }
)
"""Tables of the core that hold definitions."""

PASSING = frozenset(
    {
        *("created_at", "created_by", "deleted_at", "merged_into", "owner_id", "source"),
        *("updated_at", "updated_by", "version"),
    }
)
"""Columns that tell of one installation, not of the definition."""

Rows = dict[str, dict[str, Any]]
"""The rows of a table by their names."""


class BadConfig(KithError):
    """The files do not say what can be; the message says where and why. Nothing was changed."""


@dataclass(frozen=True)
class Definitions:
    """The tables that hold definitions, what may be named in them, and their rows as they are now."""

    plan: Plan
    sheets: tuple[Sheet, ...]
    known: Known
    rows: Mapping[str, Rows]


def present(ctx: Context) -> Definitions:
    """Return the definitions that are in force."""
    connection = ctx.session.connection()
    plan = whole_tables.plan(connection)
    known = whole_filters.known(plan.entities, whole_export.added(ctx))
    sheets = tuple(_narrowed(one) for one in plan.sheets if one.key in CORE or one.table.info.get("config"))
    rows = {one.key: dict(_read(connection, plan, one, known)) for one in sheets}
    return Definitions(plan, sheets, known, rows)


def _narrowed(sheet: Sheet) -> Sheet:
    """Return a table without what tells of one installation; whose a record is belongs to that."""
    record = {"team_id"} if "version" in sheet.table.columns else set()
    columns = tuple(c for c in sheet.columns if c.name not in PASSING | record)
    kept = {c.name for c in columns}
    return replace(sheet, columns=columns, points={n: to for n, to in sheet.points.items() if n in kept})


def _read(
    connection: Connection, plan: Plan, sheet: Sheet, known: Known
) -> Iterator[tuple[str, dict[str, Any]]]:
    whole = plan.sheet(sheet.key)
    assert whole is not None
    names = {c.name for c in sheet.columns}
    found = {}
    for line in whole_rows.lines(connection, plan, whole, known, Names(connection, plan)):
        row = json.loads(line)
        if not (row.get("deleted_at") or row.get("share") == "private" or _is_usual(sheet, row)):
            kept = {n: _without_nothing(value) for n, value in row.items() if n in names}
            found[name_of(sheet, kept)] = kept
    yield from sorted(found.items())


def _is_usual(sheet: Sheet, row: Mapping[str, Any]) -> bool:
    """Tell whether a row only says that a role which came with Kith is in use."""
    return sheet.key == "role" and bool(row["builtin"]) and not row["needs_totp"]


def _without_nothing(value: Any) -> Any:
    """Return JSON without nulls: TOML has none, and they say nothing here."""
    if isinstance(value, dict):
        return {n: _without_nothing(one) for n, one in value.items() if one is not None}
    return [_without_nothing(one) for one in value if one is not None] if isinstance(value, list) else value


def key_of(sheet: Sheet) -> tuple[str, ...]:
    """Return the columns by which the rows of a table are told apart."""
    if sheet.name is not None:
        return (sheet.name,)
    unique = (k for k in sheet.table.constraints if isinstance(k, UniqueConstraint))
    return min(tuple(str(c.name) for c in k.columns) for k in unique)


def name_of(sheet: Sheet, row: Mapping[str, Any]) -> str:
    """Return what tells a row apart, as one text. Raises BadConfig where it is missing."""
    try:
        return " ".join(str(row[name]) for name in key_of(sheet))
    except KeyError as error:
        raise BadConfig(f"{sheet.key}.toml: a block has no {error}.") from None


def files(found: Definitions) -> dict[str, str]:
    """Return the files: name → text. A table without rows has an empty one."""
    return {f"{key}.toml": toml.rows(key, list(rows.values())) for key, rows in sorted(found.rows.items())}


def write(ctx: Context, folder: Path) -> int:
    """Write the definitions into a folder, over former ones; return how many there are."""
    found = present(ctx)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files(found).items():
        (folder / name).write_text(text, "utf-8")
    return sum(map(len, found.rows.values()))


def load(found: Definitions, folder: Path) -> dict[str, Rows]:
    """Return what the files of a folder say; a table without a file stays as it is. Raises BadConfig."""
    sheets = {one.key: one for one in found.sheets}
    wanted: dict[str, Rows] = {}
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise BadConfig(f"There are no definitions in {folder}: “kith config export {folder}” writes them.")
    for path in paths:
        if path.stem not in sheets:
            raise BadConfig(
                f"{path.name}: there is no such kind of definition here. Is its plugin installed?"
            )
        wanted[path.stem] = dict(_parsed(sheets[path.stem], path))
    return wanted


def _parsed(sheet: Sheet, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfig(f"{path.name} cannot be read: {error}.") from None
    rows = said.get(sheet.key, [])
    if (
        set(said) - {sheet.key}
        or not isinstance(rows, list)
        or not all(isinstance(one, dict) for one in rows)
    ):
        raise BadConfig(f"{path.name} may only hold blocks that begin with [[{sheet.key}]].")
    seen = set()
    for row in rows:
        name = name_of(sheet, row)
        if name in seen:
            raise BadConfig(f"{path.name}: {name} stands there twice.")
        seen.add(name)
        yield name, row
