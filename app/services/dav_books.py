"""The address book of somebody: which contacts it holds, under which names, and the number of its last change.

The book follows what the access layer shows: before it is told, it is compared with that, and what is new, different or
out of sight gets the next numbers. So a contact that somebody may not see any more becomes a tombstone by itself, whatever
the reason. Nothing is compared as long as nothing happened in the house.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Refuse
from app.models import Contact, DavBook, DavCard, EventRow
from app.models.base import NEVER
from app.services import dav_stamps
from app.services.unit import unit

PAGE = 500
MOST = 25_000
"""Contacts that one book holds; who may see more is told so."""

EVERY = timedelta(minutes=10)
"""After so long a book is compared in any case: rules may depend on the time."""

KEPT = timedelta(days=180)
"""Tombstones are kept so long."""

RECENT = 1000


class TooLarge(Refuse):
    """There are more contacts than an address book can hold."""


@dataclass(frozen=True, kw_only=True)
class Book:
    """A book as it is now: `seq` numbers its last change, `floor` the last tombstone that is forgotten."""

    id: int
    seq: int
    floor: int


def current(ctx: Context) -> Book:
    """Return the principal's book, brought up to date. Raises TooLarge."""
    found = ctx.session.execute(select(DavBook).where(DavBook.user_id == ctx.user.id)).scalar_one_or_none()
    mark = _mark(ctx)
    if found is None or found.mark != mark or found.checked_at < ctx.now - EVERY:
        found = _compared(ctx, mark)
    return Book(id=found.id, seq=found.seq, floor=found.floor)


def _mark(ctx: Context) -> str:
    """Return how the house is: while it stays the same, no book can be another one.

    Transactions end in another order than they take numbers in, so that the latest events are counted too.
    """
    last = ctx.session.scalar(select(func.max(EventRow.id))) or 0
    count = ctx.session.scalar(select(func.count()).where(EventRow.id > last - RECENT))
    epoch = ",".join(map(str, getattr(ctx, "epoch", ())))
    return f"{last}:{count}:{epoch}:{dav_stamps.shape(ctx)}"


def _compared(ctx: Context, mark: str) -> DavBook:
    book_id = locked(ctx).id
    ids = list(_different(ctx, book_id))
    for begin in range(0, len(ids), PAGE):
        follow(ctx, ids[begin : begin + PAGE])
    return _noted(ctx, mark)


@unit
def _noted(ctx: Context, mark: str) -> DavBook:
    book = locked(ctx)
    book.mark, book.checked_at = mark, ctx.now
    ctx.session.flush()
    return book


@unit
def locked(ctx: Context) -> DavBook:
    """Return the row of the principal's book, locked until the open unit ends; the first time it is made."""
    query = select(DavBook).where(DavBook.user_id == ctx.user.id).with_for_update()
    found = ctx.session.execute(query, execution_options={"populate_existing": True}).scalar_one_or_none()
    if found is not None:
        return found
    insert: Any = postgresql.insert if ctx.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    new = {"user_id": ctx.user.id, "seq": 0, "floor": 0, "mark": "", "checked_at": NEVER}
    ctx.session.execute(insert(DavBook).values(**new).on_conflict_do_nothing())
    return ctx.session.execute(query).scalar_one()


def _different(ctx: Context, book_id: int) -> Iterator[int]:
    """Yield the contacts about which the book is wrong, page by page of what is visible. Raises TooLarge."""
    last, seen = 0, 0
    while True:
        query = select(Contact.id).where(Contact.id > last).order_by(Contact.id).limit(PAGE)
        ids = list(ctx.session.execute(query).scalars())
        seen += len(ids)
        if seen > MOST:
            raise TooLarge(
                _("An address book holds at most %(most)s contacts, and you may see more.", most=MOST)
            )
        until = [DavCard.contact_id <= ids[-1]] if len(ids) == PAGE else []
        known = _stamps(ctx, book_id, DavCard.contact_id > last, *until)
        now = {i: stamp.text for i, stamp in dav_stamps.of(ctx, ids).items()}
        yield from sorted(i for i in now.keys() | known.keys() if now.get(i) != known.get(i))
        if len(ids) < PAGE:
            return
        last = ids[-1]


def _stamps(ctx: Context, book_id: int, *where: ColumnElement[bool]) -> dict[int, str | None]:
    """Contact → the stamp that the book has; None for a tombstone."""
    query = select(DavCard.contact_id, DavCard.stamp, DavCard.gone_at).where(
        DavCard.book_id == book_id, *where
    )
    return {
        row.contact_id: row.stamp if row.gone_at is None else None
        for row in ctx.session.execute(query.order_by(DavCard.contact_id))
    }


@unit
def follow(ctx: Context, ids: Sequence[int]) -> None:
    """Let the principal's book say of some contacts what is so now; each that changes gets the next number."""
    book = locked(ctx)
    now = dav_stamps.of(ctx, ids)
    query = select(DavCard).where(DavCard.book_id == book.id, DavCard.contact_id.in_(ids))
    known = {row.contact_id: row for row in ctx.session.execute(query).scalars()}
    fresh = [i for i in ids if i in now and i not in known]
    taken = _taken(ctx, book.id, [_name(now[i].own) for i in fresh])
    for contact_id in ids:
        row, stamp = known.get(contact_id), now.get(contact_id)
        if stamp is None:
            if row is not None:
                bury(ctx, book, row)
        elif row is None:
            name = _name(stamp.own)
            name = name if name not in taken else _name(f"{stamp.own}-{contact_id}")
            ctx.session.add(card(book, contact_id, name, stamp, stamp.uid))
        elif row.gone_at is not None or row.stamp != stamp.text:
            renew(book, row, stamp)
    ctx.session.flush()


def _name(text: str) -> str:
    return f"{text}.vcf"


def _taken(ctx: Context, book_id: int, names: Sequence[str]) -> set[str]:
    query = select(DavCard.name).where(DavCard.book_id == book_id, DavCard.name.in_(names))
    return set(ctx.session.execute(query).scalars())


def card(book: DavBook, contact_id: int, name: str, stamp: dav_stamps.Stamp, uid: str) -> DavCard:
    """Return a new card of a locked book."""
    return DavCard(
        book_id=book.id,
        contact_id=contact_id,
        name=name,
        uid=uid if len(uid) <= 255 else "",
        stamp=stamp.text,
        seq=_next(book),
    )


def renew(book: DavBook, row: DavCard, stamp: dav_stamps.Stamp) -> None:
    """Note in a locked book that a card is another one now, or is there again."""
    row.stamp, row.gone_at, row.seq = stamp.text, None, _next(book)
    row.uid = row.uid or stamp.uid[:255]


def bury(ctx: Context, book: DavBook, row: DavCard) -> None:
    """Leave a tombstone of a card in a locked book; nothing but its name is kept."""
    if row.gone_at is None:
        row.gone_at, row.seq, row.stamp, row.uid = ctx.now, _next(book), "", ""


def _next(book: DavBook) -> int:
    book.seq += 1
    return book.seq


@unit
def purge(ctx: Context) -> None:
    """Forget tombstones that are older than 180 days; who asks for changes from before them has to begin anew."""
    before = ctx.now - KEPT
    old = select(DavCard.book_id, func.max(DavCard.seq).label("seq")).where(DavCard.gone_at < before)
    for row in ctx.session.execute(old.group_by(DavCard.book_id).order_by(DavCard.book_id)).all():
        ctx.session.execute(
            update(DavBook).where(DavBook.id == row.book_id, DavBook.floor < row.seq).values(floor=row.seq)
        )
    ctx.session.execute(delete(DavCard).where(DavCard.gone_at < before))
