"""The trash of one kind of record for programs: page by page, what was deleted last first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.services import access, api_reading, cursors, trash
from app.services.api_reading import Page


def page(ctx: Context, entity: str, *, after: str = "", limit: int = 50) -> Page:
    """Return records that the principal may restore. Raises NotVisible, NotAllowed, and Invalid for a wrong cursor."""
    kind = api_reading.entity_of(ctx, entity)
    access.require(ctx, f"{entity}.delete")
    rows = trash.page(ctx, entity=entity, after=_place(entity, after), limit=limit + 1)
    shown = rows[:limit]
    uids = api_reading.uids(ctx, kind, [row.id for row in shown])
    more = cursors.write(_mark(entity), shown[-1].deleted_at, shown[-1].id) if len(rows) > limit else None
    return Page(data=[_told(entity, uids[row.id], row) for row in shown], next=more)


def _told(entity: str, uid: str, row: trash.Trashed) -> Mapping[str, Any]:
    return {"entity": entity, "uid": uid, "title": row.name, "deleted_at": row.deleted_at.isoformat()}


def _mark(entity: str) -> str:
    return f"trash of {entity}"


def _place(entity: str, after: str) -> trash.Cursor | None:
    if not after:
        return None
    found = cursors.read(_mark(entity), after)
    if found is None or not isinstance(found[0], datetime):
        told = _("This is no cursor of this list in this order. Begin without one.")
        raise Invalid({"after": told})
    return found[0], entity, found[1]
