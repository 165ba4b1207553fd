"""Run contributed code: savepoint, timing, policy, blame. The only way in which the core calls a plugin.

`run` answers with the value, or with a Failure that the surface shows in its own way. What happened is told to a sink
(the host installs one) and written to the plugin's own logger, `kith.plugin.<owner>`.
"""

from __future__ import annotations

import logging
import secrets
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, StrEnum
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

from app.kernel.errors import GuardedFailure, KithError, PluginError, Refuse

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, SessionTransaction

T = TypeVar("T")

SLOW_S = 5.0
"""A call that takes longer counts as a fault, and decoration is then left out for PAUSE_S."""

PAUSE_S = 600.0
IN_ERROR = 3
"""psycopg's transaction status INERROR (libpq's PQTRANS_INERROR)."""

IGNORED = "ignored that a statement failed. Let the error pass, or put a savepoint around it."
REMEMBERED = 2000
"""Timings are kept for so many different items of the process; each keeps its last 128 calls."""


class Policy(StrEnum):
    """What a failure means to those who look at the surface."""

    DROP = "drop"  # the item is left out, a small card says so
    BLANK = "blank"  # a mark in place of the value
    FAIL = "fail"  # this request fails, others do not
    CLOSED = "closed"  # counts as "no"
    CONTINUE = "continue"  # logged, the operation goes on
    RETRY = "retry"  # tried again later, in the end a dead letter
    INCOMPLETE = "incomplete"  # the request is never reported as done
    BROKEN = "broken"  # everything the plugin declared is withdrawn


class Surface(Enum):
    """Where contributed code runs: name, policy, and whether it may open write units of its own."""

    PANEL = ("panel", Policy.DROP, False)
    CARD = ("card", Policy.DROP, False)
    TIMELINE = ("timeline", Policy.DROP, False)
    BADGE = ("badge", Policy.DROP, False)
    WHEN = ("when", Policy.DROP, False)
    SEARCH = ("search", Policy.DROP, False)
    REPORT = ("report", Policy.DROP, False)
    HEALTH = ("health", Policy.DROP, False)
    FILTER = ("filter", Policy.BLANK, False)
    FIELD = ("field", Policy.BLANK, False)
    SAVE = ("save", Policy.FAIL, True)
    ACTION = ("action", Policy.FAIL, True)
    PAGE = ("page", Policy.FAIL, True)
    API = ("api", Policy.FAIL, True)
    COMMAND = ("command", Policy.FAIL, True)
    SERVICE = ("service", Policy.FAIL, True)
    BEFORE = ("before", Policy.CONTINUE, True)
    LIFECYCLE = ("lifecycle", Policy.CONTINUE, True)
    DEMO = ("demo", Policy.CONTINUE, True)
    AFTER = ("after", Policy.RETRY, True)
    JOB = ("job", Policy.RETRY, True)
    ROW_RULE = ("row rule", Policy.CLOSED, False)
    PERMISSION = ("permission", Policy.CLOSED, False)
    AUTHENTICATE = ("authenticate", Policy.CLOSED, True)
    PRIVACY = ("privacy", Policy.INCOMPLETE, True)
    SETUP = ("setup", Policy.BROKEN, True)
    BOOT = ("boot", Policy.BROKEN, True)

    def __init__(self, title: str, policy: Policy, writes: bool) -> None:
        self.title = title
        self.policy = policy
        self.writes = writes
        self.patient = title in {"job", "command", "lifecycle", "demo", "privacy", "boot", "setup"}


@dataclass(frozen=True, slots=True)
class Failure:
    """What `run` answers in place of a value: who failed where, and the number under which the log has it."""

    incident: str
    owner: str
    surface: Surface
    item: str

    @property
    def label(self) -> str:
        """The plugin's name for people."""
        return str(_installed.labels.get(self.owner) or self.owner)

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Fault:
    """What the sink is told: a failure, or (without `error`) a call that took too long. `seconds` is its duration."""

    owner: str
    surface: Surface
    item: str
    incident: str
    seconds: float
    error: BaseException | None
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(slots=True)
class _Installed:
    sink: Callable[[Fault], None] | None = None
    strict: bool = False
    trace: bool = False
    passes: tuple[type[BaseException], ...] = ()
    labels: Mapping[str, Any] = ()  # type: ignore[assignment]


_installed = _Installed(labels={})
_acting: ContextVar[str] = ContextVar("acting", default="core")
_paused: dict[tuple[str, Surface, str], tuple[float, str]] = {}
_times: defaultdict[tuple[str, Surface, str], deque[float]] = defaultdict(lambda: deque(maxlen=128))


def install(
    *,
    sink: Callable[[Fault], None] | None,
    strict: bool = False,
    trace: bool = False,
    passes: tuple[type[BaseException], ...] = (),
    labels: Mapping[str, Any] | None = None,
) -> None:
    """Set what the guard tells its faults to, and how strict it is (the host does this once at boot).

    `strict` re-raises every failure; `trace` logs every call; `passes` are the exceptions by which a page answers
    (HTTP errors); `labels` maps owners to their names for people.
    """
    _installed.sink, _installed.strict, _installed.trace = sink, strict, trace
    _installed.passes, _installed.labels = passes, labels or {}
    _paused.clear()


def run(
    call: Callable[..., T],
    /,
    *args: Any,
    owner: str,
    surface: Surface,
    item: str,
    session: Session | None = None,
) -> T | Failure:
    """Call contributed code and return its value, or a Failure when it failed.

    With a `session` in a write unit the call stands in a savepoint, which is rolled back when it fails. A read needs
    none: when it fails so that PostgreSQL takes no more statements, the page goes on in a new transaction. Raises Refuse untouched; on surfaces that fail the request also the errors by which code answers
    (NotAllowed, Invalid, HTTP errors), uncounted; GuardedFailure when the code ended the core's transaction.
    """
    key = (owner, surface, item)
    if _paused and (incident := _pause_of(key)):
        return Failure(incident, owner, surface, item)
    nested = _savepoint(session) if session is not None else None
    reading = session.get_transaction() if session is not None and nested is None else None
    begun = _begun(session) if reading is not None else 0
    started = perf_counter()
    former = _acting.set(owner)
    try:
        value = call(*args)
        if nested is not None:
            _release(session, nested, owner)  # type: ignore[arg-type]
        elif reading is not None and _aborted(session):
            raise PluginError(owner, IGNORED)
    except (Exception, SystemExit) as error:
        seconds = perf_counter() - started
        intact = _undo(session, nested)
        if _is_answer(error, surface):
            raise
        return _failed(key, error, seconds, intact)
    except BaseException:
        _undo(session, nested)
        raise
    finally:
        _acting.reset(former)
    seconds = perf_counter() - started
    ended = reading is not None and session.get_transaction() is not reading  # type: ignore[union-attr]
    if ended and not surface.writes and _begun(session) == begun:
        _ended_read(key, seconds)
    if key in _times or len(_times) < REMEMBERED:
        _times[key].append(seconds)
    if seconds > SLOW_S and not surface.patient:
        _too_slow(key, seconds)
    if _installed.trace:
        _log(owner).info("%s %s took %.1f ms and returned %.200r", surface.title, item, seconds * 1000, value)
    return value


def must(
    call: Callable[..., T],
    /,
    *args: Any,
    owner: str,
    surface: Surface,
    item: str,
    session: Session | None = None,
) -> T:
    """Like `run`, for surfaces where a failure fails the request: raises GuardedFailure instead of answering."""
    value = run(call, *args, owner=owner, surface=surface, item=item, session=session)
    if isinstance(value, Failure):
        raise GuardedFailure(owner, surface.title, item, value.incident)
    return value


def acting() -> str:
    """Return whose code runs just now: the owner of the innermost guarded call, "core" outside of any."""
    return _acting.get()


def times(owner: str) -> Mapping[tuple[Surface, str], tuple[float, ...]]:
    """Return the durations in seconds of an owner's latest calls in this process, by surface and item."""
    return {
        (surface, item): tuple(found) for (who, surface, item), found in list(_times.items()) if who == owner
    }


def forgive(owner: str = "") -> None:
    """End the pauses of an owner (of all without one): it was enabled anew, or an administrator says it is well again."""
    for key in [key for key in _paused if owner in ("", key[0])]:
        _paused.pop(key, None)


def refuse_commit(session: Session) -> None:
    """Stop contributed code from committing what the core has half done (a listener for `before_commit`).

    Raises PluginError unless the transaction being committed is a savepoint of the code's own.
    """
    held = session.info.get("guarded")
    if held and session.get_nested_transaction() is held[-1]:
        raise PluginError(
            "plugin", "called commit. Write within `with ctx.unit():`, which commits at its end."
        )


# ---------------------------------------------------------------- savepoints


def _savepoint(session: Session) -> SessionTransaction | None:
    if session.info.get("unit") is None:
        return None
    nested = session.begin_nested()
    session.info["guarded"] = (*session.info.get("guarded", ()), nested)
    return nested


def _release(session: Session, nested: SessionTransaction, owner: str) -> None:
    if not _holds(session, nested):
        raise PluginError(owner, "ended the transaction of the core; it must neither commit nor roll back.")
    session.flush()  # while the savepoint still counts as the plugin's: what it left behind must be storable
    if _aborted(session):
        raise PluginError(owner, IGNORED)
    session.info["guarded"] = session.info["guarded"][:-1]
    nested.commit()


def _aborted(session: Session | None) -> bool:
    """Whether PostgreSQL takes no more statements: a release would fail, and the core's commit silently roll back."""
    if session is None or session.get_transaction() is None:
        return False
    if "dialect" not in session.info:
        session.info["dialect"] = session.get_bind().dialect.name
    if session.info["dialect"] != "postgresql":
        return False
    info = getattr(session.connection().connection.driver_connection, "info", None)
    return info is not None and info.transaction_status == IN_ERROR


def _undo(session: Session | None, nested: SessionTransaction | None) -> bool:
    """Roll back what the call left behind; False when it was too late: the unit had gone with the core's own work."""
    if session is None:
        return True
    if nested is None:
        _drop_pending(session)
        if session.info.get("unit") is None and _aborted(session):
            session.rollback()
            session.info["begun anew"] = _begun(session) + 1
        return True
    held = session.info.get("guarded", ())
    session.info["guarded"] = tuple(other for other in held if other is not nested)
    if not _holds(session, nested):
        return session.info.get("unit") is None
    nested.rollback()
    return True


def _begun(session: Session | None) -> int:
    """Return how often a page had to go on in a new transaction, since a read had failed."""
    return session.info.get("begun anew", 0) if session is not None else 0


def _holds(session: Session, nested: SessionTransaction) -> bool:
    found = session.get_nested_transaction()
    while found is not None and found is not nested:
        found = found.parent
    return found is nested


def _drop_pending(session: Session) -> None:
    """Forget objects that a failed read left in the session, or the core's next query would try to store them."""
    if session.info.get("unit") is not None:
        return
    for found in list(session.new):
        session.expunge(found)
    for found in list(session.deleted):
        session.add(found)
    for found in list(session.dirty):
        session.expire(found)


# ---------------------------------------------------------------- failures


def _is_answer(error: BaseException, surface: Surface) -> bool:
    """Whether an exception is how code answers, or a failure of the house itself: passed on, never counted."""
    if isinstance(error, Refuse) or getattr(error, "connection_invalidated", False):
        return True
    if surface.policy is not Policy.FAIL:
        return False
    answers = isinstance(error, KithError) and not isinstance(error, PluginError)
    return answers or isinstance(error, _installed.passes)


def _failed(key: tuple[str, Surface, str], error: BaseException, seconds: float, intact: bool) -> Failure:
    owner, surface, item = key
    if isinstance(error, GuardedFailure):  # a plugin further in failed, and was counted there
        failure = Failure(error.incident, error.owner, surface, item)
    else:
        failure = Failure(secrets.token_hex(4).upper(), owner, surface, item)
        _log(owner).error("%s %s failed (incident %s)", surface.title, item, failure.incident, exc_info=error)
        _tell(Fault(owner, surface, item, failure.incident, seconds, error))
        if seconds > SLOW_S:  # a query that ran into the database's limit, say
            _leave_out(key, failure.incident)
    if _installed.strict:
        raise error
    if not intact:
        _log(owner).critical(
            "%s %s ended the transaction of the core; the operation is stopped", surface.title, item
        )
        raise GuardedFailure(owner, surface.title, item, failure.incident) from error
    return failure


def _too_slow(key: tuple[str, Surface, str], seconds: float) -> None:
    owner, surface, item = key
    incident = secrets.token_hex(4).upper()
    _log(owner).warning("%s %s took %.1f s (incident %s)", surface.title, item, seconds, incident)
    _leave_out(key, incident)
    _tell(Fault(owner, surface, item, incident, seconds, None))


def _leave_out(key: tuple[str, Surface, str], incident: str) -> None:
    """Let decoration that holds everybody up rest for a while."""
    if key[1].policy in {Policy.DROP, Policy.BLANK}:
        _paused[key] = (monotonic() + PAUSE_S, incident)


def _ended_read(key: tuple[str, Surface, str], seconds: float) -> None:
    owner, surface, item = key
    error = PluginError(
        owner, "ended the transaction in which the page is read; it must neither commit nor roll back."
    )
    incident = secrets.token_hex(4).upper()
    _log(owner).error("%s %s: %s (incident %s)", surface.title, item, error, incident)
    _tell(Fault(owner, surface, item, incident, seconds, error))


def _pause_of(key: tuple[str, Surface, str]) -> str:
    until, incident = _paused.get(key, (0.0, ""))
    if incident and until <= monotonic():
        _paused.pop(key, None)
        return ""
    return incident


def _tell(fault: Fault) -> None:
    if _installed.sink is not None:
        _installed.sink(fault)


def _log(owner: str) -> logging.Logger:
    return logging.getLogger(f"kith.plugin.{owner}")
