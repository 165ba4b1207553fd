"""Near me: contacts and companies around a place, the nearest first; the browser says where, or somebody types it."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from app.sdk import Context, _, _n
from app.sdk.services import people
from app.sdk.web import Response, ctx, number, render, requires

from .. import gazetteer, near, placing
from ..entities import TERRITORY
from ..gazetteer import Found
from ..models import Place
from .blueprint import pages

DISTANCES = (1, 5, 10, 25, 50, 100, 250)
USUAL = 25
SHOWN = 50


@pages.get("/near")
@requires("contact.view")
def near_me() -> Response:
    """Show who is near a place that was typed, that the browser told, or where a record is."""
    asked = ctx()
    entity = "company" if request.args.get("what") == "company" and asked.may("company.view") else "contact"
    km = _km()
    typed = request.args.get("place", "").strip()
    found = _place(asked, typed)
    rows = _rows(asked, entity, found, km) if found is not None else []
    count = near.count(asked, entity, (found.latitude, found.longitude), km) if found is not None else 0
    return render(
        "territories/near.html",
        title=_("Near me"),
        entity=entity,
        place=typed,
        found=found,
        unknown=bool(typed) and found is None,
        km=km,
        distances=[(d, _("%(num)s km", num=number(d))) for d in DISTANCES],
        kinds=[("contact", _("Contacts")), ("company", _("Companies"))],
        rows=rows,
        told=_told(count, km),
        keep=asked.may(f"{TERRITORY}.create") and found is not None,
        route=url_for(".route", stops=",".join(f"{entity}:{row['id']}" for row in rows[:8])) if rows else "",
    )


def _km() -> float:
    try:
        asked = float(request.args.get("km", USUAL))
    except ValueError:
        return USUAL
    return asked if 0 < asked <= 20_000 else USUAL


def _told(count: int, km: float) -> str:
    if count > near.CAP:
        return _("More than %(count)s within %(km)s km", count=number(near.CAP), km=number(round(km)))
    return _n("%(num)s within %(km)s km", "%(num)s within %(km)s km", count, km=number(round(km)))


def _place(asked: Context, typed: str) -> Found | None:
    entity, mark, text = request.args.get("of", "").partition(":")
    if mark and entity in placing.WHOSE and text.isdecimal() and len(text) < 10:
        (one,) = placing.of(asked, entity, [int(text)]).values() or (None,)
        seen = people.names(asked, {(entity, int(text))})
        if one is not None and one.latitude is not None and one.longitude is not None and seen:
            return Found(one.latitude, one.longitude, one.metres, one.exact, seen[entity, int(text)].name)
    return gazetteer.place(typed[:200])


def _rows(asked: Context, entity: str, found: Found, km: float) -> list[dict[str, Any]]:
    pairs = near.nearest(asked, entity, (found.latitude, found.longitude), km, SHOWN)
    names = people.names(asked, {(entity, record) for record, _km in pairs})
    places = placing.of(asked, entity, [record for record, _km in pairs])
    return [
        {
            "id": record,
            "name": names[entity, record].name,
            "url": url_for(names[entity, record].url, record_id=record),
            "km": _("%(num)s km", num=number(round(away, 1))),
            "exact": places[record].exact if record in places else "",
            "way": _way(places[record]),
            "visit": url_for(".visit", entity=entity, record_id=record),
        }
        for record, away in pairs
        if (entity, record) in names and record in places
    ]


def _way(place: Place) -> str:
    """Return the address that opens the navigation of a phone."""
    at = f"{place.latitude:.5f},{place.longitude:.5f}"
    return f"geo:{at}?q={at}"
