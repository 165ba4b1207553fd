"""The ways to the pages of projects and hours."""

from __future__ import annotations

from typing import Any

from app.sdk import Link, View, _l

from .hours.models import ENTRY
from .plan.entities import MILESTONE, TEMPLATE
from .plan.models import PROJECT

SECTION = _l("Projects")


def _nav(name: str, label: Any, endpoint: str, icon: str, order: int, permission: str, **values: str) -> Link:
    return Link(
        name=name,
        label=label,
        place="nav",
        endpoint=endpoint,
        values=values,
        icon=icon,
        section=SECTION,
        order=order,
        permission=permission,
    )


ALL = (
    _nav(
        "projects", _l("All projects"), "lists.index", "folder-kanban", 40, f"{PROJECT}.view", entity=PROJECT
    ),
    _nav("mine", _l("My work"), "projects_plan.mine", "circle-check", 41, f"{PROJECT}.view"),
    _nav("hours", _l("My hours"), "projects_hours.week", "timer", 42, f"{ENTRY}.view"),
    _nav("approve", _l("Hours to approve"), "projects_hours.approve", "user-check", 43, "projects.approve"),
    _nav("load", _l("Who has time"), "projects_hours.load", "users", 44, "projects.load"),
    Link(
        name="new",
        label=_l("Project"),
        place="create",
        endpoint="projects_plan.new",
        icon="folder-kanban",
        order=14,
        permission=f"{PROJECT}.create",
    ),
    Link(
        name="note",
        label=_l("Time"),
        place="create",
        endpoint="projects_hours.note",
        icon="timer",
        order=15,
        permission=f"{ENTRY}.create",
    ),
    *(
        Link(
            name=name,
            label=label,
            place=f"{PROJECT}.list",
            endpoint="lists.index",
            values={"entity": entity},
            icon=icon,
            order=order,
            permission=f"{entity}.view",
        )
        for name, label, entity, icon, order in (
            ("templates", _l("Templates"), TEMPLATE, "copy", 5),
            ("milestones", _l("Milestones"), MILESTONE, "flag", 6),
            ("entries", _l("Time entries"), ENTRY, "timer", 7),
        )
    ),
    Link(
        name="new_template",
        label=_l("New template"),
        place=f"{TEMPLATE}.list",
        endpoint="projects_templates.new",
        icon="plus",
        order=1,
        permission=f"{TEMPLATE}.create",
    ),
    *(
        Link(
            name=f"import_{entity.rpartition('.')[2]}",
            label=_l("Import"),
            place=f"{entity}.list",
            endpoint="importing.start",
            values={"entity": entity},
            icon="upload",
            order=10,
            permission=f"{entity}.import",
        )
        for entity in (PROJECT, ENTRY)
    ),
    *(
        Link(
            name=f"export_{entity.rpartition('.')[2]}",
            label=_l("Export"),
            place=f"{entity}.list",
            endpoint="exporting.export",
            values={"entity": entity},
            icon="download",
            order=60,
            permission=f"{entity}.export",
        )
        for entity in (PROJECT, ENTRY)
    ),
    Link(
        name="rates",
        label=_l("Prices of hours"),
        place="nav.admin",
        endpoint="projects_hours.rates",
        icon="timer",
        order=65,
        permission="projects.rates",
    ),
)

VIEWS = (
    View(
        name="going",
        label=_l("Going on"),
        on=PROJECT,
        where="status in (planned, active, paused)",
        sort="due_on",
        order=10,
        pinned=True,
    ),
    View(name="led", label=_l("Led by me"), on=PROJECT, filters=("owner_id:is:me",), sort="due_on", order=20),
    View(
        name="overdue",
        label=_l("Overdue"),
        on=PROJECT,
        where="status in (planned, active) and due_on < today",
        sort="due_on",
        order=30,
    ),
    View(name="by_status", label=_l("By status"), on=PROJECT, group="status", order=40),
    View(
        name="late_milestones",
        label=_l("Overdue"),
        on=MILESTONE,
        where="reached_on is empty and due_on < today",
        sort="due_on",
        order=10,
    ),
    View(name="my_hours", label=_l("My hours"), on=ENTRY, filters=("owner_id:is:me",), sort="-day", order=10),
    View(
        name="unbilled",
        label=_l("Not billed yet"),
        on=ENTRY,
        where="billable = yes and invoice is empty",
        sort="-day",
        order=20,
    ),
)
