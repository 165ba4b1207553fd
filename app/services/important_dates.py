"""Dates of people's lives: birthdays, anniversaries and others, found by their day; what comes up in the next days.

Who was born on 29 February has the birthday on the 28th in a year without one.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, case, delete, func, insert, select

from app.formats import partial_dates
from app.i18n import _, _n
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.models import Contact, ContactDate
from app.services import access
from app.services.id_lists import among

FOLLOWED = ("birthday", "anniversary")
"""Fields of a contact whose days are kept beside it."""

MOST_LINES, LONGEST_LABEL = 30, 120
MOST_DAYS = 62


@dataclass(frozen=True, kw_only=True)
class Upcoming:
    """A date that comes up: whose, what, when, in how many days, and the age reached (None when no year is known)."""

    id: int
    contact_id: int
    name: str
    kind: str
    label: str
    on: date
    days: int
    age: int | None


_OF_YEAR = func.substr(ContactDate.day, func.length(ContactDate.day) - 4)
_ALL = (
    select(ContactDate, Contact.formatted_name)
    .join(Contact, Contact.id == ContactDate.contact_id)
    .where(
        ContactDate.day.in_(bindparam("days", expanding=True)),
        ContactDate.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(
        case((bindparam("first") <= _OF_YEAR, 0), else_=1), _OF_YEAR, ContactDate.contact_id, ContactDate.id
    )
    .limit(bindparam("most"))
)
_FURTHER = (
    select(ContactDate.contact_id, ContactDate.label, ContactDate.on_date)
    .where(among(ContactDate.contact_id), ContactDate.kind == "custom")
    .order_by(ContactDate.id)
)
_MINE = _ALL.where(Contact.owner_id == bindparam("me"))


def upcoming(
    ctx: Context, days: int = 14, *, mine: bool = True, start: date | None = None, limit: int = 20
) -> Sequence[Upcoming]:
    """Return the dates of the next days, today's first: of the principal's contacts, or of all he may see.

    One statement, found by an index over the day.
    """
    first = start or ctx.now.astimezone(ctx.zone).date()
    places = _places(first, min(days, MOST_DAYS))
    values = {"days": list(places), "kinds": list(_kinds(ctx)), "first": f"{first:%m-%d}", "most": limit}
    query, whose = (_MINE, {"me": ctx.user.id or 0}) if mine else (_ALL, {})
    found = ctx.session.execute(query, values | whose, execution_options={access.PREPARED: True})
    return [_upcoming(row[0], row[1], first, places) for row in found]


def _kinds(ctx: Context) -> list[str]:
    """Return the kinds of dates whose fields exist for the principal."""
    fields = {**{kind: kind for kind in FOLLOWED}, "custom": "dates"}
    return [kind for kind, field in fields.items() if access.sees(ctx, "contact", field)]


def _places(first: date, days: int) -> dict[str, int]:
    """Return the days of a span as they are kept, with their distance from its first."""
    found: dict[str, int] = {}
    for away in range(days + 1):
        day = first + timedelta(days=away)
        found.setdefault(f"{day:%m-%d}", away)
        found[day.isoformat()] = away
        if (day.month, day.day) == (2, 28) and not calendar.isleap(day.year):
            found.setdefault("02-29", away)
    return found


def _upcoming(row: ContactDate, name: str, first: date, places: Mapping[str, int]) -> Upcoming:
    away = places[row.day]
    on = first + timedelta(days=away)
    year = int(row.on_date[:4]) if row.on_date[:4].isdecimal() and row.yearly else None
    return Upcoming(
        id=row.id,
        contact_id=row.contact_id,
        name=name,
        kind=row.kind,
        label=row.label,
        on=on,
        days=away,
        age=on.year - year if year is not None and on.year > year else None,
    )


def words(found: Upcoming) -> str:
    """Return what a date is: "Birthday, 40 years", "Contract ends"."""
    label = {"birthday": _("Birthday"), "anniversary": _("Anniversary")}.get(found.kind, found.label)
    if found.age is None:
        return label
    years = _n("%(num)s year", "%(num)s years", found.age)
    return _("%(what)s, %(years)s", what=label, years=years)


# ---------------------------------------------------------------- kept beside the contact


def heard(ctx: Context, events: Sequence[Any]) -> None:
    """A subscriber within the transaction: let the days of birthdays and anniversaries follow the contacts' fields."""
    for kind in FOLLOWED:
        told = {
            e.record_id: str(e.after[kind] or "")
            for e in events
            if e.entity == "contact" and e.record_id is not None and kind in e.after
        }
        if told:
            _replace(ctx, kind, {i: [("", text)] if text else [] for i, text in told.items()})


def load(ctx: Context, ids: Sequence[int]) -> Mapping[int, str]:
    """Return the further dates of contacts as text, one in each line."""
    found: dict[int, list[str]] = {}
    for contact_id, label, day in access.rows(ctx, _FURTHER, {"ids": ids}).all():
        found.setdefault(contact_id, []).append(f"{label}: {day}")
    return {i: "\n".join(found.get(i, ())) for i in ids}


def save(ctx: Context, values: Mapping[int, Any]) -> None:
    """Replace the further dates of contacts. Raises Invalid for a line that was not read by `parse`."""
    lines = {i: [_parts(line) for line in str(text or "").splitlines()] for i, text in values.items()}
    for label, written in (pair for pairs in lines.values() for pair in pairs):
        if not _day("custom", written):
            raise Invalid(
                {"dates": _("“%(line)s” needs a day and a month.", line=f"{label}: {written}"[:80])}
            )
    _replace(ctx, "custom", lines)


def parse(ctx: Context, text: str) -> str:
    """Read lines of "what: when" and return them with ISO dates. Raises ValueError naming the line that is wrong."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise ValueError(_("These are too many dates. Write at most %(num)s.", num=MOST_LINES))
    return "\n".join(_read(ctx, line) for line in lines)


def _read(ctx: Context, line: str) -> str:
    label, written = _parts(line)
    if not label or not written:
        raise ValueError(
            _("“%(line)s” is no date with a name. Write it like “Contract ends: 2027-03-31”.", line=line[:80])
        )
    found = partial_dates.parse(written, ctx.locale, ctx.now.date())
    if found.month is None or found.day is None:
        raise ValueError(_("“%(line)s” needs a day and a month.", line=line[:80]))
    return f"{label[:LONGEST_LABEL]}: {found}"


def _parts(line: str) -> tuple[str, str]:
    label, _colon, written = line.rpartition(":")
    return label.strip(), written.strip()


def _replace(ctx: Context, kind: str, dates: Mapping[int, Sequence[tuple[str, str]]]) -> None:
    ctx.session.execute(
        delete(ContactDate).where(ContactDate.contact_id.in_(list(dates)), ContactDate.kind == kind),
        execution_options={"synchronize_session": False},
    )
    made = [
        {"contact_id": i, "kind": kind, "label": label, "on_date": text, "yearly": yearly, "day": day}
        for i, lines in dates.items()
        for label, text in lines
        for yearly, day in _day(kind, text)
    ]
    if made:
        ctx.session.execute(insert(ContactDate), made)


def _day(kind: str, text: str) -> Sequence[tuple[bool, str]]:
    """Return whether a date comes every year and the day it is found by; nothing for one without day and month."""
    try:
        found = partial_dates.from_iso(text)
    except partial_dates.DateError:
        return ()
    if found.month is None or found.day is None:
        return ()
    yearly = kind != "custom" or found.year is None
    return [(yearly, f"{found.month:02}-{found.day:02}" if yearly else text)]
