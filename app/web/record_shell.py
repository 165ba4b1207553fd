"""The page of a record of any kind: its frame, its slots, its properties and its timeline, as the core's pages have them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, url_for

from app.kernel.context import Context
from app.services import layouts
from app.services.context import ctx
from app.web import actions, panels, record_page, timeline
from app.web.render import render


def _headed(asked: Context, entity: str, props: Sequence[record_page.Prop]) -> list[tuple[str, Any]]:
    """Return the details under the headings of the layout; none where nobody arranged one."""
    groups = layouts.groups(asked, entity, [p.name for p in props]) or []
    named = {p.name: p for p in props}
    return [(title, [named[name] for name in names]) for title, names in groups]


def show(  # noqa: PLR0913 (the parts of a page, each with a default)
    template: str,
    entity: str,
    record: Any,
    *,
    title: str = "",
    aside: Sequence[str] = (),
    always: Sequence[str] = (),
    spoken: tuple[str, Any] | None = None,
    **values: Any,
) -> Response:
    """Answer with a record's page; the template extends `records/page.html` and fills its blocks.

    `aside` names the fields among the details (those in `always` even when empty), those that others added follow;
    `spoken` is (entity, record) of the timeline, if it is not the record's own. The caller has read the records.
    """
    asked = ctx()
    of = record_page.load(asked, entity, record)
    kind = asked.schema.entity(entity)
    others = [f.key for f in of.fields if f.owner not in {kind.owner, "core"}]
    return render(
        template,
        record=record,
        of=of,
        title=title or record_page.title_of(asked, entity, record),
        crumb_label=kind.plural,
        crumb_url=url_for("lists.index", entity=entity),
        aside=(props := record_page.props(asked, of, (*aside, *others), always=always)),
        headed=_headed(asked, entity, props),
        tabs=panels.tabs(entity, record),
        actions=actions.offered(entity, record),
        links=record_page.links(asked, entity, record),
        header=panels.in_slot(f"{entity}.header", record),
        side=panels.in_slot(f"{entity}.side", record),
        below=panels.in_slot(f"{entity}.main", record),
        **values,
        **timeline.for_record(*(spoken or (entity, record))),
    )
