"""What cadences listen to, and the work that begins their steps."""

from __future__ import annotations

from app.sdk import Job, On, Phase, _l

from . import enrolling, running

ALL = (
    On(name="cadence_talked", topic="interaction.created", run=enrolling.talked),
    On(name="cadence_lead", topic="sales.lead.updated", run=enrolling.decided, fields=("status",)),
    On(
        name="cadence_deal",
        topic="sales.deal.updated",
        run=enrolling.moved,
        phase=Phase.BEFORE,
        fields=("stage_id",),
    ),
    On(
        name="cadence_withdrawn", topic="contact.updated", run=enrolling.withdrawn, fields=("do_not_contact",)
    ),
    Job(
        name="cadences_run",
        label=_l("Begin the steps of cadences"),
        run=running.run_due,
        schedule="every 15m",
        timeout=900,
        retries=3,
    ),
)
