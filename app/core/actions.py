"""What can be done to the core's records from their page, their list row or in bulk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.i18n import _l, _n
from app.kernel.context import Context
from app.kernel.contributions import Action, Offer, Outcome
from app.services import records, tasks


def _trash(entity: str) -> Any:
    def run(ctx: Context, chosen: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
        count = records.trash(ctx, entity, [r.id for r in chosen])
        return Outcome(
            message=_n("%(num)s record moved to the trash", "%(num)s records moved to the trash", count),
            changed=count,
        )

    return run


def _restore(entity: str) -> Any:
    def undo(ctx: Context, ids: Sequence[int]) -> int:
        return records.restore(ctx, entity, ids)

    return undo


def _finish(ctx: Context, chosen: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
    todo = [task.id for task in chosen if task.status == "todo"]
    for task_id in todo:
        tasks.finish(ctx, task_id)
    return Outcome(message=_n("%(num)s task done", "%(num)s tasks done", len(todo)), changed=len(todo))


def _tomorrow(ctx: Context, chosen: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
    todo = [task.id for task in chosen if task.status == "todo"]
    for task_id in todo:
        tasks.snooze(ctx, task_id, "tomorrow")
    told = _n("%(num)s task moved to tomorrow", "%(num)s tasks moved to tomorrow", len(todo))
    return Outcome(message=told, changed=len(todo))


TASKS = tuple(
    Action(
        name=name,
        label=label,
        on="task",
        run=run,
        permission="task.edit",
        icon=icon,
        offer=Offer.BULK | Offer.API,
        order=order,
    )
    for name, label, run, icon, order in (
        ("finish_task", _l("Mark as done"), _finish, "check", 10),
        ("task_tomorrow", _l("Move to tomorrow"), _tomorrow, "alarm-clock", 11),
    )
)
ALL = TASKS + tuple(
    Action(
        name=f"trash_{entity}",
        label=_l("Move to trash"),
        on=entity,
        run=_trash(entity),
        undo=_restore(entity),
        permission=f"{entity}.delete",
        danger=True,
        icon="trash-2",
        offer=Offer.PAGE | Offer.API,
        order=90,
    )
    for entity in ("contact", "company", "interaction", "task")
)
