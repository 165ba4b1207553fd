"""Quotes in the timeline of a person: issued, accepted, declined."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import Integer, bindparam, case, func, select

from app.sdk import Context, TimelineEntry, TimelineKind, _l
from app.sdk.models import Instant, User
from app.sdk.services import access

from ..products import money
from .choices import ACCEPTED, DECLINED
from .content import QUOTE
from .models import Quote


def _quotes(latest: Any, *further: Any) -> Any:
    """Return the select of quotes for some people by what happened last, newest first; built once."""
    query = select(
        Quote.id,
        Quote.name,
        Quote.number,
        Quote.status,
        Quote.total,
        Quote.currency,
        Quote.issued_at,
        Quote.decided_at,
        Quote.decided_by,
        Quote.decided_note,
        User.name.label("owner"),
    ).outerjoin(User, User.id == Quote.owner_id)
    people: Any = bindparam("contacts", expanding=True)
    query = query.where(Quote.contact_id.in_(people), Quote.issued_at.is_not(None), *further)
    return query.order_by(latest.desc(), Quote.id.desc()).limit(bindparam("most", type_=Integer))


BEFORE: Any = bindparam("before", type_=Instant)
EVERY = _quotes(func.coalesce(Quote.decided_at, Quote.issued_at))
EARLIER = _quotes(
    case((Quote.decided_at <= BEFORE, Quote.decided_at), else_=Quote.issued_at), Quote.issued_at <= BEFORE
)


def entries(
    ctx: Context, contact_ids: Sequence[int], before: datetime | None, limit: int
) -> Sequence[TimelineEntry]:
    """Return what happened to the quotes for some people, newest first."""
    values: dict[str, Any] = {"contacts": list(contact_ids), "most": limit + 1}
    if before is not None:
        values["before"] = before
    found: list[TimelineEntry] = []
    for quote in access.rows(ctx, EVERY if before is None else EARLIER, values):
        found.append(_issued(ctx, quote, quote.owner))
        if quote.decided_at is not None and quote.status in (ACCEPTED, DECLINED):
            found.append(_decided(ctx, quote))
    kept = [entry for entry in found if before is None or entry.at <= before]
    return sorted(kept, key=lambda entry: (entry.at, entry.key), reverse=True)[:limit]


def _issued(ctx: Context, quote: Any, owner: str | None) -> TimelineEntry:
    return _entry(ctx, quote, "quote", quote.issued_at, owner or "")


def _decided(ctx: Context, quote: Any) -> TimelineEntry:
    return _entry(ctx, quote, f"quote_{quote.status}", quote.decided_at, quote.decided_by)


def _entry(ctx: Context, quote: Any, what: str, at: Any, actor: str) -> TimelineEntry:
    return TimelineEntry(
        at=at,
        key=f"quote:{quote.id}:{what}",
        kind=f"sales.{what}",
        title=f"{quote.number} {quote.name}".strip(),
        body=quote.decided_note if what != "quote" else "",
        url=url_for("sales_quotes.show", record_id=quote.id),
        actor=actor,
        facts=(money.shown(quote.total, quote.currency, ctx.locale),),
    )


ALL = tuple(
    TimelineKind(
        name=name,
        label=label,
        icon=icon,
        tone=tone,
        verb=verb,
        source=entries,
        permission=f"{QUOTE}.view",
        order=order,
    )
    for name, label, icon, tone, verb, order in (
        ("quote", _l("Quote issued"), "file-text", "deal", _l("issued a quote"), 94),
        (f"quote_{ACCEPTED}", _l("Quote accepted"), "thumbs-up", "ok", _l("accepted a quote"), 95),
        (f"quote_{DECLINED}", _l("Quote declined"), "thumbs-down", "bad", _l("declined a quote"), 96),
    )
)
