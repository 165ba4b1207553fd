"""Types of fields that administrators add: how values of each are typed, stored, compared, and read again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cached_property, lru_cache
from typing import Any

from app.formats import emails, partial_dates, phones
from app.formats.plain import plain
from app.i18n import _, _l
from app.kernel.context import Context
from app.kernel.contributions import Field, Kind
from app.models.custom_field import KEY
from app.services import field_files

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
MOST = 10**15
"""Figures stay below this, so that every database and every sum holds them exactly."""

Cell = tuple[str | None, str | None, int | None]
"""What is stored of a value: text, key and number."""


@dataclass(frozen=True, kw_only=True)
class Type:
    """A type of field: its kind, how a value is stored and read again, and what stands for none.

    `column` is what values are compared and sorted by. With `whole` the key is all of the value; else comparing needs
    its text. `store` (field, value) raises ValueError or TypeError for what cannot be a value; so does `read`.
    """

    kind: Kind
    label: Any
    column: str
    store: Callable[[Defined, Any], Cell]
    read: Callable[[Defined, Cell], Any]
    parse: Callable[[Context, Defined, str], Any] | None = None
    empty: Any = None
    whole: bool = True
    sorted: bool = True
    longest: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class Defined(Field):
    """A field that an administrator added: `number` is the key of its definition, `decimals` those of its figures.

    `only_if` is the condition under which it is asked for; `needed` says that it must then be filled in.
    """

    number: int
    type: Type
    decimals: int = 0
    default: str = ""
    only_if: str = ""
    needed: bool = False
    formula: str = ""

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """The places of the choices, by value."""
        assert not callable(self.choices)
        return {choice.value: n for n, choice in enumerate(self.choices, 1)}

    @property
    def order_by(self) -> str:
        """The column of values in which they stand in order: choices by their place."""
        return "number" if self.kind is Kind.CHOICE else self.type.column

    @property
    def scale(self) -> int:
        """What a figure is multiplied by to be stored as a whole number."""
        return int(10**self.decimals)


def _text_in(field: Defined, value: Any) -> Cell:
    text = str(value)
    key = plain(text)[:KEY]
    return (None if key == text else text), key, None


def _text_out(field: Defined, cell: Cell) -> str:
    found = cell[0] if cell[0] is not None else cell[1]
    if found is None:
        raise ValueError("a text without text")
    return found


def _code_in(field: Defined, value: Any) -> Cell:
    return None, str(value)[:KEY], None


def _choice_in(field: Defined, value: Any) -> Cell:
    """A choice is found by its value, and stands in lists where it stands among the choices."""
    return None, str(value)[:KEY], field.ranks.get(str(value))


def _day_out(field: Defined, cell: Cell) -> str:
    return _day(_text_out(field, cell))


@lru_cache(maxsize=4096)
def _day(text: str) -> str:
    """Return a stored day as it is read; a page shows the same ones again and again."""
    return str(partial_dates.from_iso(text))


def _figure_in(field: Defined, value: Any) -> Cell:
    scaled = (Decimal(str(value)) * field.scale).to_integral_value(ROUND_HALF_UP)
    if abs(scaled) >= MOST * field.scale:
        raise ValueError("too large")
    return None, None, int(scaled)


def _figure_out(field: Defined, cell: Cell) -> Any:
    number = _number(cell)
    if field.kind is Kind.NUMBER and not field.decimals:
        return number
    return (Decimal(number) / field.scale).quantize(Decimal(1).scaleb(-field.decimals))


def _number(cell: Cell) -> int:
    if cell[2] is None:
        raise ValueError("a figure without figure")
    return cell[2]


def _moment_in(field: Defined, value: Any) -> Cell:
    return None, None, (value - EPOCH) // TICK


def _moment_out(field: Defined, cell: Cell) -> datetime:
    return EPOCH + TICK * _number(cell)


def _id_in(field: Defined, value: Any) -> Cell:
    return None, None, int(value)


def _id_out(field: Defined, cell: Cell) -> int:
    return _number(cell)


def _flag_out(field: Defined, cell: Cell) -> bool:
    return _number(cell) != 0


# ---------------------------------------------------------------- what people type

_WEB = re.compile(r"(?:https?://)?[^\s/:@.]+(?:\.[^\s/:@.]+)+(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)


def _figure(ctx: Context, field: Defined, text: str) -> Any:
    if not text:
        return None
    bare = re.sub(r"[\s\u00a0\u202f']", "", text)
    if bare.rfind(",") > bare.rfind("."):
        bare = bare.replace(".", "").replace(",", ".") if field.decimals or "." in bare else bare
    if not field.decimals and re.fullmatch(r"-?\d{1,3}([.,]\d{3})+", bare):
        bare = re.sub(r"[.,]", "", bare)
    try:
        figure = Decimal(bare.replace(",", ""))
    except InvalidOperation:
        raise ValueError(_("“%(text)s” is no number. Write it like 1200.", text=text[:40])) from None
    if not figure.is_finite() or abs(figure) >= MOST:
        raise ValueError(_("“%(text)s” is too large. Write a smaller number.", text=text[:40]))
    if figure != round(figure, field.decimals):
        raise ValueError(
            _("“%(text)s” has too many decimals: at most %(most)s here.", text=text[:40], most=field.decimals)
            if field.decimals
            else _("“%(text)s” is no whole number. Write it like 1200.", text=text[:40])
        )
    return _figure_out(field, _figure_in(field, figure))


def _line(ctx: Context, field: Defined, text: str) -> str:
    return text.replace("\x00", "")


def _mail(ctx: Context, field: Defined, text: str) -> str:
    return emails.parse(text).address if text else ""


def _phone(ctx: Context, field: Defined, text: str) -> str:
    if text and not phones.parse(text, ctx.settings.get("region") or None).tel_uri:
        raise ValueError(_("“%(text)s” is no phone number. Write its digits.", text=text[:60]))
    return text


def _web(ctx: Context, field: Defined, text: str) -> str:
    if text and not _WEB.fullmatch(text):
        raise ValueError(
            _("“%(text)s” is no web address. Write it like https://example.org.", text=text[:60])
        )
    return text if not text or "://" in text else f"https://{text}"


def _several(ctx: Context, field: Defined, text: str) -> list[str]:
    """Return the choices that are meant by words with commas between them: by what they are called, or by value."""
    assert not callable(field.choices)
    known = {c.value: c.value for c in field.choices}
    known = {str(c.label).casefold(): c.value for c in reversed(field.choices)} | known
    found = []
    for word in filter(None, (part.strip() for part in text.split(","))):
        value = known.get(word) or known.get(word.casefold())
        if value is None:
            some = ", ".join(str(c.label) for c in field.choices[:8] if not c.retired)
            raise ValueError(
                _(
                    "“%(text)s” is no choice for %(name)s. Choose one of: %(some)s.",
                    text=word,
                    name=field.label,
                    some=some,
                )
            )
        found.append(value)
    return list(dict.fromkeys(found))


_TEXT: dict[str, Any] = {"column": "key", "store": _text_in, "read": _text_out, "empty": ""}
_FIGURE: dict[str, Any] = {
    "column": "number",
    "store": _figure_in,
    "read": _figure_out,
    "parse": _figure,
}
_ID: dict[str, Any] = {"column": "number", "store": _id_in, "read": _id_out, "sorted": False}

TYPES: Mapping[str, Type] = {
    "text": Type(kind=Kind.TEXT, label=_l("Text"), parse=_line, longest=200, **_TEXT),
    "long_text": Type(
        kind=Kind.LONG_TEXT, label=_l("Long text"), whole=False, sorted=False, longest=50_000, **_TEXT
    ),
    "number": Type(kind=Kind.NUMBER, label=_l("Number"), **_FIGURE),
    "money": Type(kind=Kind.MONEY, label=_l("Amount of money"), **_FIGURE),
    "date": Type(kind=Kind.DATE, label=_l("Date"), column="key", store=_code_in, read=_day_out, empty=""),
    "time": Type(
        kind=Kind.TIME, label=_l("Date and time"), column="number", store=_moment_in, read=_moment_out
    ),
    "bool": Type(
        kind=Kind.BOOL,
        label=_l("Yes or no"),
        column="number",
        store=lambda field, value: (None, None, 1),
        read=_flag_out,
        empty=False,
    ),
    "choice": Type(
        kind=Kind.CHOICE,
        label=_l("Choice"),
        column="key",
        store=_choice_in,
        read=_text_out,
        empty="",
    ),
    "choices": Type(
        kind=Kind.CHOICES,
        label=_l("Several choices"),
        parse=_several,
        column="key",
        store=_code_in,
        read=_text_out,
        empty=(),
        sorted=False,
    ),
    "url": Type(kind=Kind.URL, label=_l("Web address"), parse=_web, whole=False, longest=2000, **_TEXT),
    "email": Type(kind=Kind.EMAIL, label=_l("E-mail address"), parse=_mail, longest=254, **_TEXT),
    "phone": Type(kind=Kind.PHONE, label=_l("Phone number"), parse=_phone, longest=60, **_TEXT),
    "file": Type(
        kind=Kind.FILE,
        label=_l("File"),
        column="key",
        store=field_files.stored,
        read=field_files.read,
        parse=field_files.parse,
        empty="",
    ),
    "ref": Type(kind=Kind.REF, label=_l("Record"), **_ID),
    "user": Type(kind=Kind.USER, label=_l("Colleague"), **_ID),
}
"""Name of a type, as it is stored → what it is."""

FORMULA = "formula"
"""The name of the type whose values are computed; what they are is said in the settings."""

LABELS: Mapping[str, Any] = {**{name: one.label for name, one in TYPES.items()}, FORMULA: _l("Formula")}
"""Every type that a field can be of → what it is called."""

RESULTS = ("number", "money", "text", "date", "bool")
"""Types that a formula can come to."""
