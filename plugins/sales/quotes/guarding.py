"""What is issued stays as it is: state and number change by the ways of this part only, content not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from app.sdk import Context, Event, Refuse, _

from . import tokens
from .choices import ACCEPTED, DECLINED, DRAFT, ISSUED
from .content import CONTENT
from .models import Quote

KEY = "sales.quotes"
KEPT = frozenset(("number", "status", "issued_on", "decided_at", "decided_by", "decided_note"))


@contextmanager
def ours(ctx: Context) -> Iterator[None]:
    """Let this part change state and number for a while."""
    former = ctx.session.info.get(KEY)
    ctx.session.info[KEY] = True
    try:
        yield
    finally:
        ctx.session.info[KEY] = former


def made(ctx: Context, events: Sequence[Event]) -> None:
    """Refuse a quote that would begin as anything but a draft."""
    for event in events:
        if not ctx.session.info.get(KEY) and (event.record.status != DRAFT or event.record.number):
            raise Refuse(_("A quote begins as a draft. Issue it to give it a number."))


def changed(ctx: Context, events: Sequence[Event]) -> None:
    """Refuse changes of what a customer was offered, and of state and number by hand."""
    if ctx.session.info.get(KEY):
        return
    for event in events:
        names = set(event.after)
        if names & KEPT:
            if _called_back(event):
                back_to_draft(event.record, str(event.before.get("number") or event.record.number))
            elif not _taken_back(event):
                raise Refuse(_("A quote is issued, accepted and declined on its page."), events=[event])
        elif event.record.status != DRAFT and names & set(CONTENT):
            raise Refuse(_("An issued quote stays as it is. Make a new version."), events=[event])


def _called_back(event: Event) -> bool:
    """Tell whether issuing is undone where nothing followed from it; with a version before it, its page knows how."""
    before, after = event.before.get("status"), event.after.get("status")
    undone = {"number", "issued_on"} <= set(
        event.after
    )  # as issuing wrote them together; an edit names the status alone
    return undone and before == ISSUED and after == DRAFT and event.record.replaces_id is None


def back_to_draft(quote: Quote, number: str) -> None:
    """End a quote's link and forget the printed addresses; its number stays its own, for numbers have no gaps."""
    tokens.take(quote)
    quote.issued_at, quote.customer, quote.sender = None, "", ""
    quote.number = number


def _taken_back(event: Event) -> bool:
    """Tell whether a decision that a colleague noted is taken back; one of the customer's own stands."""
    before, after = event.before.get("status"), event.after.get("status")
    return before in (ACCEPTED, DECLINED) and after == ISSUED and not event.record.decided_from


def removed(ctx: Context, events: Sequence[Event]) -> None:
    """Refuse to remove a quote that has a number: numbers have no gaps."""
    for event in events:
        if event.record.number:
            raise Refuse(_("A quote with a number stays: numbers have no gaps."), events=[event])
