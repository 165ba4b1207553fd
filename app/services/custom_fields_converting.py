"""A value of one type of field made into a value of another: by way of the text that people write for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from app.formats.fold import fold
from app.formats.profiles.profile import YES
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Choice, Kind
from app.models import CustomValue
from app.services import fields
from app.services.custom_fields_kinds import TYPES, Cell, Defined

CHANGING = tuple(name for name in TYPES if name not in {"ref", "user", "file"})
"""Types that a field can be changed from and to; records, colleagues and files have no text that stands for them."""

NO = frozenset(("0", "false", "no", "n", "off", "nein", "non", "nao", "falsch", "faux", "falso"))
_YES = frozenset(fold(word) for word in YES)

MOST_CHOICES = 100
"""So many different values become choices."""

LONGEST_CHOICE = 80

SOME = 200
"""So many values are asked how many decimals they have."""


def text_of(ctx: Context, field: Defined, value: Any) -> str:
    """Return a value as somebody would write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(ctx.zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if field.kind in {Kind.CHOICE, Kind.CHOICES}:
        known = {c.value: str(c.label) for c in fields.choices(ctx, field)}
        return ", ".join(known.get(one, one) for one in (value if field.many else [value]))
    return str(value)


def converted(ctx: Context, old: Defined, new: Defined, value: Any) -> Any:
    """Return a value of one field as a value of another. Raises ValueError where it does not fit."""
    text = text_of(ctx, old, value).strip()
    if new.kind is Kind.BOOL:
        return _flag(text)
    if new.kind is Kind.CHOICES and old.kind is Kind.CHOICE:
        return [value]
    if new.kind is Kind.CHOICE and old.kind is Kind.CHOICES:
        return _only(value)
    if new.type.longest and len(text) > new.type.longest:
        raise ValueError(_("At most %(most)s characters.", most=new.type.longest))
    if new.kind is Kind.CHOICE:
        text = " ".join(text.split())
    found = fields.parse(ctx, new, _day(old, new, text))
    if found in (None, "", []):
        raise ValueError(_("This is empty."))
    return found


def _flag(text: str) -> bool:
    word = fold(text)
    if word not in _YES | NO:
        raise ValueError(_("This is neither yes nor no."))
    return word in _YES


def _only(value: Sequence[Any]) -> Any:
    if len(value) != 1:
        raise ValueError(_("There are several."))
    return value[0]


def _day(old: Defined, new: Defined, text: str) -> str:
    """A moment becomes the day it was on."""
    return text[:10] if old.kind is Kind.TIME and new.kind is Kind.DATE else text


def choices_of(ctx: Context, old: Defined, *, several: bool) -> tuple[Choice, ...]:
    """Return the choices that the values of a field become, the most frequent first; those of a choice stay."""
    if old.kind in {Kind.CHOICE, Kind.CHOICES}:
        assert not callable(old.choices)
        return old.choices
    cell = func.min(func.coalesce(CustomValue.text, CustomValue.key))
    query = (
        select(cell, CustomValue.key, CustomValue.number)
        .where(CustomValue.field_id == old.number)
        .group_by(CustomValue.key, CustomValue.number)
        .order_by(func.count().desc(), CustomValue.key, CustomValue.number)
        .limit(MOST_CHOICES)
    )
    labels: dict[str, str] = {}
    for text, key, number in ctx.session.execute(query):
        try:
            said = text_of(ctx, old, old.type.read(old, (text, key, number)))
        except (ValueError, TypeError, ArithmeticError):
            continue
        for label in said.split(",") if several else [said]:
            clean = " ".join(label.split())
            if clean and len(clean) <= LONGEST_CHOICE:
                labels.setdefault(clean.casefold(), clean)
    return tuple(Choice(value="", label=label) for label in list(labels.values())[:MOST_CHOICES])


def decimals_of(ctx: Context, old: Defined) -> int:
    """Return how many decimals figures need that are made of a field's values: as some of them tell."""
    if old.kind in {Kind.NUMBER, Kind.MONEY}:
        return old.decimals
    trial = replace(old, kind=Kind.NUMBER, type=TYPES["number"], decimals=6, required=False)
    trial = replace(trial, parse=lambda asked, text: TYPES["number"].parse(asked, trial, text))  # type: ignore[misc]
    query = select(CustomValue.text, CustomValue.key, CustomValue.number).order_by(CustomValue.record_id)
    rows = ctx.session.execute(query.where(CustomValue.field_id == old.number).limit(SOME))
    return max((_decimals(ctx, old, trial, (row.text, row.key, row.number)) for row in rows), default=0)


def _decimals(ctx: Context, old: Defined, trial: Defined, cell: Cell) -> int:
    try:
        found = converted(ctx, old, trial, old.type.read(old, cell))
    except (ValueError, TypeError, ArithmeticError):
        return 0
    return max(0, -int(Decimal(found).normalize().as_tuple().exponent))
