"""Plans of commission: how people earn, who earns by them, and how deals are split between people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import delete, select

from app.sdk import Context, Invalid, NotVisible, Refuse, _
from app.sdk.services import access, people, unit

from ..deals.models import Deal
from ..forecast.periods import UNITS
from .models import Plan, PlanMember, Split, Statement, StatementLine

MANAGE = "sales.commission.manage"
HUNDRED = Decimal(100)


def listed(ctx: Context) -> Sequence[Plan]:
    """Return all plans by name."""
    return ctx.session.execute(select(Plan).order_by(Plan.name, Plan.id)).scalars().all()


def get(ctx: Context, plan_id: int) -> Plan:
    """Return a plan. Raises NotVisible."""
    found = ctx.session.get(Plan, plan_id)
    if found is None:
        raise NotVisible(_("There is no such plan."))
    return found


def members(ctx: Context, plan_id: int) -> Sequence[int]:
    """Return the ids of those who earn by a plan."""
    query = select(PlanMember.user_id).where(PlanMember.plan_id == plan_id).order_by(PlanMember.user_id)
    return ctx.session.execute(query).scalars().all()


def of_user(ctx: Context, user_id: int) -> Sequence[Plan]:
    """Return the plans by which somebody earns."""
    query = select(Plan).join(PlanMember, PlanMember.plan_id == Plan.id).where(PlanMember.user_id == user_id)
    return ctx.session.execute(query.order_by(Plan.name, Plan.id)).scalars().all()


@unit
def save(ctx: Context, plan: Plan | None, values: Mapping[str, Any]) -> Plan:
    """Store a plan and who earns by it: name, unit, of_quota, tiers (as written), clawback_days, members (ids).

    Closed statements stay as they are. Raises NotAllowed, Invalid with a sentence per field.
    """
    access.require(ctx, MANAGE)
    if values["unit"] not in UNITS:
        raise Invalid({"unit": _("Choose month, quarter or year.")})
    tiers = read_tiers(str(values["tiers"]))
    found = plan or Plan()
    found.name, found.unit = str(values["name"]).strip(), values["unit"]
    found.of_quota, found.clawback_days = bool(values["of_quota"]), int(values["clawback_days"])
    found.tiers = [[str(start), str(rate)] for start, rate in tiers]
    ctx.session.add(found)
    ctx.session.flush()
    ctx.session.execute(delete(PlanMember).where(PlanMember.plan_id == found.id))
    ctx.session.add_all(PlanMember(plan_id=found.id, user_id=i) for i in sorted(set(values["members"])))
    ctx.session.flush()
    return found


def read_tiers(text: str) -> list[tuple[Decimal, Decimal]]:
    """Return tiers out of lines like "0: 5" (from, percent), the lowest first. Raises Invalid."""
    found: dict[Decimal, Decimal] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        start, colon, rate = line.partition(":")
        try:
            tier = Decimal(start.strip().rstrip("%")), Decimal(rate.strip().rstrip("%"))
        except InvalidOperation:
            tier = Decimal(-1), Decimal(-1)
        if not colon or not (0 <= tier[0] < 10**13 and 0 <= tier[1] <= HUNDRED):
            raise Invalid(
                {"tiers": _("Write each line as where it begins, a colon and the percentage: “0: 5”.")}
            )
        found[tier[0]] = tier[1]
    if Decimal(0) not in found or len(found) > 20:
        raise Invalid({"tiers": _("Begin with a line for 0, like “0: 5”.")})
    return sorted(found.items())


def written_tiers(plan: Plan) -> str:
    """Return the tiers of a plan as lines, as `read_tiers` takes them."""
    return "\n".join(f"{start}: {rate}" for start, rate in plan.tiers)


def stored(tiers: Sequence[Any]) -> list[tuple[Decimal, Decimal]]:
    """Return the tiers of a plan or statement as numbers."""
    return [(Decimal(start), Decimal(rate)) for start, rate in tiers]


def splits(ctx: Context, deal_ids: Sequence[int]) -> Mapping[int, list[Split]]:
    """Return how deals are split, each in the order of people; deals that are not are left out."""
    found: dict[int, list[Split]] = {}
    query = select(Split).where(Split.deal_id.in_(deal_ids)).order_by(Split.deal_id, Split.user_id)
    for row in ctx.session.execute(query).scalars():
        found.setdefault(row.deal_id, []).append(row)
    return found


@unit
def split(ctx: Context, deal_id: int, shares: Mapping[int, Decimal]) -> None:
    """Split a deal between people by percentages that make 100; none gives it to its owner alone again.

    Raises NotAllowed, NotVisible, Invalid, and Refuse once a closed statement holds the deal.
    """
    access.require(ctx, MANAGE)
    access.get(ctx, Deal, deal_id, "edit")
    if shares and (sum(shares.values()) != HUNDRED or min(shares.values()) <= 0):
        raise Invalid({"percent": _("The shares must be above 0 and make 100 percent together.")})
    known = people.user_names(ctx, list(shares))
    if set(known) != set(shares):
        raise NotVisible(_("There is no such person."))
    closed = select(StatementLine.id).join(Statement, Statement.id == StatementLine.statement_id)
    if ctx.session.execute(closed.where(StatementLine.deal_id == deal_id).limit(1)).first():
        raise Refuse(_("A closed statement holds this deal. Open that period again first."))
    ctx.session.execute(delete(Split).where(Split.deal_id == deal_id))
    ctx.session.add_all(Split(deal_id=deal_id, user_id=i, percent=p) for i, p in sorted(shares.items()))
    ctx.session.flush()
