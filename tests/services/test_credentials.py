"""Signing in and what proves who somebody is: throttled, without telling who exists, never skipping the second step."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from sqlalchemy import func, select

from app.house import house
from app.kernel.errors import Invalid
from app.models import AuditRow, JobRow, User
from app.services import accounts, credentials, links, passwords, second_factor, sessions, throttle
from app.testing.factories import Make

PASSWORD, OTHER = "four words in a row", "another four words here"


def here(number: int = 1) -> credentials.Place:
    """A client's address."""
    return credentials.Place(f"203.0.113.{number}")


@pytest.fixture
def ana(make: Make) -> int:
    """A user with a password."""
    return accounts.create_user(make.ctx(), "Ana", "ana@acme.pt", PASSWORD, ["representative"])


def test_after_ten_failures_even_the_right_password_waits(make: Make, ana: int) -> None:
    ctx = make.ctx()
    for number in range(10):
        assert credentials.authenticate(ctx, "ana@acme.pt", "wrong", here(number)) is None
    with pytest.raises(throttle.TooMany):
        credentials.authenticate(ctx, "ana@acme.pt", PASSWORD, here(99))
    ctx.now += timedelta(minutes=15)
    assert credentials.authenticate(ctx, "ana@acme.pt", PASSWORD, here(99)) == ana


def test_an_address_that_tries_many_accounts_waits(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "verify", lambda stored, password: False)
    ctx = make.ctx()
    for number in range(60):
        credentials.authenticate(ctx, f"user{number}@acme.pt", "wrong", here())
    with pytest.raises(throttle.TooMany):
        credentials.authenticate(ctx, "another@acme.pt", "wrong", here())


def test_success_is_not_counted_against_the_address(
    make: Make, ana: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "verify", lambda stored, password: True)
    ctx = make.ctx()
    for _time in range(70):
        assert credentials.authenticate(ctx, "ana@acme.pt", PASSWORD, here()) == ana


@pytest.mark.parametrize("email", ["ana@acme.pt", "nobody@acme.pt", "gone@acme.pt"])
def test_every_failure_costs_one_hash(
    make: Make, ana: int, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.user(email="gone@acme.pt", active=False, password_hash="x")
    verified: list[str] = []
    monkeypatch.setattr(passwords, "verify", lambda stored, password: bool(verified.append(stored)))
    assert credentials.authenticate(make.ctx(), email, "wrong", here()) is None
    assert len(verified) == 1


def test_a_reset_mail_is_queued_for_a_user_and_for_nobody_else(make: Make, ana: int) -> None:
    ctx = make.ctx()
    credentials.ask_reset(ctx, "nobody@acme.pt", here())
    assert mails(ctx) == 0
    credentials.ask_reset(ctx, "Ana@acme.pt", here())
    assert mails(ctx) == 1


@pytest.mark.parametrize("email", ["ana@acme.pt", "nobody@acme.pt"])
def test_the_fourth_reset_in_an_hour_is_refused_for_everybody_alike(make: Make, ana: int, email: str) -> None:
    ctx = make.ctx()
    for number in range(3):
        credentials.ask_reset(ctx, email, here(number))
    with pytest.raises(throttle.TooMany):
        credentials.ask_reset(ctx, email, here(9))


def test_a_reset_sets_the_password_ends_sessions_and_opens_a_blocked_account(make: Make, ana: int) -> None:
    ctx = make.ctx()
    token = sessions.start(ctx, ana, sessions.FULL, house().config)
    for number in range(10):
        credentials.authenticate(ctx, "ana@acme.pt", "wrong", here(number))
    credentials.reset(ctx, reset_token(ctx, ana), OTHER)
    assert sessions.read(ctx.session, token, house().config, ctx.now)[0] is None
    assert credentials.authenticate(ctx, "ana@acme.pt", OTHER, here(50)) == ana


def test_a_bad_new_password_does_not_spend_the_link(make: Make, ana: int) -> None:
    ctx = make.ctx()
    token = reset_token(ctx, ana)
    with pytest.raises(Invalid):
        credentials.reset(ctx, token, "password1234")
    credentials.reset(ctx, token, OTHER)


def test_a_reset_does_not_skip_the_second_step(make: Make, ana: int) -> None:
    ctx = make.ctx()
    enrol(ctx, ana)
    credentials.reset(ctx, reset_token(ctx, ana), OTHER)
    session = sessions.start(ctx, ana, sessions.FULL, house().config)
    assert session
    token = credentials.sign_in(ctx, ana, house().config, here())
    entry, _epoch = sessions.read(ctx.session, token, house().config, ctx.now)
    assert entry is not None
    assert entry.state == sessions.SECOND


def test_the_second_step_is_throttled_and_gives_a_new_id(make: Make, ana: int) -> None:
    ctx = make.ctx()
    seed = enrol(ctx, ana)
    token = credentials.sign_in(ctx, ana, house().config, here())
    entry, _epoch = sessions.read(ctx.session, token, house().config, ctx.now)
    assert entry is not None
    for _try in range(5):
        assert credentials.second_step(ctx, entry, "000000", house().config) is None
    with pytest.raises(throttle.TooMany):
        credentials.second_step(ctx, entry, "000000", house().config)
    throttle.clear(ctx, throttle.CODE, f"user:{ana}")
    ctx.now += timedelta(seconds=30)
    full = credentials.second_step(ctx, entry, pyotp.TOTP(seed).at(ctx.now), house().config)
    assert full not in (None, token)
    assert sessions.read(ctx.session, token, house().config, ctx.now)[0] is None
    opened, _epoch = sessions.read(ctx.session, full or "", house().config, ctx.now)
    assert opened is not None
    assert opened.state == sessions.FULL


def test_a_new_address_holds_once_its_link_was_followed(make: Make, ana: int) -> None:
    ctx = make.ctx()
    row = ctx.session.get_one(User, ana)
    token = links.issue(ctx, links.EMAIL, row, {"email": "lima@acme.pt"})
    assert ctx.session.get_one(User, ana).email == "ana@acme.pt"
    credentials.confirm_email(ctx, token)
    assert ctx.session.get_one(User, ana).email == "lima@acme.pt"
    assert mails(ctx) == 1  # to the former address


def test_what_happened_stands_in_the_audit_log(make: Make, ana: int) -> None:
    ctx = make.ctx()
    credentials.authenticate(ctx, "ana@acme.pt", "wrong", here())
    credentials.sign_in(ctx, ana, house().config, here())
    credentials.reset(ctx, reset_token(ctx, ana), OTHER)
    actions = set(ctx.session.execute(select(AuditRow.action)).scalars())
    assert {"user.create", "user.roles", "login.failed", "login", "password.change"} <= actions


def enrol(ctx: Any, user_id: int) -> str:
    """Give a user a second factor and return its seed."""
    seed = second_factor.new_seed()
    second_factor.enrol(ctx, user_id, seed, pyotp.TOTP(seed).at(ctx.now))
    return seed


def reset_token(ctx: Any, user_id: int) -> str:
    """The token of a reset link for a user."""
    return str(links.issue(ctx, links.RESET, ctx.session.get_one(User, user_id)))


def mails(ctx: Any) -> int:
    """How many mails are queued."""
    return int(ctx.session.scalar(select(func.count()).where(JobRow.name == "mail.send")))
