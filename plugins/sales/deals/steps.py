"""What is next and when something last happened, on the row of each deal: lists and boards find it there.

Subscribers: within the transaction of a task, and after that of an interaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update

from app.sdk import Context, Event
from app.sdk.models import InteractionLink, Task, TaskLink
from app.sdk.services import access, unit

from . import deriving, stages
from .fields import DEAL
from .models import SOMEDAY, Deal

WHOLE = {access.UNSCOPED: "what is next follows from every open task, whoever may read it"}


def followed(ctx: Context, events: Sequence[Event]) -> None:
    """Bring the next step of deals into line when tasks about them are made, changed, done or deleted."""
    tasks = [event.record_id for event in events if event.record_id is not None]
    wanted = select(TaskLink.record_id).where(TaskLink.task_id.in_(tasks), TaskLink.entity == DEAL)
    ids = set(ctx.session.execute(wanted).scalars())
    for event in events:
        ids |= {
            int(tie.rpartition(":")[2])
            for tie in event.before.get("about") or ()
            if tie.startswith(f"{DEAL}:")
        }
    anew(ctx, ids)


def anew(ctx: Context, ids: Iterable[int]) -> None:
    """Work the next step of deals out anew: the open task about each that is due first."""
    for deal_id in sorted(ids):
        query = (
            select(Task.summary, Task.due_on)
            .join(TaskLink, TaskLink.task_id == Task.id)
            .where(TaskLink.entity == DEAL, TaskLink.record_id == deal_id)
            .where(Task.status == "todo", Task.deleted_at.is_(None))
            .order_by(Task.due_on, Task.id)
            .limit(1)
        )
        found = ctx.session.execute(query, execution_options=WHOLE).first()
        summary = found.summary[:300] if found else ""
        day = found.due_on if found and found.due_on != SOMEDAY else ""
        _set(ctx, deal_id, {"next_step": summary, "step_on": day})
        _active(ctx, deal_id, ctx.now)


@unit
def talked(ctx: Context, events: Sequence[Event]) -> None:
    """Note the last activity of deals when something is logged about them."""
    logged = [event.record_id for event in events if event.record_id is not None]
    query = select(InteractionLink.record_id, InteractionLink.occurred_at)
    query = query.where(InteractionLink.interaction_id.in_(logged), InteractionLink.entity == DEAL)
    for row in ctx.session.execute(query).all():
        _active(ctx, row.record_id, row.occurred_at)


def _active(ctx: Context, deal_id: int, at: datetime) -> None:
    """Note that something happened with a deal, unless something happened later already."""
    query = select(Deal.pipeline_id, Deal.outcome).where(Deal.id == deal_id, Deal.active_at <= at)
    found = ctx.session.execute(query, execution_options=WHOLE).first()
    pipeline = next((p for p in stages.known(ctx).pipelines if found and p.id == found.pipeline_id), None)
    if found is not None and pipeline is not None:
        day = deriving.stale_on(ctx, at, pipeline, found.outcome)
        _set(ctx, deal_id, {"active_at": at, "stale_on": day})


def _set(ctx: Context, deal_id: int, values: dict[str, object]) -> None:
    statement = update(Deal).where(Deal.id == deal_id).values(**values)
    ctx.session.execute(statement, execution_options={**WHOLE, "synchronize_session": "fetch"})
