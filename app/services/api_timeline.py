"""The timeline of a record for programs: what was logged and what plugins keep, newest first, by cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from markupsafe import Markup

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import TimelineEntry
from app.kernel.errors import Invalid
from app.services import access, cursors, timeline
from app.services.api_refs import Uids
from app.services.timeline import Asked
from app.services.timeline_sources import Cursor

TOLD = ("subject", "body", "direction", "outcome", "duration_s", "location", "visibility")
MOST = 100


@dataclass(frozen=True, kw_only=True)
class Page:
    """Entries as plain objects, and the cursor of older ones."""

    data: Sequence[Mapping[str, Any]]
    next: str | None = None


def page(ctx: Context, entity: str, record: Any, asked: Asked, after: str = "") -> Page:
    """Return a page of the timeline of a record that the principal has read. Raises Invalid for a cursor that is none."""
    mark = f"timeline|{entity}|{record.uid}"
    found = timeline.page(ctx, entity, record, replace(asked, after=_cursor(mark, after)))
    uids = Uids(ctx)
    authors = {item.created_by for _at, item in found.items if not isinstance(item, TimelineEntry)}
    uids.prefetch(("user", number) for number in authors if number is not None)
    told = [
        _entry(item) if isinstance(item, TimelineEntry) else _logged(ctx, uids, item)
        for _at, item in found.items
    ]
    further = found.next
    if further is None:
        return Page(data=told)
    return Page(data=told, next=cursors.write(mark, [further.at, further.key], further.id))


def _cursor(mark: str, text: str) -> Cursor | None:
    if not text:
        return None
    found = cursors.read(mark, text)
    if found is None or not isinstance(found[0], list):
        raise Invalid({"after": _("This is no cursor of this timeline. Begin without one.")})
    at, key = found[0]
    return Cursor(at=at, id=found[1], key=key)


def _logged(ctx: Context, uids: Uids, row: Any) -> dict[str, Any]:
    """Return a logged interaction, without the fields that are hidden from the principal."""
    told: dict[str, Any] = {
        "type": "interaction",
        "uid": row.uid,
        "kind": row.kind,
        "at": row.occurred_at.isoformat(),
    }
    told["author"] = uids.of("user", row.created_by)
    return told | {n: getattr(row, n) for n in TOLD if access.sees(ctx, "interaction", n)}


def _entry(item: TimelineEntry) -> dict[str, Any]:
    return {
        "type": "entry",
        "kind": item.kind,
        "at": item.at.isoformat(),
        "subject": plain(item.title),
        "body": plain(item.body),
        "author_name": plain(item.actor),
        "facts": [plain(fact) for fact in item.facts],
    }


def plain(value: Any) -> str:
    """Return a text without markup."""
    return Markup(value).striptags() if hasattr(value, "__html__") else str(value or "")  # noqa: S704


def moment(name: str, text: str) -> datetime | None:
    """Return an instant as a program writes it. Raises Invalid."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is None or not 1 < at.year < 9999:
            raise ValueError
    except ValueError:
        raise Invalid({name: _("This has to be a time like 2026-02-28T14:30:00Z.")}) from None
    return at
