"""A record's history: what was changed by whom, and taking back a single change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Kind
from app.kernel.errors import Clash, Conflict, NotVisible
from app.services import fields, journal, photos, records
from app.services.unit import unit
from app.services.values import dump, load, revive
from app.services.writable import can_edit, can_write

NAME_PARTS = {"given_name", "additional_name", "family_name", "honorific_prefix", "honorific_suffix"}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One entry of the history: `changes` maps a field to its values before and after, as JSON values."""

    id: int
    verb: str
    at: datetime
    actor: str
    actor_id: int | None
    source: str
    changes: Mapping[str, tuple[Any, Any]]


def steps(
    ctx: Context, entity: str, record_id: int, *, before_id: int = 0, limit: int = 50
) -> Sequence[Step]:
    """Return the changes of a record the caller has read, newest first; fields that are hidden are left out."""
    found = journal.history(ctx, entity, record_id, before_id=before_id, limit=limit)
    known = {f.key for f in fields.visible(ctx, entity)}
    return [
        Step(
            id=change.id,
            verb=change.verb,
            at=change.at,
            actor=change.actor,
            actor_id=change.actor_id,
            source=change.source,
            changes=_told(change, known),
        )
        for change in found
    ]


def _told(change: journal.Change, known: set[str]) -> dict[str, tuple[Any, Any]]:
    """Return what a change says, without what follows from the rest (the name from its parts)."""
    names = [n for n in change.after if n in known]
    if NAME_PARTS & set(names):
        names = [n for n in names if n != "name"]
    pairs = {n: (change.before.get(n), change.after.get(n)) for n in names}
    return {n: pair for n, pair in pairs.items() if pair[0] != pair[1] and not _both_empty(pair)}


def _both_empty(pair: tuple[Any, Any]) -> bool:
    return all(value in (None, "", [], "[]") for value in pair)


def revertible(ctx: Context, entity: str, names: Sequence[str]) -> set[str]:
    """Return those fields whose changes the principal may take back: what he could type himself, and the picture.

    What no form has (a state, a number, the day something was decided) is written by the program alone. Ties to other
    records, such as who took part, are typed in forms of their own.
    """
    if not ctx.may(f"{entity}.edit"):
        return set()
    found = {f.key: f for f in fields.visible(ctx, entity)}
    typed = {n for n in names if n in found and can_edit(ctx, found[n])}
    pictured = photos.FIELD.get(entity)
    aside = {n for n in names if n in found and (n == pictured or found[n].kind is Kind.REFS)}
    return typed | {n for n in aside if can_write(ctx, found[n])}


@unit
def revert(
    ctx: Context, entity: str, record_id: int, entry_id: int, name: str, *, sure: bool = False
) -> None:
    """Give a field the value it had before a change, through `records.update`.

    Raises Conflict (with the value before, the present one and the one to restore) when the field was changed again
    since, unless `sure`; NotVisible when there is no such change of the record.
    """
    entry = journal.entry(ctx, entry_id)
    if entry is None or (entry.entity, entry.record_id) != (entity, record_id):
        raise NotVisible(_("There is no such change."))
    before, after = load(entry.before), load(entry.after)
    if name not in after or name not in revertible(ctx, entity, [name]):
        raise NotVisible(_("There is no such change."))
    record = records.get(ctx, entity, record_id, "edit")
    field = ctx.schema.field(entity, name)
    present = fields.value(ctx, ctx.schema.entity(entity), field, record)
    if not sure and load(dump(present)) != after[name]:
        raise Conflict([Clash(name, after[name], load(dump(present)), before.get(name))], record.version)
    restored = revive(field, before.get(name))
    records.update(ctx, entity, record_id, {name: _empty(restored, present)})


def _empty(value: Any, present: Any) -> Any:
    """Return the right sort of nothing for a field that had no value in the journal."""
    if value is not None:
        return value
    return [] if isinstance(present, list) else "" if isinstance(present, str) else None
