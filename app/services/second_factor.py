"""The second factor: codes of an authenticator app (TOTP, RFC 6238), each good once, and recovery codes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

import pyotp
from sqlalchemy import delete, func, select, update

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.models import RecoveryCode, Role, User, UserRole
from app.services import audit, sealing
from app.services.unit import unit

PURPOSE = "totp"
STEP_S = 30
WINDOW = 1
"""Steps of clock difference that are forgiven, before and after."""

CODES = 10
LETTERS = "abcdefghjkmnpqrstvwxyz23456789"


def is_on(ctx: Context, user_id: int) -> bool:
    """Tell whether a user has a second factor."""
    return ctx.session.scalar(select(User.totp_seed).where(User.id == user_id)) is not None


def is_needed(ctx: Context, user_id: int) -> bool:
    """Tell whether one of a user's roles needs a second factor."""
    query = (
        select(Role.id)
        .join(UserRole, UserRole.role_id == Role.id)
        .where(UserRole.user_id == user_id, Role.needs_totp)
    )
    return ctx.session.scalar(query.limit(1)) is not None


def new_seed() -> str:
    """Return a fresh seed (160 bits, base 32) for somebody who enrols."""
    return pyotp.random_base32(32)


def address(seed: str, email: str, issuer: str) -> str:
    """Return the otpauth: address that the QR code carries."""
    return pyotp.TOTP(seed).provisioning_uri(name=email, issuer_name=issuer)


@unit
def enrol(ctx: Context, user_id: int, seed: str, code: str) -> Sequence[str]:
    """Switch the second factor on with a first code; returns the recovery codes, which are shown once. Raises Invalid."""
    step = _step(ctx, seed, code)
    if step is None:
        raise Invalid({"code": _("This code does not fit. Check that the clock of your phone is right.")})
    user = ctx.session.get_one(User, user_id, with_for_update=True)
    user.totp_seed = sealing.seal(PURPOSE, seed.encode(), bound=_bound(user_id))
    user.totp_last = step
    audit.note(ctx, "totp.on", f"user:{user_id}", actor_id=user_id)
    return renew_codes(ctx, user_id)


@unit
def switch_off(ctx: Context, user_id: int) -> None:
    """Remove a user's second factor and recovery codes."""
    user = ctx.session.get_one(User, user_id, with_for_update=True)
    user.totp_seed, user.totp_last = None, 0
    ctx.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    audit.note(ctx, "totp.off", f"user:{user_id}")


@unit
def renew_codes(ctx: Context, user_id: int) -> Sequence[str]:
    """Replace the recovery codes and return the new ones, which are shown once."""
    ctx.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = [_new_code() for _i in range(CODES)]
    ctx.session.add_all([RecoveryCode(user_id=user_id, code_hash=_hash(code)) for code in codes])
    return codes


def codes_left(ctx: Context, user_id: int) -> int:
    """Return how many recovery codes a user has not used."""
    query = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return ctx.session.scalar(query) or 0


@unit
def accept(ctx: Context, user_id: int, code: str) -> bool:
    """Tell whether a code of the app or a recovery code is right, and spend it: neither works a second time."""
    user = ctx.session.get_one(User, user_id, with_for_update=True)
    if user.totp_seed is None:
        return False
    seed = sealing.unseal(PURPOSE, user.totp_seed, bound=_bound(user_id)).decode()
    step = _step(ctx, seed, code, after=user.totp_last)
    if step is None:
        return _spend(ctx, user_id, code)
    user.totp_last = step
    if not sealing.is_current(PURPOSE, user.totp_seed):
        user.totp_seed = sealing.seal(PURPOSE, seed.encode(), bound=_bound(user_id))
    return True


def _step(ctx: Context, seed: str, code: str, after: int = 0) -> int | None:
    """The time step for which a code is right, if it comes after the last one that was used."""
    digits = "".join(code.split())
    if len(digits) != 6 or not digits.isascii() or not digits.isdigit():
        return None
    totp, present = pyotp.TOTP(seed), int(ctx.now.timestamp()) // STEP_S
    for step in range(present - WINDOW, present + WINDOW + 1):
        if step > after and secrets.compare_digest(totp.generate_otp(step), digits):
            return step
    return None


def _spend(ctx: Context, user_id: int, code: str) -> bool:
    spent = ctx.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_hash == _hash(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=ctx.now)
        .returning(RecoveryCode.id)
    ).all()
    return bool(spent)


def _new_code() -> str:
    letters = "".join(secrets.choice(LETTERS) for _i in range(16))
    return "-".join(letters[i : i + 4] for i in range(0, 16, 4))


def _hash(code: str) -> str:
    plain = "".join(letter for letter in code.casefold() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def _bound(user_id: int) -> str:
    return f"user.totp_seed|{user_id}"
