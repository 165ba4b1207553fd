"""Runs one claimed job: in a fresh session, as whom it was asked for, through the guard, within its time."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

from flask import Flask, g
from sqlalchemy import Connection, event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from app.house import house
from app.i18n import speaking
from app.kernel.context import Context
from app.kernel.contributions import Job, On, Phase
from app.kernel.errors import KithError, Refuse
from app.kernel.guard import Surface
from app.kernel.guard import run as guard
from app.services import context, jobs, outbox
from app.services.jobs import Claim

log = logging.getLogger("kith.jobs")

DELIVERY_S = 60


class TimeUp(KithError):
    """The job has used up its time; raised at its next step in the database."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a claim stands for: the call, its name and owner for the guard, and how long it may take."""

    call: Callable[[Context], Any]
    owner: str
    item: str
    surface: Surface
    timeout: int
    delivery: bool = False


@dataclass(frozen=True)
class Result:
    """How a run ended: `error` is "" for a success; `final` says that trying again is no use."""

    error: str = ""
    final: bool = False


def work_of(claim: Claim) -> Work | None:
    """Return what a claim stands for, or None when nobody declares it any more.

    The arguments are read inside the call: a row that is no JSON fails alone.
    """
    if claim.name.startswith(outbox.PREFIX):
        on = outbox.subscriptions().get(claim.name)
        if on is None:
            return None
        return Work(
            call=lambda ctx: _tell(ctx, on, claim),
            owner=on.owner,
            item=on.key or claim.name,
            surface=Surface.AFTER if on.phase is Phase.AFTER else Surface.JOB,
            timeout=DELIVERY_S,
            delivery=True,
        )
    job = jobs.declared(claim.name)
    if job is None:
        return None
    return Work(
        call=lambda ctx: job.run(ctx, json.loads(claim.args)),
        owner=job.owner,
        item=job.key,
        surface=Surface.JOB,
        timeout=job.timeout,
    )


def _tell(ctx: Context, on: On, claim: Claim) -> None:
    if told := outbox.read(ctx, json.loads(claim.args), on):
        on.run(ctx, told)


def timeout_of(claim: Claim) -> int:
    """Return how many seconds a claim may take."""
    work = work_of(claim)
    return work.timeout if work else DELIVERY_S


def slow_names() -> tuple[str, ...]:
    """Return the jobs that may take longer than a minute: one thread of each worker never takes them."""
    return tuple(job.key for job in house().registry.loaded(Job) if job.timeout > DELIVERY_S)


def run(app: Flask, claim: Claim) -> Result:
    """Run a claim to its end and tell how it ended; never raises for what the job does."""
    with app.app_context():
        work = work_of(claim)
        if work is None:
            return Result(
                "Nothing declares this job any more. Discard it, or install what declared it.", True
            )
        try:
            ctx = _context(claim, work)
        except LookupError as error:
            return Result(
                f"It acts for a user who may not act: {error}. Activate the user or discard it.", True
            )
        g.ctx = ctx
        ctx.session.rollback()
        ctx.session.info["deadline"] = monotonic() + work.timeout
        try:
            with speaking(ctx.locale):
                return _guarded(work, ctx)
        finally:
            ctx.session.info.pop("deadline", None)
            ctx.session.rollback()


def _guarded(work: Work, ctx: Context) -> Result:
    caught: list[BaseException] = []

    def call() -> None:
        try:
            work.call(ctx)
        except Exception as error:
            caught.append(error)
            raise

    try:
        if work.owner == "core":
            call()
        else:
            guard(call, owner=work.owner, surface=work.surface, item=work.item, session=ctx.session)
    except Refuse as error:
        return Result(str(error), True)
    except Exception as error:
        log.warning("%s failed: %s", work.item, error, exc_info=not isinstance(error, KithError | OSError))
        return Result(_words(error))
    return Result(_words(caught[0])) if caught else Result()


def _words(error: BaseException) -> str:
    """What people read: sentences as they are, everything else with its kind."""
    said = str(error).strip()
    sentence = isinstance(error, KithError) or (type(error) is OSError and error.errno is None)
    return said if sentence and said else f"{type(error).__name__}: {said}"


def _context(claim: Claim, work: Work) -> Context:
    """A context as the user who caused it; facts are told even when that user has left, by the system."""
    if claim.user_id is None:
        ctx = context.as_system(claim.name)
    else:
        try:
            ctx = context.for_user(claim.user_id)
        except LookupError:
            if not work.delivery:
                raise
            ctx = context.as_system(f"{claim.name}, for a former user")
    ctx.depth, ctx.caused_by = claim.depth, claim.caused_by
    return ctx


@event.listens_for(Session, "do_orm_execute")
def _in_time(state: ORMExecuteState) -> None:
    _check(state.session)


@event.listens_for(Session, "before_flush")
@event.listens_for(Session, "before_commit")
def _still_in_time(session: Session, *rest: Any) -> None:
    _check(session)


@event.listens_for(Session, "after_begin")
def _limit_statements(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """On PostgreSQL a job's statement may take what is left of the job's time, instead of a request's 15 seconds."""
    end = session.info.get("deadline")
    if end is not None and connection.dialect.name == "postgresql":
        left = max(1, int((end - monotonic()) * 1000))
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {left}")


def _check(session: Session) -> None:
    end = session.info.get("deadline")
    if end is not None and monotonic() > end:
        raise TimeUp("It took longer than it may. What it had not finished was rolled back.")
