"""The home page: one sentence, what is due, who goes cold, what happened last, and cards from plugins."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for

from app.formats import phones
from app.i18n import _, _n
from app.kernel.context import Context
from app.models import Contact
from app.services import fields, recent_contacts
from app.services.context import ctx
from app.web import cells, dates, panels
from app.web.entries import Entries
from app.web.reach_links import phone_link
from app.web.render import render
from app.web.routes import signed_in
from app.web.tasks import due_list

today = Blueprint("today", __name__)


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
        cold=_cold(asked),
        entries=_recent(asked),
        cards=panels.in_slot("dashboard"),
    )


def _greeting(asked: Context) -> str:
    hour, name = dates.local(asked.now).hour, asked.user.name.split(" ")[0]
    if hour < 5 or hour >= 18:
        return _("Good evening, %(name)s.", name=name)
    return _("Good morning, %(name)s.", name=name) if hour < 12 else _("Good afternoon, %(name)s.", name=name)


def _cold(asked: Context) -> list[dict[str, Any]]:
    """Return cards of people to call before they forget us: name, company, how long it was quiet, phone."""
    if not asked.may("contact.view"):
        return []
    found = recent_contacts.going_cold(asked)
    kind = asked.schema.entity("contact")
    wanted = [f for f in fields.visible(asked, "contact") if f.key in {"company", "phones"}]
    values = fields.load(asked, kind, wanted, found) if found else {}
    return [_card(asked, one, {key: given.get(one.id) for key, given in values.items()}) for one in found]


def _card(asked: Context, contact: Contact, values: dict[str, Any]) -> dict[str, Any]:
    name = contact.formatted_name
    initials, hue = cells.face("contact", contact.id, contact.given_name, contact.family_name, name)
    days = (asked.now - contact.last_interaction_at).days
    region = asked.settings.get("region") or None
    numbers = [
        p for row in values.get("phones") or () if phone_link(p := phones.parse(str(row["value"]), region))
    ]
    return {
        "name": name,
        "first": contact.given_name or name,
        "line": values.get("company") or "",
        "initials": initials,
        "hue": hue,
        "why": _n("Quiet for %(num)s day.", "Quiet for %(num)s days.", days),
        "url": url_for("contacts.show", record_id=contact.id),
        "phone": phone_link(numbers[0]) if numbers else "",
        "log": url_for("contacts.show", record_id=contact.id, log="call", _anchor="log"),
    }


def _recent(asked: Context) -> list[dict[str, Any]]:
    if not asked.may("interaction.view"):
        return []
    found = recent_contacts.happened(asked)
    shown = Entries(asked, found)
    return [shown.entry(item) for item in found]
