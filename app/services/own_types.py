"""Kinds of record that administrators define: added, changed, ordered, deleted with their records, and brought back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import delete as sql_delete
from sqlalchemy import select

from app.formats.fold import fold
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible
from app.models import CustomField, CustomValue, OwnType
from app.models.own_record import OwnRecord, model_of
from app.services import access, audit, records, schema, settings
from app.services.access import UNSCOPED, WITH_TRASH
from app.services.context import acting
from app.services.own_types_schema import PREFIX
from app.services.unit import unit

RIGHT = "admin.settings"
MOST = 100
"""So many kinds of record can be defined."""

AT_ONCE = 1_000
"""So many records go to the trash together with their kind; more are deleted in their list first."""

BATCH = 500
KEPT = timedelta(days=30)
"""How long a deleted kind can be brought back."""

ICONS = (
    *("file-text", "folder", "briefcase", "building-2", "house", "map-pin", "globe", "calendar", "clock"),
    *("star", "heart-pulse", "trophy", "target", "flag", "bookmark", "tag", "cake", "shopping-cart"),
    *("wrench", "settings", "server", "smartphone", "laptop", "key-round", "shield", "life-buoy", "headset"),
    *("users", "id-card", "contact", "book-open", "image", "video", "megaphone", "puzzle", "zap"),
)
"""Pictures to choose from; all are in the sprite."""


@dataclass(frozen=True, kw_only=True)
class Values:
    """What is said about a kind of record: what one is called, what several are, and its picture."""

    label: str
    plural: str
    icon: str = ICONS[0]


def listed(ctx: Context) -> Sequence[OwnType]:
    """Return the kinds that were defined, in their order, those that were deleted but are not yet gone last."""
    access.require(ctx, RIGHT)
    query = select(OwnType).order_by(OwnType.deleted_at.is_not(None), OwnType.position, OwnType.id)
    return ctx.session.execute(query).scalars().all()


def get(ctx: Context, type_id: int) -> OwnType:
    """Return a definition. Raises NotVisible."""
    access.require(ctx, RIGHT)
    found = ctx.session.get(OwnType, type_id)
    if found is None:
        raise NotVisible(_("There is no such kind of record."))
    return found


def of_record(ctx: Context, record_id: int) -> str:
    """Return of which kind a record is, to ask for it as such. Raises NotVisible."""
    if not 0 < record_id <= access.GREATEST_ID:
        raise NotVisible(_("There is no such record."))
    found = ctx.session.execute(
        select(OwnRecord.type_id).where(OwnRecord.id == record_id),
        execution_options={UNSCOPED: "of which kind a record is; it is then asked for by its kind's rules"},
    ).scalar()
    if found is None or not ctx.schema.has(found):
        raise NotVisible(_("There is no such record."))
    return found


@unit
def add(ctx: Context, values: Values) -> OwnType:
    """Define a kind of record; everybody who may has it from the next click on. Raises Invalid."""
    access.require(ctx, RIGHT)
    rows = listed(ctx)
    if len(rows) >= MOST:
        raise Invalid({"label": _("There are %(num)s kinds already. Delete some first.", num=MOST)})
    _check(ctx, values, None)
    row = OwnType(
        name=_name(ctx, values.label, {r.name for r in rows}),
        position=1 + max((r.position for r in rows), default=0),
        created_at=ctx.now,
    )
    _write(row, values)
    ctx.session.add(row)
    audit.note(ctx, "type.added", row.name, label=row.label)
    _changed(ctx)
    return row


@unit
def change(ctx: Context, type_id: int, values: Values) -> OwnType:
    """Change what a kind is called; its name in filters, rights and the API stays. Raises Invalid."""
    row = get(ctx, type_id)
    _check(ctx, values, row)
    _write(row, values)
    audit.note(ctx, "type.changed", row.name, label=row.label)
    _changed(ctx)
    return row


@unit
def move(ctx: Context, type_id: int, *, up: bool) -> None:
    """Put a kind before the one above it, or behind the one below it."""
    row = get(ctx, type_id)
    rows = [one for one in listed(ctx) if one.deleted_at is None]
    if row in rows:
        at = rows.index(row)
        rows.insert(max(0, min(at + (-1 if up else 1), len(rows) - 1)), rows.pop(at))
        for position, one in enumerate(rows):
            one.position = position
        _changed(ctx)


def count(ctx: Context, row: OwnType) -> int:
    """Return how many records of a kind there are, counted up to one more than AT_ONCE; seen or unseen."""
    access.require(ctx, RIGHT)
    return len(_ids(ctx, row, OwnRecord.deleted_at.is_(None)))


@unit
def delete(ctx: Context, type_id: int, *, confirmed: bool) -> OwnType:
    """Delete a kind; its records go to the trash first. Taken back by `restore` for thirty days.

    Raises Invalid when there are records and nobody confirmed it, or too many to go at once.
    """
    row = get(ctx, type_id)
    if row.deleted_at is not None:
        return row
    ids = _ids(ctx, row, OwnRecord.deleted_at.is_(None))
    if ids and not confirmed:
        raise Invalid({"confirmed": _("There are records of this kind. Confirm that they go to the trash.")})
    if len(ids) > AT_ONCE:
        raise Invalid(
            {
                "confirmed": _(
                    "There are more than %(num)s records. Choose them all in their list and delete them first.",
                    num=AT_ONCE,
                )
            }
        )
    if ids:
        records.trash(ctx, row.name, ids)
    row.deleted_at = ctx.now
    audit.note(ctx, "type.deleted", row.name, label=row.label, records=len(ids))
    _changed(ctx)
    return row


@unit
def restore(ctx: Context, type_id: int) -> OwnType:
    """Bring a deleted kind back, with the records that went to the trash with it."""
    row = get(ctx, type_id)
    gone = row.deleted_at
    if gone is None:
        return row
    row.deleted_at = None
    _check(ctx, Values(label=row.label, plural=row.plural, icon=row.icon), row)
    audit.note(ctx, "type.restored", row.name, label=row.label)
    _changed(ctx)
    ids = _ids(ctx, row, OwnRecord.deleted_at == gone)
    if ids:
        with _knowing(ctx) as other:
            records.restore(other, row.name, ids)
    return row


def forget(ctx: Context) -> int:
    """Remove a batch of what is left of a kind that was deleted thirty days ago; returns how many rows."""
    with ctx.unit():
        old = select(OwnType).where(OwnType.deleted_at < ctx.now - KEPT).order_by(OwnType.id).limit(1)
        row = ctx.session.execute(old).scalar_one_or_none()
        if row is None:
            return 0
        ids = _ids(ctx, row, OwnRecord.id > 0)[:BATCH]
        if ids:
            with _knowing(ctx) as other:
                records.purge(other, row.name, ids)
            return len(ids)
        mine = select(CustomField.id).where(CustomField.entity == row.name)
        for statement in (
            sql_delete(CustomValue).where(CustomValue.field_id.in_(mine)),
            sql_delete(CustomField).where(CustomField.entity == row.name),
        ):
            ctx.session.connection().execute(statement)
        ctx.session.delete(row)
        _changed(ctx)
    return 1


@contextmanager
def _knowing(ctx: Context) -> Iterator[Context]:
    """Act for a while as somebody for whom deleted kinds are still there; nothing that he remembered holds."""
    user = replace(ctx.user, memo={})
    with acting(replace(ctx, user=user, schema=schema.with_deleted(ctx.session))) as other:
        yield other


def _ids(ctx: Context, row: OwnType, *which: object) -> list[int]:
    model = model_of(row.name)
    query = select(model.id).where(*which).order_by(model.id).limit(AT_ONCE + 1)  # type: ignore[arg-type]
    options = {UNSCOPED: "all records of a kind, whoever may see them", WITH_TRASH: True}
    return list(ctx.session.execute(query, execution_options=options).scalars())


def _check(ctx: Context, values: Values, row: OwnType | None) -> None:
    problems: dict[str, str] = {}
    own = row.name if row is not None else ""
    taken = {
        str(said).casefold() for e in ctx.schema.entities() if e.key != own for said in (e.label, e.plural)
    }
    for part, text in (("label", values.label), ("plural", values.plural)):
        said = " ".join(text.split())
        if not said:
            problems[part] = _("This is needed.")
        elif len(said) > 60:
            problems[part] = _("This is longer than %(limit)s characters. Shorten it.", limit=60)
        elif said.casefold() in taken:
            problems[part] = _("There is a kind of record called “%(name)s” already.", name=said)
    if values.icon not in ICONS:
        problems["icon"] = _("Choose one of the pictures.")
    if problems:
        raise Invalid(problems)


def _write(row: OwnType, values: Values) -> None:
    row.label, row.plural = " ".join(values.label.split()), " ".join(values.plural.split())
    row.icon = values.icon


def _name(ctx: Context, label: str, taken: set[str]) -> str:
    base = PREFIX + (re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:40] or "record")
    known = taken | {e.key for e in ctx.schema.entities()}
    return next(n for n in (base, *(f"{base}_{i}" for i in range(2, 10_000))) if n not in known)


def _changed(ctx: Context) -> None:
    """Let every process know: there are other kinds of record, and other rights."""
    ctx.session.flush()
    settings.bump(ctx, "schema")
    settings.bump(ctx, "permissions")
