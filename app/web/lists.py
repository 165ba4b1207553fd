"""One list page for every kind of record: table on a desk, cards on a phone, works by plain links and forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request, url_for
from flask.blueprints import BlueprintSetupState

from app.i18n import _, _n
from app.kernel.context import Context
from app.kernel.contributions import Choice, Entity, Field, Kind
from app.kernel.errors import NotVisible
from app.services import access, fields, listing, listing_filters, listing_sorts
from app.services.context import ctx
from app.services.listing import CAP, Asked, Page
from app.services.listing_filters import Filter
from app.web import actions, htmx, list_rows, panels
from app.web.render import fragment, render
from app.web.routes import requires, signed_in
from app.web.templating import number

lists = Blueprint("lists", __name__)

PATHS: Mapping[str, tuple[str, str]] = {
    "contact": ("/contacts", "contacts.index"),
    "company": ("/companies", "companies.index"),
    "interaction": ("/interactions", "interactions.index"),
    "task": ("/tasks", "tasks.index"),
}
"""Core entity → where its list is, and the endpoint; all others are at /list/<entity>."""

ART = {"company": "company", "interaction": "talk", "task": "done"}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MANY = 200
"""Lists that are longer offer to jump to a letter."""


@lists.get("/list/<entity>")
@signed_in
def index(entity: str) -> Response:
    """Show the list of any kind of record."""
    if entity in PATHS:
        return redirect(address(entity) + _query(request.query_string.decode()), 302)  # type: ignore[return-value]
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


def address(entity: str) -> str:
    """Return where the list of an entity is."""
    return url_for(PATHS[entity][1]) if entity in PATHS else url_for("lists.index", entity=entity)


def show(entity: str) -> Response:
    """Answer with a page of a list; with htmx with its rows, or with the whole table after a change of the question."""
    seen = ctx()
    if not seen.schema.has(entity):
        raise NotVisible(_("There is no such list."))
    access.require(seen, f"{entity}.view")
    wanted = _asked(seen, entity)
    page = listing.page(seen, entity, wanted)
    values = _values(seen, page, wanted)
    if wanted.after and htmx.partial():
        return fragment("lists/_more.html", **values)
    block = "lists/_list.html#list"
    return render("lists/index.html", block=block, title=str(page.entity.plural), **values)


def _asked(seen: Context, entity: str) -> Asked:
    args = request.args
    return Asked(
        sort=args.get("sort", "")[:80],
        after=args.get("after", ""),
        before=args.get("before", ""),
        start=args.get("from", "")[:20],
        filters=tuple(listing_filters.parse(text) for text in args.getlist("f")[:20] if text),
        q=args.get("q", "")[:200],
        counted=not (htmx.partial() and "after" in args),
    )


def _values(seen: Context, page: Page, wanted: Asked) -> dict[str, Any]:
    entity = page.entity
    link = _Addresses(address(entity.key), wanted)
    columns = [f for f in page.fields if not _names_record(entity, f)]
    return {
        "entity": entity,
        "q": wanted.q,
        "base": link.base,
        "kept": link.kept(),
        "rows": list_rows.rows(seen, page, columns, _places(columns)),
        "row_url": _row_url(entity),
        "columns": _columns(seen, page, columns, link),
        "select_words": _("Select %(who)s", who="\0").split("\0"),
        "more": link.to(after=page.next) if page.next else None,
        "previous": link.to(before=page.previous) if page.previous else None,
        "here": link.to(),
        "bulk": actions.bulk(entity.key),
        **({} if wanted.after and htmx.partial() else _around(seen, page, wanted, link)),
    }


def _around(seen: Context, page: Page, wanted: Asked, link: _Addresses) -> dict[str, Any]:
    """Return what stands around the rows: chips, buttons, letters, words about how many there are."""
    entity = page.entity
    narrowed = bool(wanted.filters or wanted.q)
    return {
        "chips": [*_active(seen, entity.key, wanted, link), *_suggested(seen, entity.key, wanted, link)],
        "said": _said(page),
        "letters": _letters(page, link),
        "refused": page.refused,
        "narrowed": narrowed,
        "buttons": _buttons(seen, entity.key),
        "top": panels.in_slot(f"{entity.key}.list.top"),
        "art": ART.get(entity.key, "people"),
    }


class _Addresses:
    """Addresses of the same list with something changed."""

    def __init__(self, base: str, asked: Asked) -> None:
        self.base, self._asked = base, asked

    def kept(self) -> list[tuple[str, str]]:
        """Return what a search form has to repeat: filters and order."""
        found = [("f", str(one)) for one in self._asked.filters]
        return [*found, ("sort", self._asked.sort)] if self._asked.sort else found

    def to(self, **change: Any) -> str:
        """Return the address with `filters`, `sort`, `q`, `after`, `before` or `start` changed; paging starts anew."""
        filters = change.get("filters", self._asked.filters)
        pairs = [("f", str(one)) for one in filters]
        pairs += [(n, change.get(n, getattr(self._asked, n))) for n in ("q", "sort")]
        pairs += [(n, change.get(n) or "") for n in ("after", "before", "from")]
        return self.base + _query(urlencode([(n, v) for n, v in pairs if v]))


def query(**values: str) -> str:
    """Return the part of an address after the path; empty without values."""
    return _query(urlencode({name: value for name, value in values.items() if value}))


def _query(text: str) -> str:
    return f"?{text}" if text else ""


def _names_record(entity: Entity, field: Field) -> bool:
    return field.column is not None and field.column == entity.title


def _row_url(entity: Entity) -> tuple[str, str]:
    """Return what stands before and after the id in the address of a record's page."""
    if not entity.url:
        return "", ""
    before, _sep, after = url_for(entity.url, record_id=1_999_999_999).partition("1999999999")
    return before, after


def _columns(seen: Context, page: Page, columns: Sequence[Field], link: _Addresses) -> list[dict[str, Any]]:
    sortable = listing_sorts.sortable(seen, page.entity.key)
    small = page.count is None or page.count <= CAP
    first = next((f for f in page.fields if _names_record(page.entity, f)), None)
    shown = []
    for field in [first, *columns]:
        label = str(field.label) if field else str(page.entity.label)
        able = (
            field
            and field.key in sortable
            and (small or listing_sorts.indexed(seen, page.entity.key, field.key))
        )
        on = field is not None and page.sort.first.field == field.key
        turned = (
            f"-{field.key}" if field and (not page.sort.first.down if on else field.kind is Kind.TIME) else None
        )
        shown.append(
            {
                "label": label,
                "num": bool(field and field.kind in {Kind.NUMBER, Kind.MONEY}),
                "sort": link.to(sort=turned or (field.key if field else "")) if able else None,
                "dir": ("descending" if page.sort.first.down else "ascending") if on else None,
            }
        )
    return shown


def _places(columns: Sequence[Field]) -> list[str]:
    """Return where each column goes on a card: the state below the name, the time at the end, a number below it."""
    places: list[tuple[str, set[Kind]]] = [
        ("c-sub", {Kind.CHOICE}),
        ("c-end", {Kind.TIME, Kind.DATE}),
        ("c-sub2", {Kind.PHONE, Kind.NUMBER, Kind.MONEY, Kind.USER}),
    ]
    found: list[str] = []
    for field in columns:
        place = next((p for p, kinds in places if field.kind in kinds and p not in found), "c-hide")
        found.append(place)
    return [
        f"{p} num" if f.kind in {Kind.NUMBER, Kind.MONEY} else p for p, f in zip(found, columns, strict=True)
    ]


def _said(page: Page) -> str:
    if page.count is None:
        return str(page.entity.plural)
    if page.count > page.cap:
        return _("More than %(num)s entries", num=number(page.cap))
    return _n("%(num)s entry", "%(num)s entries", page.count)


def _letters(page: Page, link: _Addresses) -> list[tuple[str, str]]:
    if not page.sort.first.textual or (page.count or 0) <= MANY:
        return []
    return [(letter, link.to(**{"from": letter.lower()})) for letter in LETTERS]


def _active(seen: Context, entity: str, wanted: Asked, link: _Addresses) -> list[dict[str, Any]]:
    shown = []
    for one in wanted.filters:
        field = listing_filters.field_of(seen, entity, one.field)
        text = " ".join(
            (str(field.label), str(listing_filters.OPERATORS[one.operator]), _valued(seen, field, one))
        )
        rest = tuple(other for other in wanted.filters if other != one)
        shown.append({"url": link.to(filters=rest), "text": text, "removable": True})
    return shown


def _valued(seen: Context, field: Field, chosen: Filter) -> str:
    words = {"me": _("me"), "mine": _("mine"), "none": _("nobody"), "today": _("today")}
    if field.kind is Kind.CHOICE:
        known = {c.value: str(c.label) for c in fields.choices(seen, field)}
        return ", ".join(known.get(value, value) for value in chosen.value.split(","))
    return words.get(chosen.value, chosen.value)


def _suggested(seen: Context, entity: str, wanted: Asked, link: _Addresses) -> list[dict[str, Any]]:
    used = {one.field for one in wanted.filters}
    visible = {f.key: f for f in fields.visible(seen, entity) if f.key not in used}
    offers: list[tuple[str, Filter]] = []
    for name in ("assignee_id", "owner_id"):
        if name in visible and seen.user.id is not None:
            offers.append((_("Mine") if name == "owner_id" else _("For me"), Filter(name, "is", "me")))
    if "team_id" in visible and seen.user.teams:
        offers.append((_("My team"), Filter("team_id", "is", "mine")))
    if "due_on" in visible:
        offers.append((_("Late"), Filter("due_on", "before", "today")))
    for name in seen.schema.entity(entity).default_columns:
        field = visible.get(name)
        if field is not None and field.kind is Kind.CHOICE and name != "outcome":
            choices: Sequence[Choice] = fields.choices(seen, field)
            offers += [(str(c.label), Filter(name, "is", c.value)) for c in choices[:9]]
    return [
        {"url": link.to(filters=(*wanted.filters, one)), "text": text, "removable": False}
        for text, one in offers
    ]


def _buttons(seen: Context, entity: str) -> list[dict[str, Any]]:
    """Return the ways to new records: create first, then what plugins and the core put on the list."""
    create = [k for k in seen.schema.links("create") if k.permission == f"{entity}.create"]
    found = [*create[:1], *seen.schema.links(f"{entity}.list")]
    return [
        {
            "label": _("New %(what)s", what=_within(seen, str(k.label))) if k in create else str(k.label),
            "icon": "plus" if k in create else k.icon,
            "url": url_for(k.endpoint, **k.values),
            "main": k in create,
        }
        for k in found
        if k.permission is None or seen.may(k.permission)
    ]


def _within(seen: Context, label: str) -> str:
    """Return a label as it stands within a sentence: English writes nouns small."""
    return label[:1].lower() + label[1:] if seen.locale.startswith("en") else label
