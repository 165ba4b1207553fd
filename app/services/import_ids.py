"""Ids of records in other systems (UIDs of cards, keys of a CRM), by which a second import finds its records again.

An id stands in `external_id` as (system, entity, value) → record. What a file says of other records by their ids is found
there, too: see `Refs`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.formats.fold import fold
from app.kernel.context import Context
from app.models import ExternalId
from app.services import access, journal
from app.services.import_matching import systems
from app.services.import_rows import Row


def system_name(text: str) -> str:
    """Return what a system is kept as: small letters, digits and a few marks, at most 60 ("HubSpot EU" → "hubspot-eu")."""
    return re.sub(r"[^a-z0-9._-]+", "-", fold(text)).strip("-.")[:60]


def keep(ctx: Context, rows: Sequence[Row], system: str = "") -> None:
    """Remember the ids of rows that have a record now, as ids of a system ("": UIDs).

    An id stays with the record that has it. If that one is in the trash or gone, it goes over to the new one; if it is
    out of the principal's sight, the new one gets it in a system of the principal's own.
    """
    for entity in dict.fromkeys(row.entity for row in rows):
        mine: dict[str, int] = {}
        for row in rows:
            known = row.match is not None and row.match.why == "uid"
            if row.entity == entity and row.uid and row.record_id is not None and not known:
                mine.setdefault(row.uid, row.record_id)
        if mine:
            older = {row.record_id for row in rows if row.outcome != "created" and row.record_id is not None}
            _keep(ctx, entity, mine, older, systems(ctx, system))


def _keep(ctx: Context, entity: str, mine: dict[str, int], older: set[int], known: tuple[str, str]) -> None:
    model = ctx.schema.entity(entity).model
    query = select(ExternalId).where(
        ExternalId.entity == entity, ExternalId.system.in_(known), ExternalId.value.in_(mine)
    )
    there = list(ctx.session.execute(query).scalars())
    visible = access.visible_ids(ctx, model, [row.record_id for row in there])
    held = {row.value for row in there if row.record_id in visible}
    hidden = {row.value for row in there if row.record_id not in visible and _live(ctx, model, row.record_id)}
    new: dict[int, list[tuple[str, str, int]]] = {}
    for row in there:
        if row.value not in held | hidden:
            new.setdefault(mine[row.value], []).append((row.system, row.value, row.record_id))
            row.record_id = mine[row.value]
            held.add(row.value)
    everybodys, own = known
    for uid, record_id in mine.items():
        if uid not in held:
            system = own if uid in hidden else everybodys
            ctx.session.add(ExternalId(system=system, value=uid, entity=entity, record_id=record_id))
            new.setdefault(record_id, []).append((system, uid, 0))
    ctx.session.flush()
    told = {i: [one for one in ids if one[2] or i in older] for i, ids in new.items()}
    journal.record_ids(ctx, entity, {i: ids for i, ids in told.items() if ids}, known=True)


def _live(ctx: Context, model: Any, record_id: int) -> bool:
    query = select(model.id).where(model.id == record_id, model.deleted_at.is_(None))
    return (
        ctx.session.scalar(query, execution_options={"unscoped": "a UID of a record out of sight is taken"})
        is not None
    )
