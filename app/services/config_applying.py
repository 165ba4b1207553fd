"""Definitions from text files made those that are in force: compared first, then all of it in one transaction or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import and_, delete, insert, update
from sqlalchemy.exc import SQLAlchemyError

from app.house import house
from app.kernel.context import Context
from app.services import audit, config_texts, roles, settings, whole_rows, whole_texts
from app.services.config_texts import BadConfig, Definitions, Rows
from app.services.unit import unit
from app.services.whole_names import Ids
from app.services.whole_tables import Sheet

LASTING: Mapping[str, tuple[str, ...]] = {
    "custom_field": ("entity", "name", "type"),
    "own_type": ("name",),
    "role": ("builtin",),
}
"""What never changes once there are values."""


@dataclass(frozen=True)
class Change:
    """A definition that is added (no `before`), changed, or removed (no `after`)."""

    table: str
    name: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    def __str__(self) -> str:
        row = self.after or self.before or {}
        title = next(
            (str(row[n]) for n in ("label", "name", "permission", "field", "entity") if row.get(n)), ""
        )
        said = f"{self.table} {self.name}" + (f" ({title})" if title and title != self.name else "")
        if self.before is None or self.after is None:
            return f"{'+' if self.before is None else '-'} {said}"
        return "\n".join([f"~ {said}", *(f"    {n}: {_short(a)} → {_short(b)}" for n, a, b in self.parts())])

    def parts(self) -> Iterator[tuple[str, Any, Any]]:
        """Yield what changes: column, value before and after."""
        before, after = self.before or {}, self.after or {}
        for name in dict.fromkeys((*before, *after)):
            if before.get(name) != after.get(name):
                yield name, before.get(name), after.get(name)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"


def compare(ctx: Context, folder: Path) -> Sequence[Change]:
    """Return what applying a folder would change. Raises BadConfig."""
    found = config_texts.present(ctx)
    return _changes(found, config_texts.load(found, folder))


def _changes(found: Definitions, wanted: Mapping[str, Rows]) -> list[Change]:
    made = []
    for sheet in found.sheets:
        if sheet.key in wanted:
            now, then = found.rows[sheet.key], wanted[sheet.key]
            both = ((name, now.get(name), then.get(name)) for name in sorted({*now, *then}))
            made += [Change(sheet.key, name, a, b) for name, a, b in both if a != b]
    for one in made:
        _possible(found, wanted, one)
    return made


def _possible(found: Definitions, wanted: Mapping[str, Rows], one: Change) -> None:
    """Raise BadConfig for what cannot be."""
    if one.before is not None and one.after is not None:
        for name, before, after in one.parts():
            if name in LASTING.get(one.table, ()):
                raise BadConfig(
                    f"{one.table} {one.name}: {name} stays {before!r}, it cannot become {after!r}."
                )
    entity = (one.after or {}).get("entity")
    own = {str(row.get("name")) for row in wanted.get("own_type", {}).values()}
    if entity is not None and entity not in {*found.plan.entities, *own}:
        raise BadConfig(
            f"{one.table} {one.name}: there is no kind of record “{entity}” here. Is its plugin installed?"
        )


@unit
def apply(ctx: Context, folder: Path, *, removing: bool = False) -> Sequence[Change]:
    """Make what a folder says the definitions in force and return what changed; all of it or nothing.

    Raises BadConfig with a sentence; also where something would be removed, unless `removing`.
    """
    found = config_texts.present(ctx)
    changes = _changes(found, config_texts.load(found, folder))
    gone = [one for one in changes if one.after is None]
    if gone and not removing:
        names = ", ".join(f"{one.table} {one.name}" for one in gone[:5])
        raise BadConfig(
            f"{len(gone)} definitions are not in the files: {names}. Nothing was changed; --remove takes them away."
        )
    sheets = {one.key: one for one in found.sheets}
    for role in {str((one.after or {}).get("role_id")) for one in changes} & set(roles.BUILTIN):
        roles.row_of(ctx, role)
    try:
        for one in [*reversed(gone), *(c for c in changes if c.after is not None)]:
            _put(ctx, found, sheets[one.table], one)
    except SQLAlchemyError as error:
        raise BadConfig(
            f"The definitions do not fit: {getattr(error, 'orig', error)}. Nothing was changed."
        ) from error
    if changes:
        audit.note(ctx, "config.applied", changed=len(changes))
        for counter in ("schema", "settings", "permissions"):
            settings.bump(ctx, counter)
        house().schema_cache = None
    return changes


def _put(ctx: Context, found: Definitions, sheet: Sheet, one: Change) -> None:
    connection, table = ctx.session.connection(), sheet.table
    row = _row(ctx, found, sheet, one)
    here = and_(*(table.c[name] == row[name] for name in config_texts.key_of(sheet)))
    if one.after is None and row.get("builtin"):  # a role that came with Kith stays, as it came
        connection.execute(update(table).where(here).values(needs_totp=False))
        return
    if one.after is None:
        gone = update(table).where(here).values(deleted_at=ctx.now) if "deleted_at" in table.columns else None
        connection.execute(delete(table).where(here) if gone is None else gone)
        return
    more: dict[str, Any] = {"updated_at": ctx.now} if "updated_at" in table.columns else {}
    more |= {"deleted_at": None} if "deleted_at" in table.columns else {}
    if not connection.execute(update(table).where(here).values(row | more)).rowcount:
        connection.execute(insert(table).values(row))


def _row(ctx: Context, found: Definitions, sheet: Sheet, one: Change) -> dict[str, Any]:
    """Return a row as the database takes it. Raises BadConfig with the place."""
    ids = Ids(ctx.session.connection(), found.plan)
    changes = {c.name: whole_texts.changes(sheet.key, c, found.known, ids) for c in sheet.columns}
    said = one.after if one.after is not None else one.before
    try:
        row = whole_rows.read(sheet, 0, said or {}, ())
        row.pop("id", None)
        whole_rows.resolve(sheet, row, ids, changes)
    except whole_rows.Unfit as error:
        raise BadConfig(f"{one.table}.toml, {one.name}: {error}. Nothing was changed.") from None
    return row
