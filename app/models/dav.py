"""What address-book programs were told of whom: a book for each user, and the cards in it with their names and changes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import NEVER, Instant, Model


class DavBook(Model):
    """The address book of a user: `seq` counts its changes, tokens below `floor` are too old to be told of all.

    `mark` says how the house was when the book was last compared with what its user may see, at `checked_at`.
    """

    __tablename__ = "dav_book"
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)
    floor: Mapped[int] = mapped_column(BigInteger, default=0)
    mark: Mapped[str] = mapped_column(String(200), default="")
    checked_at: Mapped[datetime] = mapped_column(Instant, default=NEVER)


class DavCard(Model):
    """A contact in a book, or the tombstone of one that is not there any more (`gone_at`).

    `name` is the last part of its address, `uid` the UID of its card, `stamp` changes whenever the card does, `seq` is
    the number of its last change. The contact is no foreign key: a tombstone outlives it.
    """

    __tablename__ = "dav_card"
    __table_args__ = (
        UniqueConstraint("book_id", "contact_id"),
        UniqueConstraint("book_id", "name"),
        Index("ix_dav_card_seq", "book_id", "seq"),
        Index("ix_dav_card_uid", "book_id", "uid"),
        Index(
            "ix_dav_card_gone_at",
            "gone_at",
            sqlite_where=text("gone_at IS NOT NULL"),
            postgresql_where=text("gone_at IS NOT NULL"),
        ),
    )
    book_id: Mapped[int] = mapped_column(ForeignKey("dav_book.id", ondelete="CASCADE"))
    contact_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(255))
    uid: Mapped[str] = mapped_column(String(255), default="")
    stamp: Mapped[str] = mapped_column(String(40), default="")
    seq: Mapped[int] = mapped_column(BigInteger)
    gone_at: Mapped[datetime | None] = mapped_column(Instant)
