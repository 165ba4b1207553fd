"""The fields of an interaction and of a task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.core.choices import DIRECTIONS, TASK_STATES
from app.formats.fold import doc
from app.i18n import _l
from app.kernel.context import Context
from app.kernel.contributions import EVERYWHERE, Choice, Field, Kind, Show
from app.models import Interaction
from app.services import interaction_ties

QUIET = EVERYWHERE & ~Show.LIST


def kinds(ctx: Context) -> Sequence[Choice]:
    """Return the kinds of interaction that can be written by hand."""
    return [Choice(value=k.key, label=k.label, tone=k.tone) for k in ctx.schema.kinds() if k.loggable]


def outcomes(ctx: Context) -> Sequence[Choice]:
    """Return the outcomes of all kinds."""
    found = {o.value: o for k in ctx.schema.kinds() for o in k.outcomes}
    return list(found.values())


def _field(on: str, name: str, label: Any, order: int, **more: Any) -> Field:
    return Field(name=name, label=label, on=on, column=name, order=order, **({"show": EVERYWHERE} | more))


def _ties(name: str, label: Any, order: int, ref: str | None = None) -> Field:
    return Field(
        name=name,
        label=label,
        on="interaction",
        kind=Kind.REFS,
        ref=ref,
        load=interaction_ties.load(name),
        save=interaction_ties.save(name),
        many=True,
        order=order,
        show=Show.HISTORY,
    )


INTERACTION: tuple[Field, ...] = (
    _field("interaction", "subject", _l("Subject"), 0),
    _field("interaction", "kind", _l("Kind"), 1, kind=Kind.CHOICE, choices=kinds, required=True),
    _field("interaction", "occurred_at", _l("When"), 2, kind=Kind.TIME, sort=lambda m: m.occurred_at),
    _field("interaction", "direction", _l("Direction"), 3, kind=Kind.CHOICE, choices=DIRECTIONS),
    _field("interaction", "outcome", _l("Outcome"), 4, kind=Kind.CHOICE, choices=outcomes),
    _field("interaction", "duration_s", _l("Duration"), 5, kind=Kind.NUMBER, show=QUIET),
    _field("interaction", "location", _l("Place"), 6, show=QUIET),
    _field("interaction", "body", _l("Text"), 7, kind=Kind.LONG_TEXT, show=QUIET),
    _field("interaction", "zone", _l("Time zone"), 8, show=QUIET),
    _field("interaction", "visibility", _l("Visible to"), 9, show=QUIET),
    _ties("contacts", _l("Took part"), 20, ref="contact"),
    _ties("users", _l("Colleagues"), 21, ref="user"),
    _ties("about", _l("About"), 22),
    _field("interaction", "pinned_at", _l("Pinned"), 10, kind=Kind.TIME, show=Show.HISTORY),
    _field("interaction", "form_nonce", _l("Form"), 91, show=Show.HISTORY & ~Show.HISTORY),
)
TASK: tuple[Field, ...] = (
    _field("task", "summary", _l("Task"), 0, required=True, search=5),
    _field("task", "status", _l("Status"), 1, kind=Kind.CHOICE, choices=TASK_STATES),
    _field("task", "due_on", _l("Due"), 2, kind=Kind.DATE, sort=lambda m: m.due_on),
    _field("task", "due_at", _l("Due at"), 3, kind=Kind.TIME, show=QUIET),
    _field("task", "assignee_id", _l("Assigned to"), 4, kind=Kind.USER),
    _field("task", "priority", _l("Priority"), 5, kind=Kind.NUMBER, show=QUIET),
    _field("task", "description", _l("Description"), 6, kind=Kind.LONG_TEXT, search=1, show=QUIET),
    _field("task", "completed_at", _l("Done at"), 7, kind=Kind.TIME, show=Show.HISTORY),
    _field("task", "interaction_id", _l("From"), 8, kind=Kind.NUMBER, show=Show.HISTORY),
    _field("task", "parent_id", _l("Part of"), 9, kind=Kind.NUMBER, show=Show.HISTORY),
)


def derive_interaction(ctx: Context, record: Interaction) -> None:
    """Set the folded text that search looks in."""
    record.text_key = doc(record.subject or "", record.body or "", record.location or "")
