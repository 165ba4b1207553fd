"""What is missing or out of date: each number leads to its list, and to a fix for all of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for

from app.i18n import _
from app.kernel.context import Context
from app.services import dedupe_queue, metrics
from app.services import hygiene as service
from app.services.context import ctx
from app.services.hygiene import Check
from app.web import list_address
from app.web.amounts import number
from app.web.render import fragment, render
from app.web.routes import requires

hygiene = Blueprint("hygiene", __name__)


@hygiene.get("/hygiene")
@requires("contact.view")
def index() -> Response:
    """Show the questions; numbers are fetched one by one, or all with the page where nothing fetches."""
    asked = ctx()
    counted = request.args.get("count") == "all"
    groups: dict[str, list[dict[str, Any]]] = {}
    for check in service.offered(asked):
        label = str(asked.schema.entity(check.entity).plural)
        groups.setdefault(label, []).append(_row(asked, check, counted=counted))
    return render(
        "hygiene/index.html",
        title=_("Data quality"),
        groups=groups,
        counted=counted,
        duplicates=[
            (
                str(asked.schema.entity(e).plural),
                url_for("duplicates.index", entity=e),
                _capped(n, dedupe_queue.MOST_COUNTED),
            )
            for e in dedupe_queue.entities(asked)
            if (n := dedupe_queue.count(asked, e))
        ],
    )


@hygiene.get("/hygiene/<entity>/<name>")
@requires("contact.view")
def count(entity: str, name: str) -> Response:
    """Answer how many records one question finds."""
    asked = ctx()
    row = _row(asked, service.find(asked, entity, name), counted=True)
    return fragment("hygiene/_count.html", r=row)


def _row(asked: Context, check: Check, *, counted: bool) -> dict[str, Any]:
    found = service.count(asked, check) if counted else None
    return {
        "id": f"{check.entity}-{check.name}",
        "label": check.label,
        "why": check.why,
        "metric": metrics.find(asked, check.metric),
        "count": _capped(found, service.CAP) if found is not None else None,
        "none": found == 0,
        "count_url": url_for("hygiene.count", entity=check.entity, name=check.name),
        "list": f"{list_address.of(check.entity)}?{urlencode({'where': check.where})}",
        "where": check.where,
        "fix": check.fix if service.fixable(asked, check) else "",
        "fix_label": check.fix_label,
        "fix_url": url_for("bulk.choose", entity=check.entity),
    }


def _capped(found: int, cap: int) -> str:
    return _("more than %(count)s", count=number(cap)) if found > cap else str(number(found))
