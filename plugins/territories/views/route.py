"""The route of a day: stops in a good order with times, printable, handed on to any map, each with a check-in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from app.sdk import Context, _, _n
from app.sdk.services import people, plugin_settings
from app.sdk.web import Response, ctx, number, render, requires

from .. import drawing, gazetteer, geometry, home, placing, routing
from ..routing import At, Day, Leg, Stop
from .blueprint import pages

SAVED = 25


@dataclass(frozen=True)
class Line:
    """A stop as the page shows it."""

    key: str
    name: str
    url: str
    arrives: str
    km: str
    note: str
    hours: str
    way: str
    visit: str
    x: float
    y: float
    remove: str


@pages.get("/route")
@requires("contact.view")
def route() -> Response:
    """Show the visits of a day in a good order; stops, hours and the start stand in the address."""
    asked = ctx()
    keys = _keys()
    stops, problems = _stops(asked, keys)
    start = _start(asked, stops)
    day = Day(
        start=start or (0.0, 0.0),
        begins=_begins(),
        speed=int(plugin_settings.of(asked, "territories").get("travel_speed") or 50),
        back=request.args.get("back", "1") == "1",
    )
    ordered = routing.ordered(day, stops) if start else []
    if request.args.get("order") == "kept":
        ordered = stops
    legs = routing.legs(day, ordered)
    frame = _frame(day, ordered)
    km = routing.length(day, ordered) if ordered else 0
    return render(
        "territories/route.html",
        title=_("Route"),
        lines=_lines(asked, legs, frame),
        problems=problems,
        start=request.args.get("start", ""),
        begins=routing.clock(day.begins),
        back=day.back,
        stops=",".join(keys),
        told=_("%(km)s km in all", km=number(round(km))) if ordered else "",
        count=_n("%(num)s stop", "%(num)s stops", len(ordered)),
        frame=frame,
        land=drawing.land(frame),
        line=_line(day, ordered, frame),
        handoff=_handoff(day, ordered),
        places=url_for(".near_me"),
    )


def _keys() -> list[str]:
    """Return the stops of the address, each once: `contact:5`, `company:3`."""
    found = ",".join(request.args.getlist("stops")).split(",")
    return list(dict.fromkeys(key.strip() for key in found if key.strip()))[:SAVED]


def _stops(asked: Context, keys: list[str]) -> tuple[list[Stop], list[str]]:
    minutes = int(plugin_settings.of(asked, "territories").get("visit_minutes") or 45)
    wanted = [
        (entity, int(text))
        for entity, _mark, text in (key.partition(":") for key in keys)
        if entity in placing.WHOSE and text.isdecimal() and len(text) < 10
    ]
    names = people.names(asked, set(wanted))
    places = {
        (entity, number_): place
        for entity in placing.WHOSE
        for number_, place in placing.of(asked, entity, [i for kind, i in names if kind == entity]).items()
    }
    found, problems = [], []
    for target in wanted:
        place = places.get(target)
        if target in names and (place is None or place.latitude is None or place.longitude is None):
            problems.append(_("%(name)s has no place on the map yet.", name=names[target].name))
        elif target in names and place is not None:
            stop = Stop(*target, (place.latitude or 0.0, place.longitude or 0.0), minutes)
            found.append(_opened(stop, names[target].name, problems))
    return found, problems


def _opened(stop: Stop, name: str, problems: list[str]) -> Stop:
    text = request.args.get(f"h_{stop.entity}_{stop.record_id}", "")
    try:
        return routing.hours(stop, text)
    except ValueError:
        problems.append(_("Hours of %(name)s: write them like 9-12:30.", name=name))
        return stop


def _begins() -> int:
    hour, _mark, minute = request.args.get("begins", "9:00").partition(":")
    if hour.isdecimal() and len(hour) < 3 and (minute or "0").isdecimal() and len(minute) < 3:
        return min(int(hour), 23) * 60 + min(int(minute or 0), 59)
    return 9 * 60


def _start(asked: Context, stops: list[Stop]) -> At | None:
    typed = gazetteer.place(request.args.get("start", "")[:200])
    if typed is not None:
        return typed.latitude, typed.longitude
    return home.of(asked) or (stops[0].at if stops else None)


def _frame(day: Day, stops: list[Stop]) -> drawing.Frame:
    if not stops:
        return drawing.Frame.of(drawing.EUROPE, 640, 360)
    corners = [(at[1], at[0]) for at in (day.start, *(stop.at for stop in stops))]
    west, south, east, north = geometry.box_of([[corners]])
    wide, high = max((east - west) * 0.15, 0.05), max((north - south) * 0.15, 0.03)
    return drawing.Frame.of((west - wide, south - high, east + wide, north + high), 640, 360)


def _lines(asked: Context, legs: list[Leg], frame: drawing.Frame) -> list[Line]:
    names = people.names(asked, {(leg.stop.entity, leg.stop.record_id) for leg in legs})
    return [_shown(leg, names[leg.stop.entity, leg.stop.record_id], frame, legs) for leg in legs]


def _shown(leg: Leg, named: Any, frame: drawing.Frame, legs: list[Leg]) -> Line:
    stop = leg.stop
    others = ",".join(f"{one.stop.entity}:{one.stop.record_id}" for one in legs if one is not leg)
    x, y = frame.point(*stop.at)
    note = (
        _("%(min)s min too late", min=leg.late)
        if leg.late
        else _("wait %(min)s min", min=leg.waits)
        if leg.waits
        else ""
    )
    at = f"{stop.at[0]:.5f},{stop.at[1]:.5f}"
    return Line(
        key=f"h_{stop.entity}_{stop.record_id}",
        name=named.name,
        url=url_for(named.url, record_id=stop.record_id) if named.url else "",
        arrives=routing.clock(leg.arrives),
        km=_("%(num)s km", num=number(round(leg.km, 1))),
        note=note,
        hours=request.args.get(f"h_{stop.entity}_{stop.record_id}", ""),
        way=f"geo:{at}?q={at}",
        visit=url_for(".visit", entity=stop.entity, record_id=stop.record_id),
        x=x,
        y=y,
        remove=_without(others),
    )


def _line(day: Day, stops: list[Stop], frame: drawing.Frame) -> str:
    ways = [day.start, *(stop.at for stop in stops), *([day.start] if day.back else [])]
    return " ".join("{:g},{:g}".format(*frame.point(*at)) for at in ways) if stops else ""


def _handoff(day: Day, stops: list[Stop]) -> list[tuple[str, str]]:
    """Return addresses that open the whole route elsewhere: nothing is sent before somebody taps one."""
    if not stops:
        return []
    ways = [day.start, *(stop.at for stop in stops), *([day.start] if day.back else [])]
    told = [f"{at[0]:.5f},{at[1]:.5f}" for at in ways]
    between = "|".join(told[1:-1])
    return [
        (
            "Google Maps",
            f"https://www.google.com/maps/dir/?api=1&origin={told[0]}&destination={told[-1]}&waypoints={between}",
        ),
        ("Apple Maps", f"https://maps.apple.com/?saddr={told[0]}&daddr={'+to:'.join(told[1:])}"),
    ]


def _without(others: str) -> str:
    """Return the address of the route with other stops."""
    kept: dict[str, Any] = {**request.args.to_dict(), "stops": others}
    return url_for(".route", **kept)
