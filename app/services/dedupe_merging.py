"""Merging: two or more records become one, with a choice per field; whatever points at them follows, and it can be undone.

The others go to the trash and say where they went. What is done is one operation of the journal (dedupe_unmerging).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Entity, Field, Kind, Show
from app.kernel.errors import Invalid, KithError, NotVisible
from app.models import DuplicatePair, ExternalId, RecordAlias
from app.services import access, dedupe_moving, events, fields, import_merging, journal, last_contact, mass
from app.services.access import UNSCOPED
from app.services.bulk_writing import mark_many, update_many
from app.services.cards import SYSTEM
from app.services.dedupe_moving import Note
from app.services.dedupe_reading import READERS
from app.services.unit import unit
from app.services.values import dump, load

MOST = 6
"""Records that are merged at once."""

MERGE, UNMERGE = "merge", "unmerge"
"""What the journal calls it, and its undoing."""

ALL = "all"
"""In place of a record's id: the values of all of them together."""

QUIET = ("photo_id", "logo_id", "extra")
"""Fields that stand in no form and are merged nevertheless: the first that there is."""

TOGETHER = frozenset(("note", "description", "dates", "languages"))
"""Texts that are put together unless somebody chooses one."""

EMPTY: tuple[Any, ...] = (None, "", [], "[]")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A field of the records to be merged: its value in each, and whose is proposed (an id, or all together)."""

    field: Field
    values: Mapping[int, Any]
    proposed: int | str
    joins: bool

    @property
    def differs(self) -> bool:
        """Whether there is something to choose."""
        told = {dump(v) for v in self.values.values() if v not in EMPTY}
        return len(told) > 1


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Records side by side: the entity, the records with the one to be kept first, and their fields."""

    kind: Entity
    records: Sequence[Any]
    rows: Sequence[Row]


def draft(ctx: Context, entity: str, ids: Sequence[int]) -> Draft:
    """Return records side by side; the first of the ids is proposed to be kept.

    Raises Invalid for fewer than two or too many, NotVisible, and NotAllowed for records that may not be merged.
    """
    if entity not in READERS:
        raise NotVisible(_("Records of this kind cannot be merged."))
    wanted = list(dict.fromkeys(ids))
    if not 2 <= len(wanted) <= MOST:
        raise Invalid({"id": _("Choose from two to %(most)s records to merge.", most=MOST)})
    kind = ctx.schema.entity(entity)
    records = [access.get(ctx, kind.model, i, "merge") for i in wanted]
    access.get(ctx, kind.model, wanted[0], "edit")
    able = [f for f in fields.visible(ctx, entity) if _mergeable(ctx, entity, f)]
    loaded = fields.load(ctx, kind, able, records)
    return Draft(
        kind=kind,
        records=records,
        rows=[_row(f, {r.id: loaded[f.key].get(r.id) for r in records}) for f in able],
    )


def _mergeable(ctx: Context, entity: str, field: Field) -> bool:
    """Tell whether a field's value is chosen: those of forms that the principal may write, and a few quiet ones."""
    if field.column is None and field.save is None:
        return False
    if (entity == "contact" and field.key == "name") or not (Show.FORM in field.show or field.key in QUIET):
        return False
    try:
        fields.writable(ctx, entity, [field.key])
    except KithError:
        return False
    return True


def _row(field: Field, values: Mapping[int, Any]) -> Row:
    joins = field.many or field.kind in (Kind.TAGS, Kind.CHOICES, Kind.REFS) or field.key in TOGETHER
    joins = joins or field.key == "extra"
    first = next((i for i, value in values.items() if value not in EMPTY), next(iter(values)))
    return Row(field=field, values=values, joins=joins, proposed=ALL if joins else first)


@unit
def merge(ctx: Context, entity: str, ids: Sequence[int], picks: Mapping[str, int | str]) -> int:
    """Merge records into the first of the ids; `picks` says per field whose value it gets (else what is proposed).

    Returns the operation, with which it can be undone. Raises what `draft` raises, and Refuse of a subscriber.
    """
    found = draft(ctx, entity, ids)
    kept, formers = found.records[0].id, [record.id for record in found.records[1:]]
    uids = {record.id: record.uid for record in found.records}
    values = _values(ctx, found, picks)
    operation = journal.operation(ctx, f"{entity}.{MERGE}").id
    told = [row.field.key for row in found.rows]
    for former in formers:
        notes = dedupe_moving.move(ctx, entity, former, kept)
        notes += dedupe_moving.copy(ctx, entity, former, kept, told)
        note(ctx, entity, MERGE, kept, former, notes)
    wrote = update_many(ctx, entity, {kept: values}, verbs=("edit", "merge"))
    if wrote.refused:
        raise NotVisible(" ".join(wrote.refused.values()))
    _known_as(ctx, entity, kept, [uids[i] for i in formers])
    mark_many(ctx, entity, formers, "deleted", ("merge",))
    lead(ctx, entity, formers, kept)
    told_of = [
        events.event(ctx, f"{entity}.merged", entity=entity, record_id=kept, after={"merged": formers})
    ]
    events.before(ctx, told_of)
    events.after_commit(ctx, told_of)
    last_contact.anew(ctx, [(entity, kept)])
    return operation


def note(ctx: Context, entity: str, verb: str, kept: int, former: int, notes: Sequence[Note]) -> None:
    """Remember in the journal what was moved from one record to another; a long list in several entries."""
    parts: list[list[Note]] = [[]]
    for each in notes:
        if sum(len(n.get("rows", ())) for n in parts[-1]) >= dedupe_moving.ENTRY:
            parts.append([])
        parts[-1].append(each)
    for part in parts:
        after = {"former": former, "kept": kept, "notes": part}
        change = journal.Written(entity=entity, record_id=kept, verb=verb, before={}, after=after, version=0)
        journal.record(ctx, change)
        ctx.session.flush()


def _known_as(ctx: Context, entity: str, kept: int, uids: Sequence[str]) -> None:
    """Let the record that is kept be found by the UIDs of the others, as cards and phones tell them."""
    values = [f"urn:uuid:{uid}" for uid in uids]
    query = select(ExternalId.value).where(
        ExternalId.entity == entity, ExternalId.system == SYSTEM, ExternalId.value.in_(values)
    )
    there = set(ctx.session.execute(query).scalars())
    new = [value for value in values if value not in there]
    ctx.session.add_all(ExternalId(system=SYSTEM, value=v, entity=entity, record_id=kept) for v in new)
    ctx.session.flush()
    if new:
        journal.record_ids(ctx, entity, {kept: [(SYSTEM, value, 0) for value in new]}, known=True)


def lead(ctx: Context, entity: str, formers: Sequence[int], kept: int) -> None:
    """Let former records lead to the one that was kept, and close their pairs."""
    model, alias, pair = ctx.schema.entity(entity).model, RecordAlias, DuplicatePair
    whole = {UNSCOPED: "where a record went is a fact about it", "synchronize_session": False}
    gone = update(model).where(model.id.in_(formers)).values(merged_into=kept)
    ctx.session.execute(gone, execution_options=whole)
    ctx.session.execute(delete(alias).where(alias.entity == entity, alias.former_id.in_(formers)))
    mass.put(
        ctx.session,
        alias,
        [{"entity": entity, "former_id": i, "kept_id": kept, "at": ctx.now} for i in formers],
    )
    ctx.session.execute(
        delete(pair).where(pair.entity == entity, pair.left_id.in_(formers) | pair.right_id.in_(formers)),
        execution_options={"synchronize_session": False},
    )


def _values(ctx: Context, found: Draft, picks: Mapping[str, int | str]) -> dict[str, Any]:
    """Return the values of the record that is kept."""
    values: dict[str, Any] = {}
    ids = [record.id for record in found.records]
    for row in found.rows:
        pick = picks.get(row.field.key, row.proposed)
        if pick == ALL and row.joins:
            values[row.field.key] = _together(ctx, row, ids)
        elif pick in row.values:
            values[row.field.key] = row.values[int(pick)]
    if "relations" in values:
        values["relations"] = [r for r in values["relations"] or () if r["other_id"] not in ids]
    if values.get("parent_id") in ids:
        above = next((row.values for row in found.rows if row.field.key == "parent_id"), {})
        values["parent_id"] = next((p for p in above.values() if p and p not in ids), None)
    return values


def _together(ctx: Context, row: Row, ids: Sequence[int]) -> Any:
    """Return the values of all records as one: lists grow, texts get a paragraph, nothing is there twice."""
    name, value = row.field.key, row.values[ids[0]]
    for other in ids[1:]:
        new = row.values[other]
        if new in EMPTY:
            continue
        if value in EMPTY:
            value = new
        elif name in import_merging.LISTS | import_merging.TEXTS | {"languages"}:
            changes, _kept = import_merging.merge(ctx, {name: value}, {name: new})
            value = changes.get(name, value)
        elif isinstance(value, str):
            lines = value.splitlines()
            value = "\n".join([*lines, *(line for line in str(new).splitlines() if line not in lines)])
        else:
            value = [*value, *(each for each in new if load(dump(each)) not in load(dump(value)))]
    return value
