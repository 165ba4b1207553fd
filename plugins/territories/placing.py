"""Where contacts and companies are: their addresses looked up in the background, again when an address changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from app.sdk import Context, Event
from app.sdk.models import Affiliation, Company, Contact, PostalAddress
from app.sdk.services import enqueue, unit

from . import borders, geocoding, grid, home, progress
from .gazetteer import Found
from .models import NOWHERE, Place

WHOSE = {"contact": "contact_id", "company": "company_id"}
MODELS: Mapping[str, Any] = {"contact": Contact, "company": Company}
PIECE = 500
JOB = "territories.locate"

Address = Mapping[str, str]


def column(entity: str) -> Any:
    """Return the column of places that points to a kind of record."""
    return getattr(Place, WHOSE[entity])


def of(ctx: Context, entity: str, ids: Iterable[int]) -> dict[int, Place]:
    """Return record id → its place; those that were not looked up yet are left out."""
    whose = column(entity)
    query = select(whose, Place).where(whose.in_(list(ids))).order_by(Place.id)
    return {row[0]: row[1] for row in ctx.session.execute(query)}


def addresses(ctx: Context, entity: str, ids: Sequence[int]) -> dict[int, Address]:
    """Return record id → the address by which it is found: its own, the preferred first, else that of its company."""
    found = _own(ctx, entity, ids)
    missing = [i for i in ids if i not in found]
    if entity != "contact" or not missing:
        return found
    query = select(Affiliation.contact_id, Affiliation.company_id).where(
        Affiliation.contact_id.in_(missing), Affiliation.ended_on == ""
    )
    works: dict[int, int] = {}
    for contact_id, company_id in ctx.session.execute(
        query.order_by(Affiliation.is_primary.desc(), Affiliation.id)
    ):
        works.setdefault(contact_id, company_id)
    theirs = _own(ctx, "company", sorted(set(works.values())))
    return found | {one: theirs[company] for one, company in works.items() if company in theirs}


def _own(ctx: Context, entity: str, ids: Sequence[int]) -> dict[int, Address]:
    whose = getattr(PostalAddress, WHOSE[entity])
    parts = [getattr(PostalAddress, name) for name in geocoding.PARTS]
    query = select(whose, PostalAddress.latitude, PostalAddress.longitude, *parts).where(whose.in_(ids))
    found: dict[int, Address] = {}
    for row in ctx.session.execute(
        query.order_by(PostalAddress.preferred.desc(), PostalAddress.position, PostalAddress.id)
    ):
        address = dict(zip(geocoding.PARTS, row[3:], strict=True))
        if row[0] not in found and any(address.values()):
            if not address["country_code"]:
                address["country_code"] = borders.country_of(address["country"])
            found[row[0]] = address
    return found


# ---------------------------------------------------------------- looked up


def locate(ctx: Context, entity: str, ids: Sequence[int]) -> list[int]:
    """Look up where some records are, as far as their addresses changed; return the ids of those that were written.

    Raises Later when a server is asked and cannot answer now; what was found before that stays.
    """
    known = of(ctx, entity, ids)
    living = _living(ctx, entity, ids)
    told = addresses(ctx, entity, sorted(living))
    changed = [i for i in living if _is_new(known.get(i), told.get(i))]
    found: dict[int, tuple[Found | None, str]] = {}
    try:
        for number in changed:
            found[number] = geocoding.find(ctx, told[number]) if number in told else (None, "")
    finally:
        if found:
            _store(ctx, entity, found, told)
    return list(found)


def _living(ctx: Context, entity: str, ids: Sequence[int]) -> set[int]:
    model = MODELS[entity]
    return set(ctx.session.execute(select(model.id).where(model.id.in_(ids))).scalars())


def _is_new(place: Place | None, address: Address | None) -> bool:
    seen = geocoding.seen_as(address) if address else ""
    if place is None:
        return True
    return place.seen != seen


@unit
def _store(
    ctx: Context, entity: str, found: Mapping[int, tuple[Found | None, str]], told: Mapping[int, Address]
) -> None:
    known, base = of(ctx, entity, found), home.of(ctx)
    for number, (where, source) in found.items():
        place = known.get(number)
        if place is None:
            place = Place(**{WHOSE[entity]: number})
            ctx.session.add(place)
        address = told.get(number, {})
        place.seen = geocoding.seen_as(address) if address else ""
        place.country, region, code = borders.address_of(address)
        place.region, place.postal_code = region[:100], code[:20]
        place.at = ctx.now
        if place.state != "pinned":
            put(place, where, source)
            place.away = home.away(base, place)
    ctx.session.flush()


def put(place: Place, where: Found | None, source: str) -> None:
    """Set where a record is; without a place it is among those whose address is not known."""
    place.state = "found" if where is not None else "lost"
    place.latitude, place.longitude = (where.latitude, where.longitude) if where else (None, None)
    place.metres, place.exact = (where.metres, where.exact) if where else (0, "")
    place.cell = grid.cell(where.latitude, where.longitude) if where else NOWHERE
    place.source = source


@unit
def pin(ctx: Context, entity: str, record_id: int, at: tuple[float, float] | None) -> Place:
    """Put a record on the map by hand, or with None leave it to its address again. The caller may edit the record."""
    place = of(ctx, entity, [record_id]).get(record_id)
    if place is None:
        place = Place(**{WHOSE[entity]: record_id})
        ctx.session.add(place)
    if at is None:
        place.state, place.seen = "lost", "again"
        enqueue(ctx, JOB, {"entity": entity, "ids": [record_id]}, user_id=None)
    else:
        put(place, Found(*at, 10, "point"), "hand")
        place.away = home.away(home.of(ctx), place)
        place.state = "pinned"
        enqueue(ctx, "territories.assign", {"entity": entity, "ids": [record_id]}, user_id=None)
    ctx.session.flush()
    return place


# ---------------------------------------------------------------- in the background


def told(ctx: Context, events: Sequence[Event]) -> None:
    """Ask for the places of records that were written or whose address changed."""
    by_entity: dict[str, set[int]] = {}
    for event in events:
        if event.entity in WHOSE and event.record_id is not None:
            by_entity.setdefault(event.entity, set()).add(event.record_id)
    if "company" in by_entity:
        _work_there(ctx, by_entity["company"], by_entity)
    for entity, ids in by_entity.items():
        numbers = sorted(ids)
        for start in range(0, len(numbers), PIECE):
            enqueue(ctx, JOB, {"entity": entity, "ids": numbers[start : start + PIECE]}, user_id=None)


def _work_there(ctx: Context, companies: set[int], by_entity: dict[str, set[int]]) -> None:
    query = select(Affiliation.contact_id).where(
        Affiliation.company_id.in_(companies), Affiliation.ended_on == ""
    )
    by_entity["contact"] = by_entity.get("contact", set()) | set(
        ctx.session.execute(query.order_by(Affiliation.id).limit(10 * PIECE)).scalars()
    )


def waiting(ctx: Context, entity: str, limit: int) -> list[int]:
    """Return records behind the point up to which all were looked up once."""
    model = MODELS[entity]
    query = select(model.id).where(model.id > progress.number(ctx, f"locate:{entity}"))
    return list(ctx.session.execute(query.order_by(model.id).limit(limit)).scalars())


def lost(ctx: Context, entity: str, limit: int, after: int = 0) -> list[tuple[int, int]]:
    """Return (place id, record id) of records the principal may see whose address is not known."""
    whose, model = column(entity), MODELS[entity]
    query = select(Place.id, whose).join(model, model.id == whose)
    query = query.where(Place.state == "lost", Place.seen != "", Place.id > after, model.deleted_at.is_(None))
    return [(row[0], row[1]) for row in ctx.session.execute(query.order_by(Place.id).limit(limit))]


def placed(ctx: Context) -> int:
    """Return how many places there are, roughly: the greatest number of one."""
    return ctx.session.execute(select(func.max(Place.id))).scalar() or 0
