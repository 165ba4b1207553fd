"""Files as values of fields: held for whoever sent them until a record is saved, then the record's; swept when let go.

A file that was replaced stays, so that the change can be taken back, until the journal speaks of it no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, select

from app.formats import file_values
from app.formats.plain import plain
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field
from app.kernel.errors import Invalid
from app.models import Attachment, CustomValue, JournalEntry
from app.models.custom_field import KEY
from app.services import access

HELD = ""
"""The entity of a file whose record is not saved yet: only who sent it may fetch it."""

WAIT = timedelta(days=1)
"""How long a file is held for a form that is not sent in the end."""

BATCH = 200


def stored(field: Any, value: Any) -> tuple[str | None, str | None, int | None]:
    """Return text, key and number of a value: found and sorted by the file's name."""
    return str(value), plain(file_values.name_of(value))[:KEY], None


def read(field: Any, cell: tuple[str | None, str | None, int | None]) -> str:
    """Return the value that was stored. Raises ValueError for what is none."""
    if not cell[0] or "/" not in cell[0]:
        raise ValueError("a file without its name")
    return cell[0]


def parse(ctx: Context, field: Any, text: str) -> str:
    """Return the value that a text means: a file's uid, with or without its name. Raises ValueError with a sentence."""
    if not text:
        return ""
    row = _row(ctx, text)
    if row is None or not _usable(ctx, row, field):
        raise ValueError(_("There is no such file here. Choose the file itself."))
    return file_values.made(row.uid, row.name)


def _row(ctx: Context, value: str) -> Attachment | None:
    query = select(Attachment).where(Attachment.uid == file_values.uid_of(value)[:36])
    return ctx.session.execute(query).scalar_one_or_none()


def _usable(ctx: Context, row: Attachment, field: Any) -> bool:
    """Tell whether a file may become the value of a field: held for the principal, or on a record he sees."""
    if row.entity == HELD:
        return row.created_by == ctx.user.id
    if row.entity != field.on or row.field_id not in (None, field.number):
        return False
    return bool(access.visible_ids(ctx, ctx.schema.entity(row.entity).model, [row.record_id]))


def claimed(ctx: Context, field: Any, values: Mapping[int, Any]) -> dict[int, Any]:
    """Return values as they are saved, within the open unit: each file is then its record's own.

    A file that another record has is attached once more. Raises Invalid for one that is not there for the principal.
    """
    return {i: _claimed(ctx, field, i, value) if value else value for i, value in values.items()}


def _claimed(ctx: Context, field: Any, record_id: int, value: Any) -> str:
    row = _row(ctx, str(value))
    if row is None:
        raise Invalid({field.key: _("There is no such file here. Choose the file itself.")})
    if (row.entity, row.record_id) == (field.on, record_id) and row.field_id in (None, field.number):
        row.field_id = field.number
    elif not _usable(ctx, row, field):
        raise Invalid({field.key: _("There is no such file here. Choose the file itself.")})
    elif row.entity == HELD:
        row.entity, row.record_id, row.field_id = field.on, record_id, field.number
    else:
        row = _again(ctx, row, field, record_id)
    ctx.session.flush()
    return file_values.made(row.uid, row.name)


def _again(ctx: Context, row: Attachment, field: Any, record_id: int) -> Attachment:
    """Return a further attachment of the same content, on another record."""
    made = Attachment(
        blob_id=row.blob_id,
        thumbnail_id=row.thumbnail_id,
        entity=field.on,
        record_id=record_id,
        field_id=field.number,
        name=row.name,
        created_at=ctx.now,
        created_by=ctx.user.id,
    )
    ctx.session.add(made)
    return made


def shown(ctx: Context, row: Attachment) -> bool:
    """Tell whether the field that a file stands in exists for the principal; a file in no field is judged elsewhere."""
    if row.field_id is None:
        return True
    every = ctx.schema.fields(row.entity)
    field: Field | None = next((f for f in every if getattr(f, "number", None) == row.field_id), None)
    return field is not None and access.sees(ctx, row.entity, field.key)


def sweep(ctx: Context) -> int:
    """Remove a batch of files that nobody will ask for: held in vain, or let go by their field; returns how many."""
    with ctx.unit():
        held = (Attachment.entity == HELD) & (Attachment.created_at < ctx.now - WAIT)
        query = select(Attachment.id).where(or_(held, _let_go(ctx))).order_by(Attachment.id).limit(BATCH)
        ids = list(ctx.session.execute(query).scalars())
        if ids:
            ctx.session.execute(delete(Attachment).where(Attachment.id.in_(ids)))
    return len(ids)


def _let_go(ctx: Context) -> Any:
    """Return the condition of files that neither their field nor the journal of their record speaks of."""
    has = select(CustomValue.record_id).where(
        CustomValue.field_id == Attachment.field_id,
        CustomValue.record_id == Attachment.record_id,
        CustomValue.text.startswith(Attachment.uid),
    )
    told = select(JournalEntry.id).where(
        JournalEntry.entity == Attachment.entity,
        JournalEntry.record_id == Attachment.record_id,
        or_(JournalEntry.before.contains(Attachment.uid), JournalEntry.after.contains(Attachment.uid)),
    )
    old = Attachment.created_at < ctx.now - WAIT
    return Attachment.field_id.is_not(None) & old & ~has.exists() & ~told.exists()
