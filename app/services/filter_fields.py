"""The fields that can stand in a filter, by the names people write, along relations."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Show
from app.kernel.expr import limits
from app.kernel.expr.conditions import Measure
from app.kernel.expr.tree import ExprError
from app.services import fields
from app.services.filter_core import others, special
from app.services.filter_sources import OTHERS, Hop, How, Source, Values, of_field

SHORT: Mapping[str, str] = {
    "address": "addresses",
    "changed": "updated_at",
    "channel": "do_not_contact",
    "city": "addresses.city",
    "country": "addresses.country",
    "created": "created_at",
    "domain": "domains",
    "done": "completed_at",
    "due": "due_on",
    "email": "emails",
    "last_contact": "last_interaction_at",
    "link": "links",
    "phone": "phones",
    "stage": "lifecycle_stage",
    "tag": "tags",
    "type": "kinds",
    "when": "occurred_at",
}
"""Other names of fields, as people would write them; `x_id` is also called `x`."""

READ = Show.DETAIL | Show.FORM
"""Where people meet a field: what stands nowhere there does not exist for them."""

TITLE = "title of the record"
"""The memo's name for the source by which records of an entity are called."""


@dataclass(frozen=True)
class Place:
    """Where a path leads: the relations on the way, the last source, and the labels from left to right."""

    hops: tuple[Hop, ...]
    source: Source
    labels: tuple[Any, ...]
    entity: str


def sources(ctx: Context, entity: str) -> Mapping[str, Source]:
    """Return what can be asked of an entity's records, by name; what is hidden from the principal is not there."""
    kept = ctx.user.memo.get(("filter", entity))
    if kept is None or kept[0] is not ctx.schema:
        kept = ctx.user.memo["filter", entity] = (ctx.schema, _sources(ctx, entity))
    found: Mapping[str, Source] = kept[1]
    return found


def _sources(ctx: Context, entity: str) -> dict[str, Source]:
    if entity in OTHERS:
        return others(entity)
    kind = ctx.schema.entity(entity)
    found: dict[str, Source] = {}
    for field in fields.visible(ctx, entity):
        build = special(kind, field)
        if build is not None:
            source = build(ctx, kind, field)
        else:
            source = of_field(ctx, kind, field) if Show.FILTER in field.show else None
        if source is not None:
            found[field.key] = source
    return found


def title(ctx: Context, entity: str) -> Source | None:
    """Return the source of what records of an entity are called, if that can be asked for."""
    there = sources(ctx, entity)
    if entity in OTHERS:
        return there["name"]
    named = ctx.schema.entity(entity).title
    return next((s for s in there.values() if s.field is not None and s.field.column == named), None)


def identity(label: Any) -> Source:
    """Return the source of a record's own id, at the end of a way to it."""

    def test(ctx: Context, record: Any, how: How) -> Any:
        return how(record.id)

    def values(ctx: Context, ids: Any) -> Values:
        return {i: [i] for i in ids}

    return Source(name="id", label=label, reads="ref", measure=Measure.ID, test=test, values=values)


def named(there: Mapping[str, Any], name: str) -> str | None:
    """Return the name that is meant by a written one, or None; it may be a path (`city`)."""
    for wanted in dict.fromkeys((name, name.lower())):
        for candidate in (wanted, SHORT.get(wanted, ""), f"{wanted}_id"):
            if candidate.partition(".")[0] in there or candidate in there:
                return candidate
    return None


def locate(ctx: Context, entity: str, path: str, at: int = -1) -> Place:
    """Follow a path from an entity. Raises ExprError: what is hidden is answered as what does not exist."""
    rest = path.split(".")
    hops: list[Hop] = []
    labels: list[Any] = []
    here = entity
    while True:
        source, rest = _next(ctx, here, rest, path, at)
        labels.append(source.label)
        while rest and source.parts:
            source, rest = _part(source, rest, path, at)
            labels.append(source.label)
        if not rest:
            break
        if source.hop is None:
            sentence = _("“%(name)s” has no field “%(part)s”: it is a value, not a record.")
            raise ExprError(sentence % {"name": source.label, "part": rest[0][:40]}, at, len(path))
        hops.append(source.hop)
        here = source.hop.target
        if len(hops) > limits.HOPS:
            sentence = _("“%(path)s” goes over more than %(most)s relations.")
            raise ExprError(sentence % {"path": path[:80], "most": limits.HOPS}, at, len(path))
    return Place(tuple(hops), source, tuple(labels), here)


def _next(ctx: Context, entity: str, rest: list[str], path: str, at: int) -> tuple[Source, list[str]]:
    there = sources(ctx, entity)
    for end in range(len(rest), 0, -1):
        found = named(there, ".".join(rest[:end]))
        if found is None:
            continue
        if found in there:
            return there[found], rest[end:]
        if end == 1:
            first, _sep, part = found.partition(".")
            return there[first], [part, *rest[1:]]
    raise _closed(ctx, entity, rest, at, path) or _unknown(there, rest, at, path)


def _closed(ctx: Context, entity: str, rest: list[str], at: int, path: str) -> ExprError | None:
    """Return what is said of a field that people see but cannot ask for; None when there is no such field."""
    if entity in OTHERS:
        return None
    field = next((f for f in fields.visible(ctx, entity) if f.key == rest[0] and f.show & READ), None)
    if field is None:
        return None
    return ExprError(_("“%(name)s” cannot be used in a filter.", name=field.label), at, len(path))


def _part(source: Source, rest: list[str], path: str, at: int) -> tuple[Source, list[str]]:
    for end in range(len(rest), 0, -1):
        name = ".".join(rest[:end]).lower()
        found = next((part for part in source.parts if part.name == name), None)
        if found is not None:
            return found, rest[end:]
    raise _unknown({part.name: part for part in source.parts}, rest, at, path)


def _unknown(there: Mapping[str, Source], rest: list[str], at: int, path: str) -> ExprError:
    calls = {str(source.label).lower(): key for key, source in there.items()}
    calls |= {short: short for short, full in SHORT.items() if full.partition(".")[0] in there}
    calls |= {key.removesuffix("_id"): key.removesuffix("_id") for key in there} | {key: key for key in there}
    for name in (rest[0], ".".join(rest)):
        near = difflib.get_close_matches(name.lower()[:80], list(calls), 1, 0.6)
        if near and (name == rest[0]) == ("." not in calls[near[0]]):
            sentence = _("There is no field “%(name)s”. Did you mean “%(near)s”?")
            return ExprError(sentence % {"name": name[:80], "near": calls[near[0]]}, at, len(path))
    return ExprError(_("There is no field “%(name)s”.", name=rest[0][:80]), at, len(path))
