"""Values in the columns of a list: one small tuple a cell, so that fifty rows cost the template next to nothing.

A cell is (form, text, extra). Forms, as lists/_rows.html draws them: "" plain text, "tag" (extra: tone), "tags" (text: a
list), "time" (extra: ISO instant), "late" (the same, but past), "none" (nothing; left out on cards), "link" (extra:
address), "face" (extra: initials, hue), "num", "bad" (a failed field).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import url_for

from app.formats import file_values, phones
from app.i18n import _, _n
from app.kernel.context import Context
from app.kernel.contributions import Field, Kind
from app.kernel.guard import Failure
from app.models import NEVER
from app.services import fields
from app.services.search_hits import face
from app.web import amounts, dates
from app.web.amounts import number

__all__ = ["Cell", "Draw", "drawer", "excerpt", "face", "late"]

Cell = tuple[str, Any, Any]
Draw = Callable[[Any], Cell]

EMPTY: Cell = ("none", "–", None)
SOMEDAY = "9999-12-31"
SHORT = {Kind.TIME, Kind.DATE, Kind.PARTIAL_DATE, Kind.PHONE, Kind.USER, Kind.CHOICE, Kind.BOOL}
"""Kinds whose values are never broken into lines."""

SIGNS = re.compile(r"[\s*_#>`~|\[\]]+")


def drawer(ctx: Context, field: Field, names: Mapping[tuple[str, int], str]) -> Draw:
    """Return what turns a field's values into cells; `names` holds the names of what is referred to."""
    if field.kind is Kind.CHOICE:
        draw = _choice(ctx, field)
    elif field.kind is Kind.CHOICES:
        draw = _choices(ctx, field)
    elif field.kind in {Kind.USER, Kind.TEAM, Kind.REF}:
        draw = _reference(field, names)
    elif field.kind is Kind.PHONE:
        draw = _phone(str(ctx.settings.get("region") or ""))
    elif field.kind is Kind.MONEY:
        draw = _money(amounts.common(ctx, field))
    else:
        draw = DRAWERS.get(field.kind, _text)

    def cell(value: Any) -> Cell:
        if isinstance(value, Failure):
            return "bad", value.label, value.incident
        return EMPTY if value in (None, "", [], NEVER) else draw(value)

    return cell


def late(value: Any, today: str) -> Cell | None:
    """Return the cell of a day that has passed, or None for one to come."""
    if not isinstance(value, str) or len(value) != len(today) or value >= today:
        return None
    days = (date.fromisoformat(today) - date.fromisoformat(value)).days
    return "late", _n("%(num)s day late", "%(num)s days late", days), value


def excerpt(text: str) -> str:
    """Return the first words of a text in Markdown, without its signs; quick, for rows of lists."""
    return SIGNS.sub(" ", text).strip()[:80]


def _text(value: Any) -> Cell:
    if isinstance(value, list):
        return "", ", ".join(str(v.get("value", "") if isinstance(v, dict) else v) for v in value[:3]), None
    return "", str(value)[:200], None


def _tags(value: Any) -> Cell:
    return "tags", list(value)[:4], None


def _time(value: Any) -> Cell:
    return ("time", dates.ago(value), value.isoformat()) if isinstance(value, datetime) else _text(value)


def _date(value: Any) -> Cell:
    return ("time", dates.day(value), str(value)) if value != SOMEDAY else EMPTY


def _number(value: Any) -> Cell:
    return "num", number(value), None


def _money(common: str) -> Draw:
    """An amount, or (amount, the currency of its record)."""

    def draw(value: Any) -> Cell:
        amount, currency = value if isinstance(value, tuple) else (value, "")
        return "num", amounts.money(amount, currency or common), None

    return draw


def priced(field: Field, values: Mapping[int, Any], rows: Sequence[Any]) -> Mapping[int, Any]:
    """Return the values of a field, amounts together with the currency of their record where it has one."""
    name = amounts.column(field) if field.kind is Kind.MONEY else ""
    if not name:
        return values
    found = ((row, values.get(row.id)) for row in rows)
    return {
        row.id: (v, getattr(row, name)) for row, v in found if v is not None and not isinstance(v, Failure)
    }


def _flag(value: Any) -> Cell:
    return "", _("Yes") if value else _("No"), None


def _email(value: Any) -> Cell:
    first = value[0]["value"] if isinstance(value, list) else str(value)
    return "link", first, f"mailto:{first}"


def _link(value: Any) -> Cell:
    first = value[0]["value"] if isinstance(value, list) else str(value)
    address = first if first.startswith(("https://", "http://")) else None
    return ("link", first.partition("://")[2][:80], address) if address else _text(value)


def _file(value: Any) -> Cell:
    return "link", file_values.name_of(value)[:80], url_for("files.show", uid=file_values.uid_of(value))


def _phone(region: str) -> Draw:
    def draw(value: Any) -> Cell:
        first: Mapping[str, Any] = value[0] if isinstance(value, list) else {"value": str(value)}
        known = phones.parse(first["value"], first.get("region") or region or None)
        return "link", known.shown(region), known.tel_uri or None

    return draw


def _choice(ctx: Context, field: Field) -> Draw:
    known = {c.value: (str(c.label), c.tone) for c in fields.choices(ctx, field)}

    def draw(value: Any) -> Cell:
        label, tone = known.get(value, (str(value), ""))
        return ("tag", label, tone) if tone else ("", label, None)

    return draw


def _choices(ctx: Context, field: Field) -> Draw:
    known = {c.value: str(c.label) for c in fields.choices(ctx, field)}
    return lambda value: ("", ", ".join(known.get(one, str(one)) for one in value), None)


def _reference(field: Field, names: Mapping[tuple[str, int], str]) -> Draw:
    of = {Kind.USER: "user", Kind.TEAM: "team"}.get(field.kind, field.ref or "")

    def draw(value: Any) -> Cell:
        name = names.get((of, value))
        if name is None:
            return EMPTY
        return ("face", name, face(of, value, "", "", name)) if of == "user" else ("", name, None)

    return draw


DRAWERS: Mapping[Kind, Draw] = {
    Kind.TAGS: _tags,
    Kind.TIME: _time,
    Kind.DATE: _date,
    Kind.NUMBER: _number,
    Kind.BOOL: _flag,
    Kind.EMAIL: _email,
    Kind.URL: _link,
    Kind.FILE: _file,
}
