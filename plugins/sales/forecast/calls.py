"""What people expect of a period: one's own word, and the manager's kept beside it, each with a note and its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from app.sdk import Context, Invalid, _
from app.sdk.services import access, people, unit

from .models import ForecastCall
from .people import OVERRIDE, Person
from .periods import Period

OWN, MANAGER = "own", "manager"


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is expected of a person, by whom and why."""

    side: str
    amount: Decimal
    note: str
    by: str
    row: ForecastCall


def latest(ctx: Context, period: Period, user_ids: Sequence[int]) -> Mapping[tuple[int, str], Said]:
    """Return what was last said, by person and side: of those asked for, whom the reader was found to reach."""
    found: dict[tuple[int, str], Said] = {}
    for said in _said(ctx, period, user_ids):
        found[said.row.user_id, said.side] = said
    return found


def history(ctx: Context, period: Period, person: Person) -> Sequence[Said]:
    """Return everything that was said of a person for a period, the latest first."""
    return list(reversed(_said(ctx, period, [person.id])))[:50]


def may(ctx: Context, person: Person) -> str:
    """Return which side somebody speaks for about a person: own, manager, or "" for neither."""
    if person.id == ctx.user.id:
        return OWN
    return MANAGER if ctx.may(OVERRIDE) else ""


@unit
def say(ctx: Context, period: Period, person: Person, amount: Decimal, note: str = "") -> ForecastCall:
    """Write down what is expected of a person; what was said before stays as its history.

    `person` is one whom the principal reaches. Raises NotAllowed, or Invalid for an amount below zero.
    """
    side = may(ctx, person)
    if not side:
        access.require(ctx, OVERRIDE)
    if amount < 0 or amount >= Decimal(10) ** 15:
        raise Invalid({"amount": _("Write an amount from 0 on, like 120000.")})
    made = ForecastCall(
        user_id=person.id,
        starts_on=period.start.isoformat(),
        ends_on=period.end.isoformat(),
        side=side,
        amount=amount,
        note=note.strip(),
        by_id=ctx.user.id,
        at=ctx.now,
    )
    ctx.session.add(made)
    ctx.session.flush()
    return made


def _said(ctx: Context, period: Period, user_ids: Sequence[int]) -> list[Said]:
    query = (
        select(ForecastCall)
        .where(
            ForecastCall.starts_on == period.start.isoformat(),
            ForecastCall.ends_on == period.end.isoformat(),
            ForecastCall.user_id.in_(user_ids),
        )
        .order_by(ForecastCall.id)
    )
    rows = ctx.session.execute(query).scalars().all()
    names = people.user_names(ctx, {row.by_id for row in rows if row.by_id is not None})
    return [
        Said(side=row.side, amount=row.amount, note=row.note, by=names.get(row.by_id or 0, ""), row=row)
        for row in rows
    ]
