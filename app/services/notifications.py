"""Telling people something: written in the transaction that causes it, delivered by jobs, about nothing they cannot see.

Whether the receiver may see the record is asked when it is sent, when it is delivered and when it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, literal, select, union_all, update

from app.i18n import _, speaking
from app.kernel.context import Context
from app.kernel.errors import NotVisible
from app.kernel.notices import Notice
from app.models import Notification, NotificationDelivery, User
from app.services import access, jobs, notify_channels, notify_preferences
from app.services.context import for_user, zone
from app.services.unit import unit

DELIVER = "notifications.deliver"
"""The job that takes what one person is told over one channel."""

PAUSE = timedelta(seconds=30)
"""So long a message waits for company: ten mentions within a moment are one mail."""

MOST = 99
PAGE = 30
ROUNDS = 4
"""How often a page looks further for what the reader may still see."""

DAYS = 90
"""So long is kept what somebody was told."""

Target = tuple[str, int]


@unit
def send(  # noqa: PLR0913 (only who, what and the words must be said)
    ctx: Context,
    user_ids: Iterable[int],
    topic: str,
    text: Any,
    *,
    about: Target | None = None,
    url: str = "",
    key: str = "",
) -> int:
    """Tell active users something in the open unit, by the channels each chose; returns how many were told.

    `topic` is the key of a declared Notice. `text` is one sentence; a lazy one is said in each receiver's language.
    `about` is a record: who may not see it is not told. The same `key` never tells anybody twice.
    Raises LookupError for a topic that nobody declares.
    """
    notice = declared(ctx, topic)
    ids = list(dict.fromkeys(user_ids))
    people = ctx.session.execute(
        select(User.id, User.locale, User.zone).where(User.id.in_(ids), User.active.is_(True))
    ).all()
    chosen = notify_preferences.of(ctx, [p.id for p in people])
    ready = [c.key for c in notify_channels.every(ctx) if c.ready]
    told = 0
    for person in people:
        channels = [c for c in chosen[person.id].channels(notice) if c in ready]
        if not channels or (about is not None and not _may_see(ctx, person.id, about)):
            continue
        with speaking(person.locale or str(ctx.settings.get("locale") or "en")):
            words = " ".join(str(text).split())[:500]
        made = _insert(ctx, person.id, topic, words, about, url, key, notify_channels.APP in channels)
        if made is not None:
            told += 1
            where = zone(person.zone or str(ctx.settings.get("zone") or "UTC"))
            due = chosen[person.id].held_until(ctx.now, where)
            _post(ctx, made, person.id, [c for c in channels if c != notify_channels.APP], due)
    return told


def declared(ctx: Context, topic: str) -> Notice:
    """Return a notice by its key. Raises LookupError when nobody declares it."""
    found = next((n for n in ctx.schema.all(Notice) if n.key == topic), None)
    if found is None:
        raise LookupError(f"There is no notice “{topic}”; declare it with kith_events.")
    return found


def _insert(  # noqa: PLR0913 (the columns of one row)
    ctx: Context,
    user_id: int,
    topic: str,
    text: str,
    about: Target | None,
    url: str,
    key: str,
    shown: bool,
) -> int | None:
    entity, record_id = about or ("", 0)
    values = {
        "user_id": user_id,
        "topic": topic,
        "text": text,
        "entity": entity,
        "record_id": record_id,
        "url": url,
        "key": key[:200] or None,
        "shown": shown,
        "created_at": ctx.now,
    }
    statement = jobs.insert_of(ctx, Notification).values(values)
    statement = statement.on_conflict_do_nothing(index_elements=["user_id", "key"])
    found: int | None = ctx.session.execute(statement.returning(Notification.id)).scalar()
    return found


def _post(ctx: Context, notification_id: int, user_id: int, channels: Sequence[str], due: datetime) -> None:
    """Put a notification on its way: what waits for the same moment is taken together, by one job."""
    held = f"@{due:%Y%m%d%H%M}" if due > ctx.now else ""
    for channel in channels:
        ctx.session.add(
            NotificationDelivery(
                notification_id=notification_id, user_id=user_id, channel=channel, due_at=due
            )
        )
        args = {"user_id": user_id, "channel": channel}
        key = f"notify:{user_id}:{channel}{held}"
        jobs.enqueue(ctx, DELIVER, args, key=key, run_at=max(due, ctx.now + PAUSE), user_id=None)


@contextmanager
def receiving(ctx: Context, user_id: int) -> Iterator[Context | None]:
    """Yield a context that acts as a receiver, None for one who is not active, and give the session back."""
    former = ctx.session.info.get("ctx")
    try:
        try:
            receiver: Context | None = for_user(user_id, source=ctx.source)
        except LookupError:
            receiver = None
        yield receiver
    finally:
        ctx.session.info["ctx"] = former


def _may_see(ctx: Context, user_id: int, about: Target) -> bool:
    if user_id == ctx.user.id:
        return about in visible(ctx, [about])
    with receiving(ctx, user_id) as receiver:
        return receiver is not None and about in visible(receiver, [about])


def visible(ctx: Context, targets: Iterable[Target]) -> set[Target]:
    """Return the records that exist for the principal, in one query; what is about nothing always does."""
    by_entity: dict[str, set[int]] = {}
    for entity, record_id in targets:
        by_entity.setdefault(entity, set()).add(record_id)
    found: set[Target] = {("", i) for i in by_entity.pop("", set())}
    asked = [
        select(literal(entity).label("entity"), _id(ctx, entity)).where(_id(ctx, entity).in_(sorted(ids)))
        for entity, ids in sorted(by_entity.items())
        if ctx.schema.has(entity) and ctx.may(f"{entity}.view")
    ]
    if asked:
        rows = ctx.session.execute(union_all(*asked) if len(asked) > 1 else asked[0])
        found |= {(row[0], row[1]) for row in rows}
    return found


def _id(ctx: Context, entity: str) -> Any:
    return ctx.schema.entity(entity).model.id


# ---------------------------------------------------------------- what somebody was told


_UNREAD = (
    select(Notification.entity, Notification.record_id)
    .where(
        Notification.user_id == bindparam("me"),
        Notification.read_at.is_(None),
        Notification.shown.is_(True),
    )
    .order_by(Notification.id.desc())
    .limit(MOST)
)


def unread(ctx: Context) -> int:
    """Return how many unread notifications the principal has that he may see, counting no further than MOST."""
    found = [(row.entity, row.record_id) for row in access.rows(ctx, _UNREAD, {"me": ctx.user.id or 0})]
    there = visible(ctx, found) if found else set()
    return sum(target in there for target in found)


def page(ctx: Context, before: int = 0, limit: int = PAGE) -> tuple[Sequence[Notification], int]:
    """Return the principal's notifications, newest first, and the id after which the next page begins (0: none)."""
    shown: list[Notification] = []
    for _round in range(ROUNDS):
        query = select(Notification).where(Notification.user_id == ctx.user.id, Notification.shown.is_(True))
        if before:
            query = query.where(Notification.id < before)
        found = ctx.session.execute(query.order_by(Notification.id.desc()).limit(limit + 1)).scalars().all()
        there = visible(ctx, [(n.entity, n.record_id) for n in found])
        shown += [n for n in found[:limit] if (n.entity, n.record_id) in there]
        if len(found) <= limit:
            return shown[:limit], 0
        before = found[limit - 1].id
        if len(shown) >= limit:
            return shown[:limit], shown[limit - 1].id
    return shown, before


def get(ctx: Context, notification_id: int) -> Notification:
    """Return a notification of the principal. Raises NotVisible, also when its record is out of sight by now."""
    query = select(Notification).where(
        Notification.id == notification_id, Notification.user_id == ctx.user.id
    )
    found = ctx.session.execute(query).scalar_one_or_none()
    if found is None or not visible(ctx, [(found.entity, found.record_id)]):
        raise NotVisible(_("There is no such notification."))
    return found


@unit
def read(ctx: Context, notification_id: int) -> Notification:
    """Mark a notification of the principal as read and return it. Raises NotVisible."""
    found = get(ctx, notification_id)
    found.read_at = found.read_at or ctx.now
    return found


@unit
def read_all(ctx: Context, until: int) -> None:
    """Mark all notifications of the principal as read, up to the newest one that was on the page."""
    mine = update(Notification).where(
        Notification.user_id == ctx.user.id, Notification.id <= until, Notification.read_at.is_(None)
    )
    ctx.session.execute(mine.values(read_at=ctx.now), execution_options={"synchronize_session": False})


def forget(ctx: Context, limit: int = 1000) -> int:
    """Remove up to `limit` notifications that are older than DAYS; returns how many."""
    old = select(Notification.id).where(Notification.created_at < ctx.now - timedelta(days=DAYS)).limit(limit)
    with ctx.unit():
        ids = ctx.session.execute(old).scalars().all()
        for table, column in (
            (NotificationDelivery, NotificationDelivery.notification_id),
            (Notification, Notification.id),
        ):
            ctx.session.execute(
                delete(table).where(column.in_(ids)), execution_options={"synchronize_session": False}
            )
    return len(ids)
