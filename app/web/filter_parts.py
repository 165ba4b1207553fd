"""A condition put together from controls: which operators a field offers, which controls its value has, what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.i18n import _, _l
from app.kernel.context import Context
from app.kernel.expr.tree import ExprError, Literal, Op, Question, Sort, sort_of
from app.models import Tag, Team
from app.services import people
from app.services.filter_fields import sources
from app.services.filter_sources import OTHERS, Source
from app.web.filter_words import NAMED, TIMES

IS: Any = _l("is")
IS_NOT: Any = _l("is not")
ONE_OF: Any = _l("is one of")
NONE_OF: Any = _l("is none of")
CONTAINS: Any = _l("contains")
LACKS: Any = _l("does not contain")
STARTS: Any = _l("begins with")
EMPTY: Any = _l("is empty")
FILLED: Any = _l("is not empty")

OPS: Mapping[str, tuple[Op, bool]] = {
    "is": (Op.IS, False),
    "isnt": (Op.IS, True),
    "in": (Op.IN, False),
    "notin": (Op.IN, True),
    "has": (Op.CONTAINS, False),
    "lacks": (Op.CONTAINS, True),
    "starts": (Op.STARTS, False),
    "below": (Op.LESS, False),
    "most": (Op.MOST, False),
    "above": (Op.MORE, False),
    "least": (Op.LEAST, False),
    "between": (Op.BETWEEN, False),
    "empty": (Op.EMPTY, False),
    "filled": (Op.EMPTY, True),
}
"""What stands in an address for an operator."""

LETTERS = (("has", CONTAINS), ("is", IS), ("starts", STARTS), ("lacks", LACKS), ("isnt", IS_NOT))
NOTHING = (("empty", EMPTY), ("filled", FILLED))
CHOSEN = (("in", ONE_OF), ("notin", NONE_OF), *NOTHING)
OFFERED: Mapping[str, Sequence[tuple[str, Any]]] = {
    "text": (*LETTERS, *NOTHING),
    "mail": (*LETTERS, *NOTHING),
    "phone": (*LETTERS, *NOTHING),
    "words": (("has", CONTAINS), ("lacks", LACKS), *NOTHING),
    "ref": (*LETTERS, *NOTHING),
    "tag": CHOSEN,
    "country": CHOSEN,
    "choice": CHOSEN,
    "user": CHOSEN,
    "team": CHOSEN,
    "flag": (("is", IS),),
    "time": (
        ("last", _l("in the last")),
        ("next", _l("in the next")),
        ("ago", _l("longer ago than")),
        ("period", _l("in the period")),
        ("range", _l("from … to …")),
        *NOTHING,
    ),
    "number": (
        ("is", "="),
        ("isnt", "≠"),
        ("below", "<"),
        ("most", "≤"),
        ("above", ">"),
        ("least", "≥"),
        ("between", _l("between")),
        *NOTHING,
    ),
}
"""How a field reads values → the operators of its select, by what stands in the address."""

SHAPES: Mapping[str, str] = {
    **dict.fromkeys(("empty", "filled"), "none"),
    **dict.fromkeys(("last", "next", "ago"), "span"),
    **{name: name for name in ("period", "range", "between")},
}
"""Operators whose value is not given by one control of the field's own."""

UNITS = (("d", _l("days")), ("w", _l("weeks")), ("m", _l("months")), ("y", _l("years")))
PERIODS = (
    *("today", "yesterday", "tomorrow", "this_week", "last_week", "next_week", "this_month", "last_month"),
    *("next_month", "this_quarter", "last_quarter", "this_year", "last_year", "next_year"),
)
BOXES = 12
"""Choices up to this many are boxes to tick, more are a select."""

ON = "."
"""Ends a step that leads to another record."""

Data = MultiDict[str, str]


@dataclass(frozen=True)
class Step:
    """A select of fields on the way: what it offers, in groups, and what was chosen."""

    name: str
    label: str
    options: Sequence[tuple[str, Any]]
    chosen: str


def steps(ctx: Context, entity: str, data: Data) -> tuple[list[Step], str, Source | None]:
    """Return the selects from an entity to a field, the path so far, and the source it ends at, if it does."""
    found: list[Step] = []
    path, here, name = "", entity, _("Field")
    for at in range(4):
        there = sources(ctx, here)
        options, known = _options(there, leads=at < 3)
        wanted = data.get(f"step{at + 1}", "")
        wanted = wanted if wanted in known else ""
        found.append(Step(f"step{at + 1}", name, [("", "–"), *options], wanted))
        source = known.get(wanted)
        if source is None:
            break
        path += wanted
        if not wanted.endswith(ON) or source.hop is None:
            return found, path, source
        here, name = source.hop.target, _("Field of %(what)s", what=str(source.label))
    return found, path, None


def _options(there: Mapping[str, Source], *, leads: bool) -> tuple[list[tuple[str, Any]], dict[str, Source]]:
    """Return the entries of a select of fields: values first, then ways to fields of other records."""
    values: list[tuple[str, str]] = []
    ways: list[tuple[str, str]] = []
    known: dict[str, Source] = {}
    for key, source in there.items():
        for name, one, words in ((key, source, str(source.label)), *_parts(key, source)):
            if one.reads != "group":
                known[name] = one
                values.append((name, words))
            if one.hop is not None and one.hop.target not in OTHERS and leads:
                known[name + ON] = one
                ways.append((name + ON, _("%(what)s …", what=words)))
    values.sort(key=lambda pair: pair[1].casefold())
    return [*values, *([(_("Fields of"), ways)] if ways else [])], known


def _parts(key: str, source: Source) -> list[tuple[str, Source, str]]:
    return [(f"{key}.{part.name}", part, f"{source.label}: {part.label}") for part in source.parts]


@dataclass(frozen=True)
class Controls:
    """What is asked about a field: operators, the chosen one, and the shape of its value.

    Shapes: none, span (a number of units), period, range (two days), between (two numbers), boxes, select, line.
    """

    label: str
    ops: Sequence[tuple[str, Any]]
    op: str
    shape: str
    reads: str
    choices: Sequence[tuple[str, str]] = ()
    words: Sequence[str] = ()
    periods: Sequence[tuple[str, str]] = ()
    units: Sequence[tuple[str, Any]] = UNITS


def controls(ctx: Context, source: Source, chosen: str) -> Controls:
    """Return the controls that fit a field and the chosen operator, the first one if none is."""
    offered = OFFERED.get("time" if source.reads in TIMES else source.reads, ())
    op = chosen if chosen in dict(offered) else next((key for key, _words in offered), "")
    choices = _choices(ctx, source)
    usual = "line" if not choices else "select" if source.reads == "flag" or len(choices) > BOXES else "boxes"
    return Controls(
        label=str(source.label),
        ops=[(key, str(words)) for key, words in offered],
        op=op,
        shape=SHAPES.get(op, usual),
        reads=source.reads,
        choices=choices,
        words=_words(ctx, source),
        periods=[(name, str(NAMED[name])) for name in PERIODS],
    )


def _choices(ctx: Context, source: Source) -> list[tuple[str, str]]:
    if source.reads == "choice" and source.choices is not None:
        return [(c.value, str(c.label)) for c in source.choices(ctx) if c.value]
    if source.reads == "user":
        own = [("me", _("Me"))] if ctx.user.id is not None else []
        team = [("my_team", _("My team"))] if ctx.user.teams else []
        return [*own, *team, *((str(i), name) for i, name in people.colleagues(ctx) if i != ctx.user.id)]
    if source.reads == "team":
        rows = ctx.session.execute(select(Team.id, Team.name).order_by(Team.name).limit(200))
        own = [("my_team", _("My team"))] if ctx.user.teams else []
        return [*own, *((str(row.id), row.name) for row in rows)]
    return [("yes", _("Yes")), ("no", _("No"))] if source.reads == "flag" else []


def _words(ctx: Context, source: Source) -> list[str]:
    if source.reads != "tag":
        return []
    return list(ctx.session.execute(select(Tag.name).order_by(Tag.key).limit(200)).scalars())


# ---------------------------------------------------------------- what was chosen


def question(source: Source, path: str, data: Data) -> Question:
    """Return the condition that the controls say. Raises ExprError when something is missing."""
    if source.reads in TIMES:
        return _timed(path, data)
    op, negated = OPS.get(data.get("op", ""), (Op.IS, False))
    if op is Op.EMPTY:
        return Question(path, op, (), negated)
    typed = [text.strip() for text in data.getlist("v") if text.strip()]
    if source.reads in {"tag", "country"}:
        typed = [word.strip() for text in typed for word in text.split(",") if word.strip()]
    if op is Op.BETWEEN:
        typed = [*typed[:1], data.get("v2", "").strip()]
    if not typed or not all(typed):
        raise ExprError(_("Choose or write a value for “%(name)s”.", name=str(source.label)))
    values = tuple(_literal(source, text) for text in typed)
    if op is Op.IN and len(values) == 1:
        op = Op.IS
    return Question(path, op, values if op in {Op.IN, Op.BETWEEN} else values[:1], negated)


def _literal(source: Source, text: str) -> Literal:
    bare = source.reads in {"user", "team", "flag", "number"}
    return Literal(*sort_of(text)) if bare else Literal(Sort.TEXT, text)


def _timed(path: str, data: Data) -> Question:
    match data.get("op", ""):
        case "period" if data.get("period") in PERIODS:
            return Question(path, Op.IS, (Literal(Sort.NAME, data["period"]),))
        case "last" | "next" | "ago" as way:
            value = Literal(Sort.RELATIVE, ("+" if way == "next" else "-") + _number(data) + _unit(data))
            return Question(path, Op.LESS if way == "ago" else Op.WITHIN, (value,))
        case "range":
            return _range(path, data.get("first", ""), data.get("last", ""))
        case "empty" | "filled" as state:
            return Question(path, Op.EMPTY, (), state == "filled")
    raise ExprError(_("Choose what is asked of the date."))


def _number(data: Data) -> str:
    text = data.get("v", "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 5):
        raise ExprError(_("Write how many days, weeks or months, as a number."))
    return text


def _unit(data: Data) -> str:
    unit = data.get("unit", "d")
    return unit if unit in {key for key, _words in UNITS} else "d"


def _range(path: str, first: str, last: str) -> Question:
    days = [Literal(*sort_of(text.strip())) for text in (first, last) if text.strip()]
    if not days or any(day.sort is not Sort.DAY for day in days):
        raise ExprError(_("Write a first or a last day, like 2026-02-28."))
    if len(days) == 2:
        return Question(path, Op.BETWEEN, tuple(days))
    return Question(path, Op.LEAST if first.strip() else Op.MOST, tuple(days))
