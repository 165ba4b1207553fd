"""What is shown on the pages of contacts and companies: where they are, their territory, and the way there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, url_for
from sqlalchemy import select

from app.sdk import Context, Panel, _l

from . import placing
from .entities import TERRITORY
from .models import Territory
from .permissions import PIN
from .views.places import place_words


def view(entity: str) -> Callable[[Context, Any], str | None]:
    """Return the panel of a kind of record."""

    def where(ctx: Context, record: Any) -> str | None:
        place = placing.of(ctx, entity, [record.id]).get(record.id)
        may_pin = ctx.may(PIN)
        if place is None and not may_pin:
            return None
        known = place is not None and place.latitude is not None and place.longitude is not None
        at = f"{place.latitude:.5f},{place.longitude:.5f}" if place is not None and known else ""
        name = select(Territory.name).where(Territory.id == (place.territory_id if place else None))
        return render_template(
            "territories/panel.html",
            exact=place_words(place),
            territory=ctx.session.execute(name).scalar(),
            why=url_for("territories.why", entity=entity, record_id=record.id)
            if ctx.may(f"{TERRITORY}.view")
            else "",
            pin=url_for("territories.pin", entity=entity, record_id=record.id) if may_pin else "",
            way=f"geo:{at}?q={at}" if at else "",
            near=url_for("territories.near_me", of=f"{entity}:{record.id}"),
        )

    return where


ALL = tuple(
    Panel(
        name=f"where_{entity}",
        label=_l("Where"),
        slot=f"{entity}.side",
        view=view(entity),
        order=40,
        permission=f"{entity}.view",
        refresh_on=("territories.moved",),
    )
    for entity in placing.WHOSE
)
