"""What every table shares: ids, instants and the columns of a record."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

import uuid_utils
from sqlalchemy import DateTime, Dialect, ForeignKey, Index, Integer, String, inspect, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from app.extensions import Base

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for "not yet" in sort keys, which must not be null."""

SOMEDAY = "9999-12-31"
"""Stands for "no day" in sort keys that are dates as text."""


class Instant(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python, naive UTC text in SQLite, timestamptz in PostgreSQL."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; instants are aware.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    """Return the present instant, aware, in UTC; tests replace the clock through `ctx.now`."""
    return datetime.now(UTC)


def new_uid() -> str:
    """Return a fresh UUIDv7 (RFC 9562) as text."""
    return str(uuid_utils.uuid7())


class Model(Base):
    """A table with an integer key."""

    __abstract__ = True
    id: Mapped[int] = mapped_column(Integer, primary_key=True)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}>"


class Record(Model):
    """A row of an Entity, with the columns that every record has. `__entity__` is the entity's name."""

    __abstract__ = True
    __entity__: ClassVar[str]

    uid: Mapped[str] = mapped_column(String(36), default=new_uid, unique=True, insert_sentinel=True)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    updated_at: Mapped[datetime] = mapped_column(Instant, default=now)
    source: Mapped[str] = mapped_column(String(40), default="web")
    version: Mapped[int] = mapped_column(Integer, default=1)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
    merged_into: Mapped[int | None] = mapped_column(Integer)

    @property
    def stored_id(self) -> int:
        """The id of a stored record, also after a commit: it is not asked for again."""
        identity: Any = inspect(self).identity
        return int(identity[0])

    @declared_attr
    def created_by(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    @declared_attr
    def updated_by(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    @declared_attr
    def owner_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    @declared_attr
    def team_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("team.id", ondelete="SET NULL"))


def key(length: int) -> Any:
    """Return the type of a sort key: text that both databases compare byte by byte."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def live(table: str, *columns: str, name: str | None = None) -> Index:
    """Build an index over the rows that are not in the trash: every list order has one, with `id` last."""
    where: Any = text("deleted_at IS NULL")
    label = name or f"ix_{table}_live_" + "_".join(c for c in columns if c != "id")
    return Index(label, *columns, sqlite_where=where, postgresql_where=where)


def trashed(table: str) -> Index:
    """Build the index over the rows in the trash; were it over all rows, SQLite would take it to find the others."""
    where: Any = text("deleted_at IS NOT NULL")
    return Index(f"ix_{table}_deleted_at", "deleted_at", sqlite_where=where, postgresql_where=where)
