"""What can be done: make a quote from a deal, issue it, make a new version, note what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from app.sdk import Action, Context, Offer, Outcome, _, _l

from . import content, deciding, issuing
from .choices import DRAFT, ISSUED
from .content import QUOTE
from .forms import DecisionForm
from .models import Quote

OFFERED = Offer.PAGE | Offer.ROW | Offer.API | Offer.WORKFLOW


def quote(ctx: Context, deals: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
    """Make a draft from each deal."""
    made = [content.from_deal(ctx, deal) for deal in deals]
    return Outcome(message=_("Draft made from the deal"), changed=len(made), url=_page(ctx, made))


def issue(ctx: Context, quotes: Sequence[Quote], data: Mapping[str, Any]) -> Outcome:
    """Issue drafts: each gets its number."""
    done = [issuing.issue(ctx, one.id) for one in quotes]
    numbers = ", ".join(one.number for one in done)
    return Outcome(message=_("Issued as %(numbers)s", numbers=numbers), changed=len(done))


def why_approve(ctx: Context, quotes: Sequence[Quote], data: Mapping[str, Any]) -> str | None:
    """Return why somebody else has to approve the discounts first, if anybody has to."""
    return next((why for one in quotes if (why := issuing.needs_approval(ctx, one))), None)


def take_back(ctx: Context, ids: Sequence[int]) -> None:
    """Make drafts again of quotes that were just issued; their numbers stay theirs."""
    for quote_id in ids:
        issuing.take_back(ctx, quote_id)


def again(ctx: Context, quotes: Sequence[Quote], data: Mapping[str, Any]) -> Outcome:
    """Make a draft of a new version of each quote."""
    made = [content.again(ctx, one) for one in quotes]
    return Outcome(message=_("Draft of a new version made"), changed=len(made), url=_page(ctx, made))


def _page(ctx: Context, made: Sequence[Quote]) -> str | None:
    """Return where the only draft is looked at; a workflow or a job goes nowhere."""
    if len(made) != 1 or ctx.request is None:
        return None
    return url_for("sales_quotes.show", record_id=made[0].id)


def accept(ctx: Context, quotes: Sequence[Quote], data: Mapping[str, Any]) -> Outcome:
    """Note that a customer has accepted."""
    return _decided(ctx, quotes, data, True)


def decline(ctx: Context, quotes: Sequence[Quote], data: Mapping[str, Any]) -> Outcome:
    """Note that a customer has declined."""
    return _decided(ctx, quotes, data, False)


def _decided(ctx: Context, quotes: Sequence[Quote], data: Mapping[str, Any], accepted: bool) -> Outcome:
    answer = deciding.Answer(accepted=accepted, name=str(data["name"]), note=str(data.get("note") or ""))
    for one in quotes:
        deciding.decide(ctx, one.id, answer)
    return Outcome(
        message=_("Noted as accepted") if accepted else _("Noted as declined"), changed=len(quotes)
    )


def is_draft(ctx: Context, one: Quote) -> bool:
    """Tell whether a quote is a draft."""
    return one.status == DRAFT


def is_open(ctx: Context, one: Quote) -> bool:
    """Tell whether a quote waits for the customer."""
    return one.status == ISSUED


def can_follow(ctx: Context, one: Quote) -> bool:
    """Tell whether a new version can replace a quote."""
    return one.status in issuing.REPLACEABLE


def _action(name: str, label: Any, run: Any, order: int, **more: Any) -> Action:
    more = {"on": QUOTE, "permission": f"{QUOTE}.edit", "offer": OFFERED, **more}
    return Action(name=name, label=label, run=run, order=order, **more)


ALL = (
    _action(
        "quote",
        _l("Make a quote"),
        quote,
        15,
        on="sales.deal",
        permission=f"{QUOTE}.create",
        icon="file-text",
    ),
    _action(
        "issue",
        _l("Issue"),
        issue,
        10,
        when=is_draft,
        undo=take_back,
        icon="send",
        approval=why_approve,
        approver=issuing.APPROVE,
    ),
    _action(
        "requote",
        _l("Make a new version"),
        again,
        20,
        when=can_follow,
        icon="copy",
        permission=f"{QUOTE}.create",
    ),
    _action("accept", _l("Note as accepted"), accept, 30, when=is_open, form=DecisionForm, icon="thumbs-up"),
    _action(
        "decline", _l("Note as declined"), decline, 31, when=is_open, form=DecisionForm, icon="thumbs-down"
    ),
)
