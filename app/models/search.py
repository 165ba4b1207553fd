"""The search index as tables: one folded document per record (DECISIONS 37), words of names, and their misspellings."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.models.base import key


class SearchDoc(Base):
    """The folded words of a record. FTS5 trigram (SQLite) and pg_trgm (PostgreSQL) index `doc` by migration.

    `id` is computed from entity and record (services/search_index), so that the documents of an entity are one range.
    """

    __tablename__ = "search_doc"
    __table_args__ = (UniqueConstraint("entity", "record_id"),)
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    entity: Mapped[str] = mapped_column(String(80))
    record_id: Mapped[int] = mapped_column(Integer)
    doc: Mapped[str] = mapped_column(Text)


class SearchName(Base):
    """A word of a record's name, for words of one or two letters and for names that begin with what is typed."""

    __tablename__ = "search_name"
    __table_args__ = (
        Index("ix_search_name_record", "entity", "record_id"),
        {"sqlite_with_rowid": False},
    )
    entity: Mapped[str] = mapped_column(String(80), primary_key=True)
    word: Mapped[str] = mapped_column(key(80), primary_key=True)
    record_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)


class SearchDelete(Base):
    """A word of names, companies or tags under each of its forms with one letter left out, and under itself."""

    __tablename__ = "search_delete"
    __table_args__ = ({"sqlite_with_rowid": False},)
    form: Mapped[str] = mapped_column(key(80), primary_key=True)
    word: Mapped[str] = mapped_column(key(80), primary_key=True)
