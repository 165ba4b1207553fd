"""Reading and changing records of any Entity: may I, is it still true, does anyone object, do it, remember, tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import delete as sql_delete
from sqlalchemy import select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Entity, Field, Show
from app.kernel.errors import Clash, Conflict, Invalid, NotVisible
from app.models import (
    ApprovalLink,
    Attachment,
    ExternalId,
    InteractionLink,
    JournalEntry,
    Notification,
    Record,
    Reminder,
    SearchDoc,
    SearchName,
    Share,
    TagLink,
    TaskLink,
)
from app.services import (
    access,
    custom_fields_rules,
    custom_fields_values,
    events,
    fields,
    journal,
    layouts,
    mass_records,
    search_index,
)
from app.services.unit import bare, unit
from app.services.values import dump, dumping, load

POLYMORPHIC: tuple[Any, ...] = (
    ApprovalLink,
    Attachment,
    ExternalId,
    InteractionLink,
    JournalEntry,
    Notification,
    Reminder,
    SearchDoc,
    SearchName,
    Share,
    TagLink,
    TaskLink,
)
"""Tables that point at records of any entity by (entity, record_id); purge clears them."""


def get(ctx: Context, entity: str, record_id: int, verb: str = "view", *, trash: bool = False) -> Any:
    """Return a record the principal may see. Raises NotVisible, or NotAllowed when only the verb is out of reach."""
    return access.get(ctx, ctx.schema.entity(entity).model, record_id, verb, trash=trash)


@unit
def create(ctx: Context, entity: str, values: Mapping[str, Any], *, verb: str = "created") -> Any:
    """Create a record from field values and return it; owner and team are the principal's unless given.

    Raises NotAllowed, Invalid with a sentence per field, or Refuse with a subscriber's reason.
    """
    kind = ctx.schema.entity(entity)
    access.require(ctx, f"{entity}.create")
    fields.writable(ctx, entity, values)
    values = custom_fields_rules.completed(ctx, entity, values)
    check(ctx, kind, values)
    fields.refuse_unknown(ctx, entity, values)
    record, computed = _made(ctx, kind, values)
    ctx.session.add(record)
    journal.operation(ctx, f"{entity}.create")  # which stores the record too, when it begins the operation
    ctx.session.flush()
    _save(ctx, computed, record.id)
    _judge_new(ctx, entity, [record.id])
    _told(ctx, record, verb, _written(kind, record, "create", {}, _present(ctx, kind, record, values)))
    return record


@unit
def create_many(ctx: Context, entity: str, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Create records as `create` does, all or none, with a statement per kind of value and not per record.

    Raises what `create` raises, without saying which row it was: make them one by one then.
    """
    kind = ctx.schema.entity(entity)
    access.require(ctx, f"{entity}.create")
    fields.writable(ctx, entity, dict.fromkeys(name for values in rows for name in values))
    for values in rows:
        check(ctx, kind, values)
    fields.refuse_unknown_many(ctx, entity, rows)
    made = [_made(ctx, kind, values) for values in rows]
    mass_records.store(ctx.session, [record for record, _computed in made])
    by_field: dict[str, dict[int, Any]] = {}
    for record, computed in made:
        for field, value in computed:
            by_field.setdefault(field.key, {})[record.id] = value
    with bare(ctx.session, entity, [record.id for record, _computed in made]):
        for name, found in by_field.items():
            fields.save_computed(ctx, ctx.schema.field(entity, name), found)
        ctx.session.flush()
    created = [record for record, _computed in made]
    _judge_new(ctx, entity, [record.id for record in created])
    _told_many(ctx, kind, created, rows)
    return created


_NEW: Mapping[str, Any] = {}
"""What a record was before it was made; one object, so that many of them are written as JSON once."""


def _told_many(ctx: Context, kind: Entity, created: Sequence[Any], rows: Sequence[Mapping[str, Any]]) -> None:
    names = dict.fromkeys(name for values in rows for name in values)
    loaded = fields.load(ctx, kind, [ctx.schema.field(kind.key, n) for n in names], created)
    stored = [
        {n: loaded[n].get(record.id) for n in values} for record, values in zip(created, rows, strict=True)
    ]
    told = [
        events.event(
            ctx,
            f"{kind.key}.created",
            entity=kind.key,
            record_id=record.id,
            before=_NEW,
            after=after,
            record=record,
        )
        for record, after in zip(created, stored, strict=True)
    ]
    events.before(ctx, told)
    pairs = list(zip(created, stored, strict=True))
    once = dumping()
    journal.record_many(
        ctx, [_written(kind, record, "create", _NEW, after) for record, after in pairs], dump=once
    )
    search_index.made(ctx, kind.key, created, loaded)
    if told:
        events.after_commit(ctx, told, dump=once)


def _judge_new(ctx: Context, entity: str, ids: Sequence[int]) -> None:
    """Raise Invalid for what only the saved records tell: rules under conditions, and those of layouts."""
    custom_fields_rules.judge(ctx, entity, ids)
    layouts.judge_new(ctx, entity, ids)


def _made(ctx: Context, kind: Entity, values: Mapping[str, Any]) -> tuple[Any, list[tuple[Field, Any]]]:
    """Return a new record with its columns, and the values that are to be saved once it has an id."""
    record = kind.model(
        created_at=ctx.now,
        updated_at=ctx.now,
        created_by=ctx.user.id,
        updated_by=ctx.user.id,
        owner_id=ctx.user.id,
        team_id=ctx.user.team_id,
        source=ctx.source,
    )
    columns, computed = split(ctx, kind, custom_fields_rules.completed(ctx, kind.key, values))
    for field, value in columns.items():
        setattr(record, field, value)
    if kind.derive is not None:
        kind.derive(ctx, record)
    return record, computed


@unit
def update(
    ctx: Context, entity: str, record_id: int, changes: Mapping[str, Any], *, seen_version: int | None = None
) -> Any:
    """Change fields of a record and return it; values equal to the present ones are no change.

    With `seen_version` a value that is still as it was then is no change either, so that a whole form can be sent.
    Raises NotVisible, NotAllowed naming the field or right, Invalid with a sentence per field, Refuse, and Conflict
    (with all values) if somebody changed the same fields since `seen_version`.
    """
    kind = ctx.schema.entity(entity)
    record = access.get(ctx, kind.model, record_id, "edit")
    fields.writable(ctx, entity, changes)
    check(ctx, kind, changes, partial=True)
    present = _present(ctx, kind, record, changes)
    changed = {k: v for k, v in changes.items() if load(dump(v)) != load(dump(present[k]))}
    if seen_version is not None and seen_version < record.version:
        changed = _unclashed(ctx, entity, record, seen_version, changed)
    if not changed:
        return record
    fields.refuse_unknown(ctx, entity, changed)
    former = tracked(ctx, kind, record)
    columns, computed = split(ctx, kind, changed)
    for name, value in columns.items():
        setattr(record, name, value)
    touch(ctx, record)
    if kind.derive is not None:
        kind.derive(ctx, record)
    ctx.session.flush()
    _save(ctx, computed, record.id)
    custom_fields_rules.judge(ctx, entity, [record.id], changed.keys())
    layouts.judge_change(ctx, entity, record.id, changed.keys())
    stored = _present(ctx, kind, record, changed)
    followed = {k: v for k, v in tracked(ctx, kind, record).items() if k not in changed and v != former[k]}
    before = {k: present[k] for k in changed} | {k: former[k] for k in followed}
    _told(ctx, record, "updated", _written(kind, record, "edit", before, stored | followed))
    return record


def _unclashed(
    ctx: Context, entity: str, record: Any, seen_version: int, changed: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what was changed on purpose since the form was read. Raises Conflict where others did so too."""
    since = journal.since(ctx, entity, record.id, seen_version)
    meant = {k: v for k, v in changed.items() if k not in since or load(dump(v)) != since[k][0]}
    clashes = [Clash(k, *since[k], v) for k, v in meant.items() if k in since]
    if clashes:
        raise Conflict(clashes, record.version)
    return meant


def tracked(ctx: Context, kind: Entity, record: Any) -> dict[str, Any]:
    """Return the columns that have a history: deriving one value from others may change them too."""
    return {
        f.key: getattr(record, f.column)
        for f in ctx.schema.fields(kind.key)
        if f.column is not None and f.save is None and Show.HISTORY in f.show
    }


@unit
def trash(ctx: Context, entity: str, ids: Iterable[int]) -> int:
    """Move records to the trash and return how many; ids that are not visible raise NotVisible."""
    return _mark(ctx, entity, ids, "deleted")


@unit
def restore(ctx: Context, entity: str, ids: Iterable[int]) -> int:
    """Take records out of the trash and return how many."""
    return _mark(ctx, entity, ids, "restored")


@unit
def purge(ctx: Context, entity: str, ids: Iterable[int]) -> int:
    """Remove records for good, with everything that points at them (DECISIONS 4); returns how many."""
    kind = ctx.schema.entity(entity)
    found = [access.get(ctx, kind.model, i, "delete", trash=True) for i in ids]
    gone = [record.id for record in found]
    for table in POLYMORPHIC:
        ctx.session.execute(
            sql_delete(table).where(table.entity == entity, table.record_id.in_(gone)),
            execution_options={"synchronize_session": False},
        )
    custom_fields_values.forget(ctx, entity, gone)
    events.after_commit(
        ctx, [events.event(ctx, f"{entity}.purged", entity=entity, record_id=i) for i in gone] if gone else []
    )
    for record in found:
        ctx.session.delete(record)
    ctx.session.flush()
    return len(gone)


def _mark(ctx: Context, entity: str, ids: Iterable[int], what: str) -> int:
    kind = ctx.schema.entity(entity)
    count = 0
    for record_id in ids:
        record = access.get(ctx, kind.model, record_id, "delete", trash=True)
        trashed = record.deleted_at is not None
        if trashed == (what == "deleted"):
            continue
        before = {"deleted_at": record.deleted_at}
        record.deleted_at = ctx.now if what == "deleted" else None
        touch(ctx, record)
        ctx.session.flush()
        undone = "delete" if what == "deleted" else "restore"
        _told(ctx, record, what, _written(kind, record, undone, before, {"deleted_at": record.deleted_at}))
        count += 1
    return count


def touch(ctx: Context, record: Record) -> None:
    """Note on a record that it is being changed now, and by whom."""
    record.version += 1
    record.updated_at = ctx.now
    record.updated_by = ctx.user.id


def _written(
    kind: Entity, record: Any, verb: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> journal.Written:
    return journal.Written(
        entity=kind.key, record_id=record.id, verb=verb, before=before, after=after, version=record.version
    )


def _told(ctx: Context, record: Any, what: str, written: journal.Written) -> None:
    told = [
        events.event(
            ctx,
            f"{written.entity}.{what}",
            entity=written.entity,
            record_id=record.id,
            before=written.before,
            after=written.after,
            record=record,
        )
    ]
    events.before(ctx, told)
    journal.record(ctx, written)
    events.after_commit(ctx, told)
    search_index.stale(ctx, written.entity, record.id, written.after)


def check(ctx: Context, kind: Entity, values: Mapping[str, Any], *, partial: bool = False) -> None:
    """Raise Invalid for what is missing or too long; with `partial` only what is given is looked at."""
    problems: dict[str, str] = {}
    for field in _needed(cast(Any, ctx.schema), kind.key):
        if (not partial or field.key in values) and values.get(field.key) in (None, "", []):
            problems[field.key] = _("%(name)s is needed.", name=str(field.label))
    limits = fields.lengths(ctx, kind.key)
    for name, value in values.items():
        if isinstance(value, str) and name in limits and len(value) > limits[name]:
            problems[name] = _(
                "%(name)s is longer than %(limit)s characters. Shorten it.",
                name=str(ctx.schema.field(kind.key, name).label),
                limit=limits[name],
            )
    if problems:
        raise Invalid(problems)


@lru_cache(maxsize=256)
def _needed(schema: Any, entity: str) -> tuple[Field, ...]:
    return tuple(field for field in schema.fields(entity) if field.required)


def split(
    ctx: Context, kind: Entity, values: Mapping[str, Any]
) -> tuple[dict[str, Any], list[tuple[Field, Any]]]:
    """Return values as columns of the model, and those that their fields save themselves."""
    columns: dict[str, Any] = {}
    computed: list[tuple[Field, Any]] = []
    for name, value in values.items():
        field = ctx.schema.field(kind.key, name)
        if field.save is None and field.column is not None:
            columns[field.column] = value
        else:
            computed.append((field, value))
    return columns, computed


def _save(ctx: Context, computed: Sequence[tuple[Field, Any]], record_id: int) -> None:
    for field, value in computed:
        fields.save_computed(ctx, field, {record_id: value})
    if computed:
        ctx.session.flush()


def _present(ctx: Context, kind: Entity, record: Any, names: Iterable[str]) -> dict[str, Any]:
    wanted = [ctx.schema.field(kind.key, name) for name in names]
    loaded = fields.load(ctx, kind, wanted, [record])
    return {f.key: loaded[f.key].get(record.id) for f in wanted}


def exists(ctx: Context, entity: str, record_id: int) -> bool:
    """Tell whether a record exists for the principal."""
    try:
        return (
            ctx.session.scalar(select(ctx.schema.entity(entity).model.id).filter_by(id=record_id)) is not None
        )
    except (NotVisible, Invalid):
        return False
