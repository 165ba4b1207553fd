"""What a cell that is written as JSON may hold for each kind of field: anything else is a sentence, never a crash."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field, Kind
from app.services import fields
from app.services.access import GREATEST_ID
from app.services.reach_loading import COLUMNS

MOST_ENTRIES = 10_000
"""Entries of one list; what people keep of somebody is far below it."""

_OF_LISTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.EMAIL: ("value", "kind", "preferred", "service"),
    Kind.PHONE: ("value", "kind", "preferred", "service"),
    Kind.URL: ("value", "kind", "preferred", "service"),
    Kind.ADDRESS: next(names for model, names in COLUMNS.items() if "locality" in names),
}
_FLAG = ("channel", "reason", "since")
_TIES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("contact", "affiliations"): (
        "company",
        "company_id",
        "company_ref",
        "title",
        "role",
        "department",
        "is_primary",
        "started_on",
        "ended_on",
    ),
    ("contact", "relations"): ("other_id", "other_ref", "name", "type", "note", "started_on", "ended_on"),
}
"""Ties of the core that say more than whom they are with, and what they say."""

_YES = ("preferred", "is_primary")
_IDS = ("company_id", "other_id")


def decoded(text: str) -> Any:
    """Return what a JSON text holds. Raises ValueError with a sentence, also for what is nested without end."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise ValueError(_("This is no valid JSON. Correct it, or export the records again.")) from None


def _no_number(word: str) -> Any:
    raise ValueError(word)


def checked(ctx: Context, field: Field, value: Any) -> Any:
    """Return the value of a cell as its field takes it. Raises ValueError with a sentence for any other shape."""
    if field.kind is Kind.REFS:
        keys = _TIES.get((field.on, field.key))
        told = [
            _entry(one, keys) if keys and not isinstance(one, str) else _text(one) for one in _list(value)
        ]
        return [one for one in told if isinstance(one, dict) or one.strip()]
    if field.many and field.kind is Kind.ADDRESS:
        return [_entry(one, _OF_LISTS[field.kind]) for one in _list(value)]
    if field.many and field.kind in _OF_LISTS:
        reached = ({"value": "", **_entry(one, _OF_LISTS[field.kind])} for one in _list(value))
        return [one for one in reached if one["value"].strip()]
    if field.kind is Kind.CHOICES:
        return [_flag(ctx, field, one) for one in _list(value)]
    if field.many and field.owner != "core" and field.save is not None and field.kind is not Kind.TAGS:
        return _list(value)  # only the plugin that keeps it knows what an entry is; its `save` is guarded
    if field.many or field.kind is Kind.TAGS:
        return [_text(one) for one in _list(value)]
    single: Callable[[Context, Field, Any], Any] = _SINGLE.get(field.kind, _plain)
    return single(ctx, field, value)


def tie(field: Field, number: int | None) -> Any:
    """Return an entry that says only whom it is with. Raises ValueError where more has to be said."""
    if (field.on, field.key) == ("contact", "affiliations"):
        return {"company_id": number}
    if (field.on, field.key) in _TIES:
        raise ValueError(_("Say of what type each relation is."))
    return number


# ---------------------------------------------------------------- lists


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MOST_ENTRIES:
        raise ValueError(_("This has to be a list of at most %(most)s entries.", most=MOST_ENTRIES))
    return value


def _entry(value: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(_("Each entry has to be an object."))
    if unknown := [key for key in value if key not in keys]:
        raise ValueError(_("An entry has no “%(name)s”.", name=_text(unknown[0])[:60]))
    return {key: _part(key, one) for key, one in value.items()}


def _part(key: str, value: Any) -> Any:
    if key in _YES:
        return _bool(value)
    if key in _IDS:
        return None if value is None else _id(value)
    return "" if value is None else _text(value)


def _flag(ctx: Context, field: Field, value: Any) -> Any:
    """Return a choice of several: a word, or one that says why and since when."""
    if not isinstance(value, Mapping) or (field.on, field.key) != ("contact", "do_not_contact"):
        return _text(value)
    told = {key: one for key, one in _entry(value, _FLAG).items() if one}
    known = {choice.value for choice in fields.choices(ctx, field)}
    if told.get("channel") not in known:
        some, text = ", ".join(sorted(known)[:12]), str(told.get("channel", ""))[:60]
        raise ValueError(_("“%(text)s” is none of the choices: %(some)s.", text=text, some=some))
    if "since" in told:
        told["since"] = _instant(ctx, field, told["since"]).isoformat()
    return told


# ---------------------------------------------------------------- single values


def _text(value: Any) -> str:
    """Return a text that both databases can hold."""
    if not isinstance(value, str):
        raise ValueError(_("This has to be a text."))
    return value.replace("\x00", "").encode("utf-8", "replace").decode()


def _id(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= GREATEST_ID:
        raise ValueError(_("This has to be a whole number, at most 2,147,483,647."))
    return value


def _bool(value: Any) -> bool:
    if value is not None and not isinstance(value, bool):
        raise ValueError(_("This has to be true or false."))
    return value is True


def _plain(ctx: Context, field: Field, value: Any) -> str:
    return "" if value is None else _text(value)


def _yes(ctx: Context, field: Field, value: Any) -> bool:
    return _bool(value)


def _number(ctx: Context, field: Field, value: Any) -> Any:
    if value is None or isinstance(value, str):
        return fields.parse(ctx, field, _text(value or ""))
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError(_("This has to be a number."))
    return fields.parse(ctx, field, format(Decimal(str(value)), "f"))


def _money(ctx: Context, field: Field, value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        amount = Decimal("NaN") if isinstance(value, bool | list | dict) else Decimal(str(value))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or abs(amount) >= fields.MOST_MONEY:
        raise ValueError(_("This has to be an amount as a text, like “1200.50”."))
    return amount


def _time(ctx: Context, field: Field, value: Any) -> datetime | None:
    return _instant(ctx, field, _text(value)) if value else None


def _instant(ctx: Context, field: Field, text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=ctx.zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(_("This has to be a time like 2026-02-28T14:30:00Z.")) from None


_SINGLE: Mapping[Kind, Callable[[Context, Field, Any], Any]] = {
    Kind.BOOL: _yes,
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.TIME: _time,
}
