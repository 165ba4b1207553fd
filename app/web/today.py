"""The home page: one sentence, what is due, who goes cold, what happened last, and cards from plugins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request, url_for

from app.formats import phones
from app.i18n import _
from app.kernel.context import Context
from app.models import Contact
from app.services import (
    access,
    fields,
    important_dates,
    keep_in_touch,
    nonces,
    recent_contacts,
    tasks,
)
from app.services.context import ctx
from app.web import approvals, cells, dates, panels
from app.web.entries import Entries
from app.web.reach_links import phone_link
from app.web.render import render
from app.web.routes import signed_in
from app.web.tasks import due_list

today = Blueprint("today", __name__)

COLD, DATES, DAYS_AHEAD = 3, 5, 7
"""People to call and dates to think of that Today shows, and how many days it looks ahead for these."""


@today.get("/")
@signed_in
def index() -> Response:
    """Show today."""
    asked = ctx()
    due = due_list(asked, after=request.args.get("after", ""))
    return render(
        "today/index.html",
        title=_("Today"),
        day=dates.weekday(asked.now),
        greeting=_greeting(asked),
        due=due,
        approvals=approvals.for_today(asked),
        cold=_cold(asked, due.get("may_create", False)),
        upcoming=_upcoming(asked),
        entries=_recent(asked),
        cards=panels.in_slot("dashboard"),
        me=asked.user.id,
        may_add=asked.may("contact.create"),
        may_import=asked.may("contact.import"),
    )


def _greeting(asked: Context) -> str:
    hour, name = dates.local(asked.now).hour, asked.user.name.split(" ")[0]
    if hour < 5 or hour >= 18:
        return _("Good evening, %(name)s.", name=name)
    return _("Good morning, %(name)s.", name=name) if hour < 12 else _("Good afternoon, %(name)s.", name=name)


def _cold(asked: Context, may_plan: bool) -> list[dict[str, Any]]:
    """Return cards of people to call before they forget us: name, company, why now, phone."""
    if not asked.may("contact.view"):
        return []
    found = keep_in_touch.due(asked, COLD)
    kind = asked.schema.entity("contact")
    wanted = [f for f in fields.visible(asked, "contact") if f.key in {"company", "phones"}]
    people = [one.contact for one in found]
    values = fields.load(asked, kind, wanted, people) if people else {}
    later = (tasks.today(asked) + timedelta(days=7)).isoformat() if may_plan else ""
    return [
        {
            **_card(asked, one.contact, {key: given.get(one.contact.id) for key, given in values.items()}),
            "why": one.reason,
            "later": later,
            "nonce": nonces.fresh(),
        }
        for one in found
    ]


def _card(asked: Context, contact: Contact, values: dict[str, Any]) -> dict[str, Any]:
    name = contact.formatted_name
    initials, hue = cells.face("contact", contact.id, contact.given_name, contact.family_name, name)
    region = asked.settings.get("region") or None
    numbers = [
        p for row in values.get("phones") or () if phone_link(p := phones.parse(str(row["value"]), region))
    ]
    return {
        "id": contact.id,
        "name": name,
        "first": contact.given_name or name,
        "line": values.get("company") or "",
        "initials": initials,
        "hue": hue,
        "url": url_for("contacts.show", record_id=contact.id),
        "phone": phone_link(numbers[0]) if numbers else "",
        "log": url_for("contacts.show", record_id=contact.id, log="call", _anchor="log"),
    }


def _upcoming(asked: Context) -> list[dict[str, Any]]:
    """Return birthdays and other dates of the principal's contacts within the next days."""
    if not asked.may("contact.view"):
        return []
    may_plan = asked.may("task.create")
    return [
        {
            "id": one.contact_id,
            "name": one.name,
            "what": important_dates.words(one),
            "day": dates.day(one.on),
            "on": one.on.isoformat(),
            "url": url_for("contacts.show", record_id=one.contact_id),
            "task": _("%(what)s of %(name)s", what=important_dates.words(one), name=one.name),
            "nonce": nonces.fresh() if may_plan else "",
        }
        for one in important_dates.upcoming(asked, DAYS_AHEAD, limit=DATES)
        if one.kind not in important_dates.FOLLOWED or access.sees(asked, "contact", one.kind)
    ]


def _recent(asked: Context) -> list[dict[str, Any]]:
    if not asked.may("interaction.view"):
        return []
    found = recent_contacts.happened(asked)
    shown = Entries(asked, found, files=False)
    return [shown.entry(item) for item in found]
