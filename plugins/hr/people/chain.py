"""The tree of managers: everybody above somebody is written down, so that rules about rows are plain selects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select

from app.sdk import Context, Refuse, _

from .models import Above, Employee, Post

DEEPEST = 40


def followed(ctx: Context, events: Sequence[Any]) -> None:
    """Keep the tree and its history after employees changed. Raises Refuse for a circle."""
    ids = {event.record_id for event in events if event.record_id}
    ctx.session.flush()
    rebuild(ctx, ids)
    _noted(ctx, ids)


def rebuild(ctx: Context, ids: Iterable[int]) -> None:
    """Write down anew who is above some employees and those below them. Raises Refuse for a circle."""
    wanted = set(ids)
    query = select(Above.employee_id).where(Above.above_id.in_(wanted))
    wanted |= set(ctx.session.execute(query).scalars())
    known = _known(ctx, wanted)
    managers = {number: row.manager_id for number, row in known.items()}
    ctx.session.execute(delete(Above).where(Above.employee_id.in_(wanted)))
    for employee_id in sorted(wanted & set(known)):
        line = [employee_id, *_line(employee_id, managers)]
        for steps, above_id in enumerate(line):
            user_id = known[above_id].user_id if above_id in known else None
            ctx.session.add(Above(employee_id=employee_id, above_id=above_id, steps=steps, user_id=user_id))
    ctx.session.flush()


def _known(ctx: Context, ids: Iterable[int]) -> dict[int, Any]:
    """Return some employees and everybody above them, a statement per level; who is in the trash is not there."""
    found: dict[int, Any] = {}
    asked = set(ids)
    while asked:
        query = select(Employee.id, Employee.manager_id, Employee.user_id).where(Employee.id.in_(asked))
        found.update({row.id: row for row in ctx.session.execute(query)})
        asked = {row.manager_id for row in found.values() if row.manager_id} - set(found) - asked
    return found


def _line(employee_id: int, managers: Mapping[int, int | None]) -> list[int]:
    """Return who is above somebody, the nearest first. Raises Refuse for a circle."""
    line: list[int] = []
    at = managers.get(employee_id)
    while at is not None:
        if at == employee_id or at in line:
            raise Refuse(_("Nobody can answer to themselves, also not through others."))
        if len(line) >= DEEPEST:
            raise Refuse(_("There are more than %(num)s levels of managers.", num=DEEPEST))
        line.append(at)
        at = managers.get(at)
    return line


def _noted(ctx: Context, ids: Iterable[int]) -> None:
    """Keep since when somebody answers to whom: one row per person and day; the first begins with the employment."""
    today = ctx.now.astimezone(ctx.zone).date().isoformat()
    wanted = set(ids)
    last: dict[int, Post] = {}
    query = select(Post).where(Post.employee_id.in_(wanted)).order_by(Post.employee_id, Post.since)
    for post in ctx.session.execute(query).scalars():
        last[post.employee_id] = post
    for row in ctx.session.execute(select(Employee).where(Employee.id.in_(wanted))).scalars():
        place = (row.manager_id, row.position_id, row.department_id)
        former = last.get(row.id)
        if former is None:
            since = min(row.started_on or today, today)
        elif (former.manager_id, former.position_id, former.department_id) == place:
            continue
        elif former.since == today:
            former.manager_id, former.position_id, former.department_id = place
            continue
        else:
            since = today
        manager, position, department = place
        ctx.session.add(
            Post(
                employee_id=row.id,
                since=since,
                manager_id=manager,
                position_id=position,
                department_id=department,
            )
        )
    ctx.session.flush()


def as_of(ctx: Context, ids: Sequence[int], day: str) -> Mapping[int, Post]:
    """Return employee → place in the tree on a day; who had none yet is left out. One statement."""
    query = select(Post).where(Post.employee_id.in_(ids), Post.since <= day)
    return {
        p.employee_id: p for p in ctx.session.execute(query.order_by(Post.employee_id, Post.since)).scalars()
    }


def above_of(ctx: Context, employee_id: int) -> list[int]:
    """Return the ids of those above somebody, the nearest first."""
    query = (
        select(Above.above_id).where(Above.employee_id == employee_id, Above.steps > 0).order_by(Above.steps)
    )
    return list(ctx.session.execute(query).scalars())


def is_above(ctx: Context, employee_id: int) -> bool:
    """Tell whether the reader is above somebody."""
    if ctx.user.id is None:  # nobody's login is not that of a manager without one
        return False
    query = select(Above.id).where(
        Above.employee_id == employee_id, Above.user_id == ctx.user.id, Above.steps > 0
    )
    return ctx.session.execute(query.limit(1)).first() is not None


def direct(ctx: Context, employee_ids: Sequence[int]) -> Mapping[int, list[int]]:
    """Return manager → ids of those who answer directly to them."""
    query = select(Employee.id, Employee.manager_id).where(Employee.manager_id.in_(employee_ids))
    found: dict[int, list[int]] = {}
    for row in ctx.session.execute(query.order_by(Employee.name, Employee.id)):
        found.setdefault(row.manager_id, []).append(row.id)
    return found
