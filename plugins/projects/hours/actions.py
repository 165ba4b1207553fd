"""What can be done with hours from lists, pages and workflows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.sdk import Action, Context, Offer, Outcome, _l, _n

from . import service
from .entities import APPROVED, OPEN, SUBMITTED
from .models import ENTRY

OFFERED = Offer.ROW | Offer.BULK | Offer.WORKFLOW | Offer.API


def _to(state: str) -> Callable[[Context, Sequence[Any], Mapping[str, Any]], Outcome]:
    def run(ctx: Context, entries: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
        """Bring hours into the state."""
        number = service.set_state(ctx, [entry.id for entry in entries], state)
        return Outcome(message=_n("%(num)s entry changed", "%(num)s entries changed", number), changed=number)

    return run


def _when(*states: str) -> Callable[[Context, Any], bool]:
    return lambda ctx, entry: entry.state in states and not entry.invoice


ALL = (
    Action(
        name="submit",
        label=_l("Submit"),
        on=ENTRY,
        run=_to(SUBMITTED),
        icon="send",
        offer=OFFERED,
        when=_when(OPEN),
        order=10,
    ),
    Action(
        name="approve",
        label=_l("Approve"),
        on=ENTRY,
        run=_to(APPROVED),
        permission="projects.approve",
        icon="check",
        offer=OFFERED,
        when=_when(OPEN, SUBMITTED),
        order=20,
    ),
    Action(
        name="send_back",
        label=_l("Send back"),
        on=ENTRY,
        run=_to(OPEN),
        permission="projects.approve",
        icon="undo-2",
        offer=OFFERED,
        when=_when(SUBMITTED, APPROVED),
        order=30,
    ),
)
