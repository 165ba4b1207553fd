"""The layout of a record's form and page for whoever asks: order, groups, and which fields must be filled in.

Where none was arranged everything stays as it is declared, and nothing is asked of the database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any, cast

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field
from app.kernel.errors import Invalid
from app.kernel.expr.tree import ExprError
from app.services import fields, filters
from app.services.custom_fields_kinds import Defined
from app.services.layouts_schema import Layout, Slot

FACES = {"web"}
"""Where people fill in forms: there the rules of a layout always hold."""

EMPTY: tuple[Any, ...] = (None, "", [], {})


def of(ctx: Context, entity: str) -> Layout | None:
    """Return the layout of an entity for the principal: that of one of his roles, else everybody's, else none."""
    every: Mapping[tuple[str, str], Layout] = cast(Any, ctx.schema).layouts
    if not every:
        return None
    for role in sorted(ctx.user.roles):
        if (entity, role) in every:
            return every[entity, role]
    return every.get((entity, ""))


def shown(ctx: Context, entity: str, every: Iterable[Field], *, writing: bool = False) -> list[Field]:
    """Return fields in the order of the layout, without hidden ones; when `writing` without those that are read-only.

    What must always be filled in is required; what only under a condition is judged when it is saved.
    """
    layout = of(ctx, entity)
    if layout is None:
        return list(every)
    found = [
        _ruled(field, layout.slots.get(field.key))
        for field in every
        if not _left_out(layout.slots.get(field.key), writing=writing)
    ]
    return sorted(found, key=lambda f: layout.places.get(f.key, len(layout.places)))


def ruled(ctx: Context, field: Field) -> Field:
    """Return a field as forms ask for it: required where the layout says so."""
    layout = of(ctx, field.on)
    return field if layout is None else _ruled(field, layout.slots.get(field.key))


def wanted(ctx: Context, entity: str) -> frozenset[str]:
    """Return the names of fields that a form for new records must offer: those that may have to be filled in."""
    layout = of(ctx, entity)
    return frozenset(slot.name for slot in layout.ruled) if layout is not None else frozenset()


def _left_out(slot: Slot | None, *, writing: bool) -> bool:
    return slot is not None and (slot.hidden or (writing and slot.readonly))


def _ruled(field: Field, slot: Slot | None) -> Field:
    if slot is None or not slot.required or slot.only_if or field.required:
        return field
    return replace(field, required=True)


def writes(ctx: Context, entity: str, name: str) -> bool:
    """Tell whether forms of the principal offer a field."""
    layout = of(ctx, entity)
    return layout is None or not _left_out(layout.slots.get(name), writing=True)


def ordered(ctx: Context, entity: str, names: Iterable[str]) -> list[str]:
    """Return names of fields in the order of the layout; those that it does not know stay behind."""
    layout, found = of(ctx, entity), list(dict.fromkeys(names))
    if layout is None:
        return found
    return sorted(found, key=lambda name: layout.places.get(name, len(layout.places)))


def groups(ctx: Context, entity: str, present: Sequence[str]) -> list[tuple[str, tuple[str, ...]]] | None:
    """Return the groups of the layout with those fields that are present, what it does not know last; None without one."""
    layout = of(ctx, entity)
    if layout is None:
        return None
    here = set(present)
    found = [(g.title, tuple(s.name for s in g.slots if s.name in here)) for g in layout.groups]
    rest = tuple(name for name in present if name not in layout.slots)
    return [(title, names) for title, names in [*found, (_("More"), rest)] if names]


def applying(ctx: Context, entity: str, record_id: int, every: Iterable[Field]) -> list[Field]:
    """Return those fields whose condition holds for a record; one that cannot be asked any more hides nothing."""
    layout, found = of(ctx, entity), list(every)
    if layout is None:
        return found
    conditions = {
        f.key: layout.slots[f.key].only_if
        for f in found
        if f.key in layout.slots and layout.slots[f.key].only_if
    }
    held = {text: _holding(ctx, entity, text, [record_id]) for text in set(conditions.values())}
    return [f for f in found if f.key not in conditions or held[conditions[f.key]]]


def asked_of(ctx: Context, field: Field, ids: Sequence[int]) -> Set[int]:
    """Return those of some records whose pages ask for a field: where its own condition and the layout's hold.

    One query for each condition. One that cannot be asked any more hides nothing.
    """
    layout = of(ctx, field.on)
    slot = layout.slots.get(field.key) if layout is not None else None
    conditions = (
        field.only_if if isinstance(field, Defined) else "",
        slot.only_if if slot is not None else "",
    )
    found: Set[int] = set(ids)
    for text in filter(None, conditions):
        try:
            found = found & set(filters.matches(ctx, field.on, text, sorted(found))) if found else found
        except ExprError:
            continue
    return found


def judge(ctx: Context, entity: str, ids: Sequence[int], names: Collection[str] | None = None) -> None:
    """Raise Invalid, within the unit of a change, for fields of saved records that must be filled in and are empty.

    Only `names` are looked at, if given; a field under a condition only where the record fits it.
    """
    layout = of(ctx, entity)
    if layout is None or not layout.ruled:
        return
    asked = {f.key: f for f in fields.visible(ctx, entity) if names is None or f.key in names}
    ruled = [slot for slot in layout.ruled if slot.name in asked]
    if not ruled:
        return
    ctx.session.flush()
    kind = ctx.schema.entity(entity)
    loaded = fields.load_ids(ctx, kind, [asked[slot.name] for slot in ruled], ids)
    wrong: dict[str, str] = {}
    for slot in ruled:
        empty = [i for i in ids if loaded[slot.name].get(i) in EMPTY]
        if empty and (not slot.only_if or _holding(ctx, entity, slot.only_if, empty)):
            wrong[slot.name] = _("%(name)s is needed.", name=str(asked[slot.name].label))
    if wrong:
        raise Invalid(wrong)


def judge_change(ctx: Context, entity: str, record_id: int, names: Collection[str]) -> None:
    """Judge the fields that a change was about: where people work, and everywhere if the layout says so."""
    layout = of(ctx, entity)
    if layout is not None and (ctx.source in FACES or layout.everywhere):
        judge(ctx, entity, [record_id], names)


def judge_new(ctx: Context, entity: str, ids: Sequence[int]) -> None:
    """Judge new records of imports and programs, if the layout says so; forms judge their own."""
    layout = of(ctx, entity)
    if layout is not None and layout.everywhere:
        judge(ctx, entity, ids)


def _holding(ctx: Context, entity: str, text: str, ids: Sequence[int]) -> bool:
    """Tell whether a condition holds for one of some records."""
    try:
        return bool(filters.matches(ctx, entity, text, ids))
    except ExprError:
        return True
