"""Ways to the pages of people."""

from __future__ import annotations

from app.sdk import Link, _l

from .choices import EMPLOYEE, MANAGE

SECTION = _l("People")

ALL = (
    Link(
        name="me",
        label=_l("My file"),
        place="nav",
        endpoint="hr_people.me",
        icon="id-card",
        section=SECTION,
        order=60,
        permission=f"{EMPLOYEE}.view",
    ),
    Link(
        name="employees",
        label=_l("Employees"),
        place="nav",
        endpoint="lists.index",
        values={"entity": EMPLOYEE},
        icon="users",
        section=SECTION,
        order=61,
        permission=f"{EMPLOYEE}.view",
    ),
    Link(
        name="org",
        label=_l("Org chart"),
        place="nav",
        endpoint="hr_people.org_chart",
        icon="share-2",
        section=SECTION,
        order=62,
        permission=f"{EMPLOYEE}.view",
    ),
    Link(
        name="new",
        label=_l("New employee"),
        place=f"{EMPLOYEE}.list",
        endpoint="hr_people.new",
        icon="user-plus",
        permission=MANAGE,
    ),
    Link(
        name="import",
        label=_l("Import"),
        place=f"{EMPLOYEE}.list",
        endpoint="importing.start",
        values={"entity": EMPLOYEE},
        icon="upload",
        permission=MANAGE,
    ),
    Link(
        name="export",
        label=_l("Export"),
        place=f"{EMPLOYEE}.list",
        endpoint="exporting.export",
        values={"entity": EMPLOYEE},
        icon="download",
        permission=MANAGE,
    ),
    Link(
        name="office",
        label=_l("HR office"),
        place="nav",
        endpoint="hr_people.office",
        icon="folder",
        section=SECTION,
        order=69,
        permission=MANAGE,
    ),
)
