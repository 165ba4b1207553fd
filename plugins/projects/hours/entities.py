"""Hours as a kind of record, what an hour costs, and what may no longer be changed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import select

from app.sdk import EVERYWHERE, Choice, Context, Entity, Field, Kind, On, Phase, Refuse, Show, _, _l

from ..plan import days, typed
from ..plan.choices import NONE
from ..plan.models import PROJECT, Project
from .models import ENTRY, Entry, Rate

OPEN, SUBMITTED, APPROVED = "open", "submitted", "approved"
STATES = (
    Choice(value=OPEN, label=_l("Open"), tone="sys"),
    Choice(value=SUBMITTED, label=_l("Submitted"), tone="info"),
    Choice(value=APPROVED, label=_l("Approved"), tone="ok"),
)
READ = EVERYWHERE & ~Show.FORM
DAY = 24 * 60
FREE = {"state", "invoice"}
"""What may change of hours that are approved."""


def _minutes(ctx: Context, text: str) -> int | None:
    found = int(text) if text.strip().isdecimal() and len(text.strip()) < 5 else typed.minutes(text)
    if found is not None and not 0 < found <= DAY:
        raise ValueError(_("A day has 24 hours. Write a time up to 24:00."))
    return found


def _field(name: str, label: Any, order: int, **more: Any) -> Field:
    return Field(name=name, label=label, on=ENTRY, column=name, order=order, **{"personal": False, **more})


def derive(ctx: Context, entry: Entry) -> None:
    """Fill in what an hour costs, and what the time comes to."""
    project = ctx.session.get(Project, entry.project_id) if entry.project_id else None
    if project is not None:
        entry.currency = project.currency
        if project.billing == NONE:
            entry.billable = False
    if entry.rate is None:
        entry.rate = _rate(ctx, project, entry.owner_id)
    hours = Decimal(entry.minutes or 0) / 60
    wanted = entry.billable is not False and entry.rate is not None
    amount = (hours * entry.rate) if wanted and entry.rate is not None else Decimal(0)
    entry.amount = amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _rate(ctx: Context, project: Project | None, user_id: int | None) -> Decimal | None:
    """Return what an hour costs: as the project says, else the person, else the house."""
    if project is not None and project.rate is not None:
        return project.rate
    query = select(Rate.rate).where(Rate.user_id == (user_id or ctx.user.id))
    found = ctx.session.execute(query).scalar()
    if found is not None:
        return Decimal(found)
    house = option(ctx, "rate", None)
    return Decimal(str(house)) if house is not None else None


def option(ctx: Context, name: str, default: Any) -> Any:
    """Return a setting of the plugin, whoever's code asks."""
    from app.sdk.services import plugin_settings

    found = getattr(plugin_settings.of(ctx, "projects"), name, default)
    return default if found is None else found


def guard(ctx: Context, events: Sequence[Any]) -> None:
    """Refuse changes of hours that are approved, and of days that are closed."""
    closed = str(option(ctx, "locked_until", "") or "")
    for event in events:
        entry = event.record
        if entry is None:
            continue
        verb = event.topic.rpartition(".")[2]
        if verb in ("created", "updated") and _priced(ctx, event, entry):
            raise Refuse(_("You may not change “%(name)s”.", name=_("Price of an hour")), [event])
        if not 0 < (entry.minutes or 0) <= DAY:
            raise Refuse(_("A day has 24 hours. Write a time up to 24:00."), [event])
        if verb != "created" and set(event.after) - FREE and _was(event, entry) == APPROVED:
            raise Refuse(_("These hours are approved. Have them sent back first."), [event])
        first = min(str(event.before.get("day") or entry.day), entry.day)
        if closed and first <= closed and not (verb == "updated" and set(event.after) <= FREE):
            raise Refuse(_("Hours up to %(day)s are closed.", day=closed), [event])


def _priced(ctx: Context, event: Any, entry: Entry) -> bool:
    """Tell whether hours have a price that somebody gave them who may not set prices."""
    if "rate" not in event.after or ctx.may("projects.rates"):
        return False
    project = ctx.session.get(Project, entry.project_id) if entry.project_id else None
    return entry.rate != _rate(ctx, project, entry.owner_id)


def _was(event: Any, entry: Entry) -> str:
    return str(event.before.get("state") or entry.state)


ALL = (
    Entity(
        name="entry",
        label=_l("Time entry"),
        plural=_l("Time entries"),
        model=Entry,
        icon="timer",
        title="day",
        derive=derive,
        derive_from=("minutes", "billable", "rate", "project_id"),
        fields=(
            _field("day", _l("Day"), 0, kind=Kind.DATE, required=True, sort=lambda m: m.day),
            _field("project_id", _l("Project"), 1, kind=Kind.REF, ref=PROJECT, required=True),
            _field("task_id", _l("Task"), 2, kind=Kind.REF, ref="task"),
            _field("minutes", _l("Minutes"), 3, kind=Kind.NUMBER, required=True, parse=_minutes),
            _field("note", _l("Note"), 4, search=1, personal=True),
            _field("billable", _l("Billable"), 5, kind=Kind.BOOL),
            _field("rate", _l("Price of an hour"), 6, kind=Kind.MONEY, currency="currency"),
            _field("amount", _l("Amount"), 7, kind=Kind.MONEY, currency="currency", show=READ),
            _field("state", _l("State"), 8, kind=Kind.CHOICE, choices=STATES, show=READ),
            _field("invoice", _l("Invoice"), 9, show=READ),
            _field("owner_id", _l("Who"), 10, kind=Kind.USER),
        ),
        default_columns=("day", "project_id", "task_id", "minutes", "note", "state", "owner_id"),
        default_sort="-day",
    ),
    *(
        On(name=f"entry_{verb}", topic=f"{ENTRY}.{verb}", run=guard, phase=Phase.BEFORE, critical=True)
        for verb in ("created", "updated", "deleted", "restored")
    ),
)


def today(ctx: Context) -> str:
    """Return the present day where the reader is, ISO 8601."""
    return days.today(ctx).isoformat()
