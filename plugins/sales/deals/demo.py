"""Demonstration of deals: a hundred and twenty over fourteen months, won, lost and open, the same on every machine."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.sdk import Context
from app.sdk.models import Affiliation, Company, Contact
from app.sdk.services import acting, for_user, records, tasks

from . import involved, service, stages
from .choices import LOST, OPEN, ROLES, WON
from .fields import DEAL
from .models import Deal, Stage

COUNT = 120
MONTHS = 14
SITES = (
    "Warehouse roof",
    "Parking canopy",
    "Cold store roof",
    "Grain silo roof",
    "School canteen",
    "Dairy hall",
    "Print hall south",
    "Greenhouses 3 to 6",
    "Workshop roof",
    "Hotel annexe",
    "Bakery line 2",
    "Depot roof",
    "Office tower",
    "Logistics park",
    "Cannery and quay",
    "Mill and storage",
)
STEPS = (
    "Call about the quote",
    "Send the case study",
    "Arrange the site survey",
    "Share the payback model",
    "Agree on the date",
    "Talk to the landlord",
)
RIVALS = ("Sonnwerk", "Heliotec", "Brightside Energy", "Lumen & Sons")


@dataclass(frozen=True)
class Customer:
    """A company of the demonstration with somebody who works there, and whose it is."""

    company: int
    contact: int
    owner: int


def build(demo: Any) -> None:
    """Write the deals of the demonstration down, dated back from now; nothing without its people."""
    ctx: Context = demo
    chance = random.Random(120)  # noqa: S311 - the same data on every machine, no secret
    found = _customers(ctx)
    with acting(ctx):
        for _number in range(COUNT) if found else ():
            customer = chance.choice(found)
            _deal(for_user(customer.owner, source="demo"), customer, chance)


def _customers(ctx: Context) -> Sequence[Customer]:
    query = (
        select(Company.id, Contact.id, Contact.owner_id)
        .join(Affiliation, Affiliation.company_id == Company.id)
        .join(Contact, Contact.id == Affiliation.contact_id)
        .where(Contact.source == "demo", Contact.owner_id.is_not(None))
        .order_by(Contact.id)
    )
    return [Customer(firm, person, owner) for firm, person, owner in ctx.session.execute(query) if owner]


def _deal(ctx: Context, customer: Customer, chance: random.Random) -> None:
    now = ctx.now
    ctx.now = opened = _opened(now, chance)
    pipeline = stages.default_pipeline(ctx)
    row = [s for s in stages.stages(ctx, pipeline) if s.outcome == OPEN]
    deal = service.open_deal(
        ctx,
        {
            "name": f"{chance.choice(SITES)}, {chance.randrange(3, 90) * 10} kWp",
            "company_id": customer.company,
            "contact_id": customer.contact,
            "amount": Decimal(chance.randrange(40, 3200) * 100),
            "close_on": (opened + timedelta(days=chance.randrange(45, 120))).date().isoformat(),
            "opened_on": opened.date().isoformat(),
            "checked": [line for stage in row for line in stage.checklist],
        },
    )
    _involve(ctx, deal, customer, chance)
    _advance(ctx, deal, row, now, chance)
    ctx.now = now
    if deal.outcome == OPEN:
        _plan(ctx, deal, customer, chance)


def _opened(now: datetime, chance: random.Random) -> datetime:
    """Return when a deal was opened: more of them lately, as a house grows."""
    days = int(MONTHS * 30 * chance.random() ** 1.3)
    return now - timedelta(days=days, minutes=chance.randrange(600))


def _involve(ctx: Context, deal: Deal, customer: Customer, chance: random.Random) -> None:
    role = chance.choice(ROLES).value
    involved.add_person(ctx, deal.id, customer.contact, role, chance.choice(("champion", "", "", "blocker")))
    if chance.random() < 0.3:
        involved.add_competitor(
            ctx, deal.id, chance.choice(RIVALS), chance.choice(("cheaper", "well known", ""))
        )


def _advance(ctx: Context, deal: Deal, row: Sequence[Stage], now: datetime, chance: random.Random) -> None:
    """Let a deal go through the stages until it is decided, or until today."""
    decided = chance.choices((WON, LOST), (6, 4))[0]
    last = len(row) - 1 if decided == WON else chance.randrange(len(row))
    for stage in row[1 : last + 1]:
        ctx.now += timedelta(days=chance.randrange(5, 24), minutes=chance.randrange(300))
        if ctx.now >= now:
            return
        service.move(ctx, deal, stage)
    ctx.now += timedelta(days=chance.randrange(6, 20))
    if ctx.now >= now or chance.random() < 0.06:
        return
    reason = chance.choice(stages.reasons(ctx, decided)).id
    (service.win if decided == WON else service.lose)(ctx, [deal], reason)


def _plan(ctx: Context, deal: Deal, customer: Customer, chance: random.Random) -> None:
    """Give an open deal a day on which it is decided, and most of them a next step."""
    day = (ctx.now + timedelta(days=chance.randrange(-6, 75))).date().isoformat()
    records.update(
        ctx, DEAL, deal.id, {"close_on": day, "category": chance.choice(("pipeline", "best", "commit"))}
    )
    if chance.random() < 0.7:
        due = (ctx.now + timedelta(days=chance.randrange(-2, 14))).date().isoformat()
        about = [(DEAL, deal.id), ("contact", customer.contact)]
        tasks.create(ctx, {"summary": chance.choice(STEPS), "due_on": due}, about=about)
