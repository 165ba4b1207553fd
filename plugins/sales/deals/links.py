"""The ways to the pages of deals."""

from __future__ import annotations

from app.sdk import Link, _l

from .fields import DEAL
from .permissions import MANAGE

ALL = (
    Link(
        name="sales_deals",
        label=_l("Deals"),
        place="nav",
        endpoint="sales_deals.first_board",
        icon="square-kanban",
        section=_l("Records"),
        order=24,
        permission=f"{DEAL}.view",
    ),
    Link(
        name="new_deal",
        label=_l("Deal"),
        place="create",
        endpoint="sales_deals.new",
        icon="square-kanban",
        order=13,
        permission=f"{DEAL}.create",
    ),
    *(
        Link(
            name=f"deal_of_{entity}",
            label=_l("New deal"),
            place=f"{entity}.page",
            endpoint="sales_deals.new",
            values={"of": entity},
            icon="square-kanban",
            order=20,
            permission=f"{DEAL}.create",
        )
        for entity in ("contact", "company")
    ),
    Link(
        name="deal_board",
        label=_l("Board"),
        place=f"{DEAL}.list",
        endpoint="sales_deals.first_board",
        icon="square-kanban",
        order=5,
        permission=f"{DEAL}.view",
    ),
    Link(
        name="deal_calendar",
        label=_l("Calendar"),
        place=f"{DEAL}.list",
        endpoint="sales_deals.calendar",
        icon="calendar",
        order=6,
        permission=f"{DEAL}.view",
    ),
    Link(
        name="deal_import",
        label=_l("Import"),
        place=f"{DEAL}.list",
        endpoint="importing.start",
        values={"entity": DEAL},
        icon="upload",
        order=10,
        permission=f"{DEAL}.import",
    ),
    Link(
        name="deal_export",
        label=_l("Export"),
        place=f"{DEAL}.list",
        endpoint="exporting.export",
        values={"entity": DEAL},
        icon="download",
        order=60,
        permission=f"{DEAL}.export",
    ),
    Link(
        name="sales_pipelines",
        label=_l("Pipelines"),
        place="nav.admin",
        endpoint="sales_deals.pipelines",
        icon="square-kanban",
        order=60,
        permission=MANAGE,
    ),
)
