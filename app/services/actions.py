"""Running an Action: permission, records as the principal may see them, approval, guard, undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Action, Outcome
from app.kernel.errors import NotVisible
from app.kernel.guard import Failure, Surface, must
from app.kernel.guard import run as guarded
from app.services import access, approvals
from app.services.unit import current, unit


def allowed(ctx: Context, action: Action) -> bool:
    """Tell whether the principal has the right an action needs (the entity's edit if it names none)."""
    return ctx.may(action.permission or f"{action.on}.edit")


def applies(ctx: Context, action: Action, record: Any) -> bool:
    """Tell whether an action makes sense for a record; a `when` that fails hides it."""
    if action.when is None:
        return True
    result = guarded(
        action.when,
        ctx,
        record,
        owner=action.owner,
        surface=Surface.WHEN,
        item=action.key,
        session=ctx.session,
    )
    return not isinstance(result, Failure) and bool(result)


def find(ctx: Context, key: str) -> Action:
    """Return a declared action by its key. Raises NotVisible when nobody declares it now."""
    found = next((a for a in ctx.schema.all(Action) if a.key == key), None)
    if found is None:
        raise NotVisible(_("There is no such action."))
    return found


def run(ctx: Context, action: Action, ids: Sequence[int], data: Mapping[str, Any]) -> Outcome:
    """Run an action on records and return what it did; `approval` of the outcome names a request made in its place.

    Raises NotAllowed without the right, NotVisible when one of the ids is none of the principal's, what the action
    raises (Refuse, Invalid), Invalid when nobody is there who could approve it, GuardedFailure when the plugin failed:
    then nothing was changed.
    """
    return perform(ctx, action, ids, data)[0]


def perform(
    ctx: Context, action: Action, ids: Sequence[int], data: Mapping[str, Any]
) -> tuple[Outcome, int | None]:
    """Run an action as `run` does, and tell also by which operation of the journal it can be taken back, if by any."""
    access.require(ctx, action.permission or f"{action.on}.edit")
    return _perform(ctx, action, ids, data)


@unit
def _perform(
    ctx: Context, action: Action, ids: Sequence[int], data: Mapping[str, Any]
) -> tuple[Outcome, int | None]:
    outcome = _run(ctx, action, ids, data)
    held = current(ctx.session)
    written = held.memory.get("operation") if held is not None else None
    return outcome, written.id if written is not None else None


def _run(ctx: Context, action: Action, ids: Sequence[int], data: Mapping[str, Any]) -> Outcome:
    records = _records(ctx, action, ids)
    suited = [r for r in records if applies(ctx, action, r)]
    refused = {r.id: _("This does not apply here any more.") for r in records if r not in suited}
    if not suited:
        return Outcome(message=_("Nothing was changed."), refused=refused)
    if why := approvals.needed(ctx, action, suited, data):
        waits = approvals.ask(ctx, action, suited, data, why)
        return replace(waits, refused={**refused, **waits.refused})
    outcome = must(
        action.run,
        ctx,
        suited,
        data,
        owner=action.owner,
        surface=Surface.ACTION,
        item=action.key,
        session=ctx.session,
    )
    given: object = outcome
    done = given if isinstance(given, Outcome) else Outcome(changed=len(suited))
    return Outcome(
        message=done.message,
        url=done.url,
        changed=done.changed or len(suited),
        refused={**refused, **done.refused},
    )


@unit
def undo(ctx: Context, action: Action, ids: Sequence[int]) -> None:
    """Reverse an action on records; the services it calls check the rights again."""
    access.require(ctx, action.permission or f"{action.on}.edit")
    if action.undo is None:
        raise NotVisible(_("This cannot be undone here."))
    must(
        action.undo,
        ctx,
        ids,
        owner=action.owner,
        surface=Surface.ACTION,
        item=action.key,
        session=ctx.session,
    )


def _records(ctx: Context, action: Action, ids: Sequence[int]) -> Sequence[Any]:
    model = ctx.schema.entity(action.on).model
    rows = ctx.session.execute(select(model).where(model.id.in_(ids)).order_by(model.id)).scalars().all()
    if len(rows) != len(set(ids)):
        raise NotVisible(_("One of these records does not exist any more."))
    return rows
