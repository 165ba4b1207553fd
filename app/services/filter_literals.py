"""Values of a test, read for the field they are compared with: which operators fit, and what each value means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from app.formats import partial_dates, phones, postal
from app.formats.plain import plain
from app.i18n import _
from app.kernel.context import Context
from app.kernel.expr.conditions import (
    NOWHERE,
    Among,
    Beginning,
    Between,
    Condition,
    Holding,
    Measure,
    Present,
    Yearly,
    one_of,
)
from app.kernel.expr.spans import Clock, NoSpan, Span, span, within
from app.kernel.expr.tree import ExprError, Literal, Op, Question, Sort
from app.services import fields
from app.services.access import GREATEST_ID
from app.services.filter_core import mail_key, phone_digits, tag_key
from app.services.filter_sources import Source
from app.services.language import LOCALES

SAME = frozenset({Op.IS, Op.IN})
LETTERS = frozenset({Op.CONTAINS, Op.STARTS})
ORDERED = frozenset({Op.LESS, Op.MOST, Op.MORE, Op.LEAST, Op.BETWEEN})
TIMES = SAME | ORDERED | {Op.WITHIN, Op.EMPTY}

FITTING: Mapping[str, frozenset[Op]] = {
    "text": SAME | LETTERS | {Op.EMPTY},
    "words": frozenset({Op.CONTAINS, Op.EMPTY}),
    "mail": SAME | LETTERS | {Op.EMPTY},
    "login": SAME,
    "phone": SAME | LETTERS | {Op.EMPTY},
    "tag": SAME | LETTERS | {Op.EMPTY},
    "country": SAME | {Op.EMPTY},
    "choice": SAME | {Op.EMPTY},
    "number": SAME | ORDERED | {Op.EMPTY},
    "day": TIMES,
    "partial": TIMES,
    "moment": TIMES,
    "flag": frozenset({Op.IS}),
    "user": SAME | LETTERS | {Op.EMPTY},
    "team": SAME | LETTERS | {Op.EMPTY},
    "ref": SAME | LETTERS | {Op.EMPTY},
    "group": frozenset(),
}
"""How a source reads literals → the operators that make sense on it."""

DAY = timedelta(days=1)


class Misread(ValueError):
    """A value that does not fit its field; its message is a sentence."""


def fits(source: Source, test: Question) -> None:
    """Raise ExprError when the operator makes no sense on the field."""
    allowed = FITTING[source.reads]
    if test.op in allowed:
        return
    if not allowed:
        parts = ", ".join(part.name for part in source.parts[:8])
        sentence = _("“%(name)s” has parts: write one of them after a dot: %(parts)s.")
        raise ExprError(sentence % {"name": source.label, "parts": parts}, test.at, len(test.path))
    sentence = _("“%(name)s” cannot be compared by “%(op)s”. Use one of: %(some)s.")
    some = ", ".join(str(op) for op in Op if op in allowed)
    raise ExprError(sentence % {"name": source.label, "op": test.op, "some": some}, test.at, len(test.path))


def condition(ctx: Context, source: Source, op: Op, values: tuple[Literal, ...]) -> Condition:
    """Return what an operator with values asks of the source's values. Raises ExprError at the value."""
    if op is Op.EMPTY:
        return Present()
    if source.measure in {Measure.DAY, Measure.PARTIAL, Measure.MOMENT}:
        return _times(ctx, source, op, values)
    read = READERS[source.reads]
    told = [_at(value, partial(read, ctx, source, value, op)) for value in values]
    if op in LETTERS:
        return _lettered(op, told)
    if op is Op.BETWEEN:
        return Between(told[0], told[1], (True, True))
    if op in ORDERED:
        return _bounded(op, told[0])
    return Among(frozenset(one for several in told for one in _each(several)))


def _each(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _at(value: Literal, read: Callable[[], Any]) -> Any:
    try:
        return read()
    except (Misread, NoSpan) as error:
        raise ExprError(str(error), value.at, value.length) from error


def _lettered(op: Op, told: list[Any]) -> Condition:
    texts = tuple(text for several in told for text in _each(several))
    return Holding(texts) if op is Op.CONTAINS else Beginning(texts)


def _bounded(op: Op, value: Any) -> Between:
    match op:
        case Op.LESS:
            return Between(None, value)
        case Op.MOST:
            return Between(None, value, (True, True))
        case Op.MORE:
            return Between(value, None, (False, False))
        case _:
            return Between(value, None)


# ---------------------------------------------------------------- texts, numbers, choices


def _said(text: str) -> str:
    if not text.strip():
        raise Misread(_("Write what to look for, or use “is empty”."))
    return text


def _text(ctx: Context, source: Source, value: Literal, op: Op) -> Any:
    return plain(_said(value.text))


def _mail(ctx: Context, source: Source, value: Literal, op: Op) -> Any:
    text = _said(value.text).strip()
    return mail_key(text) if op in SAME else text.casefold()


def _phone(ctx: Context, source: Source, value: Literal, op: Op) -> Any:
    text = _said(value.text)
    if op in SAME:
        return phone_digits(text, ctx.settings.get("region") or None)
    readings = phones.query_digits(text)
    if not readings:
        raise Misread(_("“%(text)s” is no part of a phone number. Write digits.", text=text[:40]))
    return readings


def _tag(ctx: Context, source: Source, value: Literal, op: Op) -> Any:
    return tag_key(_said(value.text)) or plain(value.text)


def _country(ctx: Context, source: Source, value: Literal, op: Op) -> Any:
    text = _said(value.text)
    code = postal.country_code(text)
    names = (postal.country_name(code, locale) for locale in (*LOCALES, ctx.locale)) if code else ()
    return (code, plain(text), *map(plain, names)) if code else plain(text)


def _number(ctx: Context, source: Source, value: Literal, op: Op) -> Any:
    if value.sort is Sort.NUMBER:
        return Decimal(value.text)
    try:
        found = fields.parse(ctx, source.field, _said(value.text)) if source.field else None
        number = Decimal(str(found))
        if not number.is_finite() or abs(number) >= 10**18:
            raise ValueError(value.text)
        return number
    except (ValueError, ArithmeticError):
        raise Misread(_("“%(text)s” is no number. Write it like 1200.", text=value.text[:40])) from None


def _flag(ctx: Context, source: Source, value: Literal, op: Op) -> Any:
    text = value.text.lower()
    if text not in {"yes", "no", "true", "false", "1", "0"}:
        raise Misread(_("“%(name)s” is yes or no.", name=source.label))
    return text in {"yes", "true", "1"}


def _choice(ctx: Context, source: Source, value: Literal, op: Op) -> Any:
    known = source.choices(ctx) if source.choices is not None else ()
    for choice in known:
        if choice.value == value.text:
            return choice.value
    for choice in known:
        if plain(str(choice.label)) == plain(value.text):
            return choice.value
    some = ", ".join(str(c.label) for c in known[:8])
    sentence = _("“%(text)s” is no choice for %(name)s. Choose one of: %(some)s.")
    raise Misread(sentence % {"text": value.text[:40], "name": source.label, "some": some})


def _id(ctx: Context, source: Source, value: Literal, op: Op) -> Any:
    if value.sort is not Sort.NUMBER or not value.text.isdecimal():
        sentence = _("“%(text)s” is none of “%(name)s”. Write a name in quotation marks, or a number.")
        raise Misread(sentence % {"text": value.text[:40], "name": source.label})
    number = int(value.text)
    return number if 0 < number <= GREATEST_ID else ()


READERS: Mapping[str, Callable[[Context, Source, Literal, Op], Any]] = {
    "text": _text,
    "words": _text,
    "mail": _mail,
    "login": _mail,
    "phone": _phone,
    "tag": _tag,
    "country": _country,
    "number": _number,
    "flag": _flag,
    "choice": _choice,
    "ref": _id,
    "user": _id,
    "team": _id,
}

# ---------------------------------------------------------------- times


def clock_of(ctx: Context) -> Clock:
    """Return the moment and zone in which the principal reads."""
    return Clock(ctx.now, ctx.zone)


def _times(ctx: Context, source: Source, op: Op, values: tuple[Literal, ...]) -> Condition:
    clock = clock_of(ctx)
    if source.measure is Measure.PARTIAL and op in SAME | {Op.WITHIN}:
        return one_of(_at(v, partial(_partial, ctx, v, op, clock)) for v in values)
    read = within if op is Op.WITHIN else span
    spans = [_at(value, partial(read, _dated(ctx, value), clock)) for value in values]
    if op in SAME | {Op.WITHIN}:
        return one_of(_stretch(source.measure, one, one) for one in spans)
    if op is Op.BETWEEN:
        return _stretch(source.measure, spans[0], spans[1])
    low = {Op.MORE: "after", Op.LEAST: "start"}.get(op)
    high = {Op.LESS: "start", Op.MOST: "after"}.get(op)
    return _stretch(source.measure, spans[0] if low else None, spans[0] if high else None, (low, high))


def _stretch(
    measure: Measure,
    low: Span | None,
    high: Span | None,
    ends: tuple[str | None, str | None] = ("start", "after"),
) -> Between:
    """Return the stretch from one end of a span to one end of another."""
    if measure is Measure.MOMENT:
        return Between(
            None if low is None else (low.start if ends[0] == "start" else low.end),
            None if high is None else (high.start if ends[1] == "start" else high.end),
        )
    least, most = ("0", ":") if measure is Measure.PARTIAL else ("0", NOWHERE)
    first = least if low is None else (low.first if ends[0] == "start" else low.after).isoformat()
    last = most if high is None else (high.first if ends[1] == "start" else high.after).isoformat()
    if measure is Measure.PARTIAL:
        first, last = _stem(first), _stem(last)
    elif last == most or low is not None:
        last = min(last, most)
    return Between(first, last)


def _stem(day: str) -> str:
    """Return a day as the shortest text that sorts there: a year stands for its first of January."""
    return day.removesuffix("-01").removesuffix("-01") if day.count("-") == 2 else day


def _dated(ctx: Context, value: Literal) -> Literal:
    """Return a quoted text as the day or moment it says."""
    if value.sort is not Sort.TEXT:
        return value
    text = value.text.strip()
    try:
        at = datetime.fromisoformat(text)
        written = at.isoformat(timespec="auto") if ":" in text else at.date().isoformat()
        return Literal(Sort.MOMENT if ":" in text else Sort.DAY, written)
    except ValueError:
        pass
    try:
        found = partial_dates.parse(text[:60], ctx.locale, ctx.now.date())
    except ValueError:
        return value
    return Literal(Sort.DAY, str(found)) if found.full is not None else value


def _partial(ctx: Context, value: Literal, op: Op, clock: Clock) -> Condition:
    """A time that moves with today asks for the day of the year; a written date for itself."""
    if value.sort in {Sort.RELATIVE, Sort.NAME}:
        return _yearly((within if op is Op.WITHIN else span)(value, clock))
    if value.sort is Sort.TEXT:
        try:
            when = partial_dates.parse(value.text[:60], ctx.locale, ctx.now.date())
        except ValueError as error:
            raise Misread(str(error)) from error
        if when.year is None:
            day = f"{when.month:02}-{when.day:02}" if when.month and when.day else ""
            return Yearly(((day, day),)) if day else Among(frozenset({str(when)}))
        text = str(when)
        if text.count("-") == 1:
            return Between(text, f"{text}-99")
        value = Literal(Sort.NUMBER if len(text) == 4 else Sort.DAY, text)
    return _stretch(Measure.PARTIAL, found := span(value, clock), found)


def _yearly(found: Span) -> Yearly:
    first, last = found.first, found.after - DAY
    if (last - first).days >= 365:
        return Yearly((("01-01", "12-31"),))
    start, end = first.strftime("%m-%d"), last.strftime("%m-%d")
    if end == "02-28" and (last + DAY).month == 3:
        end = "02-29"  # whoever was born on it is not forgotten in other years
    return Yearly(((start, end),) if start <= end else ((start, "12-31"), ("01-01", end)))
