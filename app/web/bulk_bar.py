"""The bar of chosen rows below a list: what can be done with these, or with all that match."""

from __future__ import annotations

from typing import Any

from flask import url_for
from werkzeug.routing import BuildError

from app.i18n import _
from app.kernel.context import Context
from app.services import bulk_values, bulk_work, dedupe_merging, dedupe_queue
from app.services.bulk_choice import Chosen
from app.web import list_address
from app.web.amounts import number

EXPORT = "exporting.export"
"""The endpoint that sends a list as a file."""

AT_HAND = ("assignee_id", "due_on", "owner_id", "lifecycle_stage", "tags")
"""Fields that are changed most often; they have a button of their own, all others are behind "Edit"."""

MERGE = "merge"
"""The button that leads to the ticked records side by side."""

MOST = 3
OFTEN = 20
"""Actions of a lower order stand before the fields."""

ICONS = {
    "owner_id": "user",
    "assignee_id": "user",
    "due_on": "calendar",
    "tags": "tag",
    "lifecycle_stage": "list-filter",
}


def bar(asked: Context, entity: str, count: int | None, cap: int) -> dict[str, Any] | None:
    """Return the buttons of the bar and what "all" means; None for somebody who may not work on many."""
    if not asked.may(f"{entity}.{bulk_work.VERB}"):
        return None
    buttons = [*_actions(asked, entity, first=True), *_edits(asked, entity), *_actions(asked, entity)]
    if entity in dedupe_queue.entities(asked):
        buttons.append({"do": MERGE, "label": _("Merge"), "icon": "git-merge", "danger": False})
    if asked.may(f"{entity}.export") and export_address(entity) is not None:
        buttons.append({"do": "export", "label": _("Export"), "icon": "download", "danger": False})
    if asked.may(f"{entity}.delete") and asked.schema.entity(entity).trash:
        buttons.append({"do": "trash", "label": _("Trash"), "icon": "trash-2", "danger": True})
    return {"url": url_for("bulk.choose", entity=entity), "buttons": buttons, "every": _every(count, cap)}


def _every(count: int | None, cap: int) -> str:
    if count is None:
        return _("All that match")
    if count > cap:
        return _("All (more than %(num)s)", num=number(cap))
    return _("All %(num)s", num=number(count))


def _edits(asked: Context, entity: str) -> list[dict[str, Any]]:
    if not asked.may(f"{entity}.edit"):
        return []
    offered = {f.key: f for f in bulk_values.offered(asked, entity)}
    near = [name for name in AT_HAND if name in offered][:MOST]
    found = [
        {
            "do": f"field:{name}",
            "label": str(offered[name].label),
            "icon": ICONS.get(name, "pencil"),
            "danger": False,
        }
        for name in near
    ]
    if len(offered) > len(near):
        found.append({"do": "edit", "label": _("Edit"), "icon": "pencil", "danger": False})
    return found


def _actions(asked: Context, entity: str, *, first: bool = False) -> list[dict[str, Any]]:
    """Return the buttons of actions: those that are done most often stand before the fields."""
    return [
        {"do": f"action:{a.key}", "label": str(a.label), "icon": a.icon, "danger": a.danger}
        for a in bulk_work.offered(asked, entity)
        if (a.order < OFTEN) == first
    ]


def export_address(entity: str) -> str | None:
    """Return where a list is sent as a file, or None when nothing does that."""
    try:
        return url_for(EXPORT, entity=entity)
    except BuildError:
        return None


def export_url(asked: Context, entity: str, chosen: Chosen) -> str:
    """Return the address that exports what is chosen; its own right is asked for there."""
    address = export_address(entity)
    if address is None:
        return list_address.of(entity)
    pairs = chosen.state.query() if chosen.every else "&".join(f"id={i}" for i in chosen.ids)
    return f"{address}?{pairs}" if pairs else address


def merge_url(entity: str, chosen: Chosen) -> str:
    """Return where ticked records stand side by side to be merged; empty for too few or too many of them."""
    few = not chosen.every and 2 <= len(chosen.ids) <= dedupe_merging.MOST
    return url_for("duplicates.choose", entity=entity, id=chosen.ids) if few else ""
