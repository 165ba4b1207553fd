"""People whom somebody has to do with: those talked to last, and those who go cold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, select

from app.kernel.context import Context
from app.models import (
    NEVER,
    SOMEDAY,
    Contact,
    DoNotContact,
    Interaction,
    InteractionLink,
    TagLink,
    Task,
    TaskLink,
)
from app.services import access, keep_in_touch_upkeep

QUIET_DAYS = 60
"""After so many days without a word somebody is going cold."""


def mine(ctx: Context, limit: int = 6) -> Sequence[Contact]:
    """Return the principal's own contacts, those talked to last first."""
    query = (
        select(Contact)
        .where(Contact.owner_id == ctx.user.id, Contact.last_interaction_at > NEVER)
        .order_by(Contact.last_interaction_at.desc(), Contact.id.desc())
        .limit(limit)
    )
    return ctx.session.execute(query).scalars().all()


PLANNED = (
    select(TaskLink.id)
    .join(Task, Task.id == TaskLink.task_id)
    .where(TaskLink.entity == "contact", TaskLink.record_id == Contact.id, Task.status == "todo")
)
REFUSED = exists().where(DoNotContact.contact_id == Contact.id)
MUTE = exists().where(
    TagLink.entity == "contact",
    TagLink.record_id == Contact.id,
    TagLink.tag_id.in_(bindparam("mute", expanding=True)),
)
_COLD = (
    select(Contact)
    .where(
        Contact.owner_id == bindparam("me"),
        Contact.last_interaction_at > NEVER,
        Contact.last_interaction_at < bindparam("before"),
        Contact.lifecycle_stage.not_in(bindparam("silent", expanding=True)),
        func.coalesce(Contact.keep_in_touch_on, SOMEDAY)
        == SOMEDAY,  # the walk is along the order's own index
        Contact.keep_in_touch_days.is_(None),
        ~MUTE,
        ~PLANNED.exists(),
        ~REFUSED,
    )
    .order_by(Contact.last_interaction_at.desc(), Contact.id.desc())
    .limit(bindparam("most"))
)


def going_cold(ctx: Context, limit: int = 3) -> Sequence[Contact]:
    """Return the principal's own contacts that were talked to once but not for long, the most recent first.

    Left out are those with something to do about them, those who asked not to be called, former ones, and those for
    whom a rule says how often (services/keep_in_touch).
    """
    before = ctx.now - timedelta(days=QUIET_DAYS)
    never = keep_in_touch_upkeep.never(ctx)
    return _read(ctx, _COLD, me=ctx.user.id or 0, before=before, most=limit, **never)


_EVERY = (
    select(Interaction)
    .where(Interaction.occurred_at <= bindparam("now"))
    .order_by(Interaction.occurred_at.desc(), Interaction.id.desc())
    .limit(bindparam("most"))
)
_NEWEST = (
    select(Interaction)
    .join(InteractionLink, InteractionLink.interaction_id == Interaction.id)
    .join(
        Contact,
        and_(
            InteractionLink.entity == "contact",
            InteractionLink.record_id == Contact.id,
            InteractionLink.occurred_at == Contact.last_interaction_at,
        ),
    )
    .where(Contact.owner_id == bindparam("me"), Contact.last_interaction_at > NEVER)
    .order_by(Contact.last_interaction_at.desc(), Contact.id.desc(), Interaction.id.desc())
    .limit(bindparam("most"))
)


def happened(ctx: Context, limit: int = 8) -> Sequence[Interaction]:
    """Return the newest interaction with each of the contacts talked to last: the principal's own, or anybody's.

    Anybody's for those who see everything; both walk along an index.
    """
    if ctx.user.reach("contact.view") == "all" and ctx.user.reach("interaction.view") == "all":
        return _read(ctx, _EVERY, now=ctx.now, most=limit)
    return list(dict.fromkeys(_read(ctx, _NEWEST, me=ctx.user.id or 0, most=limit)))


def _read(ctx: Context, statement: Any, **values: Any) -> Sequence[Any]:
    """Return the records of a statement that is built once; what they are scoped by is added once per principal."""
    found = ctx.session.execute(statement, values, execution_options={access.PREPARED: True})
    records: Sequence[Any] = found.scalars().all()
    return records
