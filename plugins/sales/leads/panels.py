"""Leads on other pages: those about a contact, and the card of Today."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for

from app.sdk import Context, Panel, _l

from . import counting, queue, rows
from .choices import LEAD

REFRESH = (
    "sales.lead.created",
    "sales.lead.updated",
    "sales.lead.assigned",
    "sales.lead.qualified",
    "sales.lead.disqualified",
)
CARD = 5


def of_contact(ctx: Context, contact: Any) -> str | None:
    """Show the leads about a contact; nothing for somebody who may neither see nor add any."""
    may_add = ctx.may(f"{LEAD}.create")
    found = counting.of_contact(ctx, contact.id)
    if not found and not may_add:
        return None
    return render_template(
        "sales/leads/panel.html",
        leads=rows.rows(ctx, found),
        new_url=url_for("sales_leads.new", contact=contact.id) if may_add else None,
    )


def waiting(ctx: Context, _record: Any) -> str | None:
    """Show the leads that wait for the principal, how many are nobody's, and how many are late."""
    counts = queue.counts(ctx, "mine", "free", "late")
    if not any(counts.values()):
        return None
    found, _beyond = queue.page(ctx, "mine", limit=CARD)
    return render_template("sales/leads/card.html", leads=rows.rows(ctx, found), counts=counts, here="/")


ALL = (
    Panel(
        name="contact_leads",
        label=_l("Leads"),
        slot="contact.side",
        view=of_contact,
        order=40,
        permission=f"{LEAD}.view",
        refresh_on=REFRESH,
    ),
    Panel(
        name="waiting_leads",
        label=_l("Leads that wait"),
        slot="dashboard",
        view=waiting,
        order=10,
        permission=f"{LEAD}.view",
        refresh_on=REFRESH,
    ),
)
