"""Where people work and worked: entries as somebody typed them made into those that can be stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import select

from app.formats.name_parts import NameParts
from app.formats.names import initials
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.models import Affiliation, Company, Contact
from app.services import access, companies, records
from app.services.unit import is_exact

TEXTS = ("title", "role", "department", "started_on", "ended_on")
MOST_PEOPLE = 200
"""People of a company that its page lists; the rest is on the list of contacts."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody's place in a company, for the company's page; dates are ISO 8601, possibly without month or day."""

    contact_id: int
    name: str
    title: str
    role: str
    department: str
    started_on: str
    ended_on: str
    is_primary: bool
    initials: str = ""
    photo_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class People:
    """Who works in a company and who did; `more` tells that the list was cut."""

    now: Sequence[Person] = ()
    before: Sequence[Person] = ()
    more: bool = False


def resolve(ctx: Context, entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return entries with `company_id`, finding or making the companies that are only named; see `resolve_many`."""
    return resolve_many(ctx, {0: entries})[0]


def resolve_many(
    ctx: Context, places: Mapping[int, Sequence[Mapping[str, Any]]]
) -> dict[int, list[dict[str, Any]]]:
    """Return the entries of several contacts with `company_id`, finding or making the companies that are only named.

    Exactly one present place of each becomes the primary one. Raises Invalid for a company the principal cannot see,
    NotAllowed where one would have to be made by somebody who may not.
    """
    wanted = {
        contact_id: [dict(e) for e in entries if e.get("company_id") or str(e.get("company") or "").strip()]
        for contact_id, entries in places.items()
    }
    every = [entry for entries in wanted.values() for entry in entries]
    given = {int(e["company_id"]) for e in every if e.get("company_id")}
    if given - access.visible_ids(ctx, Company, given):
        raise Invalid(
            {"affiliations": _("One of these companies is not there any more. Choose another one.")}
        )
    for entry in every:
        if not entry.get("company_id"):
            entry["company_id"] = companies.find_or_create(ctx, str(entry["company"]))
    exact = is_exact(ctx.session)
    return {contact_id: _stored(entries, exact=exact) for contact_id, entries in wanted.items()}


def _stored(wanted: Sequence[Mapping[str, Any]], *, exact: bool) -> list[dict[str, Any]]:
    current = [e for e in wanted if not e.get("ended_on")]
    primary = next((e for e in current if e.get("is_primary")), current[0] if current else None)
    return [
        {n: str(e.get(n) or "").strip()[: _length(n)] for n in TEXTS}
        | {
            "company_id": int(e["company_id"]),
            "is_primary": bool(e.get("is_primary")) if exact else e is primary,
        }
        for e in wanted
    ]


@cache
def _length(name: str) -> int:
    return int(getattr(Affiliation.__table__.c[name].type, "length", 200))


def people(ctx: Context, company_id: int) -> People:
    """Return the people of a company the caller has read: by name, present ones apart from former ones."""
    query = (
        select(Affiliation, Contact.formatted_name, Contact.given_name, Contact.family_name, Contact.photo_id)
        .join(Contact, Contact.id == Affiliation.contact_id)
        .where(Affiliation.company_id == company_id)
        .order_by(Affiliation.ended_on != "", Contact.name_key, Affiliation.id)
        .limit(MOST_PEOPLE + 1)
    )
    rows = ctx.session.execute(query).all()
    found = [_person(*row) for row in rows[:MOST_PEOPLE]]
    return People(
        now=[p for p in found if not p.ended_on],
        before=[p for p in found if p.ended_on],
        more=len(rows) > MOST_PEOPLE,
    )


def _person(place: Affiliation, name: str, given: str, family: str, photo_id: int | None) -> Person:
    texts = {n: getattr(place, n) for n in TEXTS}
    letters = initials(NameParts(given=given, family=family), name)
    return Person(
        contact_id=place.contact_id,
        name=name,
        initials=letters,
        is_primary=place.is_primary,
        photo_id=photo_id,
        **texts,
    )


def end(ctx: Context, contact_id: int, company_id: int, on: str) -> None:
    """End somebody's present places in a company on a date (ISO 8601); the places stay in the history."""
    field = ctx.schema.field("contact", "affiliations")
    assert field.load is not None
    places = field.load(ctx, [contact_id])[contact_id]
    changed = [
        {**p, "ended_on": on, "is_primary": False}
        if p["company_id"] == company_id and not p["ended_on"]
        else p
        for p in places
    ]
    records.update(ctx, "contact", contact_id, {"affiliations": changed})
