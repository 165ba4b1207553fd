"""Expressions in people's words: "Owner is me", "Last contact before 30 days ago", "Company: City is Lisbon"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.i18n import _, _l, _n
from app.kernel.context import Context
from app.kernel.expr.tree import And, Literal, Node, Not, Op, Or, Question, Sort, questions
from app.models import Team
from app.services import people
from app.services.filter_fields import Place, locate
from app.services.filter_sources import Source
from app.web import dates

TIMES = {"day", "partial", "moment"}

NAMED: Mapping[str, Any] = {
    "me": _l("me"),
    "mine": _l("my team"),
    "my_team": _l("my team"),
    "now": _l("now"),
    "today": _l("today"),
    "yesterday": _l("yesterday"),
    "tomorrow": _l("tomorrow"),
    "yes": _l("yes"),
    "no": _l("no"),
    "true": _l("yes"),
    "false": _l("no"),
    "last_week": _l("last week"),
    "this_week": _l("this week"),
    "next_week": _l("next week"),
    "last_month": _l("last month"),
    "this_month": _l("this month"),
    "next_month": _l("next month"),
    "last_quarter": _l("last quarter"),
    "this_quarter": _l("this quarter"),
    "next_quarter": _l("next quarter"),
    "last_year": _l("last year"),
    "this_year": _l("this year"),
    "next_year": _l("next year"),
}

PLAIN: Mapping[tuple[Op, bool], Any] = {
    (Op.IS, False): _l("%(name)s is %(value)s"),
    (Op.IS, True): _l("%(name)s is not %(value)s"),
    (Op.IN, False): _l("%(name)s is %(value)s"),
    (Op.IN, True): _l("%(name)s is not %(value)s"),
    (Op.CONTAINS, False): _l("%(name)s contains %(value)s"),
    (Op.CONTAINS, True): _l("%(name)s does not contain %(value)s"),
    (Op.STARTS, False): _l("%(name)s begins with %(value)s"),
    (Op.STARTS, True): _l("%(name)s does not begin with %(value)s"),
    (Op.EMPTY, False): _l("%(name)s is empty"),
    (Op.EMPTY, True): _l("%(name)s is not empty"),
    (Op.LESS, False): _l("%(name)s is below %(value)s"),
    (Op.MOST, False): _l("%(name)s is at most %(value)s"),
    (Op.MORE, False): _l("%(name)s is above %(value)s"),
    (Op.LEAST, False): _l("%(name)s is at least %(value)s"),
    (Op.BETWEEN, False): _l("%(name)s is between %(value)s and %(other)s"),
    (Op.BETWEEN, True): _l("%(name)s is not between %(value)s and %(other)s"),
}
TIMED: Mapping[tuple[Op, bool], Any] = {
    (Op.IS, False): _l("%(name)s: %(value)s"),
    (Op.IS, True): _l("%(name)s: not %(value)s"),
    (Op.IN, False): _l("%(name)s: %(value)s"),
    (Op.IN, True): _l("%(name)s: not %(value)s"),
    (Op.WITHIN, False): _l("%(name)s %(value)s"),
    (Op.WITHIN, True): _l("%(name)s not %(value)s"),
    (Op.LESS, False): _l("%(name)s before %(value)s"),
    (Op.MOST, False): _l("%(name)s until %(value)s"),
    (Op.MORE, False): _l("%(name)s after %(value)s"),
    (Op.LEAST, False): _l("%(name)s from %(value)s on"),
    (Op.BETWEEN, False): _l("%(name)s between %(value)s and %(other)s"),
    (Op.BETWEEN, True): _l("%(name)s not between %(value)s and %(other)s"),
}

AGO: Mapping[str, Callable[[int], str]] = {
    "h": lambda n: _n("%(num)s hour ago", "%(num)s hours ago", n),
    "d": lambda n: _n("%(num)s day ago", "%(num)s days ago", n),
    "w": lambda n: _n("%(num)s week ago", "%(num)s weeks ago", n),
    "m": lambda n: _n("%(num)s month ago", "%(num)s months ago", n),
    "q": lambda n: _n("%(num)s quarter ago", "%(num)s quarters ago", n),
    "y": lambda n: _n("%(num)s year ago", "%(num)s years ago", n),
}
AHEAD: Mapping[str, Callable[[int], str]] = {
    "h": lambda n: _n("in %(num)s hour", "in %(num)s hours", n),
    "d": lambda n: _n("in %(num)s day", "in %(num)s days", n),
    "w": lambda n: _n("in %(num)s week", "in %(num)s weeks", n),
    "m": lambda n: _n("in %(num)s month", "in %(num)s months", n),
    "q": lambda n: _n("in %(num)s quarter", "in %(num)s quarters", n),
    "y": lambda n: _n("in %(num)s year", "in %(num)s years", n),
}
LAST: Mapping[str, Callable[[int], str]] = {
    "h": lambda n: _n("in the last hour", "in the last %(num)s hours", n),
    "d": lambda n: _n("in the last day", "in the last %(num)s days", n),
    "w": lambda n: _n("in the last week", "in the last %(num)s weeks", n),
    "m": lambda n: _n("in the last month", "in the last %(num)s months", n),
    "q": lambda n: _n("in the last quarter", "in the last %(num)s quarters", n),
    "y": lambda n: _n("in the last year", "in the last %(num)s years", n),
}
NEXT: Mapping[str, Callable[[int], str]] = {
    "h": lambda n: _n("in the next hour", "in the next %(num)s hours", n),
    "d": lambda n: _n("in the next day", "in the next %(num)s days", n),
    "w": lambda n: _n("in the next week", "in the next %(num)s weeks", n),
    "m": lambda n: _n("in the next month", "in the next %(num)s months", n),
    "q": lambda n: _n("in the next quarter", "in the next %(num)s quarters", n),
    "y": lambda n: _n("in the next year", "in the next %(num)s years", n),
}


class Words:
    """Says expressions on an entity; the names of the records in all of them are read once."""

    def __init__(self, ctx: Context, entity: str, *nodes: Node) -> None:
        self.ctx, self.entity = ctx, entity
        self.places = {q.path: locate(ctx, entity, q.path) for node in nodes for q in questions(node)}
        self.names = self._named(*nodes)

    def of(self, node: Node, *, within: bool = False) -> str:
        """Return an expression in words; `within` puts brackets around several."""
        if isinstance(node, Question):
            return self._question(node)
        if isinstance(node, Not):
            return _("not (%(what)s)", what=self.of(node.part))
        if not node.parts:
            return _("everything") if isinstance(node, And) else _("nothing")
        word = _("and") if isinstance(node, And) else _("or")
        said = f" {word} ".join(self.of(part, within=True) for part in node.parts)
        return f"({said})" if within and isinstance(node, And | Or) else said

    def _question(self, asked: Question) -> str:
        place = self.places[asked.path]
        timed = place.source.reads in TIMES and asked.op is not Op.EMPTY
        values = [self._value(place.source, value, asked.op) for value in asked.values]
        told = {"name": label(place), "value": _listed(values) if asked.op is Op.IN else "".join(values[:1])}
        if asked.op is Op.BETWEEN:
            told["other"] = values[1]
        return str((TIMED if timed else PLAIN)[asked.op, asked.negated]) % told

    def _value(self, source: Source, value: Literal, op: Op) -> str:
        if value.sort is Sort.RELATIVE and source.reads in TIMES:
            return relative(value.text, op)
        if value.sort is Sort.NAME and value.text in NAMED and source.reads not in {"text", "words", "tag"}:
            return str(NAMED[value.text])
        if value.sort is Sort.NUMBER and source.hop is not None and value.text.isdecimal():
            return self.names.get((source.hop.target, int(value.text[:10])), value.text)
        if source.reads in TIMES and value.sort in {Sort.DAY, Sort.MOMENT}:
            return _moment(value.text)
        if source.choices is not None and source.reads == "choice":
            known = {c.value: str(c.label) for c in source.choices(self.ctx)}
            return known.get(value.text, value.text)
        return value.text if source.reads in {"number", *TIMES} else f"“{value.text}”"

    def _named(self, *nodes: Node) -> dict[tuple[str, int], str]:
        wanted: set[tuple[str, int]] = set()
        for node in nodes:
            for asked in questions(node):
                hop = self.places[asked.path].source.hop
                if hop is not None:
                    wanted |= {
                        (hop.target, int(v.text))
                        for v in asked.values
                        if v.sort is Sort.NUMBER and v.text.isdecimal() and len(v.text) < 10
                    }
        teams = {i for of, i in wanted if of == "team"}
        found = {
            key: named.name
            for key, named in people.names(self.ctx, wanted - {("team", i) for i in teams}).items()
        }
        if teams:
            rows = self.ctx.session.execute(select(Team.id, Team.name).where(Team.id.in_(teams)))
            found |= {("team", row.id): row.name for row in rows}
        return found


def label(place: Place) -> str:
    """Return the labels along a path: Company: City."""
    return ": ".join(str(one) for one in place.labels)


def relative(text: str, op: Op) -> str:
    """Return a relative time in words: 30 days ago, in 2 weeks, in the last 30 days."""
    number, unit = int(text[:-1]), text[-1]
    back = text.startswith("-")
    if number == 0 and unit != "h":
        return str(NAMED["today"])
    ways = (LAST if back else NEXT) if op is Op.WITHIN else (AGO if back else AHEAD)
    return ways[unit](abs(number))


def _moment(text: str) -> str:
    try:
        if "T" in text:
            at = datetime.fromisoformat(text.replace("Z", "+00:00"))
            return f"{dates.day(at)} {dates.clock(at)}" if at.tzinfo else text.replace("T", " ")
        return dates.day(date.fromisoformat(text))
    except ValueError:
        return text


def _listed(values: list[str]) -> str:
    if len(values) < 2:
        return "".join(values)
    shown = values if len(values) <= 6 else [*values[:5], "…"]
    return _("%(some)s or %(last)s", some=", ".join(shown[:-1]), last=shown[-1])
