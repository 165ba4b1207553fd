"""How many contacts are where: by large squares, countries and territories, counted ahead by whose they are.

So a map of the world costs a few thousand rows and not a million. Where what somebody may see does not follow from owner
and team alone, the records themselves are counted, at most so many.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, insert, or_, select, true

from app.sdk import Context, RowRule
from app.sdk.models import Contact
from app.sdk.services import access, plugin_settings, unit

from . import grid
from .models import NOWHERE, Place, Tile

COLUMNS = (
    "square",
    "country",
    "territory_id",
    "owner_id",
    "team_id",
    "contacts",
    "customers",
    "north",
    "east",
)
CUSTOMER = "customer"
MOST = 20_000
"""So many records are counted one by one."""


@unit
def rebuild(ctx: Context) -> None:
    """Count all squares anew. `ctx` is one that sees everything."""
    size = grid.up(grid.COARSE)
    square = case((Place.cell < 0, NOWHERE), else_=Place.cell // size)
    keys = (square, Place.country, Place.territory_id, Contact.owner_id, Contact.team_id)
    customers = func.sum(case((Contact.lifecycle_stage == CUSTOMER, 1), else_=0))
    north, east = (func.coalesce(func.sum(c), 0.0) for c in (Place.latitude, Place.longitude))
    query = (
        select(*keys, func.count(), customers, north, east)
        .join(Contact, Contact.id == Place.contact_id)
        .where(Contact.deleted_at.is_(None))
        .group_by(*keys)
    )
    ctx.session.execute(delete(Tile).where(Tile.id > 0), execution_options={"synchronize_session": False})
    ctx.session.execute(insert(Tile).from_select(COLUMNS, query))


def seen(ctx: Context) -> ColumnElement[bool] | None:
    """Return which tiles count what the principal may see; None when his rights are not a matter of owner and team."""
    reach = ctx.user.reach("contact.view")
    if reach == "all":
        return true() if access.criterion(ctx, Contact) is true() else None
    if str(plugin_settings.of(ctx, "territories").get("visibility") or "role") != "role":
        return None
    if any(r.on == "contact" and r.restrict and r.owner != "territories" for r in ctx.schema.all(RowRule)):
        return None
    mine = [Tile.owner_id == ctx.user.id]
    if reach == "team" and ctx.user.teams:
        mine.append(Tile.team_id.in_(sorted(ctx.user.teams)))
    return or_(*mine)


def counted(ctx: Context, by: str) -> tuple[list[tuple[Any, int, int]], bool]:
    """Return (value, contacts, customers) for each `country` or `territory_id`, and whether that is all of them."""
    which = seen(ctx)
    if which is not None:
        column = getattr(Tile, by)
        query = select(column, func.sum(Tile.contacts), func.sum(Tile.customers)).where(which)
        return [
            (row[0], int(row[1]), int(row[2])) for row in ctx.session.execute(query.group_by(column))
        ], True
    column = getattr(Place, by)
    some = (
        select(column.label("value"), Contact.lifecycle_stage.label("stage"))
        .join(Contact, Contact.id == Place.contact_id)
        .limit(MOST + 1)
        .subquery()
    )
    customers = func.sum(case((some.c.stage == CUSTOMER, 1), else_=0))
    grouped = select(some.c.value, func.count(), customers).group_by(some.c.value)
    rows: Sequence[Any] = ctx.session.execute(grouped).all()
    return [(row[0], int(row[1]), int(row[2])) for row in rows], sum(row[1] for row in rows) <= MOST
