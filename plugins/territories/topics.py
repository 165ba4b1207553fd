"""What territories tell, and what they listen to."""

from __future__ import annotations

from collections.abc import Sequence

from app.sdk import Context, Event, On, Phase, Topic, _l

from . import assigning, placing

BORDERS = (
    "parent_id",
    "priority",
    "borders",
    "shape",
    "condition",
    "valid_from",
    "valid_until",
    "marks",
    "follows",
    "owner_id",
)


def changed(ctx: Context, events: Sequence[Event]) -> None:
    """Ask for records to be given to their territories anew after borders were changed."""
    assigning.ask(ctx)


ALL: tuple[Topic | On, ...] = (
    Topic(name="moved", label=_l("Records came into another territory"), payload={}),
    *(
        On(name=f"territory_{verb}", topic=f"territories.territory.{verb}", run=changed, record=False)
        for verb in ("created", "deleted", "restored")
    ),
    On(
        name="territory_updated",
        topic="territories.territory.updated",
        run=changed,
        fields=BORDERS,
        record=False,
    ),
    *(
        On(
            name=f"{entity}_created",
            topic=f"{entity}.created",
            run=placing.told,
            phase=Phase.BACKGROUND,
            record=False,
        )
        for entity in placing.WHOSE
    ),
    On(
        name="contact_moved",
        topic="contact.updated",
        run=placing.told,
        phase=Phase.BACKGROUND,
        fields=("addresses", "affiliations", "company"),
        record=False,
    ),
    On(
        name="company_moved",
        topic="company.updated",
        run=placing.told,
        phase=Phase.BACKGROUND,
        fields=("addresses",),
        record=False,
    ),
)
