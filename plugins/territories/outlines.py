"""What of a territory can be drawn on a map: its own shape, its countries and states, its circles."""

from __future__ import annotations

from typing import Any

from . import borders, drawing, gazetteer, geometry
from .borders import Unclear
from .geometry import Misdrawn
from .models import Territory


def of(territory: Territory) -> list[Any]:
    """Return everything of a territory that can be drawn, as polygons; [] for one that cannot be understood."""
    try:
        lines = borders.read(territory.borders)
        polygons = list(geometry.read(territory.shape)) if territory.shape else []
    except (Unclear, Misdrawn):
        return []
    known = gazetteer.outlines()
    for code in sorted(lines.countries):
        polygons += drawing.polygons_of(known["countries"].get(code))
    for country, region in sorted(lines.regions):
        polygons += drawing.polygons_of(known["states"].get(f"{country}-{region.upper()}"))
    return polygons + [drawing.circle(one.latitude, one.longitude, one.km) for one in lines.circles]
