"""Taking an operation back from its journal: newest change first, a value only where it is still as it was left then.

What was changed since is listed with its values; what was created goes to the trash, what was trashed comes back. The
undo is an operation itself, so that taking it back does the thing again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import select, update

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field, Kind
from app.kernel.errors import KithError
from app.models import Affiliation, BulkRefusal, BulkRun, Contact, ExternalId, JournalEntry, Operation
from app.services import access, dedupe_unmerging, fields, journal
from app.services.access import WITH_TRASH
from app.services.bulk_writing import Wrote, bisected, mark_many, update_many
from app.services.values import dump, load, revive, told

UNORDERED = {Kind.REFS, Kind.TAGS, Kind.CHOICES}
"""Kinds of which the order of values says nothing."""

NEWEST = 2**62
"""Before the first step of an undo: beyond every entry of the journal."""


@dataclass(kw_only=True)
class Back:
    """What became of entries: how many records were taken back, were so already, or were left, and why."""

    changed: int = 0
    same: int = 0
    left: list[tuple[str, int, str, Mapping[str, Any]]] = field(default_factory=list)

    def take(self, entity: str, wrote: Wrote) -> None:
        """Add what became of some records of an entity."""
        self.changed += len(wrote.changed)
        self.same += len(wrote.same)
        self.left += [(entity, i, why, {}) for i, why in wrote.refused.items()]


def step(ctx: Context, made: BulkRun, size: int) -> Wrote | None:
    """Take back the next entries of the run's operation; None when there are no more."""
    operation = json.loads(made.work)["operation"]
    rows = entries(ctx, operation, before=made.position, limit=size)
    if not rows:
        return None
    found = back(ctx, rows)
    made.position = rows[-1].id
    made.changed += found.changed
    made.same += found.same
    made.refused += len(found.left)
    ctx.session.add_all(
        BulkRefusal(run_id=made.id, entity=entity, record_id=i, reason=why, details=dump(details))
        for entity, i, why, details in found.left
    )
    return Wrote()


def closed(ctx: Context, made: BulkRun) -> None:
    """Note on the operation that it is taken back, and on one that it had taken back that this holds no more."""
    target = ctx.session.get(Operation, json.loads(made.work)["operation"])
    if target is None or not made.changed:
        return
    target.undone_at = ctx.now
    if target.undoes is not None:
        ctx.session.execute(
            update(Operation).where(Operation.id == target.undoes).values(undone_at=None),
            execution_options={"synchronize_session": "evaluate"},
        )


def entries(ctx: Context, operation: int, *, before: int = NEWEST, limit: int) -> Sequence[Any]:
    """Return changes of an operation, the newest first."""
    entry = JournalEntry
    query = select(entry.id, entry.entity, entry.record_id, entry.verb, entry.before, entry.after)
    query = query.where(entry.operation_id == operation, entry.id < before)
    return ctx.session.execute(query.order_by(entry.id.desc()).limit(limit)).all()


def back(ctx: Context, rows: Sequence[Any]) -> Back:
    """Take entries back within the open unit, in their order; each record that objects is left as it is."""
    found = Back()
    for alike in _alike(rows):
        entity = alike[0].entity
        if not ctx.schema.has(entity):
            why = _("The plugin that this belongs to is not switched on.")
            found.left += [(entity, row.record_id, why, {}) for row in alike]
        else:
            WAYS.get(alike[0].verb, _unknown)(ctx, entity, alike, found)
    return found


def _alike(rows: Sequence[Any]) -> Iterator[list[Any]]:
    """Yield neighbours of one entity and verb, no record twice: what can be written at once."""
    some: list[Any] = []
    seen: set[int] = set()
    for row in rows:
        if some and ((row.entity, row.verb) != (some[0].entity, some[0].verb) or row.record_id in seen):
            yield some
            some, seen = [], set()
        some.append(row)
        seen.add(row.record_id)
    if some:
        yield some


def _mark(what: str, ctx: Context, entity: str, rows: Sequence[Any], found: Back) -> None:
    ids = [row.record_id for row in rows]
    wrote = bisected(ctx, ids, lambda some: mark_many(ctx, entity, some, what, ("delete",)))
    found.take(entity, wrote)


def _created(ctx: Context, entity: str, rows: Sequence[Any], found: Back) -> None:
    needed = _needed(ctx, entity, [row.record_id for row in rows])
    why = _("Somebody works there by now.")
    found.left += [(entity, i, why, {}) for i in needed]
    rest = [row for row in rows if row.record_id not in needed]
    if rest:
        _mark("deleted", ctx, entity, rest, found)


def _needed(ctx: Context, entity: str, ids: Sequence[int]) -> set[int]:
    """Return the companies among the ids in which somebody works who is not in the trash."""
    if entity != "company":
        return set()
    query = select(Affiliation.company_id).join(Contact, Contact.id == Affiliation.contact_id)
    return set(ctx.session.execute(query.where(Affiliation.company_id.in_(ids)).distinct()).scalars())


def _unknown(ctx: Context, entity: str, rows: Sequence[Any], found: Back) -> None:
    why = _("This kind of change cannot be taken back here.")
    found.left += [(entity, row.record_id, why, {}) for row in rows]


def _edited(ctx: Context, entity: str, rows: Sequence[Any], found: Back) -> None:
    kind = ctx.schema.entity(entity)
    said = {row.record_id: (load(row.before), load(row.after)) for row in rows}
    able, closed_to = _able(ctx, entity, dict.fromkeys(n for _b, after in said.values() for n in after))
    names = dict.fromkeys(["id", "deleted_at", *(f.column for f in able if f.column)])
    query = select(*(getattr(kind.model, n) for n in names)).where(kind.model.id.in_(list(said)))
    there = {r.id: r for r in ctx.session.execute(query, execution_options={WITH_TRASH: True})}
    present = fields.load(ctx, kind, able, list(there.values()))
    changes: dict[int, dict[str, Any]] = {}
    for i, (before, after) in said.items():
        if i not in there:
            found.left.append((entity, i, _("There is no such record any more."), {}))
            continue
        if there[i].deleted_at is not None:
            found.left.append((entity, i, _("It is in the trash. Restore it first."), {}))
            continue
        new, since = _former(able, present, i, before, after)
        if new:
            changes[i] = new
        elif not since and not (set(after) & set(closed_to)):
            found.same += 1
        if since:
            found.left.append((entity, i, _("Changed since."), since))
        if shut := [why for name, why in closed_to.items() if name in after]:
            found.left.append((entity, i, " ".join(dict.fromkeys(shut)), {}))
    if changes:
        write: Callable[[Sequence[int]], Wrote] = lambda some: update_many(  # noqa: E731
            ctx, entity, {i: changes[i] for i in some}, exact=True
        )
        found.take(entity, bisected(ctx, list(changes), write))


def _able(ctx: Context, entity: str, names: Mapping[str, Any]) -> tuple[list[Field], dict[str, str]]:
    """Return the fields that the principal may write, and for the others why not; computed ones are left out."""
    able: list[Field] = []
    closed_to: dict[str, str] = {}
    known = {f.key: f for f in ctx.schema.fields(entity)}
    for name in names:
        field = known.get(name)
        if field is None or not access.sees(ctx, entity, name):
            continue
        if field.column is None and field.save is None:
            continue
        try:
            fields.writable(ctx, entity, [name])
        except KithError as error:
            closed_to[name] = str(error)
        else:
            able.append(field)
    return able, closed_to


def _former(
    able: Sequence[Field],
    present: fields.Loaded,
    record_id: int,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values to restore, and those that somebody changed since: name → (before, left then, now)."""
    new: dict[str, Any] = {}
    since: dict[str, Any] = {}
    for one in able:
        if one.key not in after:
            continue
        now = told(present[one.key].get(record_id))
        if alike(one, now, before.get(one.key)):
            continue
        if alike(one, now, after[one.key]):
            new[one.key] = former(one, before.get(one.key), now)
        else:
            since[one.key] = (before.get(one.key), after[one.key], now)
    return new, since


def former(field: Field, before: Any, now: Any) -> Any:
    """Return the value before as the field stores it; a field of several values had none if the journal has none."""
    if before is None and isinstance(now, list):
        return []
    return revive(field, before)


def alike(field: Field, one: Any, other: Any) -> bool:
    """Tell whether two JSON values of a field mean the same: amounts and instants by worth, sets in any order."""
    if type(one) is type(other) and one == other:
        return True
    if one in EMPTY and other in EMPTY:
        return True
    if field.kind in UNORDERED and isinstance(one, list) and isinstance(other, list):
        return sorted(map(dump, one)) == sorted(map(dump, other))
    try:
        return bool(revive(field, one) == revive(field, other))
    except (ValueError, ArithmeticError):
        return bool(one == other)


def _ids(ctx: Context, entity: str, rows: Sequence[Any], found: Back, *, known: bool) -> None:
    """Let records be known by ids of other systems again, or no longer; an id that went elsewhere stays there."""
    known_by = {row.record_id: [(p[0], p[1], p[2]) for p in load(row.after)["ids"]] for row in rows}
    values = [value for pairs in known_by.values() for _system, value, _former in pairs]
    query = select(ExternalId).where(ExternalId.entity == entity, ExternalId.value.in_(values))
    there = {(row.system, row.value): row for row in ctx.session.execute(query).scalars()}
    for i, pairs in known_by.items():
        for system, value, former in pairs:
            held = there.get((system, value))
            if known and held is None:
                ctx.session.add(ExternalId(system=system, value=value, entity=entity, record_id=i))
            elif held is not None and held.record_id == (former if known else i):
                if known or former:
                    held.record_id = i if known else former
                else:
                    ctx.session.delete(held)
    ctx.session.flush()
    journal.record_ids(ctx, entity, known_by, known=known)
    found.same += len(rows)


EMPTY: tuple[Any, ...] = (None, "", [])

WAYS: Mapping[str, Callable[[Context, str, Sequence[Any], Back], None]] = {
    "create": _created,
    "edit": _edited,
    "delete": partial(_mark, "restored"),
    "restore": partial(_mark, "deleted"),
    dedupe_unmerging.MERGE: dedupe_unmerging.back,
    dedupe_unmerging.UNMERGE: dedupe_unmerging.again,
    journal.KNOWN: partial(_ids, known=False),
    journal.FORGOTTEN: partial(_ids, known=True),
}
"""What the journal says happened → how it is taken back."""
