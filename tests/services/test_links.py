"""Links work once, for a while, and only as long as the account is what it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.kernel.errors import Invalid
from app.models import Secret, User
from app.services import links
from app.testing.factories import Make


def issued(make: Make) -> tuple[Any, User, str]:
    """A context, a user and the token of a reset link."""
    user = make.user()
    ctx = make.ctx()
    return ctx, user, links.issue(ctx, links.RESET, ctx.session.get_one(User, user.id), {"note": 1})


def test_a_link_works_once(make: Make) -> None:
    ctx, user, token = issued(make)
    found = links.use(ctx, links.RESET, token)
    assert (found.user_id, found.data) == (user.id, {"note": 1})
    with pytest.raises(Invalid):
        links.use(ctx, links.RESET, token)


def test_only_the_hash_is_kept(make: Make) -> None:
    ctx, _user, token = issued(make)
    row = ctx.session.execute(select(Secret)).scalar_one()
    assert len(token) >= 43
    assert token not in repr(vars(row))


def test_a_link_is_for_one_purpose(make: Make) -> None:
    ctx, _user, token = issued(make)
    with pytest.raises(Invalid):
        links.use(ctx, links.INVITE, token)


def test_a_link_ends_with_its_time(make: Make) -> None:
    ctx, _user, token = issued(make)
    ctx.now += timedelta(minutes=30)
    with pytest.raises(Invalid):
        links.find(ctx, links.RESET, token)


def test_a_new_link_ends_the_former(make: Make) -> None:
    ctx, user, token = issued(make)
    links.issue(ctx, links.RESET, ctx.session.get_one(User, user.id))
    with pytest.raises(Invalid):
        links.find(ctx, links.RESET, token)


@pytest.mark.parametrize(
    "change",
    [
        lambda user: setattr(user, "password_hash", "another"),
        lambda user: setattr(user, "email", "other@acme.pt"),
        lambda user: setattr(user, "active", False),
    ],
)
def test_a_link_dies_with_a_change_of_its_user(make: Make, change: Callable[[User], None]) -> None:
    ctx, user, token = issued(make)
    with ctx.unit():
        change(ctx.session.get_one(User, user.id))
    with pytest.raises(Invalid):
        links.find(ctx, links.RESET, token)


def test_a_link_dies_with_its_user(make: Make) -> None:
    ctx, user, token = issued(make)
    with ctx.unit():
        ctx.session.delete(ctx.session.get_one(User, user.id))
    with pytest.raises(Invalid):
        links.find(ctx, links.RESET, token)
