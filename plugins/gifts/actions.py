"""What can be done: note a gift for people, mark ideas as given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.sdk import Action, Context, Offer, Outcome, _l, _n
from app.sdk.services import records

from . import gifts
from .entities import GIFT
from .forms import GiftForm
from .models import Gift


def note(ctx: Context, contacts: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
    """Write the gift down for each of the contacts."""
    values = {"name": data["name"], "occasion": data.get("occasion") or "", "price": data.get("price")}
    values["given_on"] = gifts.today(ctx) if data.get("given") else ""
    for contact in contacts:
        gifts.note(ctx, contact.id, values)
    count = len(contacts)
    message = _n("Gift noted for %(num)s person", "Gift noted for %(num)s people", count)
    return Outcome(message=message, changed=count)


def give(ctx: Context, chosen: Sequence[Gift], data: Mapping[str, Any]) -> Outcome:
    """Mark ideas as given today."""
    gifts.give(ctx, chosen, gifts.today(ctx))
    message = _n("%(num)s gift marked as given", "%(num)s gifts marked as given", len(chosen))
    return Outcome(message=message, changed=len(chosen))


def take_back(ctx: Context, ids: Sequence[int]) -> None:
    """Make ideas again of gifts that were marked as given."""
    gifts.give(ctx, [records.get(ctx, GIFT, gift_id, "edit") for gift_id in ids], "")


def is_idea(ctx: Context, gift: Gift) -> bool:
    """Tell whether a gift has not been given yet."""
    return not gift.given_on


OFFERED = Offer.PAGE | Offer.ROW | Offer.BULK | Offer.WORKFLOW | Offer.API

ALL = (
    Action(
        name="note",
        label=_l("Note a gift"),
        on="contact",
        run=note,
        form=GiftForm,
        permission=f"{GIFT}.create",
        icon="cake",
        offer=OFFERED,
        order=60,
    ),
    Action(
        name="give",
        label=_l("Mark as given"),
        on=GIFT,
        run=give,
        undo=take_back,
        when=is_idea,
        permission=f"{GIFT}.edit",
        icon="check",
        offer=OFFERED,
    ),
)
