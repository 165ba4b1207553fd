"""Finding anything by what a person would type, for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.services import api_reading, search
from app.services.api_refs import Uids
from app.services.context import ctx
from app.services.search_hits import Hit
from app.web.api import asking

LONGEST = 200


def find() -> Response:
    """Search all kinds of record, or one."""
    given = asking.parameters("q", "entity", "limit")
    asked, text, entity = ctx(), given.get("q", "").strip(), given.get("entity")
    if not text or len(text) > LONGEST:
        raise Invalid({"q": _("Say what to look for, in at most %(most)s characters.", most=LONGEST)})
    if entity is not None:
        api_reading.entity_of(asked, entity)
    most = asking.amount(given.get("limit"), 10, search.MOST)
    found = search.find(asked, text, entity=entity, limit=most)
    told = {
        "query": found.query,
        "corrected": found.corrected,
        "groups": [_group(asked, group) for group in found.groups],
    }
    return asking.sent(asking.answer(told))


def _group(asked: Context, group: search.Group) -> dict[str, Any]:
    uids = Uids(asked)
    uids.prefetch((hit.entity, hit.id) for hit in group.hits if hit.id)
    return {
        "entity": group.entity,
        "label": group.label,
        "more": group.more,
        "hits": [_hit(uids, hit) for hit in group.hits],
    }


def _hit(uids: Uids, hit: Hit) -> Mapping[str, Any]:
    return {
        "entity": hit.entity,
        "uid": uids.of(hit.entity, hit.id),
        "title": str(hit.title),
        "line": str(hit.line),
    }
