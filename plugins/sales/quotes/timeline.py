"""Quotes in the timeline of a person: issued, accepted, declined."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import case, func, select

from app.sdk import Context, TimelineEntry, TimelineKind, _, _l
from app.sdk.models import User

from ..products import money
from .choices import ACCEPTED, DECLINED
from .content import QUOTE
from .models import Quote


def entries(
    ctx: Context, contact_ids: Sequence[int], before: datetime | None, limit: int
) -> Sequence[TimelineEntry]:
    """Return what happened to the quotes for some people, newest first."""
    query = select(Quote, User.name).outerjoin(User, User.id == Quote.owner_id)
    query = query.where(Quote.contact_id.in_(contact_ids), Quote.issued_at.is_not(None))
    latest: Any = func.coalesce(Quote.decided_at, Quote.issued_at)
    if before is not None:
        query = query.where(Quote.issued_at <= before)
        latest = case((Quote.decided_at <= before, Quote.decided_at), else_=Quote.issued_at)
    query = query.order_by(latest.desc(), Quote.id.desc()).limit(limit + 1)
    found: list[TimelineEntry] = []
    for quote, owner in ctx.session.execute(query):
        found.append(_issued(ctx, quote, owner))
        if quote.decided_at is not None and quote.status in (ACCEPTED, DECLINED):
            found.append(_decided(ctx, quote))
    kept = [entry for entry in found if before is None or entry.at <= before]
    return sorted(kept, key=lambda entry: (entry.at, entry.key), reverse=True)[:limit]


def _issued(ctx: Context, quote: Quote, owner: str | None) -> TimelineEntry:
    return _entry(ctx, quote, "issued", quote.issued_at, owner or "", _("Issued"))


def _decided(ctx: Context, quote: Quote) -> TimelineEntry:
    word = _("Accepted") if quote.status == ACCEPTED else _("Declined")
    return _entry(ctx, quote, "decided", quote.decided_at, quote.decided_by, word)


def _entry(ctx: Context, quote: Quote, what: str, at: Any, actor: str, word: str) -> TimelineEntry:
    return TimelineEntry(
        at=at,
        key=f"quote:{quote.id}:{what}",
        kind="sales.quote",
        title=f"{quote.number} {quote.name}".strip(),
        body=quote.decided_note if what == "decided" else "",
        url=url_for("sales_quotes.show", record_id=quote.id),
        actor=actor,
        facts=(word, money.shown(quote.total, quote.currency, ctx.locale)),
    )


ALL = (
    TimelineKind(
        name="quote",
        label=_l("Quote"),
        icon="file-text",
        tone="deal",
        verb=_l("about a quote"),
        source=entries,
        permission=f"{QUOTE}.view",
        order=90,
    ),
)
