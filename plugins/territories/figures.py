"""Figures per country or territory: contacts, customers, open and won deals, visits; each as the reader may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from app.sdk import Context, _, _n
from app.sdk.models import Interaction, InteractionLink
from app.sdk.services import plugin_settings
from app.sdk.web import money, number

from . import tiles
from .models import Place

DEAL = "sales.deal"
MOST = 20_000
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Figures:
    """One measure over all areas: value and count by area, whether all was counted, and how values are written."""

    values: Mapping[Any, Decimal]
    counts: Mapping[Any, int]
    whole: bool
    measure: str
    currency: str = ""

    def told(self, area: Any) -> str:
        """Return the value of an area as people read it."""
        value = self.values.get(area, Decimal(0))
        return money(value, self.currency) if self.measure in MONEY else number(int(value))

    def beside(self, area: Any) -> str:
        """Return the second line of an area."""
        count = self.counts.get(area, 0)
        if self.measure in MONEY:
            return _n("%(num)s deal", "%(num)s deals", count)
        return _n("%(num)s contact", "%(num)s contacts", count)


MONEY = ("open", "won")


def measures(ctx: Context) -> list[tuple[str, str]]:
    """Return the measures that the principal may look at: name and label, the first is the usual one."""
    found = [("contacts", _("Contacts")), ("customers", _("Customers"))]
    if ctx.schema.has(DEAL) and ctx.may(f"{DEAL}.view"):
        found = [("open", _("Open value")), ("won", _("Won this year")), *found]
    if ctx.may("interaction.view"):
        found.append(("visits", _("Visits")))
    return found


def of(ctx: Context, measure: str, by: str) -> Figures:
    """Return a measure for each `country` or `territory_id`."""
    if measure in MONEY:
        return _deals(ctx, measure, by)
    if measure == "visits":
        return _visits(ctx, by)
    rows, whole = tiles.counted(ctx, by)
    values = {row[0]: Decimal(row[1] if measure == "contacts" else row[2]) for row in rows}
    return Figures(_some(values), {row[0]: row[1] for row in rows}, whole, measure)


def _some(values: Mapping[Any, Decimal]) -> dict[Any, Decimal]:
    return {area: value for area, value in values.items() if area not in ("", None) and value}


def _deals(ctx: Context, measure: str, by: str) -> Figures:
    deal = ctx.schema.entity(DEAL).model
    own, theirs = aliased(Place), aliased(Place)
    area = func.coalesce(getattr(theirs, by), getattr(own, by)).label("area")
    query = (
        select(area, deal.amount_base.label("amount"))
        .outerjoin(theirs, theirs.company_id == deal.company_id)
        .outerjoin(own, own.contact_id == deal.contact_id)
    )
    if measure == "open":
        query = query.where(deal.outcome == "open")
    else:
        first = f"{ctx.now.astimezone(ctx.zone).year}-01-01"
        query = query.where(deal.outcome == "won", deal.close_on >= first)
    some = query.order_by(deal.close_on.desc(), deal.id.desc()).limit(MOST + 1).subquery()
    grouped = select(some.c.area, func.sum(some.c.amount), func.count()).group_by(some.c.area)
    rows = ctx.session.execute(grouped).all()
    values = {row[0]: Decimal(row[1] or 0) for row in rows}
    return Figures(
        _some(values), {r[0]: r[2] for r in rows}, sum(r[2] for r in rows) <= MOST, measure, currency(ctx)
    )


def currency(ctx: Context) -> str:
    """Return the currency in which deals are added up."""
    return str(
        plugin_settings.of(ctx, "sales").get("reporting_currency") or ctx.settings.get("currency") or "EUR"
    )


def _visits(ctx: Context, by: str) -> Figures:
    link = InteractionLink
    query = (
        select(getattr(Place, by).label("area"), Interaction.id.label("visit"))
        .join(link, link.interaction_id == Interaction.id)
        .join(
            Place,
            or_(
                (link.entity == "contact") & (Place.contact_id == link.record_id),
                (link.entity == "company") & (Place.company_id == link.record_id),
            ),
        )
        .where(Interaction.kind == "visit", Interaction.occurred_at >= ctx.now - YEAR)
    )
    some = query.order_by(Interaction.occurred_at.desc(), Interaction.id.desc()).limit(MOST + 1).subquery()
    grouped = select(some.c.area, func.count(some.c.visit.distinct())).group_by(some.c.area)
    rows = ctx.session.execute(grouped).all()
    values = {row[0]: Decimal(row[1]) for row in rows}
    return Figures(_some(values), {r[0]: r[1] for r in rows}, sum(r[1] for r in rows) <= MOST, "visits")


def steps(figures: Figures) -> list[Decimal]:
    """Return the four values at which the five tones of the map change: fifths of the areas."""
    values = sorted(figures.values.values())
    if not values:
        return []
    return [values[min(len(values) * part // 5, len(values) - 1)] for part in range(1, 5)]


def tone(value: Decimal, limits: list[Decimal]) -> int:
    """Return the tone of a value, 1 to 5."""
    return 1 + sum(1 for limit in limits if value >= limit)
