"""Cadences on the pages of people and leads."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for

from app.sdk import Context, Panel, _l

from . import results
from .choices import ACTIVE, CADENCE, GOING, STATES


def rows(ctx: Context, contact_id: int) -> list[dict[str, Any]]:
    """Return the cadences of a contact as templates show them."""
    labels = {c.value: (c.label, c.tone) for c in STATES}
    return [
        {
            "id": e.id,
            "name": name,
            "url": url_for("sales_cadences.show", record_id=e.cadence_id),
            "state": labels[e.state],
            "next_on": e.next_on if e.state == ACTIVE else "",
            "step": e.position + 1,
            "why": e.why,
            "going": e.state in GOING and ctx.may("task.create"),
            "active": e.state == ACTIVE,
        }
        for e, name in results.of_contact(ctx, contact_id)
    ]


def of_contact(ctx: Context, contact: Any) -> str | None:
    """Show the cadences that a contact is in; nothing when there was none."""
    found = rows(ctx, contact.id)
    back = url_for("contacts.show", record_id=contact.id)
    return render_template("sales/cadences/panel.html", rows=found, back=back) if found else None


def of_lead(ctx: Context, lead: Any) -> str | None:
    """Show the cadences that the contact of a lead is in."""
    found = rows(ctx, lead.contact_id) if lead.contact_id else []
    back = url_for("sales_leads.show", record_id=lead.id)
    return render_template("sales/cadences/panel.html", rows=found, back=back) if found else None


def _panel(name: str, slot: str, view: Any) -> Panel:
    return Panel(
        name=name, label=_l("Cadences"), slot=slot, view=view, order=45, permission=f"{CADENCE}.view"
    )


ALL = (
    _panel("contact_cadences", "contact.side", of_contact),
    _panel("lead_cadences", "sales.lead.side", of_lead),
)
