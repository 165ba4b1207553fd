"""People and companies with addresses, for the tests of territories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.sdk.services import acting, records
from app.testing.factories import Make

from .. import assigning, grid, placing
from ..models import Place, Territory

TERRITORY = "territories.territory"


def address(town: str = "", code: str = "", country: str = "DE", **more: str) -> list[dict[str, Any]]:
    """Return addresses as the field of a contact takes them."""
    return [{"locality": town, "postal_code": code, "country_code": country, **more}]


def person(make: Make, name: str, town: str = "", code: str = "", country: str = "DE", **more: Any) -> Any:
    """Return a contact with an address, looked up."""
    made = make.contact(given_name=name, addresses=address(town, code, country), **more)
    look_up(make, made.id)
    return made


def look_up(make: Make, *ids: int, entity: str = "contact") -> None:
    """Look up some records and give them to their territories."""
    ctx = make.ctx()
    with acting(ctx):
        placing.locate(ctx, entity, ids)
        assigning.some(ctx, entity, ids)


def territory(make: Make, name: str, borders: str = "", **values: Any) -> Territory:
    """Return a territory."""
    ctx = make.ctx()
    with acting(ctx):
        made: Territory = records.create(ctx, TERRITORY, {"name": name, "borders": borders, **values})
        return made


def put(make: Make, record_id: int, latitude: float, longitude: float, **values: Any) -> None:
    """Put a contact somewhere without an address."""
    ctx = make.ctx()
    with acting(ctx), ctx.unit():
        cell = grid.cell(latitude, longitude)
        ctx.session.add(
            Place(
                contact_id=record_id,
                state="pinned",
                latitude=latitude,
                longitude=longitude,
                cell=cell,
                **values,
            )
        )


def everything(make: Make) -> int:
    """Give everybody to their territories; return how many moved."""
    ctx = make.ctx()
    with acting(ctx):
        return assigning.everything(ctx)


def belongs(make: Make, entity: str = "contact") -> Mapping[int, str]:
    """Return record id → the name of its territory."""
    ctx = make.ctx()
    with acting(ctx):
        names = {one.id: one.name for one in ctx.session.query(Territory).order_by(Territory.id)}
        places = ctx.session.query(Place).order_by(Place.id).all()
        return {
            (p.contact_id if entity == "contact" else p.company_id): names.get(p.territory_id or 0, "")
            for p in places
            if (p.contact_id if entity == "contact" else p.company_id)
        }
