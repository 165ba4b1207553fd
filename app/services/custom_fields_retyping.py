"""The type of an added field changed: what was prepared as a draft counts, or is taken back.

The change only exchanges two definitions. The former one stays aside with its values, so that the change can be taken
back for thirty days.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Kind
from app.kernel.errors import Invalid
from app.models import CustomField, JournalEntry
from app.models.base import new_uid
from app.services import (
    audit,
    custom_fields,
    custom_fields_checks,
    custom_fields_formulas,
    custom_fields_schema,
    custom_fields_values,
    jobs,
    settings,
)
from app.services.access import UNSCOPED, WITH_TRASH
from app.services.custom_fields_converting import converted
from app.services.custom_fields_drafts import (
    ASIDE,
    BATCH,
    CONVERT,
    Draft,
    convert,
    defined,
    draft,
    former,
    formulas,
    is_empty,
    kept,
    named,
    parser,
)
from app.services.custom_fields_kinds import LABELS, TYPES, Defined
from app.services.unit import unit

REST = ("empty", "note")
"""What becomes of values that do not fit: they are left out, or stand as text in a field beside it."""

WHOLE: Mapping[str, Any] = {WITH_TRASH: True, UNSCOPED: "the type of a field holds for all records"}


@unit
def change(ctx: Context, field_id: int, rest: str) -> CustomField | None:
    """Let the draft count: the field is of the new type for everybody from the next click on.

    `rest` says what becomes of values that do not fit. Returns the field, None when much was changed meanwhile and the
    rest is done in the background. Raises Invalid without a draft that is ready.
    """
    row = custom_fields.get(ctx, field_id)
    found = draft(ctx, row)
    if found is None or not found.ready or rest not in REST:
        raise Invalid({"to": _("Look first what becomes of the values.")})
    if len(_meanwhile(ctx, row, found)) < BATCH:
        return _exchange(ctx, row, _caught_up(ctx, row, found), rest)
    kept(ctx, found, {**found.state, "rest": rest})
    jobs.enqueue(ctx, CONVERT, {"field": row.id}, key=f"field:{row.id}")
    return None


def work(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job CONVERT: the values of a field into its draft, a batch per unit; then the change, if that was asked for."""
    while _step(ctx, int(args["field"])):
        pass


def _step(ctx: Context, field_id: int) -> bool:
    """Do a batch of what is to be done for a draft; False when there is nothing more."""
    with ctx.unit():
        row = ctx.session.get(CustomField, field_id)
        found = draft(ctx, row) if row is not None else None
        if row is None or found is None:
            return False
        if not found.ready:
            model = ctx.schema.entity(row.entity).model
            query = select(model.id).where(model.id > found.state["last"]).order_by(model.id).limit(BATCH)
            ids = list(ctx.session.execute(query, execution_options=WHOLE).scalars())
            convert(ctx, row, found, ids, ready=len(ids) < BATCH)
            return True
        if not found.changing:
            return False
        many = len(_meanwhile(ctx, row, found)) == BATCH
        found = _caught_up(ctx, row, found)
        if not many:
            _exchange(ctx, row, found, str(found.state["rest"]))
        return many


def _meanwhile(ctx: Context, row: CustomField, found: Draft) -> Sequence[Any]:
    """Return entries of the journal about records that were changed since the draft looked at them, up to a batch."""
    query = select(JournalEntry.id, JournalEntry.record_id).where(
        JournalEntry.id > found.state["journal"], JournalEntry.entity == row.entity
    )
    return ctx.session.execute(query.order_by(JournalEntry.id).limit(BATCH)).all()


def _caught_up(ctx: Context, row: CustomField, found: Draft) -> Draft:
    """Convert what was changed meanwhile once more; the counts stay those that were shown."""
    entries = _meanwhile(ctx, row, found)
    if not entries:
        return found
    shown = found.state
    convert(ctx, row, found, sorted({entry.record_id for entry in entries}), ready=True)
    return kept(ctx, found, {**shown, "journal": entries[-1].id})


def _exchange(ctx: Context, row: CustomField, found: Draft, rest: str) -> CustomField:
    new, beside = found.row, found.rest
    was = {"name": new.name, "rest": "", "journal": _last_entry(ctx)}
    if rest == "note" and found.state["unfit"]:
        beside.name = custom_fields.free_name(ctx, row.entity, beside.label)
        beside.retired, beside.deleted_at, beside.required = False, None, False
        was["rest"] = beside.name
    given = {k: v for k, v in custom_fields_schema.settings_of(new).items() if k != "draft"}
    default = str(custom_fields_schema.settings_of(row).get("default") or "")
    new.settings = json.dumps({**given, "was": was, "default": _default(ctx, new, default)})
    _swapped(ctx, row, new)
    _noted(ctx, row, new)
    _followed(ctx, new, beside if was["rest"] else row)
    return new


def _default(ctx: Context, new: CustomField, text: str) -> str:
    """Return the default of the former type where the new one understands it."""
    if not text or TYPES[new.type].kind in custom_fields_checks.WITHOUT_DEFAULT:
        return ""
    try:
        converted(ctx, _TEXT, defined(new), text)
    except ValueError:
        return ""
    return text


_TEXT = Defined(name="x_", label="", on="", kind=Kind.TEXT, number=0, type=TYPES["text"])
"""What a written text is a value of."""


def _last_entry(ctx: Context) -> int:
    return int(ctx.session.scalar(select(func.max(JournalEntry.id))) or 0)


def _swapped(ctx: Context, out: CustomField, new: CustomField) -> None:
    """Exchange name, uid and whether they are in use of two definitions."""
    names, uids = (out.name, new.name), (out.uid, new.uid)
    used = (out.retired, out.deleted_at)
    out.name, out.uid = f"{names[0]}{ASIDE}", new_uid()
    ctx.session.flush()
    new.name, new.uid = names[0], uids[0]
    new.retired, new.deleted_at = used
    ctx.session.flush()
    out.name, out.uid, out.retired, out.deleted_at = names[1], uids[1], True, ctx.now
    ctx.session.flush()


def _noted(ctx: Context, out: CustomField, new: CustomField) -> None:
    before, after = str(LABELS[out.type]), str(LABELS[new.type])
    subject = f"{new.entity}.{new.name}"
    audit.note(ctx, "field.retyped", subject, label=new.label, before=before, after=after)


def _followed(ctx: Context, *rows: CustomField) -> None:
    settings.bump(ctx, "schema")
    entity = rows[0].entity
    if any(row.searched for row in rows):
        jobs.enqueue(ctx, custom_fields.REINDEX, {"entity": entity}, user_id=None)
    for field in formulas(ctx, rows[0]):
        args = {"entity": entity, "field": field.number}
        jobs.enqueue(ctx, custom_fields_formulas.COMPUTE, args, user_id=None)


# ---------------------------------------------------------------- taken back


@unit
def take_back(ctx: Context, field_id: int) -> tuple[CustomField, int]:
    """Let a field be of its former type again, with the values that it had; what was written since is brought along.

    Returns the field and how many values of since do not fit: there the former ones stand. Raises Invalid when the
    former type is gone.
    """
    row = custom_fields.get(ctx, field_id)
    old = former(ctx, row)
    if old is None:
        raise Invalid({"to": _("This cannot be taken back any more.")})
    was = custom_fields_schema.settings_of(row)["was"]
    lost = 0
    query = select(JournalEntry.record_id).distinct()
    query = query.where(JournalEntry.id > was["journal"], JournalEntry.entity == row.entity)
    ids = ctx.session.execute(query.where(JournalEntry.after.contains(f'"{row.name}"', autoescape=True)))
    changed = sorted(ids.scalars())
    for at in range(0, len(changed), BATCH):
        lost += _brought_back(ctx, row, old, changed[at : at + BATCH])
    beside = named(ctx, row.entity, str(was["rest"])) if was["rest"] else None
    if beside is not None:
        beside.deleted_at = ctx.now
    row.settings = json.dumps({k: v for k, v in custom_fields_schema.settings_of(row).items() if k != "was"})
    _swapped(ctx, row, old)
    _noted(ctx, row, old)
    _followed(ctx, old, beside or row)
    return old, lost


def _brought_back(ctx: Context, row: CustomField, old: CustomField, ids: Sequence[int]) -> int:
    """Write values that were changed since into the former field; returns how many do not fit."""
    now, then = defined(row), replace(defined(old), required=False)
    then = replace(then, parse=parser(then))
    lost, found = 0, {}
    for record_id, value in custom_fields_values.load(ctx, [now], ids)[now.key].items():
        if is_empty(value):
            found[record_id] = custom_fields_values.nothing(then)
            continue
        try:
            found[record_id] = converted(ctx, now, then, value)
        except ValueError:
            lost += 1
    custom_fields_values.save(ctx, then, found)
    return lost
