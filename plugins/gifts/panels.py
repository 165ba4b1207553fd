"""What is shown on the page of a contact."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for

from app.sdk import Context, Panel, _l

from . import gifts
from .entities import GIFT


def of_contact(ctx: Context, contact: Any) -> str | None:
    """Show the latest ideas and gifts of a contact; nothing for somebody who may neither see nor add any."""
    rows = ctx.settings.rows
    may_note = ctx.may(f"{GIFT}.create")
    found = gifts.of_contact(ctx, contact.id, rows + 1)
    if not found and not may_note:
        return None
    note_url = url_for("actions.perform", owner="gifts", name="note", id=contact.id) if may_note else None
    return render_template(
        "gifts/panels/gifts.html",
        gifts=found[:rows],
        more_url=url_for("lists.index", entity=GIFT) if len(found) > rows else None,
        note_url=note_url,
        give_url=url_for("actions.perform", owner="gifts", name="give") if ctx.may(f"{GIFT}.edit") else None,
    )


ALL = (
    Panel(
        name="gifts",
        label=_l("Gifts"),
        slot="contact.side",
        view=of_contact,
        order=60,
        permission=f"{GIFT}.view",
        refresh_on=("gifts.gift.created", "gifts.gift.updated", "gifts.gift.deleted", "gifts.given"),
    ),
)
