"""One list page for every kind of record: table on a desk, cards on a phone, works by plain links and forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request, url_for
from flask.blueprints import BlueprintSetupState

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Choice, Entity, Field, Kind, Link
from app.kernel.errors import Invalid, NotVisible
from app.kernel.expr.tree import ExprError
from app.services import access, fields, listing, listing_filters, views
from app.services.context import ctx
from app.services.listing import Page
from app.services.listing_filters import Filter
from app.web import bulk_bar, filtering, htmx, list_address, list_heads, list_rows, panels
from app.web.list_address import PATHS, Place
from app.web.render import fragment, render
from app.web.routes import requires, signed_in

lists = Blueprint("lists", __name__)

ART = {"company": "company", "interaction": "talk", "task": "done"}


@lists.get("/list/<entity>")
@signed_in
def index(entity: str) -> Response:
    """Show the list of any kind of record."""
    if entity in PATHS:
        text = request.query_string.decode()
        return redirect(address(entity) + (f"?{text}" if text else ""), 302)  # type: ignore[return-value]
    return show(entity)


@lists.record
def _core_lists(state: BlueprintSetupState) -> None:
    for entity, (path, endpoint) in PATHS.items():
        state.app.add_url_rule(path, endpoint, _view(entity), methods=["GET"])


def _view(entity: str) -> Callable[[], Response]:
    @requires(f"{entity}.view")
    def view() -> Response:
        """Show the list of a core entity."""
        return show(entity)

    return view


address = list_address.of


def show(entity: str) -> Response:
    """Answer with a page of a list; with htmx with its rows, or with the whole table after a change of the question."""
    seen = ctx()
    if not seen.schema.has(entity):
        raise NotVisible(_("There is no such list."))
    access.require(seen, f"{entity}.view")
    try:
        place = list_address.read(seen, entity)
        page = listing.page(seen, entity, list_address.asked(seen, place))
    except ExprError as error:
        return filtering.refused(seen, entity, error)
    except Invalid as error:
        return _refused(seen, entity, error)
    values = _values(seen, page, place)
    if "after" in request.args and htmx.partial():
        return fragment("lists/_more.html", **values)
    title = str(place.view.name if place.view else page.entity.plural)
    return render("lists/index.html", block="lists/_list.html#list", title=title, **values)


def _refused(seen: Context, entity: str, error: Invalid) -> Response:
    """Say what is wrong with the question, and lead to the list without it."""
    kind = seen.schema.entity(entity)
    view = next((v for v in views.offered(seen, entity) if v.key == request.args.get("view")), None)
    return render(
        "lists/refused.html",
        status=422,
        title=_("Error: %(title)s", title=str(view.name if view else kind.plural)),
        sentence=str(error),
        plural=str(kind.plural),
        everything=address(entity) + "?view=" + views.EVERY,
        edit=url_for("views.edit", entity=entity, key=view.key)
        if view is not None and views.editable(seen, view)
        else None,
    )


def _values(seen: Context, page: Page, place: Place) -> dict[str, Any]:
    entity = page.entity
    shown = [f for f in page.fields if not list_heads.names_record(entity, f)]
    edits = [list_heads.written(seen, entity, f) if seen.may(f"{entity.key}.edit") else None for f in shown]
    rows = list_rows.rows(seen, page, shown, list_heads.places(shown, edits), edits)
    part = "after" in request.args and htmx.partial()
    folding = place.folding()
    sections = list_heads.sections(seen, page, place, rows, part=part)
    return {
        "entity": entity,
        "sections": sections,
        "filled": any(section.head or section.rows for section in sections),
        "width": len(shown) + 2,
        "row_url": _row_url(entity),
        "select_words": _("Select %(who)s", who="\0").split("\0"),
        "more": place.to(**folding, after=page.next) if page.next else None,
        "bulk": bulk_bar.bar(seen, entity.key, page.count, page.cap),
        **({} if part else _around(seen, page, place, shown)),
    }


def _around(seen: Context, page: Page, place: Place, shown: Sequence[Field]) -> dict[str, Any]:
    """Return what stands around the rows: views, chips, buttons, ways to jump, words about how many there are."""
    entity = page.entity
    return {
        "base": address(entity.key),
        "here": place.to(**place.folding()),
        "q": place.state.get("q"),
        "kept": place.pairs("q"),
        "state": place.pairs(),
        "columns": list_heads.columns(seen, page, shown, place),
        "previous": place.to(**place.folding(), before=page.previous) if page.previous else None,
        "chips": [*filtering.chips(seen, place), *_suggested(seen, place)],
        "said": list_heads.said(page),
        "ordered": list_heads.ordered(seen, page),
        "letters": list_heads.letters(page, place),
        "dated": list_heads.dated(page),
        "grouped": page.grouping is not None,
        "refused": page.refused,
        "crowded": page.crowded,
        "narrowed": place.state.narrowed,
        "parted": htmx.partial(),
        "everything": list_address.of(entity.key) + ("?view=" + views.EVERY if place.standard else ""),
        "buttons": _buttons(seen, place),
        "top": panels.in_slot(f"{entity.key}.list.top"),
        "art": ART.get(entity.key, "people"),
        "place": place,
        "offered": _offered(seen, place),
        "mine": place.view is not None and views.editable(seen, place.view),
        "link": place.link([f.key for f in page.fields]),
    }


def _offered(seen: Context, place: Place) -> list[dict[str, Any]]:
    """Return the views of the menu: everything first, then declared and saved ones."""
    found = [
        {
            "key": view.key,
            "label": str(view.name),
            "url": place.to_view(view),
            "on": place.view is not None and view.key == place.view.key,
            "pinned": view.pinned,
            "own": view.owner_id is not None and view.owner_id == seen.user.id,
            "share": view.share,
        }
        for view in views.offered(seen, place.entity)
    ]
    everything = {
        "key": views.EVERY,
        "label": _("All"),
        "url": place.to_view(None),
        "on": place.view is None,
        "pinned": any(view["pinned"] for view in found),
        "own": False,
        "share": "declared",
    }
    return [everything, *found]


def query(**values: str) -> str:
    """Return the part of an address after the path; empty without values."""
    text = urlencode({name: value for name, value in values.items() if value})
    return f"?{text}" if text else ""


def _row_url(entity: Entity) -> tuple[str, str]:
    """Return what stands before and after the id in the address of a record's page."""
    if not entity.url:
        return "", ""
    before, _sep, after = url_for(entity.url, record_id=1_999_999_999).partition("1999999999")
    return before, after


def _filters(place: Place) -> tuple[Filter, ...]:
    return tuple(listing_filters.parse(text) for text in place.state.every("f"))


def _narrowed(place: Place, filters: Sequence[Filter]) -> str:
    return place.to(place.state.but(f=[str(one) for one in filters]))


def _suggested(seen: Context, place: Place) -> list[dict[str, Any]]:
    every = _filters(place)
    used = {one.field for one in every}
    visible = {f.key: f for f in fields.visible(seen, place.entity) if f.key not in used}
    offers: list[tuple[str, Filter]] = []
    for name in ("assignee_id", "owner_id"):
        if name in visible and seen.user.id is not None:
            offers.append((_("Mine") if name == "owner_id" else _("For me"), Filter(name, "is", "me")))
    if "team_id" in visible and seen.user.teams:
        offers.append((_("My team"), Filter("team_id", "is", "mine")))
    if "due_on" in visible:
        offers.append((_("Late"), Filter("due_on", "before", "today")))
    for name in seen.schema.entity(place.entity).default_columns:
        field = visible.get(name)
        if field is not None and field.kind is Kind.CHOICE and name != "outcome":
            choices: Sequence[Choice] = fields.choices(seen, field)
            offers += [(str(c.label), Filter(name, "is", c.value)) for c in choices[:9]]
    return [
        {"url": _narrowed(place, [*every, one]), "text": text, "removable": False} for text, one in offers
    ]


def query_of(place: Place) -> str:
    """Return the part of an address that says what is shown, after the path."""
    text = place.state.query()
    return f"?{text}" if text else ""


EXPORT = "exporting.export"
"""The endpoint that is told what of the list is shown."""


def _buttons(seen: Context, place: Place) -> list[dict[str, Any]]:
    """Return the ways to new records: create first, then what plugins and the core put on the list."""
    entity = place.entity
    create = [k for k in seen.schema.links("create") if k.permission == f"{entity}.create"]
    found = [*create[:1], *seen.schema.links(f"{entity}.list")]
    buttons = []
    for k in found:
        if k.permission is None or seen.may(k.permission):
            url = url_for(k.endpoint, **k.values) + (query_of(place) if k.endpoint == EXPORT else "")
            label = _("New %(what)s", what=_within(seen, str(k.label))) if k in create else str(k.label)
            buttons.append(
                {"label": label, "icon": "plus" if k in create else k.icon, "url": url, "main": k in create}
            )
            if k.endpoint == EXPORT:
                buttons.append(_at_once(k, url))
    return buttons


def _at_once(export: Link, url: str) -> dict[str, Any]:
    """Return the way that sends a list as a table without asking anything; a phone's menu has it."""
    url += ("&" if "?" in url else "?") + "format=csv"
    return {"label": _("Export as CSV"), "icon": export.icon, "url": url, "main": False, "menu": True}


def _within(seen: Context, label: str) -> str:
    """Return a label as it stands within a sentence: English writes nouns small."""
    return label[:1].lower() + label[1:] if seen.locale.startswith("en") else label
