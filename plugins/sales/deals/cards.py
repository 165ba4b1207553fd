"""A card of the board as its template shows it: whom with, how much, what is next or what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.sdk import Context, _, _n
from app.sdk.web import day_text, day_when, money

from . import days
from .board import Names
from .choices import OPEN


@dataclass(frozen=True, slots=True)
class Card:
    """A deal on the board: `sign` is a short text about what is next, `tone` says how urgent it is ("": not at all)."""

    id: int
    name: str
    who: str
    value: str
    sign: str
    tone: str
    owner: str
    initials: str
    hue: int
    stage: int
    open: bool


def card(ctx: Context, row: Any, names: Names) -> Card:
    """Return the card of a deal."""
    owner, initials, hue = names.owner(row)
    sign, tone = signs(ctx, row)
    return Card(
        row.id,
        row.name,
        names.of(row),
        money(row.amount, row.currency) if row.amount is not None and row.currency else "",
        sign,
        tone,
        owner,
        initials,
        hue,
        row.stage_id,
        row.outcome == OPEN,
    )


def signs(ctx: Context, deal: Any) -> tuple[str, str]:
    """Return what is to be said first about a deal, and its tone: quiet for long, nothing planned, planned when."""
    if deal.outcome != OPEN:
        return (_("Decided %(when)s", when=day_when(deal.close_on)) if deal.close_on else "", "ok")
    if is_stale(ctx, deal):
        number = (ctx.now - deal.active_at).days
        return _n("Quiet for %(num)s day", "Quiet for %(num)s days", number), "bad"
    if not deal.next_step:
        return _("No next step"), "sys"
    if not deal.step_on:
        return deal.next_step, ""
    tone = "warn" if deal.step_on <= days.today(ctx) else ""
    return f"{day_text(deal.step_on)} · {deal.next_step}", tone  # the day is never what is cut off


def is_stale(ctx: Context, deal: Any) -> bool:
    """Tell whether nothing has happened with an open deal for longer than its pipeline allows."""
    return deal.outcome == OPEN and bool(deal.stale_on <= days.today(ctx))
