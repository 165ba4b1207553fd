"""Ways to the leads: links and views of the list, and the work that is done by the clock."""

from __future__ import annotations

from app.sdk import Job, Link, View, _l

from . import cases, clock, counting, scoring, submissions
from .choices import FORM, LEAD
from .permissions import RULES

SECTION = _l("Sales")

LINKS = (
    Link(
        name="leads",
        label=_l("Leads"),
        place="nav",
        endpoint="sales_leads.inbox",
        icon="inbox",
        section=SECTION,
        order=30,
        badge=counting.waiting_for_me,
        permission=f"{LEAD}.view",
    ),
    Link(
        name="new_lead",
        label=_l("Lead"),
        place="create",
        endpoint="sales_leads.new",
        icon="inbox",
        order=30,
        permission=f"{LEAD}.create",
    ),
    Link(
        name="lead_list",
        label=_l("Inbox"),
        place="sales.lead.list",
        endpoint="sales_leads.inbox",
        icon="inbox",
        permission=f"{LEAD}.view",
    ),
    Link(
        name="new_lead_form",
        label=_l("New form"),
        place="sales.lead_form.list",
        endpoint="sales_lead_forms.new",
        icon="plus",
        permission=f"{FORM}.create",
    ),
    Link(
        name="lead_report",
        label=_l("Response times"),
        place="sales.lead.list",
        endpoint="sales_leads.report",
        icon="chart-column",
        permission=f"{LEAD}.view",
    ),
    Link(
        name="lead_rules",
        label=_l("Rules of leads"),
        place="nav.admin",
        endpoint="sales_lead_rules.index",
        icon="route",
        order=60,
        permission=RULES,
    ),
    Link(
        name="lead_of_contact",
        label=_l("New lead"),
        place="contact.page",
        endpoint="sales_leads.new",
        icon="inbox",
        permission=f"{LEAD}.create",
    ),
)

VIEWS = (
    View(
        name="my_new_leads",
        label=_l("Mine, new"),
        on=LEAD,
        filters=("owner_id:is:me", "status:is:new"),
        sort="respond_by",
        columns=("called", "grade", "score", "channel", "respond_by", "created_at"),
        pinned=True,
        order=10,
    ),
    View(
        name="free_leads",
        label=_l("Unassigned"),
        on=LEAD,
        where="owner is empty and status in (new, working, nurturing)",
        sort="-created_at",
        pinned=True,
        order=20,
    ),
    View(
        name="hot_leads",
        label=_l("Hot"),
        on=LEAD,
        where="grade = hot and status in (new, working)",
        sort="-score",
        pinned=True,
        order=30,
    ),
    View(
        name="late_leads",
        label=_l("Overdue first contact"),
        on=LEAD,
        where="status in (new, working) and first_contact_at is empty and respond_by < now",
        sort="respond_by",
        columns=("called", "grade", "channel", "respond_by", "owner_id", "created_at"),
        pinned=True,
        order=40,
    ),
    View(name="leads_by_source", label=_l("By source"), on=LEAD, group="channel", order=50),
)

JOBS = (
    Job(
        name="leads_watch",
        label=_l("Watch the first contact of leads"),
        run=clock.watch,
        schedule="every 5m",
        timeout=300,
        retries=3,
    ),
    Job(
        name="leads_score",
        label=_l("Score all leads"),
        run=scoring.refresh_all,
        schedule="daily 03:20",
        timeout=3600,
        retries=3,
    ),
    Job(
        name="leads_revive",
        label=_l("Bring leads back on their day"),
        run=cases.revive_due,
        schedule="daily 05:30",
        timeout=600,
        retries=3,
    ),
    Job(
        name="leads_forget",
        label=_l("Forget old submissions of forms"),
        run=submissions.forget,
        schedule="daily 03:50",
        timeout=600,
        retries=3,
    ),
)
