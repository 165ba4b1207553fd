"""Setting up a list: which columns it has and what it is sorted by; a page, and with htmx a panel above the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from flask import Blueprint, Response, redirect, request, url_for

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field, Show
from app.kernel.errors import NotVisible
from app.services import access, fields, listing, listing_groups, listing_sorts, views
from app.services.context import ctx
from app.web import htmx, list_address, list_heads
from app.web.list_address import Place
from app.web.render import done, fragment, render
from app.web.routes import signed_in

list_setup = Blueprint("list_setup", __name__)

KEYS = 3
"""Fields that the page of the order asks for."""


def opened(entity: str) -> tuple[Context, Place]:
    """Return who asks and what list it is about. Raises NotVisible or NotAllowed."""
    seen = ctx()
    if not seen.schema.has(entity):
        raise NotVisible(_("There is no such list."))
    access.require(seen, f"{entity}.view")
    return seen, list_address.read(seen, entity)


def panel(name: str, title: str, place: Place, *, status: int = 200, **values: Any) -> Response:
    """Return a page about a list, or with htmx the panel of it that stands above the list."""
    plural = str(ctx().schema.entity(place.entity).plural)
    values = {"plural": plural, "back": place.to(), "state": place.pairs(), **values}
    values |= {"title": title, "place": place}
    if htmx.partial():
        return fragment(f"lists/_{name}.html", status=status, panel=True, **values)
    return render("lists/setup.html", status=status, part=f"lists/_{name}.html", panel=False, **values)


@list_setup.route("/list/<entity>/columns", methods=["GET", "POST"])
@signed_in
def columns(entity: str) -> Response:
    """Choose the columns of a list and their order, with buttons that move them."""
    seen, place = opened(entity)
    every = {f.key: f for f in fields.visible(seen, entity, Show.LIST)}
    kind = seen.schema.entity(entity)
    first = next((f.key for f in every.values() if list_heads.names_record(kind, f)), None)
    pressed = request.form.get("do", "")
    if pressed == "usual":
        return _chosen(seen, place, ())
    chosen = _ticked(seen, place, every)
    if pressed == "apply":
        return _chosen(seen, place, [*([first] if first else []), *(n for n in chosen if n != first)])
    chosen = _moved([n for n in chosen if n != first], pressed)
    rest = [f.key for f in every.values() if f.key not in chosen and f.key != first]
    return panel(
        "columns",
        _("Columns of %(what)s", what=str(kind.plural)),
        place,
        columns=[_shown(every[n], on=n in chosen) for n in [*chosen, *rest]],
        count=len(chosen),
        first=str(every[first].label) if first else str(kind.label),
        most=listing.COLUMNS,
        own=place.view is None,
        pressed=pressed,
        action=url_for("list_setup.columns", entity=entity),
    )


def _shown(field: Field, *, on: bool) -> dict[str, Any]:
    return {"key": field.key, "label": str(field.label), "on": on}


def _ticked(seen: Context, place: Place, every: dict[str, Field]) -> list[str]:
    if request.method == "POST":
        wanted: Sequence[str] = request.form.getlist("col")
    else:
        wanted = place.state.names("cols") or list_address.standing(seen, place.entity)
    return [n for n in dict.fromkeys(wanted) if n in every][: listing.COLUMNS]


def _moved(names: list[str], pressed: str) -> list[str]:
    """Return the names with one of them moved by a place: `up-email`, `down-email`."""
    way, _dash, name = pressed.partition("-")
    if way not in {"up", "down"} or name not in names:
        return names
    at = names.index(name)
    to = max(0, min(len(names) - 1, at + (-1 if way == "up" else 1)))
    names.insert(to, names.pop(at))
    return names


def _chosen(seen: Context, place: Place, names: Sequence[str]) -> Response:
    """Show the list with these columns, and keep them for whoever chose them if he says so."""
    if place.view is None and (request.form.get("keep") or not names):
        own = [] if tuple(names) == seen.schema.entity(place.entity).default_columns else names
        views.set_columns(seen, place.entity, own)
        return done(place.to(place.state.but(cols="")))
    return done(place.to(place.state.but(cols=",".join(names))))


@list_setup.get("/list/<entity>/sort")
@signed_in
def sort(entity: str) -> Response:
    """Choose what a list is sorted by, then by what, and its groups; sent back here it leads to the list in that order."""
    seen, place = opened(entity)
    able = listing_sorts.sortable(seen, entity)
    if "by" in request.args:
        ways = request.args.getlist("way")
        names = [
            ("-" if n < len(ways) and ways[n] == "down" else "") + name
            for n, name in enumerate(request.args.getlist("by"))
            if name in able
        ]
        return redirect(place.to(place.state.but(sort=",".join(names))), 302)  # type: ignore[return-value]
    usual = listing_sorts.usual(cast(Any, seen.schema), entity)
    order = listing_sorts.of(seen, entity, place.state.get("sort")) or usual
    keys = [(key.field, key.down) for key in order.keys if key.field in able][:KEYS]
    return panel(
        "sort",
        _("Order of %(what)s", what=str(seen.schema.entity(entity).plural)),
        place,
        keys=[*keys, *[("", False)] * (KEYS - len(keys))],
        offers=[("", "–"), *((f.key, str(f.label)) for f in able.values())],
        action=url_for("list_setup.sort", entity=entity),
        kept=place.pairs("sort", "group"),
        group=place.state.get("group"),
        groups=[("", "–"), *((f.key, str(f.label)) for f in listing_groups.groupable(seen, entity))],
    )
