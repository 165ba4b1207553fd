"""Cards that programs send and delete: through the same services as on pages, each in one unit."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.formats import images
from app.formats.card import Card, Photo
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, KithError, NotVisible
from app.models import Attachment, Blob, Contact, DavBook, DavCard
from app.services import (
    access,
    attachments,
    contacts,
    dav_books,
    dav_merging,
    dav_receipts,
    dav_stamps,
    import_ids,
    photos,
    records,
)
from app.services.attachments import Prepared, Upload
from app.services.dav_listing import Row
from app.services.import_reading import Item
from app.services.import_rows import Row as ImportedRow
from app.services.unit import unit

Check = Callable[[Row | None], None]
"""Raises when the card that is there, or that there is none, is not what the program expects."""

LONGEST = 255


class Stale(KithError):
    """The card is another one than the program thinks."""


class Twice(KithError):
    """There is a card of this UID under another name already."""

    def __init__(self, name: str) -> None:
        super().__init__(_("There is a card of this person already."))
        self.name = name


@dataclass(frozen=True, kw_only=True)
class Written:
    """What became of a card: the row of its list, and whether it is new."""

    row: Row
    created: bool


def find(ctx: Context, name: str, verb: str = "view") -> tuple[Row, Contact]:
    """Return a card of the principal's book as it is now. Raises NotVisible, NotAllowed."""
    book = select(DavBook.id).where(DavBook.user_id == ctx.user.id).scalar_subquery()
    query = select(DavCard).where(DavCard.book_id == book, DavCard.name == name)
    card = ctx.session.execute(query).scalar_one_or_none()
    if card is None or card.gone_at is not None:
        raise NotVisible(_("There is no such card."))
    record = records.get(ctx, "contact", card.contact_id, verb)
    return _listed(card, dav_stamps.of(ctx, [card.contact_id])[card.contact_id]), record


def _listed(card: DavCard, stamp: dav_stamps.Stamp) -> Row:
    return Row(name=card.name, contact_id=card.contact_id, stamp=stamp.text, uid=card.uid, seq=card.seq)


def put(ctx: Context, name: str, card: Card, check: Check) -> Written:
    """Store a card under a name: a new contact, or all that a card says of the one that is there.

    Raises what `check` raises, Twice, Invalid with a sentence per field, NotAllowed, or Refuse.
    """
    _refuse(name, card)
    picture = _picture(ctx, name, card.photo)
    return _put(ctx, name, card, picture, check)


def _refuse(name: str, card: Card) -> None:
    if card.kind == "group":
        told = _("Groups are not kept. Let your program keep groups as categories of each contact.")
        raise Invalid({"kind": told})
    if len(card.uid) > LONGEST or len(name) > LONGEST:
        raise Invalid({"uid": _("The UID is longer than %(most)s characters.", most=LONGEST)})


@unit
def _put(ctx: Context, name: str, card: Card, picture: Prepared | None, check: Check) -> Written:
    book = dav_books.locked(ctx)
    there = _there(ctx, book, name)
    check(None if there is None else there[0])
    if card.uid:
        _once(ctx, book, name, card.uid)
    dav_receipts.taken(ctx, name)
    if there is None:
        return _create(ctx, book, name, card, picture)
    row, record, stored = there
    version = record.version
    found = dav_merging.changes(ctx, record, card)
    if found:
        records.update(ctx, "contact", record.id, found)
    _show(ctx, record, card.photo, picture)
    stored.uid = card.uid or stored.uid
    if record.version != version:
        dav_books.renew(book, stored, dav_stamps.of(ctx, [record.id])[record.id])
    ctx.session.flush()
    return Written(row=_listed(stored, dav_stamps.of(ctx, [row.contact_id])[row.contact_id]), created=False)


def _there(ctx: Context, book: DavBook, name: str) -> tuple[Row, Contact, DavCard] | None:
    """The card of a name with its contact, locked; a name whose contact is out of sight is free."""
    query = select(DavCard).where(DavCard.book_id == book.id, DavCard.name == name)
    stored = ctx.session.execute(query).scalar_one_or_none()
    if stored is None:
        return None
    try:
        record = records.get(ctx, "contact", stored.contact_id, "edit")
    except NotVisible:
        ctx.session.delete(stored)
        ctx.session.flush()
        return None
    stamp = dav_stamps.of(ctx, [record.id])[record.id]
    return _listed(stored, stamp), record, stored


def _once(ctx: Context, book: DavBook, name: str, uid: str) -> None:
    here = (DavCard.book_id == book.id, DavCard.uid == uid, DavCard.name != name, DavCard.gone_at.is_(None))
    for other in ctx.session.execute(select(DavCard).where(*here).order_by(DavCard.id).limit(5)).scalars():
        if access.visible_ids(ctx, Contact, [other.contact_id]):
            raise Twice(other.name)
        dav_books.bury(ctx, book, other)


def _create(ctx: Context, book: DavBook, name: str, card: Card, picture: Prepared | None) -> Written:
    values = contacts.named(dav_merging.new(ctx, card))
    (record,) = records.create_many(ctx, "contact", [values])
    _show(ctx, record, card.photo, picture)
    stamp = dav_stamps.of(ctx, [record.id])[record.id]
    if card.uid and card.uid != stamp.uid:
        made = ImportedRow(Item(1, card), "contact", uid=card.uid, record_id=record.id, outcome="created")
        import_ids.keep(ctx, [made])
    stored = dav_books.card(book, record.id, name, stamp, card.uid or stamp.uid)
    ctx.session.add(stored)
    ctx.session.flush()
    return Written(row=_listed(stored, stamp), created=True)


# ---------------------------------------------------------------- photos


def _picture(ctx: Context, name: str, photo: Photo | None) -> Prepared | None:
    """Return a photo made small and written to disk, before the unit; None for the very one that the contact has."""
    if photo is None or not photo.data or _has(ctx, name, photo.data):
        return None
    try:
        small = images.thumbnail(photo.data, (photos.SIDE, photos.SIDE), square=True)
    except images.ImageError as error:
        raise Invalid({"photo": str(error)}) from error
    return attachments.prepare(ctx, [Upload(name=f"{_('Photo')}.webp", data=small.data)])[0]


def _has(ctx: Context, name: str, data: bytes) -> bool:
    try:
        _row, record = find(ctx, name)
    except NotVisible:
        return False
    query = select(Blob.sha256).join(Attachment, Attachment.blob_id == Blob.id)
    return (
        ctx.session.scalar(query.where(Attachment.id == record.photo_id)) == hashlib.sha256(data).hexdigest()
    )


def _show(ctx: Context, record: Any, photo: Photo | None, picture: Prepared | None) -> None:
    """Let a contact have the photo of its card, or none; one of which the card has only the address is not fetched."""
    if not access.sees(ctx, "contact", "photo_id"):
        return
    if photo is None and record.photo_id is not None:
        photos.take_off(ctx, "contact", record.id)
    elif picture is not None:
        made = attachments.add(ctx, "contact", record.id, [picture])
        records.update(ctx, "contact", record.id, {photos.FIELD["contact"]: made[0].id})


# ---------------------------------------------------------------- gone


@unit
def delete(ctx: Context, name: str, check: Check) -> None:
    """Move the contact of a card to the trash. Raises NotVisible, NotAllowed, and what `check` raises."""
    book = dav_books.locked(ctx)
    row, _record = find(ctx, name, "delete")
    check(row)
    records.trash(ctx, "contact", [row.contact_id])
    query = select(DavCard).where(DavCard.book_id == book.id, DavCard.name == name)
    dav_books.bury(ctx, book, ctx.session.execute(query).scalar_one())
