from __future__ import annotations

import json
import random

import pytest

from .. import borders, geometry, grid
from ..drawing import polygons_of
from ..gazetteer import outlines
from ..geometry import Area, Misdrawn

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]], [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]]],
}


def test_a_hole_is_outside() -> None:
    area = Area(geometry.shape_of(SQUARE))
    assert area.holds(1, 1)
    assert not area.holds(5, 5)
    assert not area.holds(11, 5)


def test_points_are_within_by_the_strips_as_edge_by_edge() -> None:
    chance = random.Random(7)
    codes = ("DE", "NO", "US", "CA", "IT", "HR")
    for code in codes:
        shape = polygons_of(outlines()["countries"][code])
        area = Area(shape)
        west, south, east, north = area.box
        points = [(chance.uniform(south, north), chance.uniform(west, east)) for _ in range(60)]
        edges = list(geometry.edges_of(shape))
        points += [(y, x) for x, y, _x2, _y2 in chance.sample(edges, 20)]
        assert [area.holds(*p) for p in points] == [geometry.holds(shape, *p) for p in points], code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"type":"Point","coordinates":[1,2]}',
        '{"type":"Polygon","coordinates":[[[0,0],[1,1]]]}',
        '{"type":"Polygon","coordinates":[[[48,200],[1,1],[2,3]]]}',
        '{"type":"Polygon","coordinates":"x"}',
        '{"type":"Polygon","coordinates":[[["a",1],[1,1],[2,3]]]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_area_is_refused_with_a_sentence(app: object, text: str) -> None:
    with pytest.raises(Misdrawn) as refused:
        geometry.read(text)
    assert str(refused.value)


def test_a_written_shape_is_read_as_it_was() -> None:
    shape = geometry.shape_of(SQUARE)
    assert geometry.read(geometry.written(shape)) == shape


def test_a_topology_is_read_as_areas_with_names(app: object) -> None:
    topology = {
        "type": "Topology",
        "arcs": [[[0, 0], [1, 0], [0, 1], [-1, 0], [0, -1]]],
        "transform": {"scale": [10, 10], "translate": [0, 0]},
        "objects": {
            "areas": {"geometries": [{"type": "Polygon", "arcs": [[0]], "properties": {"name": "One"}}]}
        },
    }
    ((name, shape),) = geometry.features(json.dumps(topology))
    assert name == "One"
    assert Area(shape).holds(5, 5)


def test_ranges_of_squares_cover_every_point_of_a_rectangle() -> None:
    chance = random.Random(3)
    for _ in range(200):
        at = chance.uniform(-85, 85), chance.uniform(-180, 180)
        km = chance.choice((0.5, 5, 50, 500))
        found = grid.ranges(grid.around(*at, km))
        inside = [
            (north, east)
            for north, east in (
                (at[0] + chance.uniform(-1, 1) * km / 111, at[1] + chance.uniform(-1, 1) * km / 111)
                for _ in range(20)
            )
            if abs(north) <= 90 and abs(east) <= 180 and grid.km_between(at, (north, east)) <= km
        ]
        assert all(any(a <= grid.cell(*p) <= b for a, b in found) for p in inside)


def test_distances_are_those_of_the_globe() -> None:
    assert grid.km_between((52.52, 13.405), (48.137, 11.575)) == pytest.approx(504, abs=2)
    assert grid.km_between((0, 179.9), (0, -179.9)) == pytest.approx(22.2, abs=0.1)


def test_borders_are_read_from_lines(app: object) -> None:
    found = borders.read(
        "country DE, Austria\nregion US-CA, NV\n# a note\npostal US 01000-02799, 10\nwithin 25 km of Munich"
    )
    assert found.countries == {"DE", "AT"}
    assert found.regions == {("US", "ca"), ("US", "nv")}
    holds = [
        any(c.holds("US", code) for c in found.codes)
        for code in ("01000", "02134", "10001", "00501", "03000")
    ]
    assert holds == [True, True, True, False, False]
    assert found.circles[0].km == 25


@pytest.mark.parametrize(
    "line",
    [
        "planet DE",
        "country",
        "country XX",
        "region Bayern",
        "postal DE 9-1",
        "postal DE",
        "within 25 km",
        "within 0 km of Berlin",
        "within 5 km of nowhere at all",
    ],
)
def test_a_line_that_is_unclear_is_named(app: object, line: str) -> None:
    with pytest.raises(borders.Unclear, match=line.split(maxsplit=1)[0]):
        borders.read(line)
