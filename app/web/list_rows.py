"""The rows of a list as plain tuples: what lists/_rows.html draws, fifty times a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app.kernel.context import Context
from app.kernel.contributions import Entity, Field
from app.models import Interaction, Task
from app.services import access, layouts, listing_lines
from app.services.listing import Page
from app.services.search_hits import PEOPLE, face
from app.web import cells

Row = tuple[int, str, str | None, str, str, tuple[str, int] | None, list[tuple[Any, ...]]]
"""id, name, line, icon, tone, face, cells; a cell is (place on a card, form, text, extra, edit), edit None where nobody writes."""

Edit = tuple[str, str, str] | None
"""What stands before and after the id in the address that changes a cell, and the field's label."""


def rows(
    seen: Context, page: Page, columns: Sequence[Field], places: Sequence[str], edits: Sequence[Edit]
) -> list[Row]:
    """Return the rows of a page with a cell for each of the columns."""
    entity = page.entity
    lines = listing_lines.lines(seen, entity.key, [row.id for row in page.rows], {f.key for f in page.fields})
    ids = [row.id for row in page.rows]
    drawn = [
        (
            place,
            cells.priced(f, page.values.get(f.key, {}), page.rows),
            cells.drawer(seen, f, page.names),
            edit,
            layouts.asked_of(seen, f, ids) if edit is not None else (),
        )
        for place, f, edit in zip(places, columns, edits, strict=True)
    ]
    name, sign, late = _namer(seen, entity), _signs(seen, page), _lateness(seen, page)
    made: list[Row] = []
    for row in page.rows:
        called = name(row)
        drawings: list[tuple[Any, ...]] = [
            (place, *draw(values.get(row.id)), edit if row.id in asked else None)
            for place, values, draw, edit, asked in drawn
        ]
        made.append(
            (row.id, called, lines.get(row.id), *sign(row), _face(entity, row, called), late(row, drawings))
        )
    return made


def _namer(seen: Context, entity: Entity) -> Callable[[Any], str]:
    named: Any = entity.title
    talks = entity.model is Interaction and access.sees(seen, entity.key, "body")

    def name(row: Any) -> str:
        said = named(row) if callable(named) else getattr(row, named)
        return str(said or (talks and cells.excerpt(row.beginning)) or _sort(seen, row) or entity.label)

    return name


def _sort(seen: Context, row: Any) -> Any:
    return seen.schema.kind(row.kind).label if hasattr(row, "kind") else None


def _signs(seen: Context, page: Page) -> Callable[[Any], tuple[str, str]]:
    """Return what gives a row its icon and tone: those of its kind, if its entity has kinds."""
    if page.entity.model is not Interaction or "kind" not in page.values:
        return lambda row: (page.entity.icon, "sys")

    def sign(row: Any) -> tuple[str, str]:
        kind = seen.schema.kind(row.kind)
        return kind.icon, kind.tone

    return sign


def _lateness(seen: Context, page: Page) -> Callable[[Any, list[tuple[Any, ...]]], list[tuple[Any, ...]]]:
    """Return what marks the passed days of an open task as late."""
    if page.entity.model is not Task or "status" not in page.values:
        return lambda row, drawings: drawings
    today = seen.now.astimezone(seen.zone).date().isoformat()

    def late(row: Any, drawings: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        if row.status != "todo":
            return drawings
        return [(d[0], *(cells.late(d[3], today) or d[1:4]), d[4]) if d[1] == "time" else d for d in drawings]

    return late


def _face(entity: Entity, row: Any, name: str) -> tuple[str, int] | None:
    if entity.key not in PEOPLE:
        return None
    given, family = getattr(row, "given_name", ""), getattr(row, "family_name", "")
    return face(entity.key, row.id, given, family, name)
