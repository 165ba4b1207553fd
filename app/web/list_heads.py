"""What stands above the rows of a list: columns with their orders, groups, ways to jump, what else can be set up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.i18n import _, _n
from app.kernel.context import Context
from app.kernel.contributions import Entity, Field, Kind
from app.services import listing_sorts
from app.services.listing import CAP, Page
from app.services.listing_groups import SUMMED, Group
from app.services.listing_sorts import DATED
from app.services.writable import can_edit
from app.web import amounts, cells, list_rows
from app.web.amounts import number
from app.web.list_address import Place

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MANY = 200
"""Lists that are longer offer to jump to a letter or a day."""

WRITTEN = {
    Kind.TEXT,
    Kind.NUMBER,
    Kind.MONEY,
    Kind.DATE,
    Kind.PARTIAL_DATE,
    Kind.TIME,
    Kind.CHOICE,
    Kind.USER,
    Kind.TEAM,
    Kind.TAGS,
    Kind.BOOL,
}
"""Kinds of field that are changed in a cell; values of several rows need a page."""


@dataclass(frozen=True)
class Section:
    """Rows of one group below its heading; without groups a list is one section without a heading."""

    head: dict[str, Any] | None
    rows: Sequence[Any]


def names_record(entity: Entity, field: Field) -> bool:
    """Tell whether a field is what a record is called by: it has the first column."""
    return field.column is not None and field.column == entity.title


def columns(seen: Context, page: Page, shown: Sequence[Field], place: Place) -> list[dict[str, Any]]:
    """Return the headings of the columns, each with the address that sorts by it."""
    entity = page.entity
    sortable = listing_sorts.sortable(seen, entity.key)
    small = page.count is None or page.count <= CAP
    first = next((f for f in page.fields if names_record(entity, f)), None)
    lead = page.sort.first
    heads = []
    for field in [first, *shown]:
        able = field is not None and field.key in sortable
        able = able and (small or listing_sorts.indexed(seen, entity.key, field.key if field else ""))
        on = field is not None and lead.field == field.key
        turned = ""
        if field is not None:
            down = not lead.down if on else field.kind is Kind.TIME
            turned = f"-{field.key}" if down else field.key
        heads.append(
            {
                "label": str(field.label) if field else str(entity.label),
                "num": field is not None and field.kind in SUMMED,
                "sort": place.to(place.state.but(sort=turned)) if able else None,
                "dir": ("descending" if lead.down else "ascending") if on else None,
            }
        )
    return heads


def places(shown: Sequence[Field], edits: Sequence[list_rows.Edit]) -> list[str]:
    """Return where each column goes on a card: the state below the name, the time at the end, a number below it."""
    wanted: list[tuple[str, set[Kind]]] = [
        ("c-sub", {Kind.CHOICE}),
        ("c-end", {Kind.TIME, Kind.DATE}),
        ("c-sub2", {Kind.PHONE, Kind.NUMBER, Kind.MONEY, Kind.USER}),
    ]
    found: list[str] = []
    for field in shown:
        found.append(next((p for p, kinds in wanted if field.kind in kinds and p not in found), "c-hide"))
    return [
        p
        + (" num" if f.kind in SUMMED else " nowrap" if f.kind in cells.SHORT else "")
        + (" ed" if edit else "")
        for p, f, edit in zip(found, shown, edits, strict=True)
    ]


def written(seen: Context, entity: Entity, field: Field) -> list_rows.Edit:
    """Return what stands around the id in the address that changes a cell, and the field's label; None if none does."""
    if field.kind not in WRITTEN or (field.many and field.kind is not Kind.TAGS):
        return None
    if not can_edit(seen, field):
        return None
    before, _sep, after = url_for(
        "list_cells.edit", entity=entity.key, record_id=1_999_999_999, name=field.key
    ).partition("1999999999")
    return before, after, str(field.label)


def said(page: Page) -> str:
    """Return how many there are, in words."""
    if page.count is None:
        return str(page.entity.plural)
    if page.count > page.cap:
        return _("%(num)s+ entries", num=number(page.cap))
    return _n("%(num)s entry", "%(num)s entries", page.count)


def ordered(seen: Context, page: Page) -> str:
    """Return what a list is sorted by and grouped by, in words."""
    keys = [k for k in page.sort.keys if k.field and k.field != "id"]
    labels = [str(seen.schema.field(page.entity.key, key.field).label) for key in keys]
    return ", ".join(labels)


def letters(page: Page, place: Place) -> list[tuple[str, str]]:
    """Return the letters to jump to in a long list that is sorted by a name."""
    if not page.sort.first.textual or page.grouping or (page.count or 0) <= MANY:
        return []
    return [(letter, place.to(from_=letter.lower())) for letter in LETTERS]


def dated(page: Page) -> bool:
    """Tell whether a list is long and sorted by a day that one can jump to."""
    return page.sort.first.kind in DATED and not page.grouping and (page.count or 0) > MANY


def sections(seen: Context, page: Page, place: Place, rows: Sequence[Any], *, part: bool) -> list[Section]:
    """Return the rows below the headings of their groups, folded groups between them; `part`: below rows that are shown."""
    grouping = page.grouping
    if grouping is None:
        return [Section(None, rows)]
    last = sum(not key.field for key in page.sort.keys) - 1
    here = [getattr(row, f"sort_key{last}") for row in page.rows]
    order = [group.identity for group in page.groups]
    begin = order.index(page.resumed) if page.resumed in order else 0
    if page.previous and page.resumed is None and here and here[0] in order:
        begin = order.index(here[0])
    end = order.index(here[-1]) + 1 if page.next and here and here[-1] in order else len(order)
    heading = _heading(seen, page, place)
    found = []
    for group in page.groups[begin:end]:
        mine = [row for identity, row in zip(here, rows, strict=True) if identity == group.identity]
        goes_on = group.identity == page.resumed
        if goes_on and not mine:
            continue
        found.append(Section(None if goes_on and part else heading(group, goes_on), mine))
    return found


def _heading(seen: Context, page: Page, place: Place) -> Callable[[Group, bool], dict[str, Any]]:
    grouping = page.grouping
    assert grouping is not None

    def total(one: Field, group: Group) -> str:
        found = group.sums[one.key]
        if one.kind is not Kind.MONEY:
            return number(found)
        return amounts.money(found, group.currencies.get(one.key) or amounts.common(seen, one))

    def label(group: Group) -> str:
        named = page.names.get((grouping.refers, group.identity)) if grouping.refers else None
        return named or grouping.label(group.identity)

    def heading(group: Group, goes_on: bool) -> dict[str, Any]:
        if place.opened is not None:
            open_ = group.text in place.opened
            others = [text for text in place.opened if text != group.text]
            fold: dict[str, Any] = {"open_": (others if open_ else [*place.opened, group.text]) or [""]}
        else:
            open_ = group.text not in place.shut
            others = [text for text in place.shut if text != group.text]
            fold = {"shut": [*place.shut, group.text] if open_ else others}
        return {
            "label": label(group),
            "count": number(group.count),
            "sums": [(str(f.label), total(f, group)) for f in page.fields if group.sums.get(f.key)],
            "open": open_,
            "url": place.to(**fold),
            "goes_on": goes_on,
        }

    return heading
