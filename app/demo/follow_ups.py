"""Follow-ups of the demonstration: late, due and to come, some urgent, some that come again, some with a checklist."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from app.demo import words
from app.kernel.context import Context
from app.services import tasks
from app.services.context import for_user

CLOCKS = ("09:00", "10:30", "11:15", "14:00", "15:30", "16:45")


def build(users: Sequence[tuple[int, str]], people: Sequence[tuple[int, int]], chance: random.Random) -> None:
    """Give everybody who works with contacts follow-ups about their own; the administrator has some as well."""
    owners = dict.fromkeys(whose for _contact, whose in people)
    for owner in owners:
        ctx = for_user(owner, source="demo")
        own = [contact for contact, whose in people if whose == owner]
        with ctx.unit():
            for n, contact in enumerate(chance.sample(own, min(20, len(own)))):
                _one(ctx, contact, n, chance)
            _standing(ctx, words.ROUTINES[:1])
    admins = [user for user, role in users if role == "administrator"]
    for admin in admins:
        ctx = for_user(admin, source="demo")
        with ctx.unit():
            some = chance.sample([contact for contact, _whose in people], min(6, len(people)))
            for n, (summary, days) in enumerate(words.ADMIN_FOLLOW):
                values = {
                    "summary": summary,
                    "due_on": _day(ctx, days),
                    "priority": "high" if n == 0 else "normal",
                }
                values |= {"due_clock": CLOCKS[n % len(CLOCKS)]} if n % 2 else {}
                tasks.create(ctx, values, about=[("contact", some[n])] if n < len(some) else [])
            _standing(ctx, words.ROUTINES[1:])


def _one(ctx: Context, contact: int, n: int, chance: random.Random) -> None:
    days = (-4, -2, -1, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 8, 11, 13, 18, -9, -6, 24)[n]
    values: dict[str, Any] = {
        "summary": words.FOLLOW[(n * 3 + contact) % len(words.FOLLOW)],
        "due_on": _day(ctx, days),
    }
    if chance.random() < 0.4:
        values["due_clock"] = chance.choice(CLOCKS)
    if chance.random() < 0.2:
        values["priority"] = "high"
    if n % 7 == 3:
        values["checklist"] = "\n".join(words.CHECKLIST)
    made = tasks.create(ctx, values, about=[("contact", contact)])
    if days in {-9, -6}:
        tasks.finish(ctx, made.id)


def _standing(ctx: Context, routines: Sequence[tuple[str, str, str]]) -> None:
    for summary, rule, clock in routines:
        tasks.create(ctx, {"summary": summary, "recurrence": rule, "due_clock": clock})


def _day(ctx: Context, days: int) -> str:
    """Return a day of work so many days from now, or the working day before it."""
    day = ctx.now.astimezone(ctx.zone).date() + timedelta(days=days)
    if day.weekday() > 4 and days not in {0, 1}:
        day -= timedelta(days=day.weekday() - 4)
    return date.isoformat(day)
