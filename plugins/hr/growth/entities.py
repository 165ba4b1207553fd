"""Goals, the one kind of record of this part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.sdk import EVERYWHERE, Context, Entity, Field, Kind, Privacy, Show, _, _l
from app.sdk.filters import ExprError, check

from ..people.entities import KEPT, about, field_of
from . import measuring
from .models import Goal

GOAL = "hr.goal"
QUIET = EVERYWHERE & ~Show.LIST


def reached(ctx: Context, ids: Sequence[int]) -> Mapping[int, Decimal]:
    """Return goal → what is reached: written by hand, or counted now."""
    rows = ctx.session.execute(select(Goal).where(Goal.id.in_(ids)).order_by(Goal.id)).scalars().all()
    return {number: value for number, value in measuring.of(ctx, rows).items() if value is not None}


def derive(ctx: Context, goal: Goal) -> None:
    """Refuse a measure that cannot be counted."""
    from app.sdk import Invalid

    if not goal.counts:
        return
    if not ctx.schema.has(goal.counts):
        raise Invalid({"counts": _("There is no kind of record “%(name)s”.", name=goal.counts)})
    try:
        check(ctx, goal.counts, goal.condition or "")
    except ExprError as error:
        raise Invalid({"condition": str(error)}) from None
    if goal.adds and measuring.column(ctx, goal.counts, goal.adds) is None:
        raise Invalid({"adds": _("There is no number “%(name)s” to add up.", name=goal.adds)})


_g = field_of(GOAL)


def _amount(name: str, label: Any, order: int) -> Field:
    found: Field = _g(name, label, order, kind=Kind.MONEY, currency=lambda ctx: "")
    return found


ALL = (
    Entity(
        name="goal",
        label=_l("Goal"),
        plural=_l("Goals"),
        model=Goal,
        icon="target",
        title="title",
        url="hr_growth.goal",
        derive=derive,
        fields=(
            _g("title", _l("Goal"), 0, required=True),
            about(_g),
            _g("parent_id", _l("Part of"), 2, kind=Kind.REF, ref=GOAL, show=QUIET),
            _amount("target", _l("Target"), 3),
            _amount("current", _l("Reached (by hand)"), 4),
            Field(
                name="reached",
                label=_l("Reached"),
                on=GOAL,
                kind=Kind.MONEY,
                currency=lambda ctx: "",
                load=reached,
                show=Show.LIST | Show.EXPORT | Show.API,
                order=5,
            ),
            _g("starts_on", _l("From"), 6, kind=Kind.DATE, show=QUIET),
            _g("ends_on", _l("Until"), 7, kind=Kind.DATE, ordered=True),
            _g(
                "counts",
                _l("Counted from"),
                8,
                show=QUIET,
                hint=_l("A kind of record of the person: sales.deal, say."),
            ),
            _g(
                "condition",
                _l("Which of them"),
                9,
                show=QUIET,
                hint=_l("In the filter language: outcome = won, say."),
            ),
            _g(
                "adds",
                _l("Adds up"),
                10,
                show=QUIET,
                hint=_l("A field with a number: amount, say. Empty to count."),
            ),
            _g("note", _l("Key results"), 11, kind=Kind.LONG_TEXT, show=QUIET),
        ),
        default_columns=("title", "employee_id", "target", "reached", "ends_on"),
        default_sort="-ends_on",
        importable=False,
        privacy=Privacy(erase="keep", reason=KEPT),
    ),
)
