"""Work that is tried and taken back: nothing stays of it but what was learnt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from app.kernel.context import Context
from app.kernel.errors import Invalid, KithError


class _Enough(Exception):
    """Ends a unit that must leave no trace."""


@contextmanager
def taken_back(ctx: Context) -> Iterator[None]:
    """Open a unit that is rolled back at its end, with the topics it would have told the page."""
    topics = list(ctx.topics)
    try:
        with ctx.unit(savepoint=True):
            yield
            raise _Enough
    except _Enough:
        pass
    finally:
        ctx.topics[:] = topics


def problems(ctx: Context, work: Callable[[], Any]) -> Mapping[str, str]:
    """Try a change and return the sentences of the Invalid that it raised, by field; none when it would be done.

    What else may be in its way (somebody refuses, a right is missing) is left to the change itself to say.
    """
    try:
        with taken_back(ctx):
            work()
    except Invalid as error:
        return error.problems
    except KithError:
        return {}
    return {}
