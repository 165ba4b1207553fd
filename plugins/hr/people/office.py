"""The page from which HR reaches what is settled for all: lists, checklists, retention."""

from __future__ import annotations

from flask import url_for

from app.sdk import _
from app.sdk.web import Response, ctx, render, requires

from .blueprint import pages
from .choices import MANAGE

LISTS = (
    "hr.department",
    "hr.position",
    "hr.contract",
    "hr.document",
    "hr.leave_type",
    "hr.absence",
    "hr.skill",
    "hr.course",
    "hr.certificate",
    "hr.goal",
)


@pages.get("/office")
@requires(MANAGE)
def office() -> Response:
    """Show the ways of HR."""
    kinds = [ctx().schema.entity(entity) for entity in LISTS]
    ways = [(str(kind.plural), url_for("lists.index", entity=kind.key), kind.icon) for kind in kinds]
    ways += [
        (_("Checklists"), url_for("hr_boarding.index"), "list"),
        (_("Retention"), url_for("hr_boarding.keeping"), "history"),
    ]
    return render("hr/people/office.html", title=_("HR office"), ways=ways)
