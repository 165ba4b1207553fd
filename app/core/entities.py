"""The kinds of record the core has."""

from __future__ import annotations

from app.core import company_fields, contact_fields, interaction_fields, quality_fields
from app.i18n import _l
from app.kernel.contributions import Entity
from app.models import Company, Contact, Interaction, Task
from app.services import base_fields, naming, task_fields

ALL = (
    Entity(
        name="contact",
        label=_l("Contact"),
        plural=_l("Contacts"),
        model=Contact,
        icon="users",
        url="contacts.show",
        title="formatted_name",
        subject="id",
        derive=naming.derive_contact,
        derive_from=(*(f.name for f in contact_fields.NAME), "languages"),
        fields=(
            *contact_fields.ALL,
            *quality_fields.of("contact"),
            *base_fields.fields("contact", touched=True),
        ),
        default_columns=("name", "lifecycle_stage", "last_interaction_at", "emails", "phones", "owner_id"),
        default_sort="name",
    ),
    Entity(
        name="company",
        label=_l("Company"),
        plural=_l("Companies"),
        model=Company,
        icon="building-2",
        url="companies.show",
        title="name",
        derive=naming.derive_company,
        derive_from=("name", "parent_id"),
        fields=(
            *company_fields.ALL,
            *quality_fields.of("company"),
            *base_fields.fields("company", touched=True),
        ),
        default_columns=("name", "industry", "last_interaction_at", "phones", "owner_id"),
        default_sort="name",
    ),
    Entity(
        name="interaction",
        label=_l("Interaction"),
        plural=_l("Interactions"),
        model=Interaction,
        icon="messages-square",
        url="interactions.show",
        title="subject",
        derive=interaction_fields.derive_interaction,
        derive_from=("subject", "body", "location"),
        fields=(*interaction_fields.INTERACTION, *base_fields.fields("interaction")),
        default_columns=("subject", "kind", "occurred_at", "outcome", "owner_id"),
        default_sort="-occurred_at",
    ),
    Entity(
        name="task",
        label=_l("Task"),
        plural=_l("Tasks"),
        model=Task,
        icon="circle-check",
        url="tasks.show",
        title="summary",
        derive=task_fields.derive,
        derive_from=("status", "due_on", "due_at", "due_clock", "due_zone", "recurrence"),
        fields=(*interaction_fields.TASK, *base_fields.fields("task")),
        default_columns=("summary", "due_on", "status", "assignee_id"),
        default_sort="due_on",
    ),
)
