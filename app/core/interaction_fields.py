"""The fields of an interaction and of a task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.core.choices import DIRECTIONS, REMINDERS, TASK_STATES, URGENCIES
from app.formats.fold import doc
from app.i18n import _l
from app.kernel.context import Context
from app.kernel.contributions import EVERYWHERE, Choice, Field, Kind, Show
from app.models import Interaction
from app.services import interaction_ties
from app.services import task_fields as values

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
UNSEEN = Show.HISTORY & ~Show.HISTORY
TOLD = Show.DETAIL | Show.EXPORT | Show.API | Show.HISTORY


def _task(name: str, label: Any, order: int, **more: Any) -> Field:
    """Return a field of a task that is no column of its own: it has a loader and a saver."""
    return Field(name=name, label=label, on="task", order=order, **more)


TASK: tuple[Field, ...] = (
    _field("task", "summary", _l("Task"), 0, required=True, search=5),
    _field("task", "status", _l("Status"), 1, kind=Kind.CHOICE, choices=TASK_STATES),
    _field("task", "due_on", _l("Due"), 2, kind=Kind.DATE, sort=lambda m: m.due_on),
    _field("task", "due_at", _l("Due at"), 3, kind=Kind.TIME, show=QUIET),
    _field("task", "due_clock", _l("Time"), 3, show=TOLD | Show.FORM),
    _field("task", "due_zone", _l("Time zone"), 3, show=TOLD | Show.FORM),
    _field("task", "assignee_id", _l("Assigned to"), 4, kind=Kind.USER),
    _task(
        "mates",
        _l("Together with"),
        5,
        kind=Kind.REFS,
        ref="user",
        many=True,
        load=values.load_mates,
        save=values.save_mates,
        show=TOLD,
    ),
    _task(
        "priority",
        _l("Priority"),
        6,
        kind=Kind.CHOICE,
        choices=URGENCIES,
        load=values.load_urgency,
        save=values.save_urgency,
        sql=values.urgency_sql,
        sort=lambda m: m.priority,
    ),
    _task(
        "about",
        _l("About"),
        7,
        kind=Kind.REFS,
        many=True,
        load=values.load_about,
        save=values.save_about,
        show=TOLD,
    ),
    _field("task", "recurrence", _l("Repeats"), 8, show=QUIET, parse=values.parse_rule),
    _field("task", "after_done", _l("Counts from completion"), 9, kind=Kind.BOOL, show=TOLD | Show.FORM),
    _task(
        "remind",
        _l("Remind"),
        10,
        kind=Kind.CHOICES,
        many=True,
        choices=REMINDERS,
        load=values.load_remind,
        save=values.save_remind,
        show=TOLD | Show.FORM,
    ),
    _task(
        "checklist",
        _l("Checklist"),
        11,
        kind=Kind.LONG_TEXT,
        load=values.load_checklist,
        save=values.save_items,
        show=TOLD | Show.FORM,
    ),
    _field("task", "description", _l("Description"), 12, kind=Kind.LONG_TEXT, search=1, show=QUIET),
    _field("task", "completed_at", _l("Done at"), 13, kind=Kind.TIME, show=QUIET & ~Show.FORM),
    _field("task", "interaction_id", _l("From"), 14, kind=Kind.NUMBER, show=Show.HISTORY),
    _field("task", "parent_id", _l("Part of"), 15, kind=Kind.REF, ref="task", show=QUIET & ~Show.FORM),
    _field("task", "series_from", _l("Repeats since"), 16, show=Show.HISTORY),
    _field("task", "occurrence_on", _l("Stands for"), 17, show=Show.HISTORY),
    _field("task", "previous_id", _l("Follows"), 18, kind=Kind.NUMBER, show=UNSEEN),
)


def derive_interaction(ctx: Context, record: Interaction) -> None:
    """Set the folded text that search looks in."""
    record.text_key = doc(record.subject or "", record.body or "", record.location or "")
