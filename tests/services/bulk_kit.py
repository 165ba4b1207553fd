"""What tests of work on many records share."""

from __future__ import annotations

from typing import Any

from app.models import BulkRun
from app.services import bulk, records, roles
from app.services.bulk_choice import Chosen
from app.services.context import acting
from app.services.listing_state import State
from app.services.roles import RoleChange


def ticked(*made: Any) -> Chosen:
    """The choice of some records."""
    return Chosen(ids=tuple(sorted(one.id for one in made)))


def worker_of(make: Any, edit: str = "team", **values: Any) -> Any:
    """A user who sees his team's contacts and works on many of them, as far as `edit` goes."""
    grants = {"contact.view": "team", "contact.edit": edit, "contact.bulk": "team", "contact.create": "all"}
    system = make.ctx()
    with acting(system):
        name = roles.create(system, RoleChange(label=f"Worker {edit}", grants=grants))
    return make.user(name, **values)


def matching(*filters: str, q: str = "") -> Chosen:
    """The choice of all that a list shows."""
    return Chosen(every=True, state=State.of([*(("f", text) for text in filters), ("q", q)]))


def edit(
    ctx: Any, chosen: Chosen, field: str, how: str, value: Any = None, entity: str = "contact"
) -> BulkRun:
    """Do a bulk edit as a person would: choose, look, start."""
    run = bulk.draft(ctx, entity, chosen)
    bulk.choose(ctx, run.id, "edit", {"field": field, "how": how, "value": value})
    return bulk.start(ctx, run.id)


def value(ctx: Any, record: Any, name: str, entity: str = "contact") -> Any:
    """The value that a record has now."""
    ctx.session.expire_all()
    field = ctx.schema.field(entity, name)
    if field.load is not None:
        return field.load(ctx, [record.id])[record.id]
    return getattr(records.get(ctx, entity, record.id), field.column)
