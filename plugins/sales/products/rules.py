"""Who may do what with products and prices: everybody who sells sees them all, whoever looks after them changes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, false, true

from app.sdk import Context, Event, On, Permission, Phase, Refuse, RowRule, _, _l

from .catalogue import MAY
from .entities import PRICE_LIST, PRODUCT

READING = ("view", "export")


def seen_by_all(on: str) -> Any:
    """Return the rule that lets everybody who may see any record of a kind see each of them, whoever wrote it down."""

    def rule(ctx: Context, model: Any, verb: str) -> ColumnElement[bool]:
        return true() if verb in READING and ctx.may(f"{on}.{verb}") else false()

    return rule


def kept_by_few(ctx: Context, model: Any, verb: str) -> ColumnElement[bool]:
    """Let only who looks after the prices change what is there."""
    return true() if verb in READING or ctx.may(MAY) else false()


def added_by_few(ctx: Context, events: Sequence[Event]) -> None:
    """Refuse new products and price lists of somebody who does not look after the prices."""
    if not ctx.may(MAY):
        raise Refuse(_("Products and prices are changed by those with the right “Products and prices”."))


ALL = (
    Permission(name="catalogue", label=_l("Products and prices"), roles=("manager",)),
    *(
        RowRule(name=f"{on}.seen", on=on, grant=seen_by_all(on), restrict=kept_by_few, stable=True)
        for on in (PRODUCT, PRICE_LIST)
    ),
    *(
        On(topic=f"{on}.created", run=added_by_few, phase=Phase.BEFORE, critical=True, record=False)
        for on in (PRODUCT, PRICE_LIST)
    ),
)
