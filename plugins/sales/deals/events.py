"""What deals tell others, and what they listen to."""

from __future__ import annotations

from app.sdk import On, Phase, Topic, _l

from . import involved, keeping, rules, steps
from .fields import DEAL

ALL = (
    Topic(name="sales.deal.moved", label=_l("A deal was moved to another stage")),
    Topic(name="sales.deal.won", label=_l("A deal was won")),
    Topic(name="sales.deal.lost", label=_l("A deal was lost")),
    On(name="deal_opened", topic=f"{DEAL}.created", run=rules.opened, phase=Phase.BEFORE, critical=True),
    On(name="deal_changed", topic=f"{DEAL}.updated", run=rules.changed, phase=Phase.BEFORE, critical=True),
    *(
        On(
            name=f"deal_step_{what}",
            topic=f"task.{what}",
            run=steps.followed,
            phase=Phase.BEFORE,
            record=False,
        )
        for what in ("created", "updated", "deleted", "restored")
    ),
    On(name="deal_people", topic="contact.merged", run=involved.merged, phase=Phase.BEFORE, record=False),
    On(name="deal_talk", topic="interaction.created", run=steps.talked),
    *keeping.ALL,
)
