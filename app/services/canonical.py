"""Everything there is, as sorted lines of JSON that are equal exactly when the data are: what proves that an undo is exact.

Records go by their uid. Left out are version, when and by whom it was changed last, history and journal, what is in the
trash, and what is computed from the rest. Unordered values are sorted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.kernel.context import Context
from app.kernel.contributions import Entity, Field, Kind
from app.models import Attachment, ExternalId, Share, Team, User
from app.services import fields

BATCH = 500
LEFT_OUT = {"updated_at", "updated_by", "version", "form_nonce"}
UNORDERED = {Kind.REFS, Kind.TAGS, Kind.CHOICES}
POINTERS = {"company_id": "company", "other_id": "contact"}
"""Parts of an entry that are the id of a record."""

REPEATED = {"company", "name"}
"""Parts of an entry that only repeat the name of the record it points at."""

LINKS: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "attachment": (Attachment, ("uid", "name")),
    "external_id": (ExternalId, ("system", "value")),
    "share": (Share, ("user_id", "team_id", "level")),
}
"""Name → table of ties to records that are no field, and the columns that say what they are."""


def lines(ctx: Context) -> list[str]:
    """Return all records and links that exist for the principal, a line of JSON each, sorted."""
    uids = _Uids(ctx)
    return sorted([*_records(ctx, uids), *_links(ctx, uids)])


class _Uids:
    """Uids by id, read once for each kind of record."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._known: dict[str, dict[int, str]] = {}

    def of(self, entity: str, record_id: Any) -> str | None:
        """Return the uid of a record, None for one that does not exist for the principal."""
        if record_id is None:
            return None
        if entity not in self._known:
            self._known[entity] = self._read(entity)
        return self._known[entity].get(int(record_id))

    def _read(self, entity: str) -> dict[int, str]:
        own: dict[str, Any] = {"user": User, "team": Team}
        if entity not in own and not self._ctx.schema.has(entity):
            return {}
        model = own.get(entity) or self._ctx.schema.entity(entity).model
        return {row[0]: row[1] for row in self._ctx.session.execute(select(model.id, model.uid))}


def _records(ctx: Context, uids: _Uids) -> Iterator[str]:
    for kind in ctx.schema.entities():
        stored = [f for f in ctx.schema.fields(kind.key) if _is_stored(f)]
        for rows in _batches(ctx, kind):
            values = fields.load(ctx, kind, stored, rows)
            for row in rows:
                said = {f.key: plain(uids, f, values[f.key].get(row.id)) for f in stored}
                yield _line({"entity": kind.key, "uid": row.uid, **{n: v for n, v in said.items() if v}})


def _is_stored(field: Field) -> bool:
    return field.key not in LEFT_OUT and (field.column is not None or field.save is not None)


def _batches(ctx: Context, kind: Entity) -> Iterator[Sequence[Any]]:
    last, model = 0, kind.model
    own = (kind.where(model),) if kind.where is not None else ()
    while True:
        query = select(model).where(model.id > last, *own).order_by(model.id).limit(BATCH)
        rows = ctx.session.execute(query, execution_options={"populate_existing": True}).scalars().all()
        if not rows:
            return
        last = rows[-1].id
        yield rows


def _links(ctx: Context, uids: _Uids) -> Iterator[str]:
    for name, (model, columns) in LINKS.items():
        query = select(model).order_by(model.id)
        if model is Attachment:
            query = query.where(Attachment.field_id.is_(None))  # the field tells of it
        for row in ctx.session.execute(query).scalars():
            whose = uids.of(row.entity, row.record_id)
            if whose is not None:
                yield _line({"link": name, "of": whose, **{c: getattr(row, c) for c in columns}})


def plain(uids: _Uids, field: Field, value: Any) -> Any:
    """Return a field's value as JSON in which pointers are uids and equal values look the same."""
    if field.kind in fields.POINTING and field.kind is not Kind.REFS:
        of = {Kind.USER: "user", Kind.TEAM: "team"}.get(field.kind, field.ref or "")
        return uids.of(of, value)
    if isinstance(value, list | tuple):
        found = [_entry(uids, field, entry) for entry in value]
        kept = [entry for entry in found if entry is not None]
        return sorted(kept, key=_line) if field.kind in UNORDERED else kept
    return _scalar(value)


def _entry(uids: _Uids, field: Field, entry: Any) -> Any:
    if isinstance(entry, Mapping):
        points = any(n in POINTERS for n in entry)
        found = {n: _part(uids, n, v) for n, v in entry.items() if not (points and n in REPEATED)}
        return {n: v for n, v in found.items() if v}
    if field.kind is Kind.REFS and isinstance(entry, int):
        return uids.of(field.ref or "", entry)
    if field.kind is Kind.REFS and isinstance(entry, str) and ":" in entry:
        entity, _sep, number = entry.rpartition(":")
        return uids.of(entity, number) if number.isdecimal() else entry
    return _scalar(entry)


def _part(uids: _Uids, name: str, value: Any) -> Any:
    return uids.of(POINTERS[name], value) if name in POINTERS else _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
