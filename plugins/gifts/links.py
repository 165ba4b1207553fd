"""The way to the list of all gifts."""

from __future__ import annotations

from app.sdk import Link, _l

from .entities import GIFT

ALL = (
    Link(
        name="gifts",
        label=_l("Gifts"),
        place="nav",
        endpoint="lists.index",
        values={"entity": GIFT},
        icon="cake",
        order=80,
        permission=f"{GIFT}.view",
    ),
)
