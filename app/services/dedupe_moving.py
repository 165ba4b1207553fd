"""What points at one record is made to point at another, and back again: row by row, as it is noted in the journal.

A row that would then be there twice stays where it is and fills in what its twin lacks; nothing is thrown away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, inspect, or_, select, update

from app.kernel.context import Context
from app.models import Affiliation, Company, Contact, CustomValue, Relation
from app.services import access, mass
from app.services import dedupe_references as references
from app.services.access import UNSCOPED, WITH_TRASH
from app.services.custom_fields_kinds import Defined
from app.services.dedupe_references import Reference

WHOLE: Mapping[str, Any] = {
    UNSCOPED: "whatever belongs to a record follows it, whoever may see it",
    "synchronize_session": False,
}
PIECE = 200
"""Rows that are moved by one statement."""

ENTRY = 5000
"""Rows that one note names."""

PLACING = ("id", "position", "preferred", "is_primary")
"""Columns that say where a row stands among others, not what it says."""

Note = dict[str, Any]
"""What the journal keeps: `table`, `column` and `rows` that were moved, or `copied`; or the `row` that got `values`."""


def move(ctx: Context, entity: str, former: int, kept: int) -> list[Note]:
    """Make everything that points at a record point at another; return what was done, for the journal."""
    notes: list[Note] = []
    for reference in references.of(ctx, entity):
        notes += _moved(ctx, entity, reference, former, kept, reference.where(entity))
    for number in _added(ctx, entity):
        meant = (CustomValue.field_id == number,)
        notes += _moved(ctx, entity, Reference(CustomValue, "number"), former, kept, meant)
    return notes


def copy(ctx: Context, entity: str, former: int, kept: int, told: Sequence[str]) -> list[Note]:
    """Copy values that the principal could not tell of: of fields beyond his reach, and with others out of his sight."""
    notes: list[Note] = []
    for reference in references.values_of(entity):
        name = references.VALUES[reference.model, reference.column]
        unseen = _unseen(ctx, reference, former) if name in told else ()
        if name not in told or unseen:
            notes += _copied(ctx, entity, reference, former, kept, unseen)
    return notes


def again(
    ctx: Context, entity: str, notes: Sequence[Note], here: int, there: int, *, back: bool
) -> list[Note]:
    """Do what notes say once more, or take it back: rows that still point `here` go `there`. Return what was done."""
    done: list[Note] = []
    for note in notes:
        model = references.model_of(ctx, note["table"])
        if model is None:
            continue
        if "values" in note:
            done.append(_fill(ctx, model, note, back=back))
        elif "copied" in note:
            done += (
                _uncopied(ctx, model, note, here)
                if back
                else _recopied(ctx, entity, model, note, here, there)
            )
        else:
            done += _pointed(ctx, Reference(model, note["column"]), note, here, there)
    return done


# ---------------------------------------------------------------- moved


def _moved(
    ctx: Context, entity: str, to: Reference, former: int, kept: int, meant: Sequence[ColumnElement[bool]]
) -> list[Note]:
    rows = _rows(ctx, to, and_(to.key == former, *meant))
    if not rows:
        return []
    twins = _twins(ctx, to, former, kept, meant)
    itself = to.model is ctx.schema.entity(entity).model
    moving = [row for row in rows if tuple(row) not in twins and not (itself and row == [kept])]
    table = inspect(to.model).local_table.name
    notes: list[Note] = []
    for piece in _pieces(moving, ENTRY):
        notes += _pointed(ctx, to, {"table": table, "column": to.column, "rows": piece}, former, kept)
    for mine, twin in twins.items():
        notes += _completed(ctx, to, table, mine, twin)
    return notes


def _pointed(ctx: Context, to: Reference, note: Note, here: int, there: int) -> list[Note]:
    """Let the rows of a note point elsewhere, as far as they point where they are expected to."""
    done: list[list[Any]] = []
    for piece in _pieces(note["rows"], PIECE):
        found = _rows(ctx, to, and_(to.key == here, _these(to, piece)))
        if found:
            changed = update(to.model).where(to.key == here, _these(to, found))
            ctx.session.execute(changed.values({to.column: there}), execution_options=WHOLE)
            done += found
    return [{**note, "rows": done}] if done else []


def _rows(ctx: Context, to: Reference, where: ColumnElement[bool]) -> list[list[Any]]:
    columns = [getattr(to.model, name) for name in to.primary]
    query = select(*columns).where(where).order_by(*columns)
    return [list(row) for row in ctx.session.execute(query, execution_options=WHOLE)]


def _these(to: Reference, rows: Sequence[Sequence[Any]]) -> ColumnElement[bool]:
    columns = [getattr(to.model, name) for name in to.primary]
    if len(columns) == 1:
        alone: ColumnElement[bool] = columns[0].in_([row[0] for row in rows])
        return alone
    each = (and_(*(c == value for c, value in zip(columns, row, strict=True))) for row in rows)
    return or_(*each)


def _twins(
    ctx: Context, to: Reference, former: int, kept: int, meant: Sequence[ColumnElement[bool]]
) -> dict[tuple[Any, ...], list[Any]]:
    """Return the rows that cannot move because the other record has such a row already: key → the other's key."""
    found: dict[tuple[Any, ...], list[Any]] = {}
    for names in to.alone():
        columns = [getattr(to.model, name) for name in (*to.primary, *names)]
        query, size = select(*columns).where(*meant), len(to.primary)
        theirs = {
            tuple(row[size:]): list(row[:size])
            for row in ctx.session.execute(query.where(to.key == kept), execution_options=WHOLE)
        }
        if not theirs:
            continue
        for row in ctx.session.execute(query.where(to.key == former), execution_options=WHOLE):
            if None not in row[size:] and tuple(row[size:]) in theirs:
                found[tuple(row[:size])] = theirs[tuple(row[size:])]
    return found


def _completed(
    ctx: Context, to: Reference, table: str, mine: Sequence[Any], twin: Sequence[Any]
) -> list[Note]:
    """Let the row that stays have what the other one says where it says nothing itself."""
    keys = {to.column, *(n for names in to.alone() for n in names)}
    columns = [c.key for c in inspect(to.model).columns if c.key not in keys and not c.primary_key]
    query = select(*(getattr(to.model, n) for n in columns))
    ours, theirs = (
        ctx.session.execute(query.where(_these(to, [row])), execution_options=WHOLE).one()
        for row in (mine, twin)
    )
    values = {
        name: [there, here]
        for name, here, there in zip(columns, ours, theirs, strict=True)
        if here != there and _says_nothing(to.model, name, there) and isinstance(here, str | int)
    }
    return (
        [_fill(ctx, to.model, {"table": table, "row": list(twin), "values": values}, back=False)]
        if values
        else []
    )


def _says_nothing(model: Any, name: str, value: Any) -> bool:
    default = inspect(model).columns[name].default
    return value in (None, "") or bool(default is not None and default.is_scalar and value == default.arg)


def _fill(ctx: Context, model: Any, note: Note, *, back: bool) -> Note:
    to = Reference(model, "")
    for name, (before, after) in note["values"].items():
        old, new = (after, before) if back else (before, after)
        changed = update(model).where(_these(to, [note["row"]]), getattr(model, name) == old)
        ctx.session.execute(changed.values({name: new}), execution_options=WHOLE)
    return note


def _added(ctx: Context, entity: str) -> list[int]:
    """Return the fields that administrators added and whose values are records of the entity."""
    fields = [f for kind in ctx.schema.entities() for f in ctx.schema.fields(kind.key)]
    return [f.number for f in fields if isinstance(f, Defined) and f.ref == entity]


# ---------------------------------------------------------------- copied


def _copied(
    ctx: Context, entity: str, of: Reference, former: int, kept: int, only: Sequence[int]
) -> list[Note]:
    """Give the record that is kept a copy of each value that it has not; the former one keeps its own."""
    model, columns = of.model, [c.key for c in inspect(of.model).columns]
    query = select(*(getattr(model, n) for n in columns)).where(*of.where(entity)).order_by(model.id)
    telling = [n for n in columns if n not in PLACING and n != of.column]
    rows = {
        i: [row._asdict() for row in ctx.session.execute(query.where(of.key == i), execution_options=WHOLE)]
        for i in (former, kept)
    }
    known = [[row[n] for n in telling] for row in rows[kept]]
    new: list[dict[str, Any]] = []
    for row in rows[former]:
        told = [row[n] for n in telling]
        if (
            told in known
            or kept in (row.get("other_id"), row.get("contact_id"))
            or (only and row["id"] not in only)
        ):
            continue
        known.append(told)
        last: dict[str, Any] = {n: False for n in ("preferred", "is_primary") if n in row and rows[kept]}
        new.append({**row, **last, of.column: kept})
    if not new:
        return []
    before = {row["id"] for row in rows[kept]}
    mass.put(ctx.session, model, [{n: v for n, v in row.items() if n != "id"} for row in new])
    made = ctx.session.execute(
        select(model.id).where(of.key == kept, *of.where(entity)), execution_options=WHOLE
    )
    table = inspect(model).local_table.name
    copied = [i for i in made.scalars() if i not in before]
    return [{"table": table, "column": of.column, "copied": copied, "only": list(only)}]


def _uncopied(ctx: Context, model: Any, note: Note, here: int) -> list[Note]:
    of = Reference(model, note["column"])
    gone = delete(model).where(of.key == here, model.id.in_(note["copied"]))
    ctx.session.execute(gone, execution_options=WHOLE)
    return [note]


def _recopied(ctx: Context, entity: str, model: Any, note: Note, here: int, there: int) -> list[Note]:
    of = Reference(model, note["column"], note["column"] == "record_id")
    return _copied(ctx, entity, of, here, there, note["only"])


def _unseen(ctx: Context, of: Reference, former: int) -> list[int]:
    """Return the places of work and relations of a record with companies and people out of the principal's sight."""
    if of.model is Affiliation:
        other: Any = Company
        far: Any = Affiliation.company_id
    elif of.model is Relation:
        other, far = Contact, Relation.other_id if of.column == "contact_id" else Relation.contact_id
    else:
        return []
    rows = ctx.session.execute(
        select(of.model.id, far).where(of.key == former), execution_options=WHOLE
    ).all()
    seen = access.visible_ids(ctx, other, [row[1] for row in rows])
    live = select(other.id).where(other.id.in_([row[1] for row in rows]), other.deleted_at.is_(None))
    there = set(ctx.session.execute(live, execution_options={**WHOLE, WITH_TRASH: True}).scalars())
    return [row[0] for row in rows if row[1] in there - seen]


def _pieces(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for at in range(0, len(rows), size):
        yield rows[at : at + size]
