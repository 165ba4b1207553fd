"""Demonstration of leads: two forms, rules of assignment, and sixty leads in all states."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.sdk import Context
from app.sdk.models import User
from app.sdk.services import records

from . import clock, ready, scoring
from .choices import DISQUALIFIED, FORM, LEAD, NEW, NURTURING, OPEN, WORKING
from .models import AssignRule, Lead, LeadForm, LeadReason

COUNT = 60
FORMS = (
    ("Roof check", "Have your roof checked for free", "roof-check", ["person", "email", "phone", "message"]),
    ("Partner request", "Become a partner", "partner-request", ["person", "email", "company", "message"]),
)
GIVEN = (
    "Marta",
    "Jonas",
    "Ines",
    "Pierre",
    "Lucia",
    "Tomas",
    "Greta",
    "Paulo",
    "Nora",
    "Emil",
    "Clara",
    "Hugo",
)
FAMILY = ("Sousa", "Brandt", "Moreau", "Vidal", "Keller", "Pinto", "Larsen", "Rossi", "Novak", "Duarte")
TOPICS = (
    "Roof of the barn",
    "Heat pump and solar",
    "Offer for a hotel",
    "Carport with panels",
    "Battery only",
    "",
)
MESSAGES = (
    "We would like an offer for our roof, about 120 square metres.",
    "How long do you need from order to first power?",
    "Please call me in the morning.",
    "",
)
CHANNELS = ("Website", "Website", "Fair", "Recommendation", "Advertisement")
CAMPAIGNS = ("Spring roofs", "Open house", "", "")
FIRMS = ("Hotel Mar Azul", "Hof Lindner", "Boulangerie Petit", "Casa Verde", "")


def build(ctx: Context) -> None:
    """Add what is to be shown, once."""
    ready.make_ready(ctx)
    if ctx.session.execute(select(LeadForm.id).limit(1)).first() is not None:
        return
    users = list(
        ctx.session.execute(select(User).where(User.active.is_(True)).order_by(User.id).limit(4)).scalars()
    )
    for user in users:
        ctx.session.refresh(user)
    forms = [_form(ctx, *one) for one in FORMS]
    if users:
        _rules(ctx, [user.id for user in users[-2:]])
    chance = random.Random(41)  # noqa: S311 - the same data on every machine, no secret
    made = [_lead(ctx, n, users, forms, chance) for n in range(COUNT)]
    ctx.session.flush()
    scoring.refresh(ctx, [lead.id for lead in made])


def _form(ctx: Context, name: str, title: str, token: str, asked: list[str]) -> LeadForm:
    labels = {
        "person": "Your name",
        "email": "E-mail",
        "phone": "Phone",
        "company": "Company",
        "message": "Message",
    }
    values = {"name": name, "title": title, "token": token, "channel": "Website", "campaign": ""}
    made: LeadForm = records.create(ctx, FORM, {**values, "active": True})
    made.fields = [{"name": n, "label": labels[n], "needed": n == "email"} for n in asked]
    made.consent_text = "I agree that you keep what I wrote to answer me."
    made.consent_needed = True
    return made


def _rules(ctx: Context, sellers: list[int]) -> None:
    people = [{"user_id": i, "weight": n + 1} for n, i in enumerate(sellers)]
    ctx.session.add(AssignRule(name="Known company", strategy="company", position=10))
    ctx.session.add(
        AssignRule(
            name="Recommended",
            condition="channel = Recommendation",
            strategy="least",
            people=people,
            hours=2,
            position=20,
        )
    )
    ctx.session.add(AssignRule(name="Everything else", strategy="turn", people=people, position=30))


def _lead(ctx: Context, n: int, users: list[Any], forms: list[LeadForm], chance: random.Random) -> Lead:
    given, family = chance.choice(GIVEN), chance.choice(FAMILY)
    channel = chance.choice(CHANNELS)
    owner = users[n % len(users)] if users and n % 5 else None
    values: dict[str, Any] = {
        "person": f"{given} {family}",
        "email": f"{given}.{family}.{n}@mail.example".lower(),
        "phone": f"+351 21{chance.randrange(1_000_000, 9_999_999)}",
        "company": chance.choice(FIRMS),
        "topic": chance.choice(TOPICS),
        "message": chance.choice(MESSAGES),
        "channel": channel,
        "campaign": chance.choice(CAMPAIGNS),
        "form_id": chance.choice(forms).id if channel == "Website" else None,
        "utm_source": "newsletter" if channel == "Advertisement" else "",
        "status": NURTURING,
        "owner_id": owner.id if owner else None,
        "team_id": owner.team_id if owner else None,
    }
    lead: Lead = records.create(ctx, LEAD, values)
    _state(ctx, lead, n, chance)
    return lead


def _state(ctx: Context, lead: Lead, n: int, chance: random.Random) -> None:
    """Date a lead back and put it in one of the states, as if time had passed."""
    hours = chance.choice((0.5, 2, 5)) if n % 3 == 0 else chance.expovariate(1 / 400) + 1
    lead.created_at = ctx.now - timedelta(hours=hours)
    states = (NEW, WORKING, NEW, DISQUALIFIED, NURTURING, WORKING)
    lead.status = NEW if n % 3 == 0 else states[n % len(states)]
    if lead.status in OPEN:
        clock.start(ctx, [lead])
    if lead.status in (WORKING, DISQUALIFIED):
        minutes = int(chance.expovariate(1 / 150)) + 3
        lead.first_contact_at = min(lead.created_at + timedelta(minutes=minutes), ctx.now)
        lead.response_minutes = minutes
    if lead.status == DISQUALIFIED:
        lead.closed_at = min(lead.created_at + timedelta(days=4), ctx.now)
        reason = ctx.session.execute(select(LeadReason.id).order_by(LeadReason.position).limit(1)).scalar()
        lead.reason_id = reason
    if lead.status == NURTURING:
        lead.revive_on = (ctx.now + timedelta(days=20 + n)).date().isoformat()
    if lead.owner_id:
        lead.assigned_at, lead.assigned_why = lead.created_at, "Everything else: in turn, 2 colleagues"
