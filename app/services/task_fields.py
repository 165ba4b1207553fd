"""Values of a task that are rows of their own or follow from one another: what it is about, who helps, its checklist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import ColumnElement, bindparam, case, delete, inspect, select

from app.formats import recurrence
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, NotVisible
from app.models import Task, TaskItem, TaskLink, TaskMate, User
from app.services import access

SOMEDAY = "9999-12-31"
"""The due date of a task without one: it stands last in every order."""

URGENCIES = {"high": 1, "normal": 5, "low": 9}
"""What people choose → the priority of iCalendar; 1 to 4 are high, 6 to 9 low (RFC 5545, section 3.8.1.9)."""

REMINDERS = ("0", "10", "60", "1440", "10080")
"""Minutes before the due time at which people can be reminded."""

TICKED, OPEN = "[x] ", "[ ] "
MOST_ITEMS, LONGEST_ITEM = 200, 500


def load_about(ctx: Context, ids: Sequence[int]) -> Mapping[int, list[str]]:
    """Return what tasks are about, as "entity:id"; records out of sight are left out."""
    ties = links(ctx, ids)
    by_entity: dict[str, set[int]] = {}
    for entity, record_id in {tie for found in ties.values() for tie in found}:
        by_entity.setdefault(entity, set()).add(record_id)
    seen = {name: _visible(ctx, name, wanted) for name, wanted in by_entity.items()}
    return {i: [f"{e}:{r}" for e, r in found if r in seen[e]] for i, found in ties.items()}


_LINKS = (
    select(TaskLink.task_id, TaskLink.entity, TaskLink.record_id)
    .where(TaskLink.task_id.in_(bindparam("ids", expanding=True)))
    .order_by(TaskLink.id)
)


def links(ctx: Context, ids: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
    """Return the records that tasks the caller has read are about, also those out of sight."""
    found: dict[int, list[tuple[str, int]]] = {i: [] for i in ids}
    for task_id, entity, record_id in access.rows(ctx, _LINKS, {"ids": list(ids)}) if ids else ():
        found[task_id].append((entity, record_id))
    return found


def save_about(ctx: Context, values: Mapping[int, Any]) -> None:
    """Replace what tasks are about; ties to records out of sight stay. Raises NotVisible for one that is not there."""
    present = load_about(ctx, list(values))
    for task_id, wanted in values.items():
        gone = [v for v in present[task_id] if v not in (wanted or ())]
        new = [v for v in dict.fromkeys(wanted or ()) if v not in present[task_id]]
        for entity, record_id in map(target, gone):
            ctx.session.execute(
                delete(TaskLink).where(
                    TaskLink.task_id == task_id, TaskLink.entity == entity, TaskLink.record_id == record_id
                )
            )
        for entity, record_id in map(target, new):
            if record_id not in _visible(ctx, entity, {record_id}):
                raise NotVisible(_("One of the records does not exist any more."))
            ctx.session.add(TaskLink(task_id=task_id, entity=entity, record_id=record_id))
    ctx.session.flush()


def target(text: str) -> tuple[str, int]:
    """Return the entity and id of "entity:id". Raises NotVisible for anything else."""
    entity, _sep, number = str(text).rpartition(":")
    if not entity or not number.isdecimal() or len(number) > 10:
        raise NotVisible(_("One of the records does not exist any more."))
    return entity, int(number)


def _visible(ctx: Context, entity: str, ids: set[int]) -> set[int]:
    if not ctx.schema.has(entity):
        return set()
    return access.visible_ids(ctx, ctx.schema.entity(entity).model, ids)


_MATES = (
    select(TaskMate.task_id, TaskMate.user_id)
    .where(TaskMate.task_id.in_(bindparam("ids", expanding=True)))
    .order_by(TaskMate.id)
)


def load_mates(ctx: Context, ids: Sequence[int]) -> Mapping[int, list[int]]:
    """Return the colleagues who do a task together with the one it is assigned to."""
    found: dict[int, list[int]] = {i: [] for i in ids}
    for task_id, user_id in access.rows(ctx, _MATES, {"ids": list(ids)}) if ids else ():
        found[task_id].append(user_id)
    return found


def save_mates(ctx: Context, values: Mapping[int, Any]) -> None:
    """Replace the colleagues who help. Raises Invalid for somebody who is not there."""
    present = load_mates(ctx, list(values))
    asked = {int(i) for wanted in values.values() for i in wanted or ()}
    known = set(ctx.session.execute(select(User.id).where(User.id.in_(asked))).scalars()) if asked else set()
    if asked - known:
        raise Invalid({"mates": _("Choose colleagues of the list.")})
    for task_id, wanted in values.items():
        ids = list(dict.fromkeys(int(i) for i in wanted or ()))
        if gone := set(present[task_id]) - set(ids):
            ctx.session.execute(
                delete(TaskMate).where(TaskMate.task_id == task_id, TaskMate.user_id.in_(gone))
            )
        ctx.session.add_all(TaskMate(task_id=task_id, user_id=i) for i in ids if i not in present[task_id])
    ctx.session.flush()


def items(ctx: Context, ids: Sequence[int]) -> dict[int, list[TaskItem]]:
    """Return the checklists of tasks the caller has read, in their order."""
    found: dict[int, list[TaskItem]] = {i: [] for i in ids}
    query = select(TaskItem).where(TaskItem.task_id.in_(ids)).order_by(TaskItem.position, TaskItem.id)
    for item in ctx.session.execute(query).scalars() if ids else ():
        found[item.task_id].append(item)
    return found


def load_items(ctx: Context, ids: Sequence[int]) -> Mapping[int, list[str]]:
    """Return checklists as lines: "[x] measured", "[ ] offer sent"."""
    return {i: [line(item) for item in found] for i, found in items(ctx, ids).items()}


def load_checklist(ctx: Context, ids: Sequence[int]) -> Mapping[int, str]:
    """Return checklists as text, a line each."""
    return {i: "\n".join(lines) for i, lines in load_items(ctx, ids).items()}


def line(item: TaskItem) -> str:
    """Return an item of a checklist as a line."""
    return f"{TICKED if item.done_at else OPEN}{item.text}"


def save_items(ctx: Context, values: Mapping[int, Any]) -> None:
    """Replace checklists by lines; a line without brackets is open. Items that stay keep their id and their time."""
    present = items(ctx, list(values))
    for task_id, lines in values.items():
        left = list(present[task_id])
        for position, (text, ticked) in enumerate(_lines(lines)):
            item = next((one for one in left if one.text == text), None)
            if item is None:
                item = TaskItem(task_id=task_id, text=text)
                ctx.session.add(item)
            else:
                left.remove(item)
            item.position = position
            item.done_at = (item.done_at or ctx.now) if ticked else None
        for item in left:
            ctx.session.delete(item)
    ctx.session.flush()


def _lines(lines: Any) -> list[tuple[str, bool]]:
    found = []
    for raw in lines.splitlines() if isinstance(lines, str) else lines or ():
        text = str(raw).replace("\x00", "").strip()
        ticked = text[:4].lower() == TICKED
        text = (
            text[4:].strip() if ticked or text[:4] == OPEN else text.removeprefix("[ ]").removeprefix("[x]")
        )
        if len(text) > LONGEST_ITEM:
            told = _("A line of a checklist is longer than %(limit)s characters. Shorten it.", limit=500)
            raise Invalid({"checklist": told})
        if text:
            found.append((text, ticked))
    if len(found) > MOST_ITEMS:
        told = _("A checklist has at most %(limit)s lines. Make a task of its own.", limit=MOST_ITEMS)
        raise Invalid({"checklist": told})
    return found


def urgency(priority: int) -> str:
    """Return what people call a priority of iCalendar: high, normal or low; 0 is none, so normal."""
    return "high" if 0 < priority < 5 else "low" if priority > 5 else "normal"


def urgency_sql(model: Any) -> ColumnElement[Any]:
    """Return `urgency` of a row, in SQL."""
    return case((model.priority.between(1, 4), "high"), (model.priority > 5, "low"), else_="normal")


def _columns(name: str) -> Any:
    return select(Task.id, getattr(Task, name)).where(Task.id.in_(bindparam("ids", expanding=True)))


_PRIORITIES, _REMINDS = _columns("priority"), _columns("remind")


def load_urgency(ctx: Context, ids: Sequence[int]) -> Mapping[int, str]:
    """Return how urgent tasks are, in a word."""
    return {row[0]: urgency(row[1]) for row in access.rows(ctx, _PRIORITIES, {"ids": list(ids)})}


def save_urgency(ctx: Context, values: Mapping[int, Any]) -> None:
    """Set how urgent tasks are: a word, or a number of iCalendar, which is kept exactly."""
    for task_id, value in values.items():
        task = ctx.session.get_one(Task, task_id)
        text = str(value or "normal")
        if text.isdecimal():
            task.priority = min(int(text[:4]), 9)
        elif text not in URGENCIES:
            raise Invalid({"priority": _("Choose how urgent it is: high, normal or low.")})
        elif urgency(task.priority or 5) != text or task.priority is None:
            task.priority = URGENCIES[text]


def load_remind(ctx: Context, ids: Sequence[int]) -> Mapping[int, list[str]]:
    """Return how many minutes before they are due people are reminded of tasks."""
    found = access.rows(ctx, _REMINDS, {"ids": list(ids)})
    return {row[0]: [n for n in row[1].split(",") if n] for row in found}


def save_remind(ctx: Context, values: Mapping[int, Any]) -> None:
    """Set the minutes before the due time at which people are reminded."""
    for task_id, wanted in values.items():
        given = {str(n) for n in wanted or ()}
        if not given <= set(REMINDERS):
            raise Invalid({"remind": _("Choose when to be reminded from the list.")})
        ctx.session.get_one(Task, task_id).remind = ",".join(n for n in REMINDERS if n in given)


def parse_rule(ctx: Context, text: str) -> str:
    """Return a rule of recurrence in one spelling. Raises ValueError with a sentence."""
    return recurrence.normal(text)


def derive(ctx: Context, task: Task) -> None:
    """Make the columns of a task agree: day and time, state and time of completion, rule and series."""
    if task.recurrence and task.due_at is None and (task.due_on or SOMEDAY) == SOMEDAY:
        today = ctx.now.astimezone(ctx.zone).date()
        task.due_on = recurrence.first_day(recurrence.normal(task.recurrence), today).isoformat()
    _due(ctx, task)
    _series(task)
    if task.status == "done":
        task.completed_at = task.completed_at or ctx.now
    else:
        task.status = task.status or "todo"
        task.completed_at = None


def _changed(task: Task, name: str) -> bool:
    return bool(inspect(task).attrs[name].history.has_changes())


def _due(ctx: Context, task: Task) -> None:
    """Let the instant follow day and time on the wall, or these the instant: whichever was set."""
    by_instant = _changed(task, "due_at") and not _changed(task, "due_clock")
    task.due_on, task.due_clock = task.due_on or SOMEDAY, task.due_clock or ""
    if by_instant:
        if task.due_at is None:
            task.due_clock = ""
        else:
            task.due_zone = task.due_zone or ctx.zone.key
            there = task.due_at.astimezone(zone(ctx, task))
            task.due_on, task.due_clock = there.date().isoformat(), f"{there:%H:%M}"
    if task.due_on == SOMEDAY or not task.due_clock:
        task.due_at, task.due_clock, task.due_zone = None, "", ""
        return
    task.due_zone = task.due_zone or ctx.zone.key
    at = instant(date.fromisoformat(task.due_on), task.due_clock, zone(ctx, task))
    if at != task.due_at:
        task.due_at = at


def instant(day: date, clock: str, there: ZoneInfo) -> datetime:
    """Return when the clocks of a place show a time on a day: the first time of two, or just after a gap.

    Raises Invalid for what is no time of day.
    """
    try:
        wall = datetime.combine(day, time.fromisoformat(clock))
    except ValueError:
        told = _("“%(text)s” is no time of day. Write it like 15:30.", text=clock[:20])
        raise Invalid({"due_clock": told}) from None
    return wall.replace(tzinfo=there).astimezone(UTC)


def zone(ctx: Context, task: Task) -> ZoneInfo:
    """Return the zone in which a task's time is meant."""
    try:
        return ZoneInfo(task.due_zone) if task.due_zone else ctx.zone
    except (ZoneInfoNotFoundError, ValueError):
        return ctx.zone


def _series(task: Task) -> None:
    """Let a series begin on the day its rule was given; moving one task of it later does not move the others."""
    if not task.recurrence:
        task.recurrence = task.series_from = task.occurrence_on = ""
        return
    if task.series_from and not (inspect(task).persistent and _changed(task, "recurrence")):
        return
    task.recurrence = recurrence.normal(task.recurrence)
    task.series_from = task.occurrence_on = task.due_on
