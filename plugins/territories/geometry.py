"""Shapes on the map: GeoJSON read and checked, and whether a point is within.

A shape is a list of polygons, a polygon a list of rings, a ring a list of (longitude, latitude); after the outer ring
come its holes. A point is within when a ray from it to the east crosses the edges an odd number of times.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.sdk import _

from .grid import Box

Ring = Sequence[tuple[float, float]]
Shape = Sequence[Sequence[Ring]]
Edge = tuple[float, float, float, float]

MOST_POINTS = 50_000
MOST_BYTES = 2_000_000
BANDS = 512
"""Into so many strips of latitude the edges of a shape are sorted at most."""


class Misdrawn(ValueError):
    """A shape that cannot be read; its message is a sentence."""


class Area:
    """A shape made ready for many questions: edges by strips of latitude, so that a point is compared with few."""

    def __init__(self, shape: Shape) -> None:
        self.box = box_of(shape)
        edges = list(edges_of(shape))
        _west, self._south, _east, north = self.box
        self._count = max(1, min(BANDS, len(edges) // 2))
        self._high = (north - self._south) / self._count or 1.0
        self._bands: list[list[Edge]] = [[] for _ in range(self._count)]
        for edge in edges:
            low, high = sorted((edge[1], edge[3]))
            for band in range(self._band(low), self._band(high) + 1):
                self._bands[band].append(edge)

    def _band(self, latitude: float) -> int:
        return min(max(int((latitude - self._south) / self._high), 0), self._count - 1)

    def holds(self, latitude: float, longitude: float) -> bool:
        """Tell whether a point is within."""
        west, south, east, north = self.box
        if not (south <= latitude <= north and west <= longitude <= east):
            return False
        return _odd(self._bands[self._band(latitude)], latitude, longitude)


def holds(shape: Shape, latitude: float, longitude: float) -> bool:
    """Tell whether a point is within a shape, edge by edge: what `Area` must agree with."""
    return _odd(edges_of(shape), latitude, longitude)


def _odd(edges: Iterable[Edge], latitude: float, longitude: float) -> bool:
    within = False
    for x1, y1, x2, y2 in edges:
        if (y1 > latitude) != (y2 > latitude) and longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1:
            within = not within
    return within


def edges_of(shape: Shape) -> Iterable[Edge]:
    """Yield the edges of all rings; a ring that is open is closed."""
    for polygon in shape:
        for ring in polygon:
            before = ring[-1]
            for point in ring:
                if point != before:
                    yield before[0], before[1], point[0], point[1]
                before = point


def box_of(shape: Shape) -> Box:
    """Return the sides of a shape."""
    points = [point for polygon in shape for ring in polygon for point in ring]
    across, up = [x for x, _y in points], [y for _x, y in points]
    return min(across), min(up), max(across), max(up)


def read(text: str) -> Shape:
    """Return the shape of a GeoJSON text: a geometry, a Feature or a FeatureCollection. Raises Misdrawn."""
    if len(text) > MOST_BYTES:
        raise Misdrawn(_("The drawing is larger than 2 MB. Simplify it first."))
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Misdrawn(_("This is no GeoJSON: %(why)s", why=str(error)[:120])) from error
    return shape_of(found)


def shape_of(found: Any) -> Shape:
    """Return the shape of a GeoJSON object. Raises Misdrawn."""
    polygons = [[_ring(ring) for ring in polygon] for polygon in _polygons(found, 0)]
    if not polygons:
        raise Misdrawn(_("There is no polygon in it. Territories are polygons or several of them."))
    if sum(len(ring) for polygon in polygons for ring in polygon) > MOST_POINTS:
        raise Misdrawn(_("The drawing has more than 50,000 points. Simplify it first."))
    return polygons


def _polygons(found: Any, depth: int) -> list[Any]:
    if not isinstance(found, Mapping) or depth > 5:
        raise Misdrawn(_("This is no GeoJSON: a geometry or a Feature is expected."))
    match found.get("type"):
        case "FeatureCollection":
            return [p for one in _listed(found.get("features")) for p in _polygons(one, depth + 1)]
        case "GeometryCollection":
            return [p for one in _listed(found.get("geometries")) for p in _polygons(one, depth + 1)]
        case "Feature":
            return _polygons(found.get("geometry") or {}, depth + 1)
        case "Polygon":
            return [_listed(found.get("coordinates"))]
        case "MultiPolygon":
            return [_listed(one) for one in _listed(found.get("coordinates"))]
    return []


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Misdrawn(_("This is no GeoJSON: a list is missing."))
    return value


def _ring(found: Any) -> list[tuple[float, float]]:
    points = [_point(point) for point in _listed(found)]
    if points and points[0] == points[-1]:
        points = points[:-1]
    if len(points) < 3:
        raise Misdrawn(_("A polygon needs at least three different corners."))
    return points


def _point(found: Any) -> tuple[float, float]:
    numbers = found[:2] if isinstance(found, list) else ()
    if len(numbers) != 2 or not all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers):
        raise Misdrawn(_("A corner is a pair of numbers: longitude, latitude."))
    longitude, latitude = float(numbers[0]), float(numbers[1])
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        sentence = _("%(longitude)s, %(latitude)s is no place: longitude comes first, in degrees.")
        raise Misdrawn(sentence % {"longitude": numbers[0], "latitude": numbers[1]})
    return longitude, latitude


def written(shape: Shape) -> str:
    """Return a shape as GeoJSON, to about a metre; an empty one as ""."""
    if not shape:
        return ""
    polygons = [
        [[[round(x, 5), round(y, 5)] for x, y in (*ring, ring[0])] for ring in polygon] for polygon in shape
    ]
    return json.dumps({"type": "MultiPolygon", "coordinates": polygons}, separators=(",", ":"))


def features(text: str) -> list[tuple[str, Shape]]:
    """Return the named shapes of a GeoJSON or TopoJSON text: one for each feature. Raises Misdrawn."""
    if len(text) > 20 * MOST_BYTES:
        raise Misdrawn(_("The file is larger than 40 MB."))
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Misdrawn(_("This is no GeoJSON: %(why)s", why=str(error)[:120])) from error
    if isinstance(found, dict) and found.get("type") == "Topology":
        found = _untied(found)
    single = not isinstance(found, dict) or found.get("type") != "FeatureCollection"
    several = [found] if single else _listed(found.get("features"))
    return [(_name(one, number), shape_of(one)) for number, one in enumerate(several, 1) if _polygons(one, 0)]


def _name(feature: Any, number: int) -> str:
    told = feature.get("properties") if isinstance(feature, dict) else None
    named = told if isinstance(told, dict) else {}
    for key in ("name", "NAME", "Name", "title", "territory", "id"):
        if isinstance(named.get(key), str) and named[key].strip():
            return str(named[key]).strip()[:200]
    return str(feature.get("id") or _("Area %(num)s", num=number))[:200]


def _untied(topology: Mapping[str, Any]) -> dict[str, Any]:
    """Return the first object of a TopoJSON file as a FeatureCollection; the one with the most shapes."""
    try:
        arcs = [_arc(topology, arc) for arc in topology["arcs"]]
        objects = [o.get("geometries", [o]) for o in topology["objects"].values()]
        made = [
            {
                "type": "Feature",
                "id": one.get("id"),
                "properties": one.get("properties"),
                "geometry": _geometry(arcs, one),
            }
            for one in max(objects, key=len)
        ]
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise Misdrawn(_("This TopoJSON cannot be read.")) from error
    return {"type": "FeatureCollection", "features": made}


def _arc(topology: Mapping[str, Any], arc: Any) -> list[list[float]]:
    transform = topology.get("transform")
    if transform is None:
        return [point[:2] for point in arc]
    (across, up), (left, bottom) = transform["scale"], transform["translate"]
    x = y = 0
    line = []
    for dx, dy, *_rest in arc:
        x, y = x + dx, y + dy
        line.append([max(-180.0, min(180.0, x * across + left)), max(-90.0, min(90.0, y * up + bottom))])
    return line


def _geometry(arcs: Sequence[Sequence[Any]], shape: Mapping[str, Any]) -> dict[str, Any]:
    tied = shape.get("arcs", [])
    polygons = {"Polygon": [tied], "MultiPolygon": tied}.get(str(shape.get("type")), [])
    rings = [[_tied(arcs, ring) for ring in polygon] for polygon in polygons]
    return {
        "type": "MultiPolygon",
        "coordinates": [[r for r in p if len(r) > 3] for p in rings if any(len(r) > 3 for r in p)],
    }


def _tied(arcs: Sequence[Sequence[Any]], ring: Sequence[int]) -> list[Any]:
    line: list[Any] = []
    for number in ring:
        part = list(arcs[number]) if number >= 0 else list(arcs[~number])[::-1]
        line += part[1:] if line else part
    return line
