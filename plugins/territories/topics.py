"""What territories tell, and what they listen to."""

from __future__ import annotations

from collections.abc import Sequence

from app.sdk import Context, Event, On, Phase, Refuse, Topic, _, _l

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


SETTLING = (*BORDERS, "team_id")


def settled(ctx: Context, events: Sequence[Event]) -> None:
    """Refuse what gives records to a territory to those who may not change every territory: it takes them from others.

    Raises Refuse. What only marks a place has nothing, and is everybody's to make.
    """
    if ctx.user.reach("territories.territory.edit") == "all":
        return
    wrong = [e for e in events if not (e.record.marks and e.before.get("marks", True))]
    if wrong:
        told = _(
            "Only who may change every territory settles what belongs to one. Tick “Only marks a place to filter by”."
        )
        raise Refuse(told, wrong)


def changed(ctx: Context, events: Sequence[Event]) -> None:
    """Ask for records to be given to their territories anew after borders were changed."""
    assigning.ask(ctx)


ALL: tuple[Topic | On, ...] = (
    Topic(name="moved", label=_l("Records came into another territory"), payload={}),
    *(
        On(
            name=f"territory_{verb}_by",
            topic=f"territories.territory.{verb}",
            run=settled,
            phase=Phase.BEFORE,
            critical=True,
            fields=SETTLING if verb == "updated" else (),
        )
        for verb in ("created", "updated", "restored")
    ),
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
