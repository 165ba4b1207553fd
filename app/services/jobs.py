"""The queue: one table for what is to be done later. At least once, in order where asked, never in each other's way.

A job is claimed with a lease and a token. Who lost the lease cannot finish it; who died leaves it to the next.
"""

from __future__ import annotations

import json
import random
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, delete, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from app.house import house
from app.kernel.context import Context
from app.kernel.contributions import Job
from app.models import JobRow
from app.services.unit import current, unit

LEASE = timedelta(seconds=45)
LADDER = (10, 60, 300, 1800, 7200, 28800, 86400)
"""Seconds before each retry; after these every twelve hours, which is 72 hours with ten retries."""
LATER = 43200
ERROR_LIMIT = 4000
CALLER = -1
"""Stands for "the principal who enqueues"."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A job that this process may run: its arguments as JSON, and the token that proves the lease."""

    id: int
    name: str
    owner: str
    args: str
    token: str
    attempts: int
    max_attempts: int
    user_id: int | None
    depth: int
    caused_by: int | None
    started_at: datetime | None


def insert_of(ctx: Context, model: Any) -> Any:
    """Return an INSERT of the session's database, which knows `on_conflict_do_nothing` and `_do_update`."""
    made = postgresql.insert if ctx.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return made(model)


@unit
def enqueue(  # noqa: PLR0913 (all but two have a default that fits)
    ctx: Context,
    name: str,
    args: Mapping[str, Any] | None = None,
    *,
    key: str | None = None,
    run_at: datetime | None = None,
    lane: str | None = None,
    priority: int = 5,
    user_id: int | None = CALLER,
) -> int:
    """Ask for a job (by the key of its declaration) with JSON arguments and return its id; it runs after the commit.

    Asked again with the same `key`, a waiting job takes the new arguments, a running one is run once more, a dead one
    lives again. Jobs of a `lane` run one after another. It acts as the asking user; `user_id=None` is the system.
    Raises LookupError when nobody declares the job.
    """
    job = declared(name)
    if job is None:
        raise LookupError(f"There is no job “{name}”; declare it with kith_jobs.")
    values = {
        "name": name,
        "owner": job.owner,
        "args": json.dumps(dict(args or {})),
        "key": key,
        "lane": lane,
        "run_at": run_at or ctx.now,
        "priority": priority,
        "state": "ready",
        "max_attempts": job.retries + 1,
        "user_id": ctx.user.id if user_id == CALLER else user_id,
        "depth": ctx.depth,
        "caused_by": _operation(ctx),
        "created_at": ctx.now,
    }
    statement = insert_of(ctx, JobRow).values(values)
    if key is not None:
        statement = statement.on_conflict_do_update(index_elements=["key"], set_=_asked_again(statement, ctx))
    found: int = ctx.session.execute(statement.returning(JobRow.id)).scalar_one()
    wake_after(ctx)
    return found


def declared(name: str) -> Job | None:
    """Return the declaration of a job, of any loaded owner."""
    return next((job for job in house().registry.loaded(Job) if job.key == name), None)


def wake_after(ctx: Context) -> None:
    """Wake this process's worker once the open unit is committed."""
    held, worker = current(ctx.session), house().worker
    if held is not None and worker is not None and not held.memory.get("waking"):
        held.memory["waking"] = True
        held.after_commit.append(worker.wake)


def claim(ctx: Context, *, limit: int = 1, without: Iterable[str] = ()) -> Sequence[Claim]:
    """Take up to `limit` jobs that are due, the urgent and old first; none of the names `without`."""
    query = _due(ctx, tuple(without)).limit(limit)
    if ctx.session.execute(query).first() is None:
        return ()
    return _claim(ctx, query)


@unit
def _claim(ctx: Context, query: Select[Any]) -> Sequence[Claim]:
    ids = ctx.session.execute(query.with_for_update(skip_locked=True, of=JobRow)).scalars().all()
    taken = []
    for row in ctx.session.execute(select(JobRow).where(JobRow.id.in_(ids))).scalars():
        row.token, row.locked_until = secrets.token_hex(16), ctx.now + LEASE
        row.attempts, row.started_at = row.attempts + 1, ctx.now
        taken.append((ids.index(row.id), as_claim(row)))
    return [found for _, found in sorted(taken, key=lambda pair: pair[0])]


def as_claim(row: JobRow) -> Claim:
    """Return the claim that a leased row stands for."""
    return Claim(
        id=row.id,
        name=row.name,
        owner=row.owner,
        args=row.args,
        token=row.token or "",
        attempts=row.attempts,
        max_attempts=row.max_attempts,
        user_id=row.user_id,
        depth=row.depth,
        caused_by=row.caused_by,
        started_at=row.started_at,
    )


@unit
def finish(ctx: Context, done: Sequence[Claim]) -> int:
    """Remove what is done and return how many leases had been lost; asked for again meanwhile, it is ready anew."""
    lost = 0
    for one in done:
        mine = (JobRow.id == one.id, JobRow.token == one.token)
        gone = ctx.session.execute(delete(JobRow).where(*mine, JobRow.again.is_(False)))
        if not gone.rowcount:  # type: ignore[attr-defined]
            anew = {"again": False, "attempts": 0, "run_at": ctx.now, "error": "", **_FREE}
            lost += not ctx.session.execute(update(JobRow).where(*mine).values(anew)).rowcount  # type: ignore[attr-defined]
    return lost


@unit
def fail(ctx: Context, one: Claim, error: str, *, final: bool = False) -> bool:
    """Put a job back for its next try, or into the dead letters; True when it is dead."""
    mine = select(JobRow).where(JobRow.id == one.id, JobRow.token == one.token).with_for_update()
    row = ctx.session.execute(mine).scalar_one_or_none()
    if row is None:
        return False
    if row.again:
        row.again, row.attempts = False, 0
    elif final or row.attempts >= row.max_attempts:
        row.state = "dead"
    row.error, row.token, row.locked_until = error[-ERROR_LIMIT:], None, None
    row.run_at = ctx.now + wait(row.attempts) if row.state == "ready" else ctx.now
    return row.state == "dead"


@unit
def release(ctx: Context, claims: Sequence[Claim]) -> None:
    """Give back jobs that were taken and not begun."""
    for one in claims:
        mine = update(JobRow).where(JobRow.id == one.id, JobRow.token == one.token)
        ctx.session.execute(mine.values({"attempts": JobRow.attempts - 1, **_FREE}))
    wake_after(ctx)


@unit
def renew(ctx: Context, claims: Sequence[Claim]) -> None:
    """Lengthen the leases of jobs that are still running."""
    held = [one.token for one in claims]
    ctx.session.execute(update(JobRow).where(JobRow.token.in_(held)).values(locked_until=ctx.now + LEASE))


@unit
def got_on(ctx: Context, key: str) -> None:
    """Note that a job that is running has done a part for good: what kills its process later is its first failure."""
    ctx.session.execute(update(JobRow).where(JobRow.key == key, JobRow.attempts > 1).values(attempts=1))


@unit
def tidy(ctx: Context) -> int:
    """Set the jobs of owners that are gone aside, bring those of returned ones back, bury what kills its process.

    Returns how many changed.
    """
    owners = ["core", *house().registry.owners()]
    away = update(JobRow).where(JobRow.state == "ready", JobRow.owner.not_in(owners))
    back = update(JobRow).where(JobRow.state == "parked", JobRow.owner.in_(owners))
    moved = ctx.session.execute(away.values(state="parked", **_FREE)).rowcount  # type: ignore[attr-defined]
    moved += ctx.session.execute(back.values(state="ready")).rowcount  # type: ignore[attr-defined]
    return int(moved) + _bury(ctx)


@unit
def retry(ctx: Context, ids: Iterable[int]) -> int:
    """Give dead (or waiting) jobs a fresh start now and return how many there were."""
    anew = {"state": "ready", "attempts": 0, "run_at": ctx.now}
    free = or_(JobRow.locked_until.is_(None), JobRow.locked_until < ctx.now)
    done = ctx.session.execute(update(JobRow).where(JobRow.id.in_(list(ids)), free).values(anew))
    wake_after(ctx)
    return int(done.rowcount)  # type: ignore[attr-defined]


@unit
def discard(ctx: Context, ids: Iterable[int]) -> int:
    """Remove dead or parked jobs for good and return how many there were."""
    gone = delete(JobRow).where(JobRow.id.in_(list(ids)), JobRow.state != "ready")
    return int(ctx.session.execute(gone).rowcount)  # type: ignore[attr-defined]


def wait(attempts: int) -> timedelta:
    """Return how long to wait after so many tries: the ladder, give or take a tenth."""
    seconds = LADDER[attempts - 1] if 0 < attempts <= len(LADDER) else LATER
    return timedelta(seconds=seconds * random.uniform(0.9, 1.1))  # noqa: S311 (spreads load, protects nothing)


def counts(ctx: Context) -> Mapping[str, int]:
    """Return how many jobs there are by state, and how many of the ready ones are due."""
    found = {"ready": 0, "dead": 0, "parked": 0, "due": 0, "running": 0}
    running = func.coalesce(func.sum(case((JobRow.locked_until >= ctx.now, 1), else_=0)), 0)
    due = func.coalesce(func.sum(case((JobRow.run_at <= ctx.now, 1), else_=0)), 0)
    for state, count, active, late in ctx.session.execute(
        select(JobRow.state, func.count(), running, due).group_by(JobRow.state)
    ):
        found[state] = count
        if state == "ready":
            found["running"], found["due"] = active, late - active
    return found


def oldest_due(ctx: Context) -> timedelta:
    """Return how long the longest-waiting job of an enabled owner has been due without being run."""
    at = ctx.session.execute(
        select(func.min(JobRow.run_at)).where(*_open(ctx), JobRow.run_at <= ctx.now)
    ).scalar()
    return ctx.now - at if at is not None else timedelta()


_FREE: dict[str, Any] = {"token": None, "locked_until": None}


def _open(ctx: Context) -> tuple[Any, ...]:
    enabled = house().registry.enabled
    owners = ["core", *(owner for owner in house().registry.owners() if enabled(owner))]
    free = or_(JobRow.locked_until.is_(None), JobRow.locked_until < ctx.now)
    alive = JobRow.attempts < JobRow.max_attempts
    return (JobRow.state == "ready", free, alive, JobRow.owner.in_(owners))


def _due(ctx: Context, without: tuple[str, ...]) -> Select[Any]:
    """The jobs that may run now: of a lane only the first, and only while none of it is running."""
    other = aliased(JobRow)
    earlier = or_(other.id < JobRow.id, other.locked_until >= ctx.now)
    blocked = exists().where(
        other.lane == JobRow.lane, other.state == "ready", other.id != JobRow.id, earlier
    )
    query = select(JobRow.id).where(
        *_open(ctx), JobRow.run_at <= ctx.now, or_(JobRow.lane.is_(None), ~blocked)
    )
    if without:
        query = query.where(JobRow.name.not_in(without))
    return query.order_by(JobRow.priority, JobRow.run_at, JobRow.id)


def _bury(ctx: Context) -> int:
    lost = and_(JobRow.state == "ready", JobRow.attempts >= JobRow.max_attempts)
    free = or_(JobRow.locked_until.is_(None), JobRow.locked_until < ctx.now)
    words = "The process ended while it ran this, again and again."
    dead = update(JobRow).where(lost, free).values(state="dead", error=words, **_FREE)
    return int(ctx.session.execute(dead).rowcount)  # type: ignore[attr-defined]


def _asked_again(statement: Any, ctx: Context) -> dict[str, Any]:
    new = statement.excluded
    running = and_(JobRow.state == "ready", JobRow.locked_until >= ctx.now)
    dead = JobRow.state != "ready"
    return {
        "args": new.args,
        "user_id": new.user_id,
        "caused_by": new.caused_by,
        "depth": new.depth,
        "state": "ready",
        "again": case((running, True), else_=False),
        "attempts": case((dead, 0), else_=JobRow.attempts),
        "run_at": case(
            (or_(dead, running), new.run_at), (JobRow.run_at < new.run_at, JobRow.run_at), else_=new.run_at
        ),
    }


def _operation(ctx: Context) -> int | None:
    held = current(ctx.session)
    found = held.memory.get("operation") if held is not None else None
    return found.id if found is not None else None
