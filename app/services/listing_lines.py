"""The quiet line below a record's name in lists: what a person does and where, whom a call was with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from app.kernel.context import Context
from app.models import Affiliation, Company, Contact, Interaction, Task
from app.services import access, interactions, people, tasks

_PLACES = (
    select(Affiliation.contact_id, Affiliation.title, Company.name)
    .join(Company, Company.id == Affiliation.company_id)
    .where(
        Affiliation.contact_id.in_(bindparam("ids", expanding=True)),
        Affiliation.is_primary.is_(True),
        Affiliation.ended_on == "",
    )
)


def lines(ctx: Context, entity: str, ids: Sequence[int], columns: Collection[str] = ()) -> dict[int, str]:
    """Return the lines of records that have one; what stands in one of the `columns` is not said again."""
    model: Any = ctx.schema.entity(entity).model
    if not ids:
        return {}
    if model is Contact:
        return _places(ctx, ids, columns)
    return _about(ctx, model, ids) if model in (Interaction, Task) else {}


def _places(ctx: Context, ids: Sequence[int], columns: Collection[str]) -> dict[int, str]:
    title, company = (n not in columns and access.sees(ctx, "contact", n) for n in ("title", "company"))
    if not title and not company:
        return {}
    found = {}
    for contact_id, job, name in access.rows(ctx, _PLACES, {"ids": ids}):
        found[contact_id] = ", ".join(filter(None, (job if title else "", name if company else "")))
    return found


def _about(ctx: Context, model: Any, ids: Sequence[int]) -> dict[int, str]:
    if model is Interaction:
        linked = interactions.links(ctx, ids)
        targets = {i: [(of, n) for of, n, _role in found if of != "user"] for i, found in linked.items()}
    else:
        targets = tasks.about(ctx, ids)
    names = people.names(ctx, {one for found in targets.values() for one in found})
    return {
        i: ", ".join(dict.fromkeys(names[one].name for one in found if one in names))
        for i, found in targets.items()
    }
