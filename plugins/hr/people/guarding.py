"""What nobody may write: a record that is not theirs to change, and a manager who answers to the very same person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from app.sdk import Context, On, Phase, Refuse, _
from app.sdk.services import access

from . import chain
from .choices import CONTRACT, DEPARTMENT, DOCUMENT, EMPLOYEE, POSITION


def owned(ctx: Context, events: Sequence[Any]) -> None:
    """Refuse a record that who made it could not change, such as an absence of somebody else."""
    entity = events[0].entity
    model = ctx.schema.entity(entity).model
    ids = {event.record_id for event in events}
    query = select(model.id).where(model.id.in_(ids), access.criterion(ctx, model, "edit"))
    if ids - set(ctx.session.execute(query).scalars()):
        raise Refuse(_("Only HR may write this down."))


def guards(entities: Iterable[str]) -> tuple[On, ...]:
    """Return what keeps records from being made by those who could not change them."""
    return tuple(
        On(
            name=f"{entity.partition('.')[2]}_owned",
            topic=f"{entity}.created",
            run=owned,
            phase=Phase.BEFORE,
            critical=True,
            record=False,
        )
        for entity in entities
    )


ALL = (
    *guards((EMPLOYEE, DEPARTMENT, POSITION, CONTRACT, DOCUMENT)),
    *(
        On(
            name=f"chain_{verb}",
            topic=f"{EMPLOYEE}.{verb}",
            run=chain.followed,
            phase=Phase.BEFORE,
            critical=True,
            fields=("manager_id", "user_id", "position", "department") if verb == "updated" else (),
        )
        for verb in ("created", "updated", "deleted", "restored", "merged")
    ),
)
