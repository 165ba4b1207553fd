"""Schedules: "daily 06:00", "every 15m", cron. Each slot is enqueued once, however many processes look.

Slots are instants; the last one is remembered in the database. After a downtime only the latest missed slot is run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from sqlalchemy import select, update

from app.house import house
from app.kernel.context import Context
from app.kernel.contributions import Job
from app.models import ScheduleState
from app.services import jobs
from app.services.unit import unit

EVERY = re.compile(r"every (\d+) ?(s|m|h|d)")
DAILY = re.compile(r"daily (\d{1,2}):(\d\d)")
WEEKLY = re.compile(r"weekly (mon|tue|wed|thu|fri|sat|sun) (\d{1,2}):(\d\d)")
SETTING = re.compile(r"daily @(\w+)")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
AHEAD = timedelta(hours=2)
"""A last slot further ahead than this and than the slot after next was written by a clock that ran wrong."""


@dataclass(frozen=True, kw_only=True)
class Scheduled:
    """A scheduled job as the administrator sees it; `next_at` is None while it is paused."""

    job: Job
    text: str
    paused: bool
    next_at: datetime | None
    last_done_at: datetime | None
    last_started_at: datetime | None
    last_error: str


def text_of(job: Job) -> str:
    """Return a job's schedule with "daily @key" replaced by the time in that setting; "" when there is none."""
    text = job.schedule or ""
    if found := SETTING.fullmatch(text):
        at = getattr(house().config, found[1])
        return f"daily {at}" if at else ""
    return text


def latest(text: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return the newest slot of a schedule that is not after `now`. Raises ValueError for one that is none."""
    if found := EVERY.fullmatch(text):
        step = _step(found)
        return datetime.fromtimestamp(now.timestamp() // step * step, UTC)
    return _first(text, zone, now + timedelta(seconds=1), reverse=True)


def upcoming(text: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return the first slot of a schedule after `now`. Raises ValueError for one that is none."""
    if found := EVERY.fullmatch(text):
        step = _step(found)
        return datetime.fromtimestamp((now.timestamp() // step + 1) * step, UTC)
    return _first(text, zone, now, reverse=False)


def scheduled(ctx: Context) -> Sequence[Job]:
    """Return the jobs of enabled owners that have a schedule now."""
    return [job for job in house().registry.all(Job) if text_of(job)]


def tick(ctx: Context, seen: dict[str, str]) -> int:
    """Enqueue the jobs whose slot has come and return how many; `seen` spares the database between slots."""
    started = 0
    for job in scheduled(ctx):
        slot = _slot(ctx, job)
        if slot and seen.get(job.key) != slot:
            started += _take(ctx, job, slot)
            seen[job.key] = slot
    return started


def overview(ctx: Context) -> Sequence[Scheduled]:
    """Return every scheduled job with what is known of its runs, in boot order."""
    states = {row.name: row for row in ctx.session.execute(select(ScheduleState)).scalars()}
    return [_scheduled(ctx, job, states) for job in scheduled(ctx)]


@unit
def pause(ctx: Context, name: str, paused: bool) -> None:
    """Stop a schedule, or let it go on with its next slot. Raises LookupError for a name that has no schedule."""
    job = next((job for job in scheduled(ctx) if job.key == name), None)
    if job is None:
        raise LookupError(name)
    state = _state(ctx, name) or _remember(ctx, name, "")
    state.paused = paused
    state.last_slot = _slot(ctx, job) or state.last_slot


def ran(ctx: Context, claim: jobs.Claim, error: str) -> None:
    """Remember how a run of a scheduled job ended, within the open unit; nothing for other jobs."""
    job = jobs.declared(claim.name)
    if job is None or not job.schedule:
        return
    ended = {"last_error": error} if error else {"last_error": "", "last_done_at": ctx.now}
    ctx.session.execute(
        update(ScheduleState)
        .where(ScheduleState.name == claim.name)
        .values(last_started_at=claim.started_at, **ended)
    )


@unit
def _take(ctx: Context, job: Job, slot: str) -> int:
    state = _state(ctx, job.key)
    if state is None:
        _remember(ctx, job.key, slot)
        return 0
    if state.last_slot > _farthest(ctx, job):
        state.last_slot = slot
        return 0
    if state.last_slot >= slot:
        return 0
    state.last_slot = slot
    if state.paused:
        return 0
    key = f"schedule:{job.key}" if job.unique else f"schedule:{job.key}@{slot}"
    jobs.enqueue(ctx, job.key, {}, key=key, user_id=None)
    return 1


def _farthest(ctx: Context, job: Job) -> str:
    text, zone = text_of(job), site_zone(ctx)
    following = upcoming(text, zone, ctx.now) or ctx.now
    return _text(max(ctx.now + AHEAD, upcoming(text, zone, following) or ctx.now))


def _state(ctx: Context, name: str) -> ScheduleState | None:
    query = select(ScheduleState).where(ScheduleState.name == name).with_for_update()
    return ctx.session.execute(query, execution_options={"populate_existing": True}).scalar_one_or_none()


def _remember(ctx: Context, name: str, slot: str) -> ScheduleState:
    """Begin a schedule's memory: what was due before Kith knew of it is not run."""
    values = {"name": name, "last_slot": slot, "paused": False, "last_error": ""}
    ctx.session.execute(jobs.insert_of(ctx, ScheduleState).values(values).on_conflict_do_nothing())
    found = _state(ctx, name)
    assert found is not None
    return found


def _slot(ctx: Context, job: Job) -> str:
    try:
        found = latest(text_of(job), site_zone(ctx), ctx.now)
    except ValueError as error:
        ctx.log.error("the schedule of %s is not understood: %s", job.key, error)
        return ""
    return _text(found) if found else ""


def _scheduled(ctx: Context, job: Job, states: Mapping[str, ScheduleState]) -> Scheduled:
    state, text = states.get(job.key), text_of(job)
    paused = bool(state and state.paused)
    error = state.last_error if state else ""
    try:
        next_at = None if paused else upcoming(text, site_zone(ctx), ctx.now)
    except ValueError as problem:
        next_at, error = None, str(problem)
    return Scheduled(
        job=job,
        text=text,
        paused=paused,
        next_at=next_at,
        last_done_at=state.last_done_at if state else None,
        last_started_at=state.last_started_at if state else None,
        last_error=error,
    )


def site_zone(ctx: Context) -> ZoneInfo:
    """Return the zone in which schedules are written: the site's, whoever asks."""
    try:
        return ZoneInfo(ctx.settings.get("zone") or "UTC")
    except (KeyError, ValueError):
        return ZoneInfo("UTC")


def _step(found: re.Match[str]) -> int:
    step = int(found[1]) * SECONDS[found[2]]
    if not step:
        raise ValueError(f"“{found[0]}” is no schedule: the interval must be longer than nothing.")
    return step


def _cron(text: str) -> str:
    if found := DAILY.fullmatch(text):
        return f"{int(found[2])} {int(found[1])} * * *"
    if found := WEEKLY.fullmatch(text):
        return f"{int(found[3])} {int(found[2])} * * {found[1]}"
    return text


def _first(text: str, zone: ZoneInfo, start: datetime, *, reverse: bool) -> datetime | None:
    try:
        found = next(CronSim(_cron(text), start.astimezone(zone), reverse=reverse), None)
    except CronSimError as error:
        raise ValueError(
            f"“{text}” is no schedule ({error}). Write “daily 06:00”, “every 15m” or a cron expression."
        ) from None
    return found.astimezone(UTC) if found else None


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
