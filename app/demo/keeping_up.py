"""Demonstration of keeping up with people: rules, dates, a working calendar, and what the users were told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from app.demo import words
from app.kernel.context import Context
from app.models import Tag
from app.services import (
    interactions,
    keep_in_touch,
    keep_in_touch_upkeep,
    records,
    working_calendar_editing,
    working_calendar_text,
)
from app.services.context import for_user
from app.services.keep_in_touch import Rules
from app.services.working_calendar import COMPANY, Level

STAGE_DAYS = {"customer": 90, "opportunity": 21, "former": 0}
TAG_DAYS = 60
WEEK = ("9-13, 14-18",) * 4 + ("9-13, 14-17", "", "")


def build(ctx: Context, users: Sequence[tuple[int, str]], people: Sequence[tuple[int, int]]) -> None:
    """Add it to a house that has users and people; `people` are contacts with their owners."""
    week = tuple(working_calendar_text.parse(day) for day in WEEK)
    working_calendar_editing.save(ctx, (COMPANY, 0), Level(week=week, country="PT"))
    tag = ctx.session.execute(select(Tag.id).where(Tag.name == words.TAGS[0])).scalar()
    tags = {tag: TAG_DAYS} if tag is not None else {}
    keep_in_touch.save_rules(ctx, Rules(stages=STAGE_DAYS, tags=tags))
    keep_in_touch_upkeep.refresh(ctx, {})
    _dates(people, ctx.now.date())
    _mentions(users, people)


def _dates(people: Sequence[tuple[int, int]], today: date) -> None:
    for owner in dict.fromkeys(whose for _id, whose in people):
        ctx = for_user(owner, source="demo")
        theirs = [i for i, whose in people if whose == owner]
        for number, contact in enumerate(theirs[::9]):
            soon = today + timedelta(days=number * 3)
            values = (
                {"birthday": f"{1960 + number}-{soon:%m-%d}"}
                if number % 2 and f"{soon:%m-%d}" != "02-29"
                else {"dates": f"Contract ends: {soon.isoformat()}", "keep_in_touch_days": 30}
            )
            records.update(ctx, "contact", contact, values)


def _mentions(users: Sequence[tuple[int, str]], people: Sequence[tuple[int, int]]) -> None:
    """Let each colleague who owns people ask another one something about one of them."""
    owners = list(dict.fromkeys(whose for _id, whose in people))
    for owner in owners:
        ctx = for_user(owner, source="demo")
        contact = next(i for i, whose in people if whose == owner)
        for other, _role in users:
            if other != owner:
                name = for_user(other, source="demo").user.name
                ctx = for_user(owner, source="demo")
                body = f"@{name}, could you look at the roof plan before Thursday?"
                interactions.log(
                    ctx, interactions.Entry(values={"kind": "note", "body": body}, contacts=[contact])
                )
                break
