"""What the core listens to."""

from __future__ import annotations

from app.i18n import _l
from app.kernel.contributions import On, Phase, Topic
from app.services import custom_fields_formulas, interactions, last_contact, task_reminding, task_series

ALL: tuple[Topic | On, ...] = (
    *(
        Topic(name=f"approval.{what}", label=label, payload={"approval": "the number of the request"})
        for what, label in (
            ("asked", _l("An approval was asked for")),
            ("approved", _l("A request was approved")),
            ("declined", _l("A request was declined")),
            ("withdrawn", _l("A request was withdrawn")),
        )
    ),
    *(
        On(
            name=f"last_contact_{what}",
            topic=f"interaction.{what}",
            run=last_contact.gone_or_back,
            phase=Phase.BEFORE,
        )
        for what in ("deleted", "restored")
    ),
    On(
        name="formulas",
        topic="*",
        run=custom_fields_formulas.changed,
        phase=Phase.BEFORE,
        critical=True,
        record=False,
    ),
    On(
        name="interaction_links",
        topic="interaction.updated",
        run=interactions.followed,
        phase=Phase.BEFORE,
        critical=True,
        record=False,
    ),
    On(
        name="task_series",
        topic="task.updated",
        run=task_series.followed,
        phase=Phase.BEFORE,
        critical=True,
        record=False,
    ),
    *(
        On(
            name=f"task_reminders_{what}",
            topic=f"task.{what}",
            run=task_reminding.planned,
            phase=Phase.BEFORE,
            critical=True,
            record=False,
        )
        for what in ("created", "updated", "deleted", "restored")
    ),
)
