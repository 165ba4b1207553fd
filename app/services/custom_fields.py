"""Fields that administrators add to records: added, changed, ordered, retired, and deleted with their values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import delete as sql_delete
from sqlalchemy import func, select, update

from app.formats.fold import fold
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Choice, Entity, Kind
from app.kernel.errors import Invalid, NotVisible
from app.models import CustomField, CustomValue
from app.services import (
    access,
    audit,
    custom_fields_checks,
    custom_fields_formulas,
    jobs,
    search_index,
    settings,
)
from app.services.custom_fields_kinds import FORMULA, RESULTS, TYPES, Defined
from app.services.unit import unit

RIGHT = "admin.settings"
PREFIX = "x_"
"""Begins the names of all added fields, so that none ever meets one of the core or of a plugin."""

ASIDE = "~"
"""Stands in the names of definitions that are kept aside: drafts of another type, and what a field was before."""

MOST = 200
"""So many fields can be added to one kind of record."""

COUNTED = 10_000
BATCH = 2_000

REINDEX = "fields.reindex"
"""The job that has values found, or found no more, after that was changed for their field."""

RANK = "fields.rank"
"""The job that has lists stand in the order of choices, after that was changed."""

KEPT = timedelta(days=30)
"""How long the values of a deleted field are kept."""

CHOOSING = {"choice", "choices"}


@dataclass(frozen=True, kw_only=True)
class Values:
    """What can be said about a field. `type`, `decimals` and `ref` (what a record is of) hold from the beginning on.

    Choices without a value are new. `default` is text as a person types it; `only_if` an expression of the filter
    language: the field is asked for only where it holds.
    """

    label: str
    type: str = "text"
    hint: str = ""
    required: bool = False
    searched: bool = False
    personal: bool = True
    choices: tuple[Choice, ...] = ()
    decimals: int = 0
    ref: str = ""
    default: str = ""
    only_if: str = ""
    formula: str = ""
    result: str = ""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The added fields of one kind of record: those in use, those retired, those deleted but not yet gone."""

    entity: Entity
    used: Sequence[CustomField] = field(default_factory=list)
    retired: Sequence[CustomField] = field(default_factory=list)
    deleted: Sequence[CustomField] = field(default_factory=list)


def listed(ctx: Context, entity: str) -> Shown:
    """Return the added fields of a kind of record. Raises Invalid when there is no such kind."""
    access.require(ctx, RIGHT)
    kind = ctx.schema.entity(entity)
    query = select(CustomField).where(CustomField.entity == entity)
    rows = ctx.session.execute(query.order_by(CustomField.position, CustomField.id)).scalars().all()
    rows = [row for row in rows if ASIDE not in row.name]
    there = [row for row in rows if row.deleted_at is None]
    return Shown(
        entity=kind,
        used=[row for row in there if not row.retired],
        retired=[row for row in there if row.retired],
        deleted=[row for row in rows if row.deleted_at is not None],
    )


def get(ctx: Context, field_id: int) -> CustomField:
    """Return a definition. Raises NotVisible."""
    access.require(ctx, RIGHT)
    found = ctx.session.get(CustomField, field_id)
    if found is None or ASIDE in found.name:
        raise NotVisible(_("There is no such field."))
    return found


@unit
def add(ctx: Context, entity: str, values: Values) -> CustomField:
    """Add a field to a kind of record and return it; everybody has it from the next click on.

    Raises Invalid with a sentence for each part that does not fit.
    """
    access.require(ctx, RIGHT)
    kind = ctx.schema.entity(entity)
    _check(ctx, kind, values, None)
    rows = [row for part in _parts(listed(ctx, entity)) for row in part]
    if len(rows) >= MOST:
        raise Invalid({"label": _("There are %(num)s added fields already. Delete some first.", num=MOST)})
    row = CustomField(
        entity=entity,
        name=free_name(ctx, entity, values.label),
        type=values.type,
        position=1 + max((r.position for r in rows), default=0),
        settings=json.dumps(_settled(values)),
        created_at=ctx.now,
    )
    ctx.session.add(row)
    _write(row, values)
    audit.note(ctx, "field.added", f"{entity}.{row.name}", label=row.label, type=row.type)
    _changed(ctx)
    _computed(ctx, row)
    return row


@unit
def change(ctx: Context, field_id: int, values: Values) -> CustomField:
    """Change a field; its name, type and decimals stay. Raises Invalid with a sentence for each part."""
    row = get(ctx, field_id)
    found_before, options_before = row.searched, row.options
    _check(ctx, ctx.schema.entity(row.entity), values, row)
    row.settings = json.dumps({**json.loads(row.settings or "{}"), **_rules(values)})
    _write(row, values)
    audit.note(ctx, "field.changed", f"{row.entity}.{row.name}", label=row.label)
    _changed(ctx)
    _computed(ctx, row)
    if row.type == "choice" and row.options != options_before:
        jobs.enqueue(ctx, RANK, {"entity": row.entity, "field": row.id}, user_id=None)
    if row.searched != found_before:
        jobs.enqueue(ctx, REINDEX, {"entity": row.entity}, user_id=None)
    return row


@unit
def move(ctx: Context, field_id: int, *, up: bool) -> None:
    """Put a field before the one above it, or behind the one below it."""
    row = get(ctx, field_id)
    rows = list(listed(ctx, row.entity).used)
    if row not in rows:
        return
    at = rows.index(row)
    rows.insert(max(0, min(at + (-1 if up else 1), len(rows) - 1)), rows.pop(at))
    for position, one in enumerate(rows):
        one.position = position
    _changed(ctx)


@unit
def retire(ctx: Context, field_id: int, *, retired: bool) -> CustomField:
    """Take a field out of use, or into use again; its values are kept."""
    row = get(ctx, field_id)
    row.retired = retired
    audit.note(ctx, "field.retired" if retired else "field.revived", f"{row.entity}.{row.name}")
    _changed(ctx)
    return row


@unit
def delete(ctx: Context, field_id: int, *, deleted: bool = True) -> CustomField:
    """Delete a field, or take that back; its values go when its thirty days are over."""
    row = get(ctx, field_id)
    row.deleted_at = ctx.now if deleted else None
    audit.note(ctx, "field.deleted" if deleted else "field.restored", f"{row.entity}.{row.name}")
    _changed(ctx)
    return row


def reindex(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job REINDEX: what is found of the records of an `entity` is written anew, a batch at a time."""
    search_index.reindex(ctx, args["entity"])


def rank(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job RANK: records stand by the choices of the field `field` as these stand now, a batch per unit."""
    kind, wanted = args["entity"], args["field"]
    field = next((f for f in ctx.schema.fields(kind) if isinstance(f, Defined) and f.number == wanted), None)
    for value, place in field.ranks.items() if field is not None else ():
        mine = CustomValue.field_id == wanted, CustomValue.key == value
        other = func.coalesce(CustomValue.number, 0) != place
        some = select(CustomValue.record_id).where(*mine, other).limit(BATCH)
        while True:
            with ctx.unit():
                ids = list(ctx.session.execute(some).scalars())
                moved = update(CustomValue).where(*mine, CustomValue.record_id.in_(ids)).values(number=place)
                if ids:
                    ctx.session.connection().execute(moved)
            if len(ids) < BATCH:
                break


def used(ctx: Context, field_id: int) -> int:
    """Return how many values a field has, counted up to one more than COUNTED."""
    access.require(ctx, RIGHT)
    some = select(CustomValue.record_id).where(CustomValue.field_id == field_id).limit(COUNTED + 1)
    return int(ctx.session.execute(select(func.count()).select_from(some.subquery())).scalar_one())


def forget(ctx: Context) -> int:
    """Remove a batch of values of fields that were deleted thirty days ago, in the end the fields; returns how many rows."""
    with ctx.unit():
        old = CustomField.deleted_at < ctx.now - KEPT
        row = ctx.session.execute(select(CustomField).where(old).limit(1)).scalar_one_or_none()
        if row is None:
            return 0
        some = select(CustomValue.record_id).where(CustomValue.field_id == row.id).distinct().limit(BATCH)
        ids = list(ctx.session.execute(some).scalars())
        if ids:
            gone = sql_delete(CustomValue).where(
                CustomValue.field_id == row.id, CustomValue.record_id.in_(ids)
            )
            ctx.session.connection().execute(gone)
        else:
            ctx.session.delete(row)
            ctx.session.flush()
    return max(1, len(ids))


def _parts(found: Shown) -> Sequence[Sequence[CustomField]]:
    return found.used, found.retired, found.deleted


def _check(ctx: Context, kind: Entity, values: Values, row: CustomField | None) -> None:
    problems: dict[str, str] = {}
    label = " ".join(values.label.split())
    own = row.name if row is not None else ""
    taken = {str(f.label).casefold() for f in ctx.schema.fields(kind.key) if f.key != own}
    if not label:
        problems["label"] = _("This is needed.")
    elif label.casefold() in taken:
        problems["label"] = _("There is a field called “%(name)s” already.", name=label)
    type_ = row.type if row is not None else values.type
    if type_ not in TYPES and type_ != FORMULA:
        problems["type"] = _("Choose a type.")
    elif type_ == FORMULA:
        problems |= _wrong_formula(ctx, kind, values, new=row is None)
    elif row is None and TYPES[type_].kind is Kind.REF and not ctx.schema.has(values.ref):
        problems["ref"] = _("Choose what kind of record it is.")
    if type_ in CHOOSING:
        problems |= _wrong_choices(values.choices)
    if not problems:
        problems |= custom_fields_checks.rules(ctx, kind, values, row)
    if problems:
        raise Invalid(problems)


def _wrong_formula(ctx: Context, kind: Entity, values: Values, *, new: bool) -> dict[str, str]:
    if new and values.result not in RESULTS:
        return {"result": _("Choose what it comes to.")}
    said = custom_fields_formulas.problem(values.formula, ctx.schema.fields(kind.key))
    return {"formula": said} if said else {}


def _wrong_choices(choices: Sequence[Choice]) -> dict[str, str]:
    labels = [str(c.label).casefold() for c in choices]
    if not any(not c.retired for c in choices):
        return {"choices": _("Write at least one choice.")}
    if len(set(labels)) < len(labels):
        return {"choices": _("Two choices have the same name. Change one of them.")}
    return {}


def _settled(values: Values) -> dict[str, object]:
    """Return what holds from the beginning on, and the rules."""
    found: dict[str, object] = dict(_rules(values))
    if values.type == "number":
        found["decimals"] = max(0, min(values.decimals, 6))
    if values.type == "ref":
        found["ref"] = values.ref
    if values.type == FORMULA:
        found |= {"result": values.result, "decimals": max(0, min(values.decimals, 6))}
    return found


def _rules(values: Values) -> dict[str, object]:
    found: dict[str, object] = {"default": values.default.strip(), "only_if": values.only_if.strip()}
    return found | ({"formula": values.formula.strip()} if values.formula.strip() else {})


def _write(row: CustomField, values: Values) -> None:
    row.label, row.hint = " ".join(values.label.split()), values.hint.strip()
    row.required, row.searched, row.personal = values.required, values.searched, values.personal
    if row.type in CHOOSING:
        row.options = json.dumps(stored_choices(values.choices), ensure_ascii=False)


def stored_choices(choices: Sequence[Choice]) -> list[dict[str, object]]:
    """Return choices as they are stored; a new one gets a value made from its label, which never changes."""
    taken = {c.value for c in choices if c.value}
    found = []
    for choice in choices:
        value = choice.value or _slug(str(choice.label), taken, "choice")
        taken.add(value)
        found.append(
            {"value": value, "label": str(choice.label), "tone": choice.tone, "retired": choice.retired}
        )
    return found


def free_name(ctx: Context, entity: str, label: str) -> str:
    """Return the name of a new field, made from what it is called."""
    taken = set(ctx.session.execute(select(CustomField.name).where(CustomField.entity == entity)).scalars())
    return PREFIX + _slug(label, {name.removeprefix(PREFIX) for name in taken}, "field")


def _slug(text: str, taken: set[str], nothing: str) -> str:
    base = re.sub(r"[^a-z0-9]+", "_", fold(text)).strip("_")[:40] or nothing
    return next(n for n in (base, *(f"{base}_{i}" for i in range(2, 10_000))) if n not in taken)


def _computed(ctx: Context, row: CustomField) -> None:
    """Have a formula computed for the records that are there."""
    if row.type == FORMULA:
        args = {"entity": row.entity, "field": row.id}
        jobs.enqueue(ctx, custom_fields_formulas.COMPUTE, args, user_id=None)


def _changed(ctx: Context) -> None:
    ctx.session.flush()
    settings.bump(ctx, "schema")
