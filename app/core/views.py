"""The views of lists that are there from the start."""

from __future__ import annotations

from app.i18n import _l
from app.kernel.contributions import View

ALL = (
    View(name="my_contacts", label=_l("My contacts"), on="contact", filters=("owner_id:is:me",), order=10),
    View(
        name="quiet_contacts",
        label=_l("No contact for 60 days"),
        on="contact",
        filters=("last_interaction_at:before:-60d",),
        sort="last_interaction_at",
        order=20,
    ),
    View(
        name="new_contacts",
        label=_l("New this week"),
        on="contact",
        filters=("created_at:after:-7d",),
        sort="-created_at",
        columns=("name", "lifecycle_stage", "created_at", "source", "owner_id"),
        order=30,
    ),
    View(
        name="contacts_by_stage",
        label=_l("By stage"),
        on="contact",
        filters=("owner_id:is:me",),
        group="lifecycle_stage",
        order=40,
    ),
    View(name="my_companies", label=_l("My companies"), on="company", filters=("owner_id:is:me",), order=10),
    View(
        name="quiet_companies",
        label=_l("No contact for 60 days"),
        on="company",
        filters=("last_interaction_at:before:-60d",),
        sort="last_interaction_at",
        order=20,
    ),
    View(
        name="my_interactions",
        label=_l("My interactions"),
        on="interaction",
        filters=("owner_id:is:me",),
        order=10,
    ),
    View(
        name="talks_of_the_week",
        label=_l("Last 7 days"),
        on="interaction",
        filters=("occurred_at:after:-7d",),
        order=20,
    ),
    View(
        name="my_tasks",
        label=_l("My open tasks"),
        on="task",
        filters=("assignee_id:is:me", "status:is:todo"),
        roles=("administrator", "manager", "representative"),
        order=10,
    ),
    View(
        name="late_tasks",
        label=_l("Overdue"),
        on="task",
        filters=("status:is:todo", "due_on:before:today"),
        order=20,
    ),
    View(
        name="tasks_by_person",
        label=_l("Open by person"),
        on="task",
        filters=("status:is:todo",),
        group="assignee_id",
        order=30,
    ),
)
