"""The overview: a map of countries or territories in five tones, and the same figures as a list."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import request, url_for
from flask_babel import get_locale

from app.sdk import Context, _
from app.sdk.services import people
from app.sdk.web import Response, ctx, render, requires

from .. import drawing, figures, geometry, outlines
from ..entities import TERRITORY
from ..figures import Figures
from ..matching import every
from .blueprint import pages

SHOWN = 8
MOST = 300


@dataclass(frozen=True)
class Area:
    """An area of the list: what it is called, its figures, its tone, whose it is, and where it leads."""

    key: str
    name: str
    told: str
    beside: str
    tone: int
    url: str
    owner_id: int | None = None
    owner: str = ""


@pages.get("/")
@requires(f"{TERRITORY}.view")
def index() -> Response:
    """Show a figure by country or territory: as a map, and as a list."""
    asked = ctx()
    known = figures.measures(asked)
    measure = request.args.get("m", "")
    measure = measure if measure in dict(known) else known[0][0]
    by = "territory" if request.args.get("by") == "territory" else "country"
    found = figures.of(asked, measure, "territory_id" if by == "territory" else "country")
    areas = _territories(asked, found, measure) if by == "territory" else _countries(found, measure)
    all_shown = request.args.get("all") == "1"
    picked = next((area for area in areas if area.key == request.args.get("c")), None)
    return render(
        "territories/index.html",
        title=_("Territories"),
        measures=[(label, url_for(".index", m=name, by=by), name == measure) for name, label in known],
        ways=[
            (_("Countries"), url_for(".index", m=measure), by == "country"),
            (_("Territories"), url_for(".index", m=measure, by="territory"), by == "territory"),
        ],
        by=by,
        areas=areas if all_shown else areas[:SHOWN],
        more=len(areas) - SHOWN if len(areas) > SHOWN and not all_shown else 0,
        more_url=url_for(".index", m=measure, by=by, all=1),
        picked=picked,
        picked_list=_list_of(by, picked) if picked else "",
        figures=found,
        measure=dict(known)[measure],
        key=_key(found),
        picture=_picture(asked, by, areas, picked),
        may_edit=asked.may(f"{TERRITORY}.create"),
    )


def _countries(found: Figures, measure: str) -> list[Area]:
    limits = figures.steps(found)
    ranked = sorted(found.values.items(), key=lambda pair: (-pair[1], str(pair[0])))
    return [
        Area(
            key=code,
            name=_land(code),
            told=found.told(code),
            beside=found.beside(code),
            tone=figures.tone(value, limits),
            url=url_for(".index", m=measure, c=code),
        )
        for code, value in ranked[:MOST]
    ]


def _land(code: str) -> str:
    return str(get_locale().territories.get(code, code))


def _territories(asked: Context, found: Figures, measure: str) -> list[Area]:
    limits = figures.steps(found)
    known = [one for one in every(asked) if not one.marks]
    names = people.user_names(asked, {one.owner_id for one in known if one.owner_id})
    areas = [(found.values.get(one.id, Decimal(0)), one) for one in known]
    return [
        Area(
            key=str(one.id),
            name=one.name,
            told=found.told(one.id),
            beside=found.beside(one.id),
            tone=figures.tone(value, limits) if value else 0,
            url=url_for(".index", m=measure, by="territory", c=one.id),
            owner_id=one.owner_id,
            owner=names.get(one.owner_id or 0, ""),
        )
        for value, one in sorted(areas, key=lambda pair: (-pair[0], pair[1].name))[:MOST]
    ]


def _list_of(by: str, picked: Area) -> str:
    """Return the list of the contacts of an area."""
    test = f"territories.territory = {picked.key}" if by == "territory" else f"country = {picked.key}"
    return url_for("lists.index", entity="contact", where=test)


def _key(found: Figures) -> list[tuple[int, str]]:
    """Return what the five tones mean."""
    limits = figures.steps(found)
    if not limits:
        return []
    told = [Figures({0: limit}, {}, True, found.measure, found.currency).told(0) for limit in limits]
    words = [_("under %(value)s", value=told[0]), *(_("from %(value)s", value=value) for value in told)]
    return [(i + 1, word) for i, word in enumerate(words)]


def _picture(asked: Context, by: str, areas: list[Area], picked: Area | None) -> dict[str, Any]:
    """Return the map: land without figures, and the areas that have some, each with its path."""
    tones = {area.key: area for area in areas}
    if by == "country":
        frame = drawing.Frame.of(drawing.around(tones))
        drawn = drawing.land(frame)
        return {
            "frame": frame,
            "land": [one for one in drawn if one.code not in tones],
            "areas": [(one, tones[one.code]) for one in drawn if one.code in tones],
        }
    shapes = [(one, outlines.of(one)) for one in every(asked) if str(one.id) in tones]
    boxes = [geometry.box_of(shape) for _one, shape in shapes if shape]
    frame = drawing.Frame.of(_around(boxes)) if boxes else drawing.Frame.of(drawing.EUROPE)
    found = [
        (drawing.Drawn(str(one.id), one.name, frame.path(shape)), tones[str(one.id)]) for one, shape in shapes
    ]
    return {"frame": frame, "land": drawing.land(frame), "areas": [pair for pair in found if pair[0].path]}


def _around(boxes: list[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )
