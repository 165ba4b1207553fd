"""The worker: threads that take jobs, and a beat that keeps leases, schedules and time limits.

It runs inside `kith serve`, or alone as `kith worker`; both at once do no harm.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.database import Busy
from app.kernel.context import Context
from app.models import AuditRow
from app.services import audit, context, jobs, running, schedules
from app.services.jobs import Claim
from app.services.running import Result

log = logging.getLogger("kith.worker")

POLL_S = 1.0
AT_ONCE_S = 0.2
RENEW_S, TICK_S, SEAL_S, TIDY_S = 15.0, 5.0, 5.0, 60.0
GRACE_S = 5.0
"""How long after its end a job may still stop by itself, before its thread is given up."""

MOST_STUCK = 8


@dataclass
class Running:
    """A job in a thread of this process."""

    claim: Claim
    ends: float
    given_up: bool = False


class Worker:
    """Does what is to be done later. Without `start` it only delivers right after a commit and runs on demand."""

    def __init__(self, app: Flask, *, threads: int = 2) -> None:
        self.app = app
        self._count = threads
        self._threads: list[threading.Thread] = []
        self._wakes: list[threading.Event] = []
        self._stop = threading.Event()
        self._running: dict[int, Running] = {}
        self._mutex = threading.Lock()
        self._seen: dict[str, str] = {}
        self._last_took: dict[str, float] = {}
        self._local = threading.local()
        self._stuck = 0

    # ---------------------------------------------------------------- from outside

    def start(self) -> None:
        """Start the threads; they are daemons, so that a stuck one never keeps the process alive."""
        self._stop.clear()
        for number in range(self._count):
            self._spawn(quick=number > 0)
        self._thread(self._beat, "beat")

    def stop(self, timeout: float = 25.0) -> bool:
        """Take no more jobs and wait for those that run; False when one did not end in time (its lease will)."""
        self._stop.set()
        self.wake()
        end = monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, end - monotonic()))
        left = [one.claim.name for one in self._running.values() if not one.given_up]
        if left:
            log.warning("left unfinished, to be run again: %s", ", ".join(left))
        return not left

    def wake(self) -> None:
        """Look for work now."""
        for event in self._wakes:
            event.set()

    def deliver(self, claims: Sequence[Claim]) -> None:
        """Deliver what was just committed within 200 ms in total; the rest goes to the queue. Never raises."""
        outer = getattr(self._local, "end", None)
        end = outer if outer is not None else monotonic() + AT_ONCE_S
        self._local.end = end
        results: list[tuple[Claim, Result]] = []
        left: list[Claim] = []
        try:
            for claim in claims:
                if monotonic() + self._last_took.get(claim.name, 0.0) > end:
                    left.append(claim)
                else:
                    results.append((claim, self._timed(claim)))
            self._settle(results, left)
        except Exception:
            log.exception("what was to be delivered at once is left to the worker")
        finally:
            self._local.end = outer

    def run_all(self, limit: int = 10_000) -> int:
        """Run what is due, here and now, until nothing is left; how many jobs were run."""
        for count in range(limit):
            if not self._one(without=()):
                return count
        return limit

    # ---------------------------------------------------------------- the threads

    def _spawn(self, *, quick: bool) -> None:
        wake = threading.Event()
        self._wakes.append(wake)
        self._thread(lambda: self._loop(wake, quick), "quick" if quick else "work")

    def _thread(self, call: Callable[[], None], name: str) -> None:
        thread = threading.Thread(target=call, name=f"kith-{name}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _loop(self, wake: threading.Event, quick: bool) -> None:
        with self.app.app_context():
            without = running.slow_names() if quick else ()
        pause = Pause()
        while not self._stop.is_set():
            wake.clear()
            try:
                busy = self._one(without=without)
                pause.over()
            except _Abandoned:
                self._wakes.remove(wake)
                return
            except Exception as error:
                pause.longer(error)
                self._stop.wait(pause.seconds)
                continue
            if not busy:
                wake.wait(POLL_S)

    def _one(self, *, without: Sequence[str]) -> bool:
        mine = self._in_house(lambda ctx: self._next(ctx, without))
        if mine is None:
            return False
        claim = mine.claim
        with self._mutex:
            self._running[claim.id] = mine
        try:
            result = self._timed(claim)
        finally:
            with self._mutex:
                if not mine.given_up:
                    self._running.pop(claim.id, None)
        if mine.given_up:
            raise _Abandoned
        self._settle([(claim, result)], [])
        return True

    def _next(self, ctx: Context, without: Sequence[str]) -> Running | None:
        found = jobs.claim(ctx, without=without)
        return Running(found[0], monotonic() + running.timeout_of(found[0])) if found else None

    def _timed(self, claim: Claim) -> Result:
        started = monotonic()
        result = running.run(self.app, claim)
        self._last_took[claim.name] = monotonic() - started
        return result

    def _settle(self, results: Sequence[tuple[Claim, Result]], left: Sequence[Claim]) -> None:
        def settle(ctx: Any) -> None:
            with ctx.unit():
                jobs.finish(ctx, [claim for claim, result in results if not result.error])
                for claim, result in results:
                    if result.error and jobs.fail(ctx, claim, result.error, final=result.final):
                        log.error("%s (job %d) is given up: %s", claim.name, claim.id, result.error)
                    schedules.ran(ctx, claim, result.error)
                jobs.release(ctx, left)

        self._in_house(settle)

    def _in_house(self, call: Callable[[Any], Any]) -> Any:
        with self.app.app_context():
            return call(context.as_system("the worker"))

    # ---------------------------------------------------------------- the beat

    def _beat(self) -> None:
        every = {self._renew: RENEW_S, self._tick: TICK_S, self._seal: SEAL_S, self._tidy: TIDY_S}
        due = dict.fromkeys(every, 0.0)
        pause = Pause()
        while not self._stop.wait(POLL_S):
            self._give_up()
            for call, at in due.items():
                if monotonic() < at:
                    continue
                due[call] = monotonic() + every[call]
                try:
                    call()
                    pause.over()
                except Exception as error:
                    pause.longer(error)

    def _renew(self) -> None:
        with self._mutex:
            held = [one.claim for one in self._running.values() if not one.given_up]
        if held:
            self._in_house(lambda ctx: jobs.renew(ctx, held))

    def _tick(self) -> None:
        if self._in_house(lambda ctx: schedules.tick(ctx, self._seen)):
            self.wake()

    def _seal(self) -> None:
        self._in_house(seal_newest)

    def _tidy(self) -> None:
        self._in_house(jobs.tidy)
        self._in_house(audit.seal)

    def _give_up(self) -> None:
        """Fail jobs that went far beyond their time; a thread cannot be killed, so another one takes its place."""
        with self._mutex:
            late = [
                one for one in self._running.values() if monotonic() > one.ends + GRACE_S and not one.given_up
            ]
            for one in late:
                one.given_up = True
                self._running.pop(one.claim.id, None)
        for one in late:
            self._stuck += 1
            log.error("%s (job %d) does not end; its thread is given up", one.claim.name, one.claim.id)
            self._settle([(one.claim, Result("It did not end within its time."))], [])
            if self._stuck <= MOST_STUCK:
                self._spawn(quick=False)


def seal_newest(ctx: Context) -> None:
    """Chain the audit rows that were written since; the newest row tells whether there are any (DECISIONS 21)."""
    newest = ctx.session.execute(select(AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)).scalar()
    if newest == "":
        audit.seal(ctx)


class Pause:
    """Waits longer after each failure, and tells once of a database that does not answer."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def longer(self, error: Exception) -> None:
        """Note a failure: 1, 2, 4 … at most 10 seconds."""
        if not isinstance(error, SQLAlchemyError | Busy):
            log.error("the worker failed and goes on", exc_info=error)
        elif not self.seconds:
            log.warning("the database does not answer; the worker tries again: %s", error)
        self.seconds = min(10.0, self.seconds * 2 or 1.0)

    def over(self) -> None:
        """Note that it works (again)."""
        if self.seconds:
            log.info("the worker works again")
        self.seconds = 0.0


class _Abandoned(Exception):
    """This thread was given up while it ran a job; another one took its place."""
