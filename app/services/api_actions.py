"""Actions for programs: those that are offered to them, with what their form asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Action, Offer, Outcome
from app.kernel.errors import GuardedFailure, Invalid, NotVisible
from app.services import access, actions, api_reading, bulk_work
from app.services.api_timeline import plain

MOST = 200


def offered(ctx: Context, entity: str) -> list[Action]:
    """Return the actions on an entity that the principal may run by a program."""
    return [a for a in ctx.schema.actions(entity) if Offer.API in a.offer and actions.allowed(ctx, a)]


def of_record(ctx: Context, entity: str, record: Any) -> list[Mapping[str, Any]]:
    """Return the actions that make sense for a record the principal has read, and what each asks for."""
    fit = [a for a in offered(ctx, entity) if actions.applies(ctx, a, record)]
    return [{"name": a.key, "label": str(a.label), "asks": asks(a)} for a in fit]


def asks(action: Action) -> list[dict[str, Any]]:
    """Return what the form of an action asks for: names and labels of its fields; nothing when the form fails now."""
    try:
        form = bulk_work.form_of(action, None)
    except GuardedFailure:
        return []
    return [
        {"name": f.name, "label": plain(f.label.text), "required": f.flags.required is True}
        for f in form or ()
    ]


def run(
    ctx: Context, entity: str, name: str, uids: Sequence[Any], data: Mapping[str, Any]
) -> tuple[Outcome, dict[int, str]]:
    """Run an action on records and return what it did, and the UID of each id that it may name.

    Raises NotVisible for an action that is not offered or a record that is not there, NotAllowed, Invalid for what the
    form does not take, GuardedFailure.
    """
    kind = api_reading.entity_of(ctx, entity)
    action = next((a for a in ctx.schema.actions(entity) if a.key == name and Offer.API in a.offer), None)
    if action is None:
        raise NotVisible(_("There is no such action."))
    access.require(ctx, action.permission or f"{entity}.edit")
    known = api_reading.numbers(ctx, kind, uids)
    form = bulk_work.form_of(action, list(_typed(data)))
    if form is None and data:
        raise Invalid({"data": _("This action asks for nothing.")})
    if form is not None and (unknown := [n for n in data if n not in {f.name for f in form}]):
        raise Invalid({unknown[0][:60]: _("The action does not ask for this.")})
    if form is not None and not form.validate():
        raise Invalid({field: " ".join(map(str, said)) for field, said in form.errors.items() if field})
    return actions.run(ctx, action, list(known), form.data if form is not None else {}), known


def _typed(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield values as a form sends them. Raises Invalid for what no form can send."""
    for name, value in data.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, bool):
                if one:
                    yield name, "y"
            elif isinstance(one, str | int | float):
                yield name, str(one).replace("\x00", "")
            elif one is not None:
                raise Invalid({name[:60]: _("This has to be a text, a number, true or false.")})
