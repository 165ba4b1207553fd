"""Codes of the app and recovery codes: right ones, once each; the seed is not readable in the database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from app.kernel.errors import Invalid
from app.models import RecoveryCode, User
from app.services import roles, second_factor
from app.testing.factories import Make


def enrolled(make: Make) -> tuple[Any, int, str, list[str]]:
    """A context, a user's id, the seed and the recovery codes."""
    user_id, ctx, seed = make.user().id, make.ctx(), second_factor.new_seed()
    codes = second_factor.enrol(ctx, user_id, seed, pyotp.TOTP(seed).at(ctx.now))
    return ctx, user_id, seed, list(codes)


def test_a_wrong_first_code_switches_nothing_on(make: Make) -> None:
    user_id, ctx = make.user().id, make.ctx()
    with pytest.raises(Invalid):
        second_factor.enrol(ctx, user_id, second_factor.new_seed(), "000000")
    assert not second_factor.is_on(ctx, user_id)


def test_each_code_of_the_app_counts_once(make: Make) -> None:
    ctx, user_id, seed, _codes = enrolled(make)
    ctx.now += timedelta(seconds=30)
    code = pyotp.TOTP(seed).at(ctx.now)
    assert second_factor.accept(ctx, user_id, f"{code[:3]} {code[3:]}")
    assert not second_factor.accept(ctx, user_id, code)


def test_the_code_of_the_enrolment_is_spent(make: Make) -> None:
    ctx, user_id, seed, _codes = enrolled(make)
    assert not second_factor.accept(ctx, user_id, pyotp.TOTP(seed).at(ctx.now))


@pytest.mark.parametrize(("seconds", "right"), [(30, True), (60, True), (120, False), (-90, False)])
def test_a_clock_may_be_wrong_by_one_step(make: Make, seconds: int, right: bool) -> None:
    ctx, user_id, seed, _codes = enrolled(make)
    ctx.now += timedelta(seconds=30)
    code = pyotp.TOTP(seed).at(ctx.now + timedelta(seconds=seconds - 30))
    assert second_factor.accept(ctx, user_id, code) is right


def test_a_recovery_code_counts_once_in_any_spelling(make: Make) -> None:
    ctx, user_id, _seed, codes = enrolled(make)
    assert second_factor.accept(ctx, user_id, codes[0].upper().replace("-", " "))
    assert not second_factor.accept(ctx, user_id, codes[0])
    assert second_factor.codes_left(ctx, user_id) == len(codes) - 1


def test_new_recovery_codes_replace_the_former(make: Make) -> None:
    ctx, user_id, _seed, codes = enrolled(make)
    fresh = second_factor.renew_codes(ctx, user_id)
    assert not second_factor.accept(ctx, user_id, codes[0])
    assert second_factor.accept(ctx, user_id, fresh[0])


def test_neither_seed_nor_codes_are_stored_readable(make: Make) -> None:
    ctx, user_id, seed, codes = enrolled(make)
    stored = ctx.session.scalar(select(User.totp_seed).where(User.id == user_id))
    assert stored is not None
    assert seed.encode() not in stored
    hashes = set(ctx.session.execute(select(RecoveryCode.code_hash)).scalars())
    assert not hashes & set(codes)


def test_a_seed_moved_to_another_user_does_not_open(make: Make) -> None:
    ctx, user_id, seed, _codes = enrolled(make)
    other = make.user().id
    with ctx.unit():
        ctx.session.get_one(User, other).totp_seed = ctx.session.get_one(User, user_id).totp_seed
    ctx.now += timedelta(seconds=30)
    with pytest.raises(Exception, match="totp_seed"):
        second_factor.accept(ctx, other, pyotp.TOTP(seed).at(ctx.now))


def test_a_role_may_need_it(make: Make) -> None:
    user_id, ctx = make.user("rep").id, make.ctx()
    assert not second_factor.is_needed(ctx, user_id)
    view = roles.get(ctx, "representative")
    roles.update(ctx, "representative", roles.RoleChange(label=view.label, needs_totp=True))
    assert second_factor.is_needed(ctx, user_id)
