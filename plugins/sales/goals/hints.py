"""What customers may want next: learned every night from what others bought, shown with the numbers it rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import render_template, url_for
from sqlalchemy import and_, delete, or_, select

from app.sdk import Context, Job, Panel, _, _l
from app.sdk.services import unit

from ..deals.models import Deal
from ..products.models import DealLine, Product
from . import baskets
from .baskets import Rule
from .models import Affinity

PER_PRODUCT = 20
LEAST = 3
"""How many customers must bear a rule out."""


@dataclass(frozen=True, kw_only=True)
class Hint:
    """A product that somebody may want, because of one they have, with the rule that says so."""

    product: str
    because: str
    rule: Rule
    url: str


@unit
def learn(ctx: Context, least: int = LEAST) -> int:
    """Find out which products go together among those of won deals, in place of what was known. Returns how many rules.

    `ctx` is one that sees everything.
    """
    kept: dict[int, list[Rule]] = {}
    for rule in baskets.rules(_baskets(ctx), least=least):
        mine = kept.setdefault(rule.has, [])
        if len(mine) < PER_PRODUCT:
            mine.append(rule)
    ctx.session.execute(delete(Affinity))
    found = [rule for rules in kept.values() for rule in rules]
    ctx.session.add_all(
        Affinity(
            product_id=rule.has,
            other_id=rule.also,
            both=rule.both,
            with_has=rule.with_has,
            with_also=rule.with_also,
            customers=rule.customers,
            at=ctx.now,
        )
        for rule in found
    )
    ctx.session.flush()
    return len(found)


def run(ctx: Context, args: Mapping[str, Any]) -> None:
    """Learn anew, as a job."""
    learn(ctx)


def _baskets(ctx: Context) -> Iterable[Collection[int]]:
    """Yield what each customer (a company, else a person) bought."""
    query = (
        select(Deal.company_id, Deal.contact_id, DealLine.product_id)
        .join(DealLine, DealLine.deal_id == Deal.id)
        .where(
            Deal.outcome == "won",
            DealLine.product_id.is_not(None),
            or_(Deal.company_id.is_not(None), Deal.contact_id.is_not(None)),
        )
        .distinct()
    )
    rows = [
        (("company", row.company_id) if row.company_id else ("contact", row.contact_id), row.product_id)
        for row in ctx.session.execute(query)
    ]
    for _customer, group in groupby(sorted(rows), key=lambda row: row[0]):
        yield {product for _who, product in group}


def of(ctx: Context, held: Collection[int], limit: int = 3) -> Sequence[Hint]:
    """Return what somebody who has some products may want, the surest first; retired products are not offered."""
    if not held:
        return []
    query = select(Affinity).join(Product, Product.id == Affinity.other_id)
    query = query.where(Affinity.product_id.in_(held), Product.retired.is_(False))
    by_product: dict[int, list[Rule]] = {}
    for row in ctx.session.execute(query).scalars():
        by_product.setdefault(row.product_id, []).append(_rule(row))
    found = baskets.hints(by_product, held, limit)
    wanted = {rule.has for rule in found} | {rule.also for rule in found}
    rows = ctx.session.execute(select(Product.id, Product.name).where(Product.id.in_(wanted)))
    names = {row.id: row.name for row in rows}
    return [
        Hint(
            product=names[rule.also],
            because=names[rule.has],
            rule=rule,
            url=url_for("lists.index", entity="sales.product", where=f"name = {_quoted(names[rule.also])}"),
        )
        for rule in found
        if rule.also in names and rule.has in names
    ]


def _rule(row: Affinity) -> Rule:
    return Rule(
        has=row.product_id,
        also=row.other_id,
        both=row.both,
        with_has=row.with_has,
        with_also=row.with_also,
        customers=row.customers,
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def held_by(ctx: Context, *, company_id: int | None, contact_id: int | None, deal_id: int = 0) -> set[int]:
    """Return the products that a customer bought, with those of a deal at hand."""
    whose: list[Any] = [Deal.id == deal_id] if deal_id else []
    if company_id is not None:
        whose.append(and_(Deal.company_id == company_id, Deal.outcome == "won"))
    if contact_id is not None:
        whose.append(and_(Deal.contact_id == contact_id, Deal.outcome == "won"))
    query = select(DealLine.product_id).join(Deal, Deal.id == DealLine.deal_id)
    query = query.where(or_(*whose), DealLine.product_id.is_not(None)).distinct().limit(200)
    return {found for found in ctx.session.execute(query).scalars() if found is not None}


def _shown(ctx: Context, held: Collection[int]) -> str | None:
    found = of(ctx, held)
    if not found:
        return None
    return render_template("sales/goals/hints.html", hints=[_words(hint) for hint in found])


def _words(hint: Hint) -> dict[str, str]:
    rule = hint.rule
    return {
        "product": hint.product,
        "url": hint.url,
        "why": _(
            "%(both)s of %(all)s who have %(name)s have it too: %(confidence)s %%, %(lift)s times as often as others. %(support)s %% of all customers have both.",
            both=rule.both,
            all=rule.with_has,
            name=hint.because,
            confidence=f"{float(rule.confidence) * 100:.0f}",
            lift=f"{float(rule.lift):.1f}",
            support=f"{float(rule.support) * 100:.1f}",
        ),
    }


def of_contact(ctx: Context, contact: Any) -> str | None:
    """Show what a person may want next."""
    return _shown(ctx, held_by(ctx, company_id=None, contact_id=contact.id))


def of_company(ctx: Context, company: Any) -> str | None:
    """Show what a company may want next."""
    return _shown(ctx, held_by(ctx, company_id=company.id, contact_id=None))


def of_deal(ctx: Context, deal: Any) -> str | None:
    """Show what may go with the products of a deal and those that the customer has."""
    return _shown(ctx, held_by(ctx, company_id=deal.company_id, contact_id=deal.contact_id, deal_id=deal.id))


PANELS = tuple(
    Panel(
        name=f"hints_{name}",
        label=_l("May also want"),
        slot=f"{on}.side",
        view=view,
        order=85,
        permission="sales.deal.view",
    )
    for name, on, view in (
        ("contact", "contact", of_contact),
        ("company", "company", of_company),
        ("deal", "sales.deal", of_deal),
    )
)

JOBS = (
    Job(
        name="product_hints",
        label=_l("Which products go together"),
        run=run,
        schedule="daily 03:40",
        timeout=600,
    ),
)
