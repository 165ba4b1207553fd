"""Maps as SVG: the projection (Web Mercator), outlines as paths, and which part of the world is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import atan, cos, degrees, exp, log, pi, radians, sin, tan
from typing import Any

from . import gazetteer
from .grid import EARTH_KM, Box

WIDE, HIGH = 640, 600
NORTHMOST = 85.0
ROUND = "AQ"
"""A country around the pole: on this projection it is a band without an end."""

MERCATOR_TOP = 85.0511
EUROPE: Box = (-12.0, 35.0, 42.0, 70.0)
WORLD: Box = (-170.0, -56.0, 178.0, 75.0)


def _mercator(latitude: float) -> float:
    held = radians(max(-NORTHMOST, min(NORTHMOST, latitude)))
    return degrees(log(tan(pi / 4 + held / 2)))


def _latitude(y: float) -> float:
    return degrees(2 * atan(exp(radians(y))) - pi / 2)


@dataclass(frozen=True)
class Frame:
    """A part of the world in a picture: its middle, and how many units of the picture a degree of longitude has."""

    longitude: float
    middle: float
    scale: float
    wide: int = WIDE
    high: int = HIGH

    @classmethod
    def of(cls, box: Box, wide: int = WIDE, high: int = HIGH) -> Frame:
        """Return the frame that shows all of a rectangle."""
        west, south, east, north = box
        east = east + 360 if east < west else east
        low, top = _mercator(south), _mercator(north)
        scale = min(wide / max(east - west, 0.002), high / max(top - low, 0.002))
        scale = max(scale, wide / 360)
        return cls((west + east) / 2, (low + top) / 2, scale, wide, high)

    def point(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Return where a place is in the picture."""
        return (
            round(self.wide / 2 + (longitude - self.longitude) * self.scale, 1),
            round(self.high / 2 - (_mercator(latitude) - self.middle) * self.scale, 1),
        )

    @property
    def box(self) -> Box:
        """Return the rectangle that the picture shows, on the earth."""
        across, up = self.wide / 2 / self.scale, self.high / 2 / self.scale
        west, east = max(self.longitude - across, -180.0), min(self.longitude + across, 180.0)
        return west, _latitude(self.middle - up), east, _latitude(self.middle + up)

    def moved(self, across: float = 0, up: float = 0, zoom: float = 1) -> Frame:
        """Return the frame a part of its width to the side or up, or nearer."""
        scale = max(self.wide / 360, min(self.scale * zoom, 200_000))
        longitude = max(-180.0, min(180.0, self.longitude + across * self.wide / self.scale))
        most = _mercator(NORTHMOST)
        middle = max(-most, min(most, self.middle + up * self.high / self.scale))
        return Frame(longitude, middle, scale, self.wide, self.high)

    def said(self) -> str:
        """Return the frame as it stands in an address: longitude, latitude of the middle, and the scale."""
        return f"{self.longitude:.5f},{_latitude(self.middle):.5f},{self.scale:.3f}"

    @classmethod
    def read(cls, text: str, wide: int = WIDE, high: int = HIGH) -> Frame | None:
        """Return the frame of an address; None for what is none."""
        try:
            longitude, latitude, scale = (float(part) for part in text.split(","))
        except ValueError:
            return None
        if not (abs(longitude) <= 180 and abs(latitude) <= 90 and 0.1 <= scale <= 200_000):
            return None
        return cls(longitude, _mercator(latitude), max(scale, wide / 360), wide, high)

    def path(self, shape: Iterable[Sequence[Sequence[tuple[float, float]]]]) -> str:
        """Return a shape as the `d` of a path; rings that are not in the picture are left out."""
        return "".join(self._ring(ring) for polygon in shape for ring in polygon)

    def _ring(self, ring: Sequence[tuple[float, float]]) -> str:
        points = [self.point(latitude, longitude) for longitude, latitude in ring]
        across, up = [x for x, _y in points], [y for _x, y in points]
        if max(across) < 0 or min(across) > self.wide or max(up) < 0 or min(up) > self.high:
            return ""
        kept: list[str] = []
        last = (1e9, 1e9)
        for x, y in points:
            if abs(x - last[0]) + abs(y - last[1]) >= 1:
                kept.append(f"{x:g},{y:g}")
                last = (x, y)
        return f"M{'L'.join(kept)}Z" if len(kept) > 2 else ""


@dataclass(frozen=True)
class Drawn:
    """An area in the picture: its code, its name and its path."""

    code: str
    name: str
    path: str


def land(frame: Frame, sort: str = "countries") -> list[Drawn]:
    """Return the countries (or `states`) that are in a frame."""
    found = []
    for code, one in gazetteer.outlines()[sort].items():
        if code == ROUND:
            continue
        path = frame.path(polygons_of(one))
        if path:
            found.append(Drawn(code, str(one["name"]), path))
    return found


def polygons_of(one: Mapping[str, Any] | None) -> list[list[list[tuple[float, float]]]]:
    """Return the polygons of a packaged outline, in degrees; none for None."""
    shape = one["shape"] if one is not None else ()
    return [[_unwrapped(ring) for ring in polygon] for polygon in shape]


def _unwrapped(ring: Sequence[int]) -> list[tuple[float, float]]:
    """Return a packed ring in degrees; one that crosses the date line goes on beyond 180."""
    found: list[tuple[float, float]] = []
    turns = 0
    for i in range(0, len(ring), 2):
        if i and abs(ring[i] - ring[i - 2]) > 18_000:
            turns += 360 if ring[i] < ring[i - 2] else -360
        found.append((ring[i] / 100 + turns, ring[i + 1] / 100))
    return found


def circle(latitude: float, longitude: float, km: float) -> list[list[tuple[float, float]]]:
    """Return a circle as a polygon of 48 corners."""
    high = degrees(km / EARTH_KM)
    wide = high / max(cos(radians(latitude)), 0.01)
    turns = (2 * pi * i / 48 for i in range(48))
    return [[(longitude + wide * cos(t), latitude + high * sin(t)) for t in turns]]


def around(codes: Iterable[str]) -> Box:
    """Return the rectangle around the main parts of some countries; Europe when there is none."""
    boxes = []
    for code in codes:
        one = gazetteer.outlines()["countries"].get(code)
        if one is not None:
            ring = max((polygon[0] for polygon in polygons_of(one)), key=len)
            across, up = [x for x, _y in ring], [y for _x, y in ring]
            boxes.append((min(across), min(up), max(across), max(up)))
    if not boxes:
        return EUROPE
    west, south, east, north = (fold(box[i] for box in boxes) for i, fold in enumerate((min, min, max, max)))
    return max(west - 2, -180), max(south - 1, -60), min(east + 2, 180), min(north + 1, 75)
