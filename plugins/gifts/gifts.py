"""What can be asked about gifts, each for a whole page of contacts in one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, func, select

from app.sdk import Context, TimelineEntry
from app.sdk.models import User
from app.sdk.services import access, records

from .entities import GIFT
from .models import Gift


def today(ctx: Context) -> str:
    """Return the date in the reader's zone, ISO 8601."""
    return ctx.now.astimezone(ctx.zone).date().isoformat()


def last_given(ctx: Context, ids: Sequence[int]) -> Mapping[int, str]:
    """Return contact id → date of the last gift; contacts without one are left out."""
    query = (
        select(Gift.contact_id, func.max(Gift.given_on).label("on"))
        .where(Gift.contact_id.in_(ids), Gift.given_on != "")
        .group_by(Gift.contact_id)
    )
    return {row.contact_id: row.on for row in ctx.session.execute(query)}


def last_given_sql(contact: Any) -> ColumnElement[Any]:
    """Return the same as an expression over contacts, for filters; "" without a gift."""
    found = select(func.max(Gift.given_on)).where(Gift.contact_id == contact.id, Gift.deleted_at.is_(None))
    return func.coalesce(found.scalar_subquery(), "")


def of_contact(ctx: Context, contact_id: int, limit: int) -> Sequence[Gift]:
    """Return a contact's gifts: ideas first, then the latest given ones."""
    query = (
        select(Gift)
        .where(Gift.contact_id == contact_id)
        .order_by(Gift.given_on != "", Gift.given_on.desc(), Gift.id.desc())
        .limit(limit)
    )
    return ctx.session.execute(query).scalars().all()


def given_in(ctx: Context, year: int) -> int:
    """Return how many gifts were given in a year."""
    query = select(func.count(Gift.id)).where(Gift.given_on.between(f"{year}-01-01", f"{year}-12-31"))
    return ctx.session.execute(query).scalar_one()


def _given(*further: Any) -> Any:
    """Return the select of gifts given to some contacts, newest first; built once."""
    query = (
        select(
            Gift.id, Gift.name, Gift.note, Gift.given_on, Gift.price, Gift.currency, User.name.label("giver")
        )
        .outerjoin(User, User.id == Gift.created_by)
        .where(
            Gift.contact_id.in_(bindparam("contacts", expanding=True)),
            Gift.given_on != "",
            *further,
        )
    )
    return query.order_by(Gift.given_on.desc(), Gift.id.desc()).limit(bindparam("most", type_=Integer))


EVERY = _given()
UNTIL = _given(Gift.given_on <= bindparam("day"))


def entries(
    ctx: Context, contact_ids: Sequence[int], before: datetime | None, limit: int
) -> Sequence[TimelineEntry]:
    """Return the gifts given to some contacts as timeline entries, newest first; each stands at noon of its day."""
    values: dict[str, Any] = {"contacts": list(contact_ids), "most": limit + 1}
    if before is not None:
        values["day"] = before.astimezone(ctx.zone).date().isoformat()
    found = [_entry(ctx, row) for row in access.rows(ctx, EVERY if before is None else UNTIL, values)]
    return [entry for entry in found if before is None or entry.at <= before][:limit]


def _entry(ctx: Context, gift: Any) -> TimelineEntry:
    noon = datetime.combine(datetime.fromisoformat(gift.given_on), time(12), ctx.zone).astimezone(UTC)
    price = f"{gift.price} {gift.currency}".strip() if gift.price is not None else ""
    return TimelineEntry(
        at=noon,
        key=f"gift:{gift.id}",
        kind="gifts.given",
        title=gift.name,
        actor=gift.giver or "",
        body=gift.note,
        facts=(price,) if price else (),
    )


def note(ctx: Context, contact_id: int, values: Mapping[str, Any]) -> Gift:
    """Write down an idea or a gift for a contact; a price is in the site's currency unless `currency` says another."""
    currency = values.get("currency") or (ctx.settings.get("currency", "") if values.get("price") else "")
    made: Gift = records.create(ctx, GIFT, {**values, "currency": currency, "contact_id": contact_id})
    return made


def give(ctx: Context, gifts: Sequence[Gift], on: str) -> None:
    """Set the day on which gifts were given ("" makes ideas of them again), and tell that they were."""
    for gift in gifts:
        records.update(ctx, GIFT, gift.id, {"given_on": on})
    if on:
        ctx.events.emit(
            "gifts.given", entity=GIFT, record_ids=[gift.id for gift in gifts], payload={"on": on}
        )
