"""Formulas over other fields of a record: computed within the change itself, kept like values that people write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import select

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field, Kind
from app.kernel.events import Event
from app.kernel.expr import formula
from app.kernel.expr.formula import FormulaError, Node
from app.services import custom_fields_values, fields
from app.services.access import WITH_TRASH
from app.services.custom_fields_kinds import Defined

COMPUTE = "fields.compute"
"""The job that computes a formula for all records after it was written or changed."""

BATCH = 500
TOPICS = (".created", ".updated")

READ = {
    *(Kind.TEXT, Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.TIME, Kind.BOOL, Kind.CHOICE, Kind.URL),
    *(Kind.EMAIL, Kind.PHONE),
}
"""Kinds whose values a formula can look at."""


def changed(ctx: Context, events: Sequence[Event]) -> None:
    """Compute the formulas that look at what was changed (a subscriber, within the transaction of the change)."""
    for entity in dict.fromkeys(e.entity for e in events if e.entity):
        plan = _plan(cast(Any, ctx.schema), entity) if ctx.schema.has(entity) else ()
        for field, tree in plan:
            ids = [
                e.record_id
                for e in events
                if e.entity == entity and e.record_id is not None and _concerns(e, tree)
            ]
            if ids:
                store(ctx, field, tree, ids)


def _concerns(event: Event, tree: Node) -> bool:
    if not event.topic.endswith(TOPICS):
        return False
    return event.topic.endswith(".created") or bool(formula.names(tree) & set(event.after or ()))


@lru_cache(maxsize=128)
def _plan(schema: Any, entity: str) -> tuple[tuple[Defined, Node], ...]:
    found = []
    for field in schema.fields(entity):
        if isinstance(field, Defined) and field.formula:
            try:
                found.append((field, formula.parse(field.formula)))
            except FormulaError:
                continue
    return tuple(found)


def store(ctx: Context, field: Defined, tree: Node, ids: Sequence[int]) -> None:
    """Compute a formula for records and keep what it comes to."""
    kind = ctx.schema.entity(field.on)
    sources = [f for f in ctx.schema.fields(field.on) if f.key in formula.names(tree)]
    loaded = fields.load_ids(ctx, kind, sources, ids)
    said = {i: {f.key: loaded[f.key].get(i) for f in sources} for i in ids}
    custom_fields_values.save(ctx, field, {i: _fitting(field, formula.compute(tree, said[i])) for i in ids})


def _fitting(field: Defined, value: Any) -> Any:
    """Return a result as its field can keep it; one that does not fit is none."""
    if value is None:
        return None
    try:
        if field.kind is Kind.TEXT:
            return formula.text_of(value)[: field.type.longest]
        if field.kind is Kind.BOOL:
            return bool(value)
        return field.type.read(field, field.type.store(field, value))
    except (ValueError, TypeError, ArithmeticError):
        return None


def compute(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job COMPUTE: the formula of the field `field` of the records of an `entity`, a batch per unit."""
    entity = args["entity"]
    for field, tree in _plan(cast(Any, ctx.schema), entity):
        if field.number != args["field"]:
            continue
        model, last = ctx.schema.entity(entity).model, 0
        while True:
            with ctx.unit():
                query = select(model.id).where(model.id > last).order_by(model.id).limit(BATCH)
                ids = list(ctx.session.execute(query, execution_options={WITH_TRASH: True}).scalars())
                if not ids:
                    break
                store(ctx, field, tree, ids)
            last = ids[-1]


def problem(text: str, every: Iterable[Field]) -> str:
    """Return what is wrong with a formula over some fields, as a sentence; empty when nothing is."""
    try:
        wanted = formula.names(formula.parse(text))
    except FormulaError as error:
        return _sentence(error)
    known = {f.key: f for f in every}
    for name in sorted(wanted):
        field = known.get(name)
        if field is None:
            return _("There is no field “%(name)s”.", name=name[:80])
        if field.kind not in READ or field.many or (isinstance(field, Defined) and field.formula):
            return _("“%(name)s” cannot stand in a formula.", name=str(field.label))
    return ""


def _sentence(error: FormulaError) -> str:
    match error.key:
        case "long" | "deep":
            return _("The formula is too long. Part it into several fields.")
        case "function":
            some = ", ".join(formula.FUNCTIONS)
            return _("There is no “%(name)s()”. There are: %(some)s.", name=error.text, some=some)
        case "parts":
            return _("“%(name)s()” has too many or too few parts.", name=error.text)
        case "expected":
            return _("A “%(text)s” is missing.", text=error.text)
        case "unfinished":
            return _("The formula is not finished.")
    return _("“%(text)s” does not belong here.", text=error.text)
