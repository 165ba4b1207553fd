"""The ways to the pages of territories."""

from __future__ import annotations

from app.sdk import Link, _l

from . import placing
from .entities import TERRITORY

ALL = (
    Link(
        name="overview",
        label=_l("Territories"),
        place="nav",
        section=_l("Reach"),
        endpoint="territories.index",
        icon="map",
        order=40,
        permission=f"{TERRITORY}.view",
    ),
    Link(
        name="near",
        label=_l("Near me"),
        place="nav",
        section=_l("Reach"),
        endpoint="territories.near_me",
        icon="locate-fixed",
        order=41,
        permission="contact.view",
    ),
    *(
        Link(
            name=f"visit_{entity}",
            label=_l("Check in on a visit"),
            place=f"{entity}.page",
            endpoint="territories.visit",
            values={"entity": entity},
            icon="map-pin",
            order=40,
            permission="interaction.create",
        )
        for entity in placing.WHOSE
    ),
    Link(
        name="new",
        label=_l("Territory"),
        place="create",
        endpoint="territories.new",
        icon="map",
        order=80,
        permission=f"{TERRITORY}.create",
    ),
)
