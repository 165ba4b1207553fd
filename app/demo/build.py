"""Builds the demonstration through the services, the same on every machine: seeded, dated back from now."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.core.choices import STAGES
from app.demo import follow_ups, keeping_up, words
from app.kernel.context import Context
from app.models import Team
from app.services import accounts, interactions, records, settings, teams
from app.services.context import acting, as_system, for_user

CONTACTS = 260
Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Login:
    """A demonstration user: what to type on the login page, and what the user may."""

    email: str
    password: str
    role: str


def build(ctx: Context, *, password: str = words.PASSWORD, say: Say = lambda text: None) -> Sequence[Login]:
    """Fill an empty house with invented data and return the logins. Does nothing in a house that has users.

    `ctx` is a system context; `password` is given to all four users; `say` reports progress.
    """
    if accounts.exists_any(ctx):
        return []
    say("Adding users and teams")
    users = _users(ctx, password)
    chance = random.Random(163)  # noqa: S311 - the same data on every machine, no secret
    owners = [u for u in users if u[1] in {"manager", "representative"}]
    say("Adding companies and people")
    firms = _firms(owners, chance)
    people = _people(owners, firms, chance)
    say("Adding calls, mails, meetings and follow-ups")
    _talk(people, chance)
    follow_ups.build(users, people, chance)
    with acting(ctx):
        settings.save(
            ctx, {"company": words.COMPANY, "zone": "Europe/Lisbon", "region": "PT", "set_up": True}
        )
        keeping_up.build(as_system("demo", source="demo"), users, people)
    return [Login(email=email, password=password, role=role) for _n, email, role, _t in words.USERS]


def _users(ctx: Context, password: str) -> list[tuple[int, str]]:
    for name in dict.fromkeys(u[3] for u in words.USERS):
        if ctx.session.execute(select(Team.id).where(Team.name == name)).first() is None:
            teams.save(ctx, None, name, None)
    made = [
        (accounts.create_user(ctx, name, email, password, roles=(role,), team=team), role)
        for name, email, role, team in words.USERS
    ]
    return made


def _firms(owners: Sequence[tuple[int, str]], chance: random.Random) -> list[tuple[int, str, int]]:
    made = []
    for n, (name, industry, country) in enumerate(words.FIRMS):
        owner = owners[n % len(owners)][0]
        ctx = for_user(owner, source="demo")
        domain = _ascii(name) + ".example"
        values = {
            "name": name,
            "industry": industry,
            "domains": [domain],
            "number_of_employees": chance.choice((12, 30, 45, 80, 140, 320, 900)),
            "kinds": chance.choice(("customer", "prospect", "prospect", "partner")),
            "addresses": [
                {"locality": "", "country_code": country, "street_address": f"{n + 3} Harbour Road"}
            ],
        }
        made.append((records.create(ctx, "company", values).id, country, owner))
    return made


def _people(
    owners: Sequence[tuple[int, str]], firms: Sequence[tuple[int, str, int]], chance: random.Random
) -> list[tuple[int, int]]:
    made = []
    for owner in owners:
        ctx = for_user(owner[0], source="demo")
        with ctx.unit():
            for n in range(CONTACTS):
                firm, country, whose = firms[n % len(firms)]
                if whose == owner[0]:
                    person = records.create(ctx, "contact", _person(ctx, n, firm, country, chance))
                    made.append((person.id, whose))
    return made


def _person(ctx: Context, n: int, firm: int, country: str, chance: random.Random) -> dict[str, Any]:
    given, family = (chance.choice(names) for names in words.PEOPLE[country])
    pattern, width = words.DIALLED[country]
    middle = chance.randrange(10**width, 10 ** (width + 1)) if width > 1 else chance.randrange(10)
    phone = pattern.format(middle, chance.randrange(100, 999), chance.randrange(100, 999))
    address = f"{_ascii(given)}.{_ascii(family)}{n}@{_ascii(words.FIRMS[n % len(words.FIRMS)][0])}.example"
    values: dict[str, Any] = {
        "given_name": given,
        "family_name": family,
        "emails": [{"value": address, "kind": "work", "preferred": True}],
        "phones": [{"value": phone, "kind": "cell", "preferred": True}],
        "affiliations": [{"company_id": firm, "title": chance.choice(words.TITLES), "is_primary": True}],
        "lifecycle_stage": chance.choice([s.value for s in STAGES]),
        "tags": chance.sample(words.TAGS, chance.randrange(3)),
    }
    if chance.random() < 0.3:
        values["birthday"] = f"--{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
    return values


def _talk(people: Sequence[tuple[int, int]], chance: random.Random) -> None:
    for owner in dict.fromkeys(whose for _id, whose in people):
        ctx = for_user(owner, source="demo")
        with ctx.unit():
            for contact in [c for c, whose in people if whose == owner]:
                for _n in range(chance.choice((0, 1, 2, 3, 5)) if contact % 40 else 30):
                    interactions.log(ctx, _entry(ctx, contact, owner, chance))


def _entry(ctx: Context, contact: int, owner: int, chance: random.Random) -> interactions.Entry:
    at = _at_work(ctx, chance.expovariate(1 / 60), chance.randrange(8 * 60, 17 * 60 + 30))
    kind = chance.choice([k for k in words.TALK for _ in words.TALK[k]])
    values: dict[str, Any] = {
        "kind": kind,
        "body": chance.choice(words.TALK[kind]).format(roof=chance.choice(words.ROOFS)),
        "occurred_at": at,
    }
    if kind in {"call", "email", "message"}:
        values["direction"] = chance.choice(("outbound", "inbound"))
    if kind in {"call", "meeting"}:
        values["duration_s"] = chance.randrange(2, 60) * 60
    if kind == "call":
        values["outcome"] = chance.choice(("connected", "connected", "no_answer", "left_message"))
    return interactions.Entry(values=values, contacts=[contact], users=[owner])


def _at_work(ctx: Context, days: float, minutes: int) -> datetime:
    """Return an instant of a working day in the past: so many days ago, so many minutes after midnight."""
    now = ctx.now.astimezone(ctx.zone)
    day = (now - timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
    at = day + timedelta(minutes=minutes)
    while at > now or at.weekday() > 4:
        at -= timedelta(days=1)
    return at


def _ascii(text: str) -> str:
    from app.formats.fold import fold

    plain = "".join(c for c in fold(text) if c.isascii() and c.isalnum())
    return plain or f"firm{sum(map(ord, text)) % 1000}"
