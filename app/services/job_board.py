"""The queue as the administrator sees it: what runs, waits, was given up; never with its arguments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.house import house
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Job
from app.models import JobRow, User
from app.services import access, audit, jobs, outbox, schedules

SHOWN = 50
RIGHT = "admin.jobs"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One job: `state` is ready, running, dead or parked; `who` is the user it acts for, or ""."""

    id: int
    label: str
    name: str
    owner: str
    state: str
    attempts: int
    max_attempts: int
    run_at: datetime
    created_at: datetime
    who: str
    error: str


@dataclass(frozen=True, kw_only=True)
class Board:
    """Everything on the page: counts by state, the given-up jobs, those that wait or run, and the schedules."""

    counts: Mapping[str, int]
    dead: Sequence[Shown]
    waiting: Sequence[Shown]
    schedules: Sequence[schedules.Scheduled]


def board(ctx: Context, *, before: int = 0) -> Board:
    """Return the queue; `before` pages through the given-up jobs. Raises NotAllowed."""
    access.require(ctx, RIGHT)
    gone = JobRow.state.in_(("dead", "parked"))
    query = select(JobRow, User.name.label("who")).outerjoin(User, User.id == JobRow.user_id).limit(SHOWN)
    dead = query.where(gone, JobRow.id < before if before else JobRow.id > 0).order_by(JobRow.id.desc())
    waiting = query.where(JobRow.state == "ready").order_by(JobRow.priority, JobRow.run_at, JobRow.id)
    labels = _labels()
    return Board(
        counts=jobs.counts(ctx),
        dead=[_shown(ctx, labels, *row) for row in ctx.session.execute(dead)],
        waiting=[_shown(ctx, labels, *row) for row in ctx.session.execute(waiting)],
        schedules=schedules.overview(ctx),
    )


def retry(ctx: Context, ids: Iterable[int]) -> int:
    """Give jobs a fresh start now, on the record; returns how many. Raises NotAllowed."""
    return _decided(ctx, "job.retry", list(ids), jobs.retry)


def discard(ctx: Context, ids: Iterable[int]) -> int:
    """Remove given-up jobs for good, on the record; returns how many. Raises NotAllowed."""
    return _decided(ctx, "job.discard", list(ids), jobs.discard)


def dead_ids(ctx: Context) -> Sequence[int]:
    """Return the ids of all jobs that were given up."""
    return ctx.session.execute(select(JobRow.id).where(JobRow.state == "dead")).scalars().all()


def pause(ctx: Context, name: str, paused: bool) -> None:
    """Stop a schedule or let it go on, on the record. Raises NotAllowed, LookupError."""
    access.require(ctx, RIGHT)
    with ctx.unit():
        schedules.pause(ctx, name, paused)
        audit.note(ctx, "schedule.pause" if paused else "schedule.resume", f"job:{name}")


def run_now(ctx: Context, name: str) -> None:
    """Run a scheduled job once, outside its schedule, on the record. Raises NotAllowed, LookupError."""
    access.require(ctx, RIGHT)
    if not any(job.key == name for job in schedules.scheduled(ctx)):
        raise LookupError(name)
    with ctx.unit():
        jobs.enqueue(ctx, name, {}, key=f"schedule:{name}", user_id=None)
        audit.note(ctx, "schedule.run", f"job:{name}")


def _decided(ctx: Context, action: str, ids: list[int], do: Any) -> int:
    access.require(ctx, RIGHT)
    with ctx.unit():
        count: int = do(ctx, ids)
        audit.note(ctx, action, count=count, ids=ids[:SHOWN])
    return count


def _labels() -> Mapping[str, Any]:
    told = {
        name: _("Tell %(who)s: %(topic)s", who=on.owner, topic=on.topic)
        for name, on in outbox.subscriptions().items()
    }
    return {**told, **{job.key: job.label for job in house().registry.loaded(Job)}}


def _shown(ctx: Context, labels: Mapping[str, Any], row: JobRow, who: str | None) -> Shown:
    running = row.state == "ready" and row.locked_until is not None and row.locked_until >= ctx.now
    return Shown(
        id=row.id,
        label=str(labels.get(row.name) or row.name),
        name=row.name,
        owner=row.owner,
        state="running" if running else row.state,
        attempts=row.attempts,
        max_attempts=row.max_attempts,
        run_at=row.run_at,
        created_at=row.created_at,
        who=who or "",
        error=row.error,
    )
