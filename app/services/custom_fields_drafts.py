"""A change of an added field's type while it is prepared: a draft holds what the values become.

The draft is a field of its own that is shown nowhere; values are converted into it, in the background when there are
many. A second field beside it holds, as text, what did not fit.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Kind
from app.kernel.errors import Invalid
from app.kernel.expr import formula
from app.models import CustomField, CustomValue, JournalEntry
from app.services import (
    custom_fields,
    custom_fields_formulas,
    custom_fields_schema,
    custom_fields_values,
    jobs,
)
from app.services.custom_fields_converting import CHANGING, choices_of, converted, decimals_of, text_of
from app.services.custom_fields_kinds import TYPES, Defined
from app.services.unit import unit

CONVERT = "fields.convert"
"""The job that converts the values of a field into its draft, or brings a change about."""

AT_ONCE = 500
"""So many values are converted while somebody waits."""

BATCH = 1000
SAMPLES = 8
ASIDE = custom_fields.ASIDE


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A change that is being prepared: how many values were looked at, what becomes of some, and what does not fit."""

    row: CustomField
    rest: CustomField
    state: Mapping[str, Any]

    @property
    def ready(self) -> bool:
        """Whether every value was looked at."""
        return bool(self.state["ready"])

    @property
    def changing(self) -> bool:
        """Whether somebody said that it counts, and the work for it is under way."""
        return bool(self.state.get("rest"))


def present(ctx: Context, field_id: int) -> CustomField:
    """Return a definition, or what it was exchanged for when its type was changed. Raises NotVisible."""
    row = ctx.session.get(CustomField, field_id)
    now = named(ctx, row.entity, row.name.partition(ASIDE)[0]) if row is not None else None
    return custom_fields.get(ctx, now.id if now is not None else field_id)


def draft(ctx: Context, row: CustomField) -> Draft | None:
    """Return the change of a field that is being prepared, None without one."""
    for one in _aside(ctx, row):
        state = custom_fields_schema.settings_of(one).get("draft")
        if isinstance(state, dict):
            rest = named(ctx, row.entity, str(state["beside"]))
            return Draft(row=one, rest=rest, state=state) if rest is not None else None
    return None


def former(ctx: Context, row: CustomField) -> CustomField | None:
    """Return what a field was before its type was changed, None when that was never or too long ago."""
    was = custom_fields_schema.settings_of(row).get("was")
    return named(ctx, row.entity, str(was["name"])) if isinstance(was, dict) else None


def _aside(ctx: Context, row: CustomField) -> Sequence[CustomField]:
    query = select(CustomField).where(
        CustomField.entity == row.entity, CustomField.name.startswith(f"{row.name}{ASIDE}", autoescape=True)
    )
    return ctx.session.execute(query.order_by(CustomField.id)).scalars().all()


def named(ctx: Context, entity: str, name: str) -> CustomField | None:
    """Return a definition by its name, also one that is kept aside."""
    query = select(CustomField).where(CustomField.entity == entity, CustomField.name == name)
    return ctx.session.execute(query).scalar_one_or_none()


def defined(row: CustomField) -> Defined:
    """Return a definition as a field. Raises Invalid for one of an unknown type."""
    found = custom_fields_schema.field_of(row)
    if found is None:
        raise Invalid({"to": _("This field is of a type that is not known here.")})
    return found


# ---------------------------------------------------------------- prepared


@unit
def begin(ctx: Context, field_id: int, to: str, decimals: int | None = None) -> Draft:
    """Prepare a change of type: values are converted into a draft, at once or in the background.

    Raises Invalid with a sentence for a type that it cannot become.
    """
    row = custom_fields.get(ctx, field_id)
    if row.type not in CHANGING or to not in CHANGING or to == row.type:
        raise Invalid({"to": _("Choose a type.")})
    discard(ctx, field_id)
    old = defined(row)
    _asked_of_formulas(ctx, row, TYPES[to].kind)
    given: dict[str, Any] = {
        "default": "",
        "only_if": custom_fields_schema.settings_of(row).get("only_if") or "",
    }
    if to == "number":
        given["decimals"] = max(0, min(decimals if decimals is not None else decimals_of(ctx, old), 6))
    rest = _beside(ctx, row, "long_text", label=_("%(name)s (before)", name=row.label)[:120])
    beside = _beside(ctx, row, to, label=row.label)
    last = ctx.session.scalar(select(func.max(JournalEntry.id))) or 0
    given["draft"] = {"beside": rest.name, "journal": last, "last": 0, "ready": False, **_counts()}
    beside.settings = json.dumps(given)
    if to in custom_fields.CHOOSING:
        several = to == "choices"
        stored = custom_fields.stored_choices(choices_of(ctx, old, several=several))
        beside.options = json.dumps(stored, ensure_ascii=False)
    ctx.session.flush()
    some = select(CustomValue.record_id).where(CustomValue.field_id == row.id).distinct()
    ids = list(ctx.session.execute(some.limit(AT_ONCE + 1)).scalars())
    found = Draft(row=beside, rest=rest, state=given["draft"])
    if len(ids) > AT_ONCE:
        jobs.enqueue(ctx, CONVERT, {"field": row.id}, key=f"field:{row.id}")
        return found
    return convert(ctx, row, found, sorted(ids), ready=True)


def _counts() -> dict[str, Any]:
    return {"done": 0, "fit": 0, "unfit": 0, "fits": [], "unfits": []}


def _asked_of_formulas(ctx: Context, row: CustomField, kind: Kind) -> None:
    """Raise Invalid when a formula looks at the field and could not do so any more."""
    for field in formulas(ctx, row):
        if kind not in custom_fields_formulas.READ:
            said = _("The formula “%(name)s” uses this field and cannot read that type.", name=field.label)
            raise Invalid({"to": said})


def formulas(ctx: Context, row: CustomField) -> list[Defined]:
    """Return the formulas that look at a field."""
    every = [f for f in ctx.schema.fields(row.entity) if isinstance(f, Defined) and f.formula]
    return [f for f in every if row.name in formula.names(formula.parse(f.formula))]


def _beside(ctx: Context, row: CustomField, type_: str, *, label: str) -> CustomField:
    """Return a new definition that is shown nowhere; its name begins like the field's own."""
    taken = {one.name for one in _aside(ctx, row)}
    name = next(n for i in range(1, 10_000) if (n := f"{row.name}{ASIDE}{i}") not in taken)
    made = CustomField(
        entity=row.entity,
        name=name,
        label=label,
        type=type_,
        hint=row.hint,
        required=row.required and type_ != "bool",
        searched=row.searched and (TYPES[type_].empty == "" and type_ not in {"date", "choice"}),
        personal=row.personal,
        position=row.position,
        retired=True,
        deleted_at=ctx.now,
        created_at=ctx.now,
    )
    ctx.session.add(made)
    ctx.session.flush()
    return made


def convert(ctx: Context, row: CustomField, found: Draft, ids: Sequence[int], *, ready: bool) -> Draft:
    """Convert the values of some records into the draft, within the open unit; returns it as it is then."""
    old, new, rest = (defined(one) for one in (row, found.row, found.rest))
    new, rest = replace(new, required=False), replace(rest, required=False)
    new = replace(new, parse=parser(new))
    state = {**found.state, "fits": list(found.state["fits"]), "unfits": list(found.state["unfits"])}
    fitting: dict[int, Any] = {}
    left: dict[int, Any] = {}
    for record_id, value in custom_fields_values.load(ctx, [old], ids)[old.key].items():
        fitting[record_id], left[record_id] = custom_fields_values.nothing(new), ""
        if value in (None, "", [], False) and not (
            old.kind is Kind.NUMBER and value == 0 and value is not False
        ):
            continue
        said = text_of(ctx, old, value)
        try:
            fitting[record_id] = converted(ctx, old, new, value)
            state["fit"] += 1
            _sample(state["fits"], said, text_of(ctx, new, fitting[record_id]))
        except ValueError as error:
            left[record_id] = said
            state["unfit"] += 1
            _sample(state["unfits"], said, str(error))
    custom_fields_values.save(ctx, new, fitting)
    custom_fields_values.save(ctx, rest, left)
    state |= {"done": state["done"] + len(ids), "ready": ready or state["ready"], "last": max(ids, default=0)}
    return kept(ctx, found, state)


def _sample(samples: list[list[str]], said: str, becomes: str) -> None:
    if len(samples) < SAMPLES and all(said[:80] != one[0] for one in samples):
        samples.append([said[:80], becomes[:120]])


def is_empty(value: Any) -> bool:
    """Tell whether a value says nothing; nought is a figure."""
    return value is None or value is False or value in ("", [])


def parser(new: Defined) -> Any:
    """Return what reads a text for a definition that stands in no schema."""
    parse = new.type.parse
    return (lambda ctx, text: parse(ctx, new, text)) if parse is not None else None


def kept(ctx: Context, found: Draft, state: Mapping[str, Any]) -> Draft:
    """Write down how far a draft is, and return it so."""
    said = dict(custom_fields_schema.settings_of(found.row)) | {"draft": dict(state)}
    found.row.settings = json.dumps(said, ensure_ascii=False)
    ctx.session.flush()
    return replace(found, state=state)


@unit
def discard(ctx: Context, field_id: int) -> None:
    """Forget a change that is being prepared; the field stays as it is."""
    row = custom_fields.get(ctx, field_id)
    found = draft(ctx, row)
    if found is not None:
        for one in (found.row, found.rest):
            one.settings = "{}"  # with its values it goes in the nightly tidying
    ctx.session.flush()
