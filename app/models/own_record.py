"""Kinds of record that administrators define, and their records: one table for all of them (docs/decisions/0011)."""

from __future__ import annotations

from datetime import datetime
from threading import Lock

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Instant, Model, Record, key, new_uid, now

_LIVE = text("deleted_at IS NULL")
_GONE = text("deleted_at IS NOT NULL")


class OwnType(Model):
    """A kind of record as an administrator defined it. `name` never changes; a deleted one is shown nowhere."""

    __tablename__ = "own_type"
    uid: Mapped[str] = mapped_column(String(36), default=new_uid, unique=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    label: Mapped[str] = mapped_column(String(60))
    plural: Mapped[str] = mapped_column(String(60))
    icon: Mapped[str] = mapped_column(String(40), default="file-text")
    position: Mapped[int] = mapped_column(default=0)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)


def _listed(name: str, *columns: str, where: object = _LIVE) -> Index:
    return Index(f"ix_record_{name}", "type_id", *columns, sqlite_where=where, postgresql_where=where)


class OwnRecord(Record):
    """A record of a kind that was defined here. Never selected as such: `model_of` has a class for each kind."""

    __tablename__ = "record"
    __entity__ = ""
    __table_args__ = (
        _listed("name", "name_key", "id"),
        _listed("created", "created_at", "id"),
        _listed("updated", "updated_at", "id"),
        _listed("owner", "owner_id", "name_key", "id"),
        _listed("team", "team_id", "name_key", "id"),
        _listed("trash", "deleted_at", where=_GONE),
    )
    __mapper_args__ = {"polymorphic_on": "type_id", "polymorphic_abstract": True}  # noqa: RUF012
    type_id: Mapped[str] = mapped_column(key(60))
    name: Mapped[str] = mapped_column(String(300))
    name_key: Mapped[str] = mapped_column(key(300), default="")


_models: dict[str, type[OwnRecord]] = {}
_making = Lock()


def model_of(name: str) -> type[OwnRecord]:
    """Return the mapped class of a kind of record: made when it is asked for first, and kept as long as the process.

    Its selects, updates and inserts concern the rows of this kind alone, whoever writes them.
    """
    with _making:
        if name not in _models:
            body = {
                "__entity__": name,
                "__mapper_args__": {"polymorphic_identity": name},
                "__doc__": f"A record of the kind {name}.",
            }
            _models[name] = type(f"Own_{name}", (OwnRecord,), body)
        return _models[name]


def models() -> int:
    """Return how many classes of own kinds there are in this process."""
    return len(_models)
