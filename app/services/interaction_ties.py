"""Who took part in an interaction and what it was about: links to people, colleagues and any other record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import NotVisible
from app.models import Interaction, InteractionLink
from app.services import access, last_contact, people

_TIED = insert(InteractionLink)

Target = tuple[str, int]
"""An entity's name and a record's id."""

Tie = tuple[str, int, str]
"""A target with its role: participant or about."""

LINKS = (
    select(
        InteractionLink.interaction_id,
        InteractionLink.entity,
        InteractionLink.record_id,
        InteractionLink.role,
    )
    .where(InteractionLink.interaction_id.in_(bindparam("ids", expanding=True)))
    .order_by(InteractionLink.id)
    .execution_options(**{access.PREPARED: True})
)


def links(ctx: Context, ids: Sequence[int]) -> dict[int, list[Tie]]:
    """Return (entity, record id, role) of interactions the caller has read.

    Some of the records may be out of sight: show only those that `people.names` has a name for.
    """
    found: dict[int, list[Tie]] = {i: [] for i in ids}
    for interaction_id, entity, record_id, role in access.rows(ctx, LINKS, {"ids": ids}) if ids else ():
        found[interaction_id].append((entity, record_id, role))
    return found


def load(which: str) -> Callable[[Context, Sequence[int]], dict[int, list[Any]]]:
    """Return the loader of the field `contacts`, `users` or `about`: what exists for the principal."""

    def read(ctx: Context, ids: Sequence[int]) -> dict[int, list[Any]]:
        every = links(ctx, ids)
        by_entity: dict[str, set[int]] = {}
        for entity, record_id, _role in {
            tie for ties in every.values() for tie in ties if _field(tie) == which
        }:
            by_entity.setdefault(entity, set()).add(record_id)
        seen = {name: _seen(ctx, name, wanted) for name, wanted in by_entity.items()}
        return {
            i: sorted(_value(tie) for tie in ties if _field(tie) == which and tie[1] in seen[tie[0]])
            for i, ties in every.items()
        }

    return read


def save(which: str) -> Callable[[Context, Mapping[int, Any]], None]:
    """Return the writer of the field `contacts`, `users` or `about`; ties to records out of sight stay."""
    present_of = load(which)

    def write(ctx: Context, values: Mapping[int, Any]) -> None:
        present = present_of(ctx, list(values))
        for interaction_id, wanted in values.items():
            gone = set(present[interaction_id]) - set(wanted or ())
            new = [v for v in dict.fromkeys(wanted or ()) if v not in present[interaction_id]]
            _retie(ctx, interaction_id, [_tie(which, v) for v in gone], [_tie(which, v) for v in new])

    return write


def _retie(ctx: Context, interaction_id: int, gone: Sequence[Tie], new: Sequence[Tie]) -> None:
    check(ctx, new)
    before = last_contact.of(ctx, [interaction_id])
    for entity, record_id, role in gone:
        ctx.session.execute(
            delete(InteractionLink).where(
                InteractionLink.interaction_id == interaction_id,
                InteractionLink.entity == entity,
                InteractionLink.record_id == record_id,
                InteractionLink.role == role,
            )
        )
    add(ctx, ctx.session.get_one(Interaction, interaction_id), new)
    last_contact.anew(ctx, before | last_contact.of(ctx, [interaction_id]))


def _field(tie: Tie) -> str:
    entity, _record_id, role = tie
    return "about" if role == "about" else {"contact": "contacts", "user": "users"}.get(entity, "about")


def _value(tie: Tie) -> Any:
    return f"{tie[0]}:{tie[1]}" if _field(tie) == "about" else tie[1]


def _tie(which: str, value: Any) -> Tie:
    if which != "about":
        return ("contact" if which == "contacts" else "user", int(value), "participant")
    entity, _sep, number = str(value).rpartition(":")
    return (entity, int(number), "about")


def _seen(ctx: Context, entity: str, ids: set[int]) -> set[int]:
    if entity == "user":
        return set(people.user_names(ctx, ids))
    if not ctx.schema.has(entity):
        return set()
    return access.visible_ids(ctx, ctx.schema.entity(entity).model, ids)


def check(ctx: Context, ties: Sequence[Tie]) -> None:
    """Raise NotVisible when a person or record does not exist for the principal."""
    by_entity: dict[str, set[int]] = {}
    for entity, record_id, _role in ties:
        by_entity.setdefault(entity, set()).add(record_id)
    for entity, ids in by_entity.items():
        if _seen(ctx, entity, ids) != ids:
            raise NotVisible(_("One of the people or records does not exist any more."))


def add(ctx: Context, made: Interaction, ties: Sequence[Tie]) -> None:
    """Tie an interaction to people and records within the open unit; the caller has checked them."""
    own = {"kind": made.kind, "occurred_at": made.occurred_at, "pinned_at": made.pinned_at}
    rows = [
        {"interaction_id": made.id, "entity": entity, "record_id": record_id, "role": role, **own}
        for entity, record_id, role in ties
    ]
    if rows:
        ctx.session.connection().execute(_TIED, rows)
