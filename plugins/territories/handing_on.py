"""Records given to whom their territory belongs to: contacts, companies, and open leads about these contacts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select

from app.sdk import Context, KithError
from app.sdk.services import records

from . import placing
from .models import Place, Territory

PIECE = 200
LEAD = "sales.lead"
OPEN = ("new", "working", "nurturing")


def run(ctx: Context, args: Mapping[str, Any]) -> None:
    """Give records of territories with an owner to that owner: of one territory, or of all whose records follow."""
    query = select(Territory.id, Territory.owner_id).where(
        Territory.follows.is_(True), Territory.marks.is_(False), Territory.owner_id.is_not(None)
    )
    if "territory_id" in args:
        query = query.where(Territory.id == int(args["territory_id"]))
    for territory_id, owner_id in ctx.session.execute(query.order_by(Territory.id)).all():
        if owner_id is None:
            continue
        for entity in placing.WHOSE:
            _all(ctx, entity, territory_id, owner_id)
        if ctx.schema.has(LEAD):
            _all(ctx, LEAD, territory_id, owner_id)


def others(
    ctx: Context, entity: str, territory_id: int, owner_id: int, after: int, limit: int
) -> Sequence[int]:
    """Return records of a territory that are not its owner's, in the order of their ids."""
    model = ctx.schema.entity(entity).model
    whose, own = (
        (Place.contact_id, model.contact_id) if entity == LEAD else (placing.column(entity), model.id)
    )
    query = (
        select(model.id).join(Place, whose == own).where(Place.territory_id == territory_id, model.id > after)
    )
    query = query.where(or_(model.owner_id.is_(None), model.owner_id != owner_id))
    if entity == LEAD:
        query = query.where(model.status.in_(OPEN))
    return ctx.session.execute(query.order_by(model.id).limit(limit)).scalars().all()


def _all(ctx: Context, entity: str, territory_id: int, owner_id: int) -> None:
    after = 0
    while ids := others(ctx, entity, territory_id, owner_id, after, PIECE):
        with ctx.unit():
            for number in ids:
                _give(ctx, entity, number, owner_id)
        after = ids[-1]


def _give(ctx: Context, entity: str, number: int, owner_id: int) -> None:
    try:
        with ctx.unit(savepoint=True):
            records.update(ctx, entity, number, {"owner_id": owner_id})
    except KithError as error:
        ctx.log.info("%s %s stays where it is: %s", entity, number, error)
