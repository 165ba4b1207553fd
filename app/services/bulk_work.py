"""What is done to each batch of records: values changed, moved to the trash, an action run. Refusals are per record."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select, true
from werkzeug.datastructures import MultiDict

from app.i18n import _, in_words
from app.kernel.context import Context
from app.kernel.contributions import Action, Offer, Outcome
from app.kernel.errors import Invalid, NotVisible
from app.kernel.guard import Surface, must
from app.services import access, actions, approvals, bulk_values
from app.services.bulk_values import Edit
from app.services.bulk_writing import Wrote, bisected, mark_many, update_many

Work = Callable[[Sequence[int]], Wrote]
"""Does it to some records within the open unit."""

VERB = "bulk"


def work(ctx: Context, entity: str, kind: str, kept: str) -> Work:
    """Return what a run does to a batch. Raises NotVisible when nobody offers it any more, NotAllowed, Invalid."""
    said = json.loads(kept)
    access.require(ctx, f"{entity}.{VERB}")
    if kind == "trash":
        access.require(ctx, f"{entity}.delete")
        return lambda ids: bisected(
            ctx, ids, lambda some: mark_many(ctx, entity, some, "deleted", ("delete", VERB))
        )
    if kind == "action":
        return _acting(ctx, find(ctx, entity, said["action"]), said.get("form", ()))
    return _editing(ctx, entity, Edit.stored(ctx, entity, said))


def _editing(ctx: Context, entity: str, edit: Edit) -> Work:
    access.require(ctx, f"{entity}.edit")
    if edit.field not in {f.key for f in bulk_values.offered(ctx, entity)}:
        raise NotVisible(_("There is no such field."))

    def write(ids: Sequence[int]) -> Wrote:
        new = bulk_values.changes(ctx, entity, edit, ids)
        return update_many(ctx, entity, new, verbs=("edit", VERB))

    return lambda ids: bisected(ctx, ids, write)


# ---------------------------------------------------------------- actions


def find(ctx: Context, entity: str, name: str) -> Action:
    """Return an action that is offered for many records of an entity. Raises NotVisible."""
    found = next((a for a in offered(ctx, entity) if a.key == name), None)
    if found is None:
        raise NotVisible(_("There is no such action."))
    return found


def offered(ctx: Context, entity: str) -> Sequence[Action]:
    """Return the actions that the principal may run on many records of an entity."""
    if not ctx.may(f"{entity}.{VERB}"):
        return []
    return [a for a in ctx.schema.actions(entity) if Offer.BULK in a.offer and actions.allowed(ctx, a)]


def form_of(action: Action, typed: Sequence[Sequence[str]] | None) -> Any:
    """Return an action's form with what was typed in it (pairs), or None when it has none."""
    form = action.form
    if form is None:
        return None
    data = MultiDict([(str(name), str(value)) for name, value in typed]) if typed is not None else None
    return must(lambda: form(data, **in_words()), owner=action.owner, surface=Surface.ACTION, item=action.key)


def _acting(ctx: Context, action: Action, typed: Sequence[Sequence[str]]) -> Work:
    form = form_of(action, typed)
    if form is not None and not form.validate():
        raise Invalid({name: " ".join(map(str, said)) for name, said in form.errors.items()})
    data: Mapping[str, Any] = form.data if form is not None else {}
    return lambda ids: _act(ctx, action, ids, data)


def _act(ctx: Context, action: Action, ids: Sequence[int], data: Mapping[str, Any]) -> Wrote:
    wrote, suited = suitable(ctx, action, ids)

    def write(some: Sequence[int]) -> Wrote:
        model = ctx.schema.entity(action.on).model
        rows = select(model).where(model.id.in_(some)).order_by(model.id).with_for_update(of=model)
        chosen = ctx.session.execute(rows, execution_options={"populate_existing": True}).scalars().all()
        return _ran(ctx, action, chosen, data)

    wrote.add(bisected(ctx, suited, write))
    return wrote


def suitable(ctx: Context, action: Action, ids: Sequence[int]) -> tuple[Wrote, list[int]]:
    """Return the records that an action makes sense for and may be run on, and why not on the others."""
    model = ctx.schema.entity(action.on).model
    able = access.criterion(ctx, model, VERB)
    query = select(model, able.label("able") if able is not true() else true().label("able"))
    found = ctx.session.execute(query.where(model.id.in_(ids)).order_by(model.id)).all()
    refused: dict[int, str] = {}
    suited: list[int] = []
    for record, may in found:
        if not may:
            refused[record.id] = _(
                "You may see this but not change it. Ask for the right “%(name)s”.",
                name=f"{action.on}.{VERB}",
            )
        elif not actions.applies(ctx, action, record):
            refused[record.id] = _("“%(action)s” does not apply here.", action=str(action.label))
        else:
            suited.append(record.id)
    return Wrote(refused=refused), suited


def _ran(ctx: Context, action: Action, chosen: Sequence[Any], data: Mapping[str, Any]) -> Wrote:
    if not chosen:
        return Wrote()
    ids = [record.id for record in chosen]
    if why := approvals.needed(ctx, action, chosen, data):
        waits = approvals.ask(ctx, action, chosen, data, why)
        return Wrote(refused={**dict.fromkeys(ids, str(waits.message)), **waits.refused})
    given: object = must(
        action.run,
        ctx,
        chosen,
        data,
        owner=action.owner,
        surface=Surface.ACTION,
        item=action.key,
        session=ctx.session,
    )
    refused = dict(given.refused) if isinstance(given, Outcome) else {}
    return Wrote(changed={i: ({}, {}) for i in ids if i not in refused}, refused=refused)
