"""The transaction. Nobody else calls commit (DECISIONS 1 and 2).

The outermost unit ends the read transaction, takes the write lock, begins and commits; a nested one joins. What is to
happen after the commit is handed to the unit and runs when the lock is free again.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.database import WRITE, Busy, writing
from app.kernel.context import Context

P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C", bound=Context)

RETRIES = 3
RETRY_CODES = {"40001", "40P01"}
"""PostgreSQL: serialisation failure and deadlock; the whole unit is run again."""


class Unit:
    """An open write transaction: what must run before and after its commit."""

    def __init__(self) -> None:
        self.before_commit: list[Callable[[], None]] = []
        self.after_commit: list[Callable[[], None]] = []
        self.memory: dict[str, Any] = {}

    def kept(self) -> tuple[Any, ...]:
        """Return what the unit has taken note of until now, for a savepoint."""
        memory = {k: list(v) if isinstance(v, list) else v for k, v in self.memory.items()}
        return list(self.before_commit), list(self.after_commit), memory

    def forget(self, kept: tuple[Any, ...]) -> None:
        """Forget what was noted since a savepoint that is rolled back: events of what did not happen, say."""
        self.before_commit[:], self.after_commit[:], memory = kept
        self.memory.clear()
        self.memory.update(memory)


MADE, BARE = "made", "bare"
"""What a unit remembers of the records it has made (entity → ids), and of those to which nothing was tied yet."""


def has_made(session: Session, entity: str, ids: Iterable[int], what: str = MADE) -> bool:
    """Tell whether the open unit has made all of these records, so that nothing of theirs needs to be looked for."""
    unit = current(session)
    made: Mapping[str, frozenset[int]] = unit.memory.get(what, {}) if unit is not None else {}
    return made.get(entity, frozenset()).issuperset(ids)


@contextmanager
def bare(session: Session, entity: str, ids: Iterable[int]) -> Iterator[None]:
    """Note that the open unit has just made these records; as long as this lasts nothing is tied to them."""
    unit = current(session)
    if unit is None:
        raise RuntimeError("Records are made within a unit.")
    ids = frozenset(ids)
    made: Mapping[str, frozenset[int]] = unit.memory.get(MADE, {})
    unit.memory[MADE] = {**made, entity: made.get(entity, frozenset()) | ids}
    former = unit.memory.get(BARE, {})
    unit.memory[BARE] = {entity: ids}
    try:
        yield
    finally:
        unit.memory[BARE] = former


EXACT = "exact"


@contextmanager
def exactly(session: Session) -> Iterator[None]:
    """Let values be stored as they were before: none of them is a wish that others have to follow."""
    unit = current(session)
    if unit is None:
        raise RuntimeError("Values are restored within a unit.")
    unit.memory[EXACT] = True
    try:
        yield
    finally:
        unit.memory.pop(EXACT, None)


def is_exact(session: Session) -> bool:
    """Tell whether the open unit restores values (see `exactly`)."""
    unit = current(session)
    return unit is not None and bool(unit.memory.get(EXACT))


def current(session: Session) -> Unit | None:
    """Return the open unit of a session, if any."""
    found: Unit | None = session.info.get("unit")
    return found


@contextmanager
def open_unit(ctx: Context, *, savepoint: bool = False) -> Iterator[Unit]:
    """Join the open unit (within a savepoint if asked) or open one and commit it at the end.

    Raises Busy when the write lock is not granted; whatever is raised inside rolls everything back.
    """
    session = ctx.session
    joined = current(session)
    if joined is not None:
        if savepoint:
            kept = joined.kept()
            try:
                with session.begin_nested():
                    yield joined
            except BaseException:
                joined.forget(kept)
                raise
        else:
            yield joined
        return
    session.rollback()
    unit = Unit()
    with writing(session.get_bind().dialect.name):
        session.info["unit"] = unit
        try:
            _begin(session)
            yield unit
            session.flush()
            for call in unit.before_commit:
                call()
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("unit", None)
    for call in unit.after_commit:
        call()


def _begin(session: Session) -> None:
    try:
        session.connection(execution_options={WRITE: True})
    except OperationalError as error:
        if "locked" in str(error):
            raise Busy("The database is busy. Nothing was changed; try again in a moment.") from error
        raise


def unit(function: Callable[Concatenate[C, P], R]) -> Callable[Concatenate[C, P], R]:
    """Decorate a service function whose first argument is the context: its body is one unit."""

    @functools.wraps(function)
    def wrapped(ctx: C, /, *args: P.args, **kwargs: P.kwargs) -> R:
        if current(ctx.session) is not None:
            return function(ctx, *args, **kwargs)
        for attempt in range(RETRIES):
            try:
                with ctx.unit():
                    return function(ctx, *args, **kwargs)
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) not in RETRY_CODES or attempt == RETRIES - 1:
                    raise
                time.sleep(0.02 * (attempt + 1))
        raise AssertionError("unreachable")

    return wrapped
