"""What is done with hours: noted, timed, put into a week, submitted, approved, put on an invoice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, timedelta

from sqlalchemy import delete, func, select

from app.sdk import Context, Invalid, _
from app.sdk.models import Task, TaskLink
from app.sdk.services import access, records, unit

from ..plan import typed
from ..plan.choices import GOING
from ..plan.models import PROJECT, Milestone, Project
from .entities import APPROVED, DAY, OPEN, SUBMITTED
from .models import ENTRY, Entry, Timer

Place = tuple[int, int | None]
"""A project, and a task of it or None."""

MOST = 200
LATEST = 60
"""Entries among which what somebody worked on last is looked for."""


@unit
def note(
    ctx: Context, place: Place, day: str, minutes: int, text: str = "", *, billable: bool = True
) -> Entry:
    """Write down time for a project, and a task of it. Raises Invalid, NotVisible, Refuse for a closed day."""
    project_id, task_id = place
    access.get(ctx, Project, project_id)
    if task_id is not None:
        _check_task(ctx, project_id, task_id)
    if not 0 < minutes <= DAY:
        raise Invalid({"minutes": _("A day has 24 hours. Write a time up to 24:00.")})
    if minutes + worked(ctx, day, day).get(day, 0) > DAY:
        raise Invalid({"minutes": _("That would be more than 24 hours on this day.")})
    values = {
        "project_id": project_id,
        "task_id": task_id,
        "day": day,
        "minutes": minutes,
        "note": text.strip()[:500],
        "billable": billable,
    }
    made: Entry = records.create(ctx, ENTRY, values)
    return made


def _check_task(ctx: Context, project_id: int, task_id: int) -> None:
    query = select(TaskLink.id).join(Task, Task.id == TaskLink.task_id)
    query = query.where(
        TaskLink.task_id == task_id, TaskLink.entity == PROJECT, TaskLink.record_id == project_id
    )
    if ctx.session.execute(query.limit(1)).first() is None:
        raise Invalid({"task_id": _("Choose a task of the project.")})


def worked(ctx: Context, first: str, last: str) -> dict[str, int]:
    """Return day → minutes that the principal has worked, from a day to another."""
    query = select(Entry.day, func.sum(Entry.minutes)).where(
        Entry.owner_id == ctx.user.id, Entry.day >= first, Entry.day <= last
    )
    rows = ctx.session.execute(query.group_by(Entry.day).order_by(Entry.day))
    return {row[0]: int(row[1]) for row in rows}


def running(ctx: Context) -> Timer | None:
    """Return the timer of the principal, None when nothing is timed."""
    query = select(Timer).where(Timer.user_id == (ctx.user.id or 0))
    return ctx.session.execute(query).scalar_one_or_none()


def elapsed(ctx: Context, timer: Timer) -> int:
    """Return the minutes since a timer was started: at least one, at most a day."""
    return min(max(round((ctx.now - timer.started_at).total_seconds() / 60), 1), DAY)


@unit
def start(ctx: Context, place: Place) -> Timer:
    """Start the timer; what was timed before is written down. Raises Invalid, NotVisible."""
    stop(ctx)
    project_id, task_id = place
    access.get(ctx, Project, project_id)
    if task_id is not None:
        _check_task(ctx, project_id, task_id)
    made = Timer(user_id=ctx.user.id, project_id=project_id, task_id=task_id, started_at=ctx.now)
    ctx.session.add(made)
    ctx.session.flush()
    return made


@unit
def stop(ctx: Context, text: str = "") -> Entry | None:
    """Stop the timer and write its time down on the day on which it was started; None when nothing was timed."""
    timer = running(ctx)
    if timer is None:
        return None
    place = (timer.project_id, timer.task_id)
    day = (
        timer.started_at.replace(tzinfo=timer.started_at.tzinfo or UTC)
        .astimezone(ctx.zone)
        .date()
        .isoformat()
    )
    minutes = min(elapsed(ctx, timer), DAY - worked(ctx, day, day).get(day, 0))
    drop(ctx)
    return note(ctx, place, day, minutes, text) if minutes > 0 else None


@unit
def drop(ctx: Context) -> None:
    """Forget what was timed."""
    ctx.session.execute(delete(Timer).where(Timer.user_id == (ctx.user.id or 0)))


def lately(ctx: Context, number: int) -> list[Place]:
    """Return what the principal worked on last, the latest first; then what is assigned and due next."""
    query = select(Entry.project_id, Entry.task_id).where(Entry.owner_id == ctx.user.id)
    query = query.join(Project, Project.id == Entry.project_id).where(Project.status.in_(GOING))
    rows = ctx.session.execute(query.order_by(Entry.day.desc(), Entry.id.desc()).limit(LATEST))
    found: list[Place] = list(dict.fromkeys((int(row[0] or 0), row[1]) for row in rows))
    if len(found) < number:
        found += [place for place in mine(ctx, number * 2) if place not in found]
    return found[:number]


def mine(ctx: Context, number: int) -> list[Place]:
    """Return the open tasks of projects that are the principal's, the first due first."""
    query = select(TaskLink.record_id, Task.id).join(Task, Task.id == TaskLink.task_id)
    query = query.join(Project, Project.id == TaskLink.record_id).where(
        TaskLink.entity == PROJECT,
        Task.assignee_id == ctx.user.id,
        Task.status == "todo",
        Project.status.in_(GOING),
    )
    rows = ctx.session.execute(query.order_by(Task.due_on, Task.id).limit(number))
    return [(row[0], row[1]) for row in rows]


def projects(ctx: Context, number: int = 100) -> list[tuple[int, str]]:
    """Return the projects that are going on, by name."""
    query = select(Project.id, Project.name).where(Project.status.in_(GOING))
    rows = ctx.session.execute(query.order_by(Project.name, Project.id).limit(number))
    return [(row.id, row.name) for row in rows]


def names(ctx: Context, places: Iterable[Place]) -> dict[Place, tuple[str, str]]:
    """Return what places are called: the project's name, and the task's or an empty text."""
    wanted = list(places)
    query = select(Project.id, Project.name).where(Project.id.in_({p for p, _t in wanted}))
    of_projects = {row.id: row.name for row in ctx.session.execute(query.order_by(Project.id))}
    ids = {t for _p, t in wanted if t is not None}
    of_tasks = {}
    if ids:
        asked = select(Task.id, Task.summary).where(Task.id.in_(ids)).order_by(Task.id)
        of_tasks = {row.id: row.summary for row in ctx.session.execute(asked)}
    return {
        (p, t): (of_projects[p], of_tasks.get(t, "") if t is not None else "")
        for p, t in wanted
        if p in of_projects
    }


def entries(ctx: Context, first: date, last: date, user_id: int | None = None) -> Sequence[Entry]:
    """Return somebody's hours from a day to another, in the order of the days."""
    query = select(Entry).where(
        Entry.owner_id == (user_id or ctx.user.id),
        Entry.day >= first.isoformat(),
        Entry.day <= last.isoformat(),
    )
    query = query.order_by(Entry.day, Entry.id).limit(MOST * 5)
    return ctx.session.execute(query).scalars().all()


@unit
def fill(ctx: Context, cells: Mapping[tuple[Place, str], int]) -> int:
    """Set what was worked in all on places and days, in minutes; returns how many cells changed.

    Raises Invalid, and Refuse where approved hours would have to shrink.
    """
    for (place, day), minutes in cells.items():
        _fill(ctx, place, day, minutes)
    return len(cells)


def _fill(ctx: Context, place: Place, day: str, minutes: int) -> None:
    query = select(Entry).where(
        Entry.owner_id == ctx.user.id,
        Entry.day == day,
        Entry.project_id == place[0],
        Entry.task_id == place[1],
    )
    found = ctx.session.execute(query.order_by(Entry.state != OPEN, Entry.id.desc())).scalars().all()
    more = minutes - sum(entry.minutes for entry in found)
    if worked(ctx, day, day).get(day, 0) + more > DAY:
        raise Invalid({"minutes": _("That would be more than 24 hours on this day.")})
    kept = [(entry.id, entry.minutes, entry.state) for entry in found]
    if more > 0:
        if kept and kept[0][2] == OPEN:
            records.update(ctx, ENTRY, kept[0][0], {"minutes": kept[0][1] + more})
        else:
            note(ctx, place, day, more)
    for number, had, _state in kept:
        if more >= 0:
            break
        if had + more > 0:
            records.update(ctx, ENTRY, number, {"minutes": had + more})
        else:
            records.trash(ctx, ENTRY, [number])
        more += had


@unit
def submit(ctx: Context, first: date) -> int:
    """Submit the principal's open hours of the week that begins on a day; returns how many."""
    found = [e.id for e in entries(ctx, first, first + timedelta(days=6)) if e.state == OPEN]
    return set_state(ctx, found, SUBMITTED)


@unit
def set_state(ctx: Context, ids: Iterable[int], state: str) -> int:
    """Bring hours into a state and return how many changed. Raises Invalid for one's own, which others approve."""
    changed = 0
    for number in ids:
        entry = access.get(ctx, Entry, number)
        if entry.state == state:
            continue
        if state == APPROVED and entry.owner_id == ctx.user.id and not ctx.user.is_a("administrator"):
            raise Invalid({"state": _("Somebody else approves your own hours.")})
        if entry.invoice:
            raise Invalid({"state": _("These hours are on an invoice already.")})
        records.update(ctx, ENTRY, number, {"state": state})
        changed += 1
    return changed


def waiting(ctx: Context) -> Sequence[Entry]:
    """Return the hours that wait for approval, by person and day."""
    query = select(Entry).where(Entry.state == SUBMITTED).order_by(Entry.owner_id, Entry.day, Entry.id)
    return ctx.session.execute(query.limit(MOST * 5)).scalars().all()


@unit
def put_on_invoice(
    ctx: Context, project_id: int, name: str, ids: Iterable[int], milestones: Iterable[int]
) -> None:
    """Note on hours and milestones on which invoice they are, and tell `projects.invoiced`."""
    records.get(ctx, PROJECT, project_id)
    for number in ids:
        records.update(ctx, ENTRY, number, {"invoice": name})
    for number in milestones:
        records.update(ctx, Milestone.__entity__, number, {"invoice": name})
    ctx.events.emit("projects.invoiced", entity=PROJECT, record_ids=[project_id], payload={"invoice": name})


def read_place(text: str) -> Place | None:
    """Return the place of a text like "12" or "12-34", None for anything else."""
    project, _sep, task = text.partition("-")
    if not (project.isdecimal() and len(project) < 10):
        return None
    if task and not (task.isdecimal() and len(task) < 10):
        return None
    return int(project), int(task) if task else None


def place_text(place: Place) -> str:
    """Return a place as the text of a form."""
    return f"{place[0]}-{place[1]}" if place[1] is not None else str(place[0])


def minutes(text: str) -> int:
    """Return minutes as typed, 0 for an empty text. Raises Invalid with a sentence."""
    try:
        return typed.minutes(text) or 0
    except ValueError as error:
        raise Invalid({"minutes": str(error)}) from error
