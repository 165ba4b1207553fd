"""An expression given its meaning for a principal: fields found, values read, negations moved down to the questions.

A negated question is the exact contrary of the plain one: `owner != me` finds what nobody owns, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.i18n import _
from app.kernel.context import Context
from app.kernel.expr.conditions import Among, Condition
from app.kernel.expr.tree import And, ExprError, Literal, Node, Not, Op, Question, Sort
from app.services.filter_fields import Place, identity, locate, sources, title
from app.services.filter_literals import LETTERS, condition, fits
from app.services.filter_sources import Hop, Source

TEAM = ("my_team", "mine")
"""The names of the principal's teams."""


@dataclass(frozen=True)
class Leaf:
    """One question: the relations on the way, what is asked there, and whether the contrary is meant."""

    hops: tuple[Hop, ...]
    source: Source
    condition: Condition
    negated: bool


@dataclass(frozen=True)
class Every:
    """All of these hold."""

    parts: tuple[Meaning, ...]


@dataclass(frozen=True)
class Some:
    """At least one of these holds."""

    parts: tuple[Meaning, ...]


Meaning = Leaf | Every | Some


def bind(ctx: Context, entity: str, node: Node, negated: bool = False) -> Meaning:
    """Return the meaning of an expression on an entity. Raises ExprError with a sentence and the place."""
    if isinstance(node, Question):
        return _test(ctx, entity, node, negated != node.negated)
    if isinstance(node, Not):
        return bind(ctx, entity, node.part, not negated)
    parts = tuple(bind(ctx, entity, part, negated) for part in node.parts)
    return Every(parts) if isinstance(node, And) != negated else Some(parts)


def _test(ctx: Context, entity: str, test: Question, negated: bool) -> Meaning:
    place = locate(ctx, entity, test.path, test.at)
    fits(place.source, test)
    if test.op is Op.EMPTY:
        return _leaf(_to_record(place), test, condition(ctx, place.source, test.op, ()), not negated)
    if place.source.hop is None:
        return _leaf(place, test, condition(ctx, place.source, test.op, test.values), negated)
    return _reference(ctx, place, test, negated)


def _leaf(place: Place, test: Question, asked: Condition, negated: bool) -> Leaf:
    return Leaf(place.hops, place.source, asked, negated)


def _to_record(place: Place) -> Place:
    """Return a reference as the way to the record itself: one out of sight, or in the trash, is none."""
    source = place.source
    if source.hop is None or source.reads in {"user", "team"}:
        return place
    return Place((*place.hops, source.hop), identity(source.label), place.labels, source.hop.target)


def _reference(ctx: Context, place: Place, test: Question, negated: bool) -> Meaning:
    """A reference is compared by id, by who asks, or by what the record is called."""
    ids: list[Literal] = []
    names: list[Literal] = []
    found: list[Leaf] = []
    for value in test.values:
        if value.sort is Sort.NAME and value.text in {"me", *TEAM}:
            found.append(_self(ctx, place, value, negated))
        elif value.sort is Sort.NUMBER and test.op not in LETTERS:
            ids.append(value)
        else:
            names.append(value)
    if ids:
        way = _to_record(place)
        found.append(_leaf(way, test, condition(ctx, way.source, Op.IN, tuple(ids)), negated))
    if names:
        found.append(_called(ctx, place, test, names, negated))
    if len(found) == 1:
        return found[0]
    return Every(tuple(found)) if negated else Some(tuple(found))


def _self(ctx: Context, place: Place, value: Literal, negated: bool) -> Leaf:
    reads, me = place.source.reads, frozenset({ctx.user.id} - {None})
    if reads == "user" and value.text == "me":
        return Leaf(place.hops, place.source, Among(me), negated)
    teams = Among(frozenset(ctx.user.teams))
    if reads == "team" and value.text in TEAM:
        return Leaf(place.hops, place.source, teams, negated)
    if reads == "user" and place.source.hop is not None:
        team = sources(ctx, "user")["team"]
        return Leaf((*place.hops, place.source.hop), team, teams, negated)
    sentence = _(
        "“%(value)s” means a colleague or a team, and “%(name)s” is neither. Put it in quotes as a name."
    )
    raise ExprError(sentence % {"value": value.text, "name": place.source.label}, value.at, value.length)


def _called(ctx: Context, place: Place, test: Question, names: Sequence[Literal], negated: bool) -> Leaf:
    hop = place.source.hop
    assert hop is not None
    mail = hop.target == "user" and test.op not in LETTERS and all("@" in value.text for value in names)
    named = sources(ctx, "user")["email"] if mail else title(ctx, hop.target)
    if named is None:
        sentence = _("“%(name)s” cannot be found by a name here. Write its number.")
        raise ExprError(sentence % {"name": place.source.label}, names[0].at, names[0].length)
    op = test.op if test.op in LETTERS else Op.IN
    return Leaf((*place.hops, hop), named, condition(ctx, named, op, tuple(names)), negated)
