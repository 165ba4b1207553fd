"""Made-up territories for `kith demo`: a few areas, and the places of the people who are there."""

from __future__ import annotations

from sqlalchemy import select

from app.sdk import Context
from app.sdk.models import Company, Contact
from app.sdk.services import people, records

from . import assigning, placing, tiles
from .entities import TERRITORY
from .models import Territory

AREAS = (
    ("North", "", "country DE, DK, SE, NO, FI\ncountry NL, PL", 2),
    ("South", "", "country AT, CH, IT, ES, PT, FR", 3),
    ("Bavaria", "North", "postal DE 80000-87999\nregion DE Bayern", 3),
    ("Overseas", "", "country US, CA, BR, JP, IN, GB", None),
)


def build(ctx: Context) -> None:
    """Make territories and look up where everybody is; where there are territories already, nothing is added."""
    if ctx.session.execute(select(Territory.id).limit(1)).scalar() is not None:
        return
    made: dict[str, int] = {}
    known = [number for number, _name in people.colleagues(ctx)]
    for name, within, borders, owner in AREAS:
        values = {
            "name": name,
            "borders": borders,
            "parent_id": made.get(within),
            "owner_id": owner if owner in known else None,
        }
        made[name] = records.create(ctx, TERRITORY, values).id
    for entity, model in (("contact", Contact), ("company", Company)):
        ids = ctx.session.execute(select(model.id).order_by(model.id).limit(5000)).scalars().all()
        placing.locate(ctx, entity, ids)
        assigning.some(ctx, entity, ids)
    tiles.rebuild(ctx)
