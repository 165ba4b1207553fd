"""Server-side sessions: only hashes kept, ended by time and by every change of standing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.house import house
from app.models import LoginSession, User
from app.services import sessions
from app.testing.factories import Make


@pytest.fixture
def opened(make: Make) -> tuple[Any, int, str]:
    """A context, a user's id, and the token of an open session."""
    user_id, ctx = make.user().id, make.ctx()
    return ctx, user_id, sessions.start(ctx, user_id, sessions.FULL, house().config)


def alive(ctx: Any, token: str, after: timedelta = timedelta()) -> bool:
    """Whether a session is good at a later moment."""
    return sessions.read(ctx.session, token, house().config, ctx.now + after)[0] is not None


def test_only_the_hash_of_the_id_is_kept(opened: tuple[Any, int, str]) -> None:
    ctx, _user, token = opened
    assert len(token) >= 43
    assert token not in repr(vars(ctx.session.execute(select(LoginSession)).scalar_one()))


def test_session_user_and_counters_are_read_in_one_statement(
    opened: tuple[Any, int, str], queries: Any
) -> None:
    ctx, user_id, token = opened
    with queries() as seen:
        entry, epoch = sessions.read(ctx.session, token, house().config, ctx.now)
    assert len(seen) == 1
    assert entry is not None
    assert entry.user_id == user_id
    assert len(epoch) == 4


def test_it_ends_when_idle_and_at_last_anyway(opened: tuple[Any, int, str]) -> None:
    ctx, user_id, token = opened
    row = ctx.session.execute(select(LoginSession.id)).scalar_one()
    assert alive(ctx, token, timedelta(hours=11, minutes=59))
    assert not alive(ctx, token, timedelta(hours=12))
    for day in range(1, 8):
        sessions.seen(ctx, {row: user_id}, ctx.now + timedelta(days=day))
    assert not alive(ctx, token, timedelta(days=7))


def test_unknown_and_empty_tokens_are_nobody(opened: tuple[Any, int, str]) -> None:
    ctx, _user, token = opened
    assert [alive(ctx, t) for t in ("", "x", token[:-1])] == [False] * 3


def test_deactivation_ends_it_with_the_next_request(opened: tuple[Any, int, str]) -> None:
    ctx, user_id, token = opened
    with ctx.unit():
        ctx.session.get_one(User, user_id).active = False
    assert not alive(ctx, token)


def test_ending_all_others_spares_this_one(opened: tuple[Any, int, str]) -> None:
    ctx, user_id, token = opened
    other = sessions.start(ctx, user_id, sessions.FULL, house().config)
    mine, _epoch = sessions.read(ctx.session, token, house().config, ctx.now)
    assert mine is not None
    sessions.end_all(ctx, user_id, but=mine.id)
    assert (alive(ctx, token), alive(ctx, other)) == (True, False)


def test_nobody_ends_somebody_elses_session(make: Make, opened: tuple[Any, int, str]) -> None:
    ctx, _user, token = opened
    row = ctx.session.execute(select(LoginSession.id)).scalar_one()
    sessions.end_one_of(ctx, make.user().id, row)
    assert alive(ctx, token)


def test_a_session_that_waits_for_its_second_step_waits_a_quarter_of_an_hour(make: Make) -> None:
    ctx = make.ctx()
    token = sessions.start(ctx, make.user().id, sessions.SECOND, house().config)
    assert alive(ctx, token, timedelta(minutes=14))
    assert not alive(ctx, token, timedelta(minutes=15))


def test_what_is_over_is_removed(opened: tuple[Any, int, str]) -> None:
    ctx, _user, _token = opened
    ctx.now += timedelta(days=1)
    sessions.purge(ctx, house().config)
    assert ctx.session.execute(select(LoginSession)).first() is None
