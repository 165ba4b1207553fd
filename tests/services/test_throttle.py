"""Tries are counted per key and window, parallel ones too; what is counted is not readable."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.models import Attempt
from app.services import throttle
from app.testing.factories import Make

LIMIT = throttle.Limit("test", 3, timedelta(minutes=15))


def test_the_fourth_try_of_three_is_too_many_until_the_window_is_over(make: Make) -> None:
    ctx = make.ctx()
    for _try in range(3):
        throttle.take(ctx, LIMIT, "Ana@acme.pt")
    with pytest.raises(throttle.TooMany) as caught:
        throttle.take(ctx, LIMIT, "ana@ACME.pt")
    assert 0 < caught.value.retry_after <= 900
    throttle.take(ctx, LIMIT, "bob@acme.pt")
    ctx.now += timedelta(minutes=16)
    throttle.take(ctx, LIMIT, "ana@acme.pt")


def test_a_success_gives_its_try_back_and_a_cleared_key_starts_anew(make: Make) -> None:
    ctx = make.ctx()
    for _try in range(9):
        throttle.take(ctx, LIMIT, "1.2.3.4")
        throttle.give_back(ctx, LIMIT, "1.2.3.4")
    for _try in range(3):
        throttle.take(ctx, LIMIT, "1.2.3.4")
    throttle.clear(ctx, LIMIT, "1.2.3.4")
    throttle.take(ctx, LIMIT, "1.2.3.4")


def test_what_was_typed_is_not_stored(make: Make) -> None:
    ctx = make.ctx()
    throttle.take(ctx, LIMIT, "my password in the wrong box")
    assert "password" not in ctx.session.execute(select(Attempt.key)).scalar_one()


def test_windows_that_are_over_are_removed(make: Make) -> None:
    ctx = make.ctx()
    throttle.take(ctx, LIMIT, "x")
    ctx.now += timedelta(hours=1)
    throttle.purge(ctx)
    assert ctx.session.execute(select(Attempt)).first() is None


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", ""),
    ],
)
def test_an_ipv6_host_counts_by_its_network(address: str, counted: str) -> None:
    assert throttle.network(address) == counted
