"""What leads tell, what they listen to, and what people are told about them."""

from __future__ import annotations

from app.sdk import Notice, On, Phase, Topic, _l

from . import clock, intake, naming, scoring

ALL = (
    Topic(
        name="sales.lead.assigned",
        label=_l("A lead got an owner"),
        payload={"user": "id of the colleague", "why": "the reason in words"},
    ),
    Topic(name="sales.lead.qualified", label=_l("A lead became a deal"), payload={"deal": "id of the deal"}),
    Topic(
        name="sales.lead.disqualified",
        label=_l("A lead was given up"),
        payload={"reason": "id of the reason"},
    ),
    On(
        name="lead_arrived",
        topic="sales.lead.created",
        run=intake.arrived,
        phase=Phase.BEFORE,
        critical=True,
    ),
    On(name="lead_renamed", topic="contact.updated", run=naming.renamed, phase=Phase.BEFORE, record=False),
    On(name="lead_rescored", topic="contact.updated", run=scoring.heard),
    On(name="lead_talked", topic="interaction.created", run=scoring.heard),
    On(name="lead_edited", topic="sales.lead.updated", run=scoring.heard),
    On(name="lead_answered", topic="interaction.created", run=clock.heard),
    Notice(
        name="lead_assigned",
        label=_l("Leads that become yours"),
        icon="inbox",
        tone="deal",
        order=50,
    ),
    Notice(
        name="lead_warning",
        label=_l("Leads that wait for a first answer"),
        hint=_l("Before the time for the first contact is over."),
        icon="timer",
        tone="warn",
        order=51,
    ),
    Notice(
        name="lead_late",
        label=_l("Leads that were not answered in time"),
        hint=_l("For who has the lead, and who may give it to somebody else."),
        icon="timer",
        tone="bad",
        order=52,
    ),
    On(name="lead_told", topic="sales.lead.assigned", run=clock.tell_owner),
)
