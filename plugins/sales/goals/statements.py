"""Statements of commission: computed out of won deals while a period is open, kept as they were once it is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, func, select

from app.sdk import Context, Invalid, NotAllowed, NotVisible, Refuse, _
from app.sdk.services import access, acting, as_house, unit

from ..forecast import people as reach
from ..forecast.periods import Period
from . import ledger, plans, quotas
from .commission import ZERO, Credit, Line, Step, Tier, lines, tiers_of
from .ledger import CLAWBACK, WON, Share
from .models import Dispute, Plan, Statement, StatementLine


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of a statement: what a deal earned, or what is taken back for one; `turnover` is that after it."""

    kind: str
    deal_id: int | None
    name: str
    day: str
    deal_amount: Decimal
    percent: Decimal
    amount: Decimal
    turnover: Decimal
    earned: Decimal
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What a person earned by a plan in a period; `closed` is the statement that is kept, None while it is open."""

    plan: Plan
    user_id: int
    period: Period
    quota: Decimal | None
    tiers: Sequence[Tier]
    entries: Sequence[Entry]
    closed: Statement | None = None

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return sum((entry.earned for entry in self.entries), ZERO)

    @property
    def turnover(self) -> Decimal:
        """What was won."""
        return sum((entry.amount for entry in self.entries if entry.kind == WON), ZERO)


def may_see(ctx: Context, user_id: int) -> bool:
    """Tell whether somebody may see a person's statements: the own ones, or with the right those within reach."""
    if user_id == ctx.user.id:
        return True
    return ctx.may(plans.MANAGE) and any(person.id == user_id for person in reach.within_reach(ctx))


def read(ctx: Context, plan: Plan, user_id: int, period: Period) -> Sheet:
    """Return a statement. Raises NotVisible for one of somebody else's."""
    if not may_see(ctx, user_id) or user_id not in plans.members(ctx, plan.id):
        raise NotVisible(_("There is no such statement."))
    return _read(ctx, plan, user_id, period)


def read_all(ctx: Context, plan: Plan, period: Period) -> list[Sheet]:
    """Return the statements of a period that the reader may see: everybody's within reach, or the own one."""
    ids = plans.members(ctx, plan.id)
    seen = {person.id for person in reach.within_reach(ctx)} if ctx.may(plans.MANAGE) else set()
    return [_read(ctx, plan, i, period) for i in ids if i == ctx.user.id or i in seen]


def _read(ctx: Context, plan: Plan, user_id: int, period: Period) -> Sheet:
    closed = _closed(ctx, plan.id, user_id, period)
    if closed is not None:
        return _kept(ctx, plan, closed, period)
    with as_house("commission is the same whoever looks") as house, acting(house):
        return _computed(house, plan, user_id, period)


def _computed(ctx: Context, plan: Plan, user_id: int, period: Period) -> Sheet:
    quota = quotas.read(ctx, period).get((user_id, None))
    tiers = tiers_of(plans.stored(plan.tiers), of_quota=plan.of_quota, quota=quota)
    shares = {share.deal_id: share for share in ledger.won(ctx, plan, user_id, period)}
    credits = [Credit(deal_id=s.deal_id, day=s.day, amount=s.amount) for s in shares.values()]
    entries = [_earned(shares[line.credit.deal_id], line) for line in lines(tiers, credits)]
    entries += [_back(row, day) for row, day in ledger.taken_back(ctx, plan, user_id, period)]
    return Sheet(plan=plan, user_id=user_id, period=period, quota=quota, tiers=tiers, entries=entries)


def _earned(share: Share, line: Line) -> Entry:
    return Entry(
        kind=WON,
        deal_id=share.deal_id,
        name=share.name,
        day=share.day,
        deal_amount=share.deal_amount,
        percent=share.percent,
        amount=share.amount,
        turnover=line.after,
        earned=line.earned,
        steps=line.steps,
    )


def _back(row: StatementLine, day: str) -> Entry:
    return Entry(
        kind=CLAWBACK,
        deal_id=row.deal_id,
        name=row.name,
        day=day,
        deal_amount=row.deal_amount,
        percent=row.percent,
        amount=-row.amount,
        turnover=ZERO,
        earned=-row.earned,
        steps=tuple(Step(tier=s.tier, rate=s.rate, amount=-s.amount, earned=-s.earned) for s in _steps(row)),
    )


@unit
def close(ctx: Context, plan: Plan, period: Period) -> int:
    """Close a period of a plan: the statements of all who earn by it are kept as they are. Returns how many.

    Raises NotAllowed, and Refuse while the period lasts.
    """
    access.require(ctx, plans.MANAGE)
    if period.end >= ctx.now.astimezone(ctx.zone).date():
        raise Refuse(_("A period can be closed when it is over."))
    count = 0
    for user_id in plans.members(ctx, plan.id):
        if _closed(ctx, plan.id, user_id, period) is None:
            _keep(ctx, _read(ctx, plan, user_id, period))
            count += 1
    ctx.session.flush()
    return count


@unit
def reopen(ctx: Context, plan: Plan, period: Period) -> int:
    """Open a closed period again; what it says is computed anew. Returns how many statements that are.

    Raises NotAllowed, and Refuse while a later period is closed, which builds upon it.
    """
    access.require(ctx, plans.MANAGE)
    later = select(Statement.id).where(
        Statement.plan_id == plan.id, Statement.starts_on > period.start.isoformat()
    )
    if ctx.session.execute(later.limit(1)).first():
        raise Refuse(_("A later period is closed and builds upon this one. Open that first."))
    found = ctx.session.execute(
        select(Statement.id).where(
            Statement.plan_id == plan.id, Statement.starts_on == period.start.isoformat()
        )
    ).scalars()
    ids = list(found)
    ctx.session.execute(delete(StatementLine).where(StatementLine.statement_id.in_(ids)))
    ctx.session.execute(delete(Statement).where(Statement.id.in_(ids)))
    ctx.session.flush()
    return len(ids)


def is_closed(ctx: Context, plan: Plan, period: Period) -> bool:
    """Tell whether a period of a plan is closed."""
    query = select(Statement.id).where(
        Statement.plan_id == plan.id, Statement.starts_on == period.start.isoformat()
    )
    return ctx.session.execute(query.limit(1)).first() is not None


def _keep(ctx: Context, sheet: Sheet) -> None:
    made = Statement(
        plan_id=sheet.plan.id,
        user_id=sheet.user_id,
        starts_on=sheet.period.start.isoformat(),
        ends_on=sheet.period.end.isoformat(),
        quota=sheet.quota,
        tiers=[[str(tier.start), str(tier.rate)] for tier in sheet.tiers],
        total=sheet.total,
        locked_at=ctx.now,
        locked_by=ctx.user.id,
    )
    ctx.session.add(made)
    ctx.session.flush()
    ctx.session.add_all(_row(made.id, entry) for entry in sheet.entries)


def _row(statement_id: int, entry: Entry) -> StatementLine:
    steps = [[str(s.tier), str(s.rate), str(s.amount), str(s.earned)] for s in entry.steps]
    values = {name: getattr(entry, name) for name in KEPT}
    return StatementLine(statement_id=statement_id, steps=steps, **values)


KEPT = ("kind", "deal_id", "name", "day", "deal_amount", "percent", "amount", "turnover", "earned")


def _closed(ctx: Context, plan_id: int, user_id: int, period: Period) -> Statement | None:
    query = select(Statement).where(
        Statement.plan_id == plan_id,
        Statement.user_id == user_id,
        Statement.starts_on == period.start.isoformat(),
    )
    return ctx.session.execute(query).scalars().first()


def _kept(ctx: Context, plan: Plan, closed: Statement, period: Period) -> Sheet:
    query = select(StatementLine).where(StatementLine.statement_id == closed.id).order_by(StatementLine.id)
    rows = ctx.session.execute(query).scalars().all()
    entries = [Entry(steps=_steps(row), **{name: getattr(row, name) for name in KEPT}) for row in rows]
    tiers = [Tier(start, rate) for start, rate in plans.stored(closed.tiers)]
    return Sheet(
        plan=plan,
        user_id=closed.user_id,
        period=period,
        quota=closed.quota,
        tiers=tiers,
        entries=entries,
        closed=closed,
    )


def _steps(row: Any) -> tuple[Step, ...]:
    return tuple(
        Step(tier=int(tier), rate=Decimal(rate), amount=Decimal(amount), earned=Decimal(earned))
        for tier, rate, amount, earned in row.steps
    )


def disputes(ctx: Context, sheet: Sheet) -> Sequence[Dispute]:
    """Return what was said against a statement, in the order of time."""
    query = select(Dispute).where(
        Dispute.plan_id == sheet.plan.id,
        Dispute.user_id == sheet.user_id,
        Dispute.starts_on == sheet.period.start.isoformat(),
    )
    return ctx.session.execute(query.order_by(Dispute.id)).scalars().all()


def open_disputes(ctx: Context, plan: Plan, period: Period) -> dict[int, int]:
    """Return how many disputes wait for an answer, by person."""
    query = (
        select(Dispute.user_id, func.count().label("n"))
        .where(
            Dispute.plan_id == plan.id,
            Dispute.starts_on == period.start.isoformat(),
            Dispute.answered_at.is_(None),
        )
        .group_by(Dispute.user_id)
    )
    return {row.user_id: row.n for row in ctx.session.execute(query)}


@unit
def dispute(ctx: Context, sheet: Sheet, note: str) -> Dispute:
    """Write down that somebody does not agree with the own statement, and why. Raises NotAllowed, Invalid."""
    if sheet.user_id != ctx.user.id:
        raise NotAllowed(_("Only the person whose statement it is can dispute it."), plans.MANAGE)
    if not note.strip():
        raise Invalid({"note": _("Write what is wrong.")})
    made = Dispute(
        plan_id=sheet.plan.id,
        user_id=sheet.user_id,
        starts_on=sheet.period.start.isoformat(),
        note=note.strip()[:5000],
        at=ctx.now,
    )
    ctx.session.add(made)
    ctx.session.flush()
    return made


@unit
def answer(ctx: Context, sheet: Sheet, dispute_id: int, text: str) -> None:
    """Answer a dispute about a statement. Raises NotAllowed, NotVisible, Invalid."""
    access.require(ctx, plans.MANAGE)
    found = next((one for one in disputes(ctx, sheet) if one.id == dispute_id), None)
    if found is None:
        raise NotVisible(_("There is no such dispute."))
    if not text.strip():
        raise Invalid({"answer": _("Write an answer.")})
    found.answer, found.answered_by, found.answered_at = text.strip()[:5000], ctx.user.id, ctx.now
    ctx.session.flush()
