"""What must be provable afterwards: security events, written with the change and sealed in a chain (DECISIONS 21).

A row's `hash` is "<id of the row before>.<HMAC over that row's hash and this row>": the chain follows the order of
sealing, so that a transaction that commits late on PostgreSQL still finds its place.
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, has_request_context
from sqlalchemy import select

from app.kernel.context import Context
from app.models import AuditRow, Setting
from app.services import sealing
from app.services.unit import current, unit

log = logging.getLogger("kith.audit")

PURPOSE = "audit"
BATCH = 1000


def note(ctx: Context, action: str, obj: str = "", *, actor_id: int | None = None, **detail: Any) -> None:
    """Write one audit row, within the open unit or in a short one of its own. `detail` never carries a secret.

    `obj` is "kind:id"; `actor_id` is given where the context's user is not (yet) who acts, as at login.
    """
    row = AuditRow(
        at=ctx.now,
        actor_id=ctx.user.id if actor_id is None else actor_id,
        address=address(),
        action=action,
        object=obj,
        detail=json.dumps(detail, default=str, ensure_ascii=False, sort_keys=True),
        request_id=request_id(),
    )
    if current(ctx.session) is not None:
        ctx.session.add(row)
        return
    with ctx.unit():
        ctx.session.add(row)


def address() -> str:
    """Return the address of whoever makes the request, or "" outside one."""
    return str(g.get("address", "")) if has_request_context() else ""


def request_id() -> str:
    """Return the number of the request, or "" outside one."""
    return str(g.get("request_id", "")) if has_request_context() else ""


# ---------------------------------------------------------------- the chain


@unit
def seal(ctx: Context, limit: int = BATCH) -> int:
    """Chain up to `limit` rows that have no hash yet, oldest first; returns how many."""
    head = _head(ctx)
    rows = ctx.session.execute(
        select(AuditRow).where(AuditRow.hash == "").order_by(AuditRow.id).limit(limit).with_for_update()
    ).scalars()
    last = ctx.session.get(AuditRow, int(head.value))
    before_id, before_hash = (last.id, last.hash) if last is not None else (int(head.value), "")
    count = 0
    for row in rows:
        row.hash = f"{before_id}.{_digest(before_hash, row)}"
        before_id, before_hash = row.id, row.hash
        count += 1
    head.value = str(before_id)
    return count


@dataclass(frozen=True)
class Verdict:
    """What `verify` found: how many rows the chain has, and the first row that is wrong with the reason, or None."""

    rows: int
    wrong: int | None = None
    reason: str = ""
    head: str = ""


def verify(ctx: Context, *, head: str = "") -> Verdict:
    """Check the chain from its first row; `head` (a hash noted before, in a log) proves that the end is not cut off."""
    expected: tuple[int, str] = (0, "")
    waiting: dict[int, AuditRow] = {}
    seen, found_head = 0, not head
    for row in _sealed(ctx):
        before = int(row.hash.partition(".")[0]) if row.hash.partition(".")[0].isdigit() else -1
        waiting[before] = row
        while (following := waiting.pop(expected[0], None)) is not None:
            if not _fits(expected[1], following):
                return Verdict(seen, following.id, "the row was changed, or one before it")
            expected = (following.id, following.hash)
            found_head = found_head or following.hash == head
            seen += 1
    if waiting:
        return Verdict(seen, min(row.id for row in waiting.values()), "a row before it is missing")
    last = ctx.session.scalar(select(Setting.value).where(Setting.owner == "audit", Setting.key == "head"))
    if not found_head or int(last or 0) != expected[0]:
        return Verdict(seen, expected[0], "the end of the log is missing")
    return Verdict(seen, head=expected[1])


def _sealed(ctx: Context) -> Iterator[AuditRow]:
    last = 0
    while True:
        query = (
            select(AuditRow).where(AuditRow.hash != "", AuditRow.id > last).order_by(AuditRow.id).limit(BATCH)
        )
        rows = ctx.session.execute(query).scalars().all()
        for row in rows:
            ctx.session.expunge(row)
        yield from rows
        if len(rows) < BATCH:
            return
        last = rows[-1].id


def _head(ctx: Context) -> Setting:
    """The row that remembers the last link (its id, in `value`), locked until the unit ends."""
    query = select(Setting).where(Setting.owner == "audit", Setting.key == "head", Setting.user_id == 0)
    row = ctx.session.execute(query.with_for_update()).scalar_one_or_none()
    if row is None:
        row = Setting(owner="audit", key="head", value="0")
        ctx.session.add(row)
    return row


def _fits(before_hash: str, row: AuditRow) -> bool:
    try:
        found = base64.urlsafe_b64decode(row.hash.partition(".")[2] + "=")
    except ValueError:
        return False
    return sealing.verify_mac(PURPOSE, found, before_hash, _canonical(row))


def _digest(before_hash: str, row: AuditRow) -> str:
    return base64.urlsafe_b64encode(sealing.mac(PURPOSE, before_hash, _canonical(row))).decode().rstrip("=")


def _canonical(row: AuditRow) -> str:
    shown = [
        row.id,
        row.at.isoformat(),
        row.actor_id,
        row.address,
        row.action,
        row.object,
        row.detail,
        row.request_id,
    ]
    return json.dumps(shown, ensure_ascii=False)


# ---------------------------------------------------------------- reading


@dataclass(frozen=True, kw_only=True)
class Event:
    """One audit row for people."""

    id: int
    at: Any
    actor_id: int | None
    action: str
    object: str
    address: str
    detail: Mapping[str, Any]


def latest(
    ctx: Context, *, obj: str = "", actor_id: int | None = None, before: int = 0, limit: int = 50
) -> Sequence[Event]:
    """Return the newest events, of one object or actor if named, older than the event `before`.

    The caller checked that the reader may see them.
    """
    query = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
    if before:
        query = query.where(AuditRow.id < before)
    if obj:
        query = query.where(AuditRow.object == obj)
    if actor_id is not None:
        query = query.where(AuditRow.actor_id == actor_id)
    return [
        Event(
            id=row.id,
            at=row.at,
            actor_id=row.actor_id,
            action=row.action,
            object=row.object,
            address=row.address,
            detail=json.loads(row.detail),
        )
        for row in ctx.session.execute(query).scalars()
    ]
