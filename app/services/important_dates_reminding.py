"""Reminds people of birthdays and other dates of their contacts, so many days before as each chose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.i18n import _l
from app.kernel.context import Context
from app.models import User
from app.services import important_dates, notifications, notify_preferences
from app.services.context import zone
from app.services.important_dates import Upcoming

HOUR = 7
"""Nobody is told of a birthday before this hour of his day."""

MOST = 50


def remind(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job `important_dates.remind`, every hour: tell whose day has begun; each date is told once."""
    people = ctx.session.execute(select(User.id, User.zone).where(User.active.is_(True))).all()
    chosen = notify_preferences.of(ctx, [p.id for p in people])
    for person in people:
        where = zone(person.zone or str(ctx.settings.get("zone") or "UTC"))
        if chosen[person.id].days_before and ctx.now.astimezone(where).hour >= HOUR:
            _remind(ctx, person.id, chosen[person.id].days_before)


def _remind(ctx: Context, user_id: int, days_before: tuple[int, ...]) -> None:
    with notifications.receiving(ctx, user_id) as reader:
        if reader is None or not reader.may("contact.view"):
            return
        today = reader.now.astimezone(reader.zone).date()
        found = [
            (days, one)
            for days in days_before
            for one in important_dates.upcoming(reader, 0, start=today + timedelta(days=days), limit=MOST)
        ]
    if found:
        with ctx.unit():
            for days, one in found:
                _tell(ctx, user_id, days, one)


def _tell(ctx: Context, user_id: int, days: int, one: Upcoming) -> None:
    what = {"birthday": _l("Birthday"), "anniversary": _l("Anniversary")}.get(one.kind, one.label)
    values = {"who": one.name, "what": what, "num": days}
    text = {
        0: _l("%(who)s: %(what)s today", **values),
        1: _l("%(who)s: %(what)s tomorrow", **values),
    }.get(days) or _l("%(who)s: %(what)s in %(num)s days", **values)
    key = f"date:{one.contact_id}:{one.kind}:{one.label}:{one.on.isoformat()}:{days}"
    about = ("contact", one.contact_id)
    notifications.send(ctx, [user_id], "important_date", text, about=about, key=key)
