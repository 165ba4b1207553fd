"""Photos of people and logos of companies: small, upright, without what the camera knew."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from app.formats import images
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.models import Attachment
from app.services import attachments, records
from app.services.unit import unit

SIDE = 640
"""Pixels of the square that is kept; pages show the attachment's thumbnail."""

FIELD = {"contact": "photo_id", "company": "logo_id"}


def uids(ctx: Context, ids: Iterable[int | None]) -> dict[int, str]:
    """Return the address part (uid) of photos by attachment id; one query, none without photos."""
    wanted = {i for i in ids if i}
    if not wanted:
        return {}
    rows = ctx.session.execute(select(Attachment.id, Attachment.uid).where(Attachment.id.in_(wanted)))
    return {row.id: row.uid for row in rows}


@unit
def put(ctx: Context, entity: str, record_id: int, upload: attachments.Upload) -> None:
    """Make a picture the photo of a record: cut to a square, re-encoded, without metadata.

    Raises Invalid with a sentence for what is no picture, NotVisible or NotAllowed for the record.
    """
    try:
        picture = images.thumbnail(upload.data, (SIDE, SIDE), square=entity == "contact")
    except images.ImageError as error:
        raise Invalid({"photo": str(error)}) from error
    name = f"{upload.name.rpartition('.')[0] or _('Photo')}.webp"
    clean = attachments.Upload(name=name, data=picture.data)
    made = attachments.attach(ctx, entity, record_id, [clean])
    records.update(ctx, entity, record_id, {FIELD[entity]: made[0].id})


def take_off(ctx: Context, entity: str, record_id: int) -> None:
    """Let a record be without a photo; the file stays among its files, so that the change can be taken back."""
    records.update(ctx, entity, record_id, {FIELD[entity]: None})
