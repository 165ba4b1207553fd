"""The map of contacts: clusters drawn by the server, moved by links or by hand; and tiles, if the settings name some."""

from __future__ import annotations

from math import log2
from typing import Any

from flask import abort, request, url_for

from app.sdk import Context, _, _n
from app.sdk.services import people, plugin_settings, safe_fetch
from app.sdk.web import Response, ctx, fragment, is_partial, number, render, requires

from .. import drawing, tiles, viewport
from ..drawing import Frame
from .blueprint import pages

LISTED = 50
TILE = 256
DEEPEST = 19
PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}
DAY = 86_400
CUT = 64 * 1024
"""More than this is not fetched: a picture of this size is not whole."""


@pages.get("/map")
@requires("contact.view")
def world() -> Response:
    """Show a part of the world with the contacts in it."""
    asked = ctx()
    frame = Frame.read(request.args.get("at", "")) or _first(asked)
    found = viewport.look(asked, frame)
    alone = [cluster.record_id for cluster in found.clusters if cluster.record_id is not None][:LISTED]
    names = people.names(asked, {("contact", record) for record in alone})
    values: dict[str, Any] = {
        "frame": frame,
        "land": drawing.land(frame),
        "clusters": found.clusters,
        "names": {record: one.name for (_entity, record), one in names.items()},
        "told": _told(found),
        "tiles": _tiles(asked, frame),
        "credit": str(plugin_settings.of(asked, "territories").get("tiles_credit") or ""),
        "ways": {
            "left": _at(frame.moved(across=-0.4)),
            "right": _at(frame.moved(across=0.4)),
            "up": _at(frame.moved(up=0.4)),
            "down": _at(frame.moved(up=-0.4)),
            "nearer": _at(frame.moved(zoom=2)),
            "farther": _at(frame.moved(zoom=0.5)),
        },
    }
    if is_partial():
        return fragment("territories/_world.html", **values)
    return render("territories/world.html", title=_("Map"), **values)


def _first(asked: Context) -> Frame:
    """Return what the map shows at first: the countries with most contacts."""
    rows, _whole = tiles.counted(asked, "country")
    most = sorted((row for row in rows if row[0]), key=lambda row: -row[1])[:6]
    return Frame.of(drawing.around(row[0] for row in most))


def _at(frame: Frame) -> str:
    return url_for(".world", at=frame.said())


def _told(found: viewport.Seen) -> str:
    if not found.whole:
        return _("More than %(count)s contacts here", count=number(viewport.MOST))
    return _n("%(num)s contact here", "%(num)s contacts here", found.count)


def _tiles(asked: Context, frame: Frame) -> list[tuple[str, float, float, float]]:
    """Return the tiles of a frame as (address, x, y, side); none when there is no server of tiles."""
    if not plugin_settings.of(asked, "territories").get("tiles_url"):
        return []
    zoom = max(0, min(DEEPEST, round(log2(frame.scale * 360 / TILE))))
    count = 2**zoom
    side = frame.scale * 360 / count
    left, top = frame.point(drawing.MERCATOR_TOP, -180)
    first_x, first_y = max(0, int(-left // side)), max(0, int(-top // side))
    found = []
    for x in range(first_x, min(count, first_x + int(frame.wide / side) + 2)):
        for y in range(first_y, min(count, first_y + int(frame.high / side) + 2)):
            found.append((url_for(".tile", z=zoom, x=x, y=y), left + x * side, top + y * side, side + 0.5))
    return found


@pages.get("/tiles/<int:z>/<int:x>/<int:y>")
@requires("contact.view")
def tile(z: int, x: int, y: int) -> Response:
    """Fetch a tile from the server that the settings name: browsers load pictures from here alone."""
    address = str(plugin_settings.of(ctx(), "territories").get("tiles_url") or "")
    if not address or z > DEEPEST or not (0 <= x < 2**z and 0 <= y < 2**z):
        abort(404)
    for mark, value in (("{z}", z), ("{x}", x), ("{y}", y)):
        address = address.replace(mark, str(value))
    try:
        answer = safe_fetch.fetch("GET", address, headers={"User-Agent": "Kith", "Accept": "image/*"})
    except safe_fetch.Unreachable:
        abort(404)
    kind = next((kind for start, kind in PICTURES.items() if answer.body.startswith(start)), None)
    if answer.status != 200 or kind is None or len(answer.body) >= CUT:
        abort(404)
    return Response(answer.body, mimetype=kind, headers={"Cache-Control": f"private, max-age={DAY}"})
