"""Contacts and companies as vCards and back: `to_card` for download and QR code, `many` for export, `values_of` for import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.formats.card import Address, Card, Impp, Params, Photo, Property, Related, Value
from app.kernel.context import Context
from app.models import Attachment, Blob, ExternalId
from app.services import card_values, fields, records
from app.services.attachments import path_of
from app.services.card_details import NAME, Kept
from app.services.card_values import ADDRESS, FURTHER_NAMES, PARTS, UNNAMED, is_company, one_line

SYSTEM = "vcard"
"""The system of ExternalId under which the UIDs of imported cards stand."""

__all__ = [
    "NAME",
    "SYSTEM",
    "company_card",
    "company_values_of",
    "further",
    "is_company",
    "many",
    "numbered",
    "to_card",
    "uids",
    "values_of",
]


def values_of(ctx: Context, card: Card) -> dict[str, Any]:
    """Return a card as field values of a contact; photo and UID are the caller's. Empty values are left out."""
    return card_values.contact(ctx, card)


def company_values_of(ctx: Context, card: Card) -> dict[str, Any]:
    """Return a card as field values of a company; photo and UID are the caller's. Empty values are left out."""
    return card_values.company(ctx, card)


def further(extra: str) -> Sequence[Property]:
    """Return the properties of a record that have no field, for its page; `extra` is the column of that name."""
    return Kept.read(extra).others


def to_card(ctx: Context, contact_id: int, *, photo: bool = True) -> Card:
    """Return a contact as a card, with what the principal may see. Raises NotVisible."""
    return next(_cards(ctx, "contact", [records.get(ctx, "contact", contact_id)], photo=photo))


def company_card(ctx: Context, company_id: int, *, photo: bool = True) -> Card:
    """Return a company as a card of an organisation, with what the principal may see. Raises NotVisible."""
    return next(_cards(ctx, "company", [records.get(ctx, "company", company_id)], photo=photo))


def many(ctx: Context, entity: str, ids: Sequence[int]) -> Iterator[Card]:
    """Yield contacts or companies as cards, by id and with their photos; those out of sight are left out.

    All are read at once, with as many statements as a single one takes; only their photos are read one by one.
    """
    yield from (card for _id, card in numbered(ctx, entity, ids))


def numbered(
    ctx: Context, entity: str, ids: Sequence[int], *, photo: bool = True
) -> Iterator[tuple[int, Card]]:
    """Yield contacts or companies with their ids, as `many` does."""
    model = ctx.schema.entity(entity).model
    found = ctx.session.execute(select(model).where(model.id.in_(ids)).order_by(model.id)).scalars().all()
    yield from zip([record.id for record in found], _cards(ctx, entity, found, photo=photo), strict=True)


def _cards(ctx: Context, entity: str, found: Sequence[Any], *, photo: bool = True) -> Iterator[Card]:
    if not found:
        return
    card, picture = (_contact, "photo_id") if entity == "contact" else (_company, "logo_id")
    loaded = fields.load(ctx, ctx.schema.entity(entity), fields.visible(ctx, entity), found)
    known = uids(ctx, entity, found)
    blobs = _blobs(ctx, loaded.get(picture, {}).values()) if photo else {}
    for record in found:
        values = {name: of.get(record.id) for name, of in loaded.items()}
        yield card(record, values, known[record.id], _photo(blobs.get(values.get(picture) or 0)))


def _contact(record: Any, values: Mapping[str, Any], uid: str, photo: Photo | None) -> Card:
    kept = Kept.read(values.get("extra") or "[]")
    place: Mapping[str, Any] = next((p for p in values.get("affiliations") or () if not p["ended_on"]), {})
    texts: dict[str, Any] = {n: str(values.get(n) or "") for n in (*PARTS, *FURTHER_NAMES, *_SAME)}
    return Card(
        **texts,
        **_reach(values, kept),
        formatted_name=record.formatted_name,
        uid=uid,
        languages=_languages(str(values.get("languages") or "")),
        organization=str(place.get("company") or ""),
        department=str(place.get("department") or ""),
        title=str(place.get("title") or ""),
        role=str(place.get("role") or ""),
        categories=tuple(values.get("tags") or ()),
        related=tuple(Related(r["name"], (r["type"],)) for r in values.get("relations") or ()),
        photo=photo,
        params=kept.texts(),
        extra=(*_other_places(values, place), *kept.others),
    )


_SAME = ("birthday", "anniversary", "gender", "pronouns", "time_zone", "note")


def _company(record: Any, values: Mapping[str, Any], uid: str, photo: Photo | None) -> Card:
    kept = Kept.read(values.get("extra") or "[]")
    return Card(
        kind="org",
        **_reach(values, kept),
        formatted_name=record.name,
        organization=record.name,
        uid=uid,
        note=str(values.get("description") or ""),
        categories=tuple(values.get("tags") or ()),
        photo=photo,
        params=kept.texts(),
        extra=kept.others,
    )


def _reach(values: Mapping[str, Any], kept: Kept) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ("emails", "phones"):
        rows = values.get(name) or ()
        found[name] = tuple(Value(r["value"], **kept.entry(name, r["value"], r, len(rows) > 1)) for r in rows)
    rows = values.get("addresses") or ()
    found["addresses"] = tuple(_address(r, kept, len(rows) > 1) for r in rows)
    rows = values.get("links") or ()
    links = [(r, kept.entry("links", r["value"], r, len(rows) > 1)) for r in rows]
    found["urls"] = tuple(Value(r["value"], **more) for r, more in links if not r["service"])
    found["impp"] = tuple(
        Impp(r["value"], "" if r["service"] == UNNAMED else r["service"], **more)
        for r, more in links
        if r["service"]
    )
    return found


def _languages(codes: str) -> tuple[Value, ...]:
    found = [code.strip() for code in codes.split(",") if code.strip()]
    return tuple(Value(code, pref=n if len(found) > 1 else None) for n, code in enumerate(found, start=1))


def _address(row: Mapping[str, Any], kept: Kept, many: bool) -> Address:
    written = one_line(dict(row))
    more = kept.entry("addresses", written, row, many)
    texts: dict[str, Any] = {name: str(row.get(name) or "") for name in ADDRESS}
    return Address(
        **texts,
        **more,
        further=kept.further("addresses", written),
    )


def _other_places(values: Mapping[str, Any], first: Mapping[str, Any]) -> Iterator[Property]:
    """Present places beyond the first, each in a group of its own, as Apple and Google write them."""
    others = [p for p in values.get("affiliations") or () if not p["ended_on"] and p is not first]
    for number, place in enumerate(others, start=2):
        group: Params = {"group": (f"work{number}",)}
        units = (place["department"],) if place["department"] else ()
        yield Property("org", ((place["company"], *units),), "text", group)
        for name in ("title", "role"):
            if place[name]:
                yield Property(name, (place[name],), "text", group)


def uids(ctx: Context, entity: str, found: Sequence[Any]) -> dict[int, str]:
    """Record id → the UID under which its card came, else one of our own (RFC 4122)."""
    query = select(ExternalId.record_id, ExternalId.value).where(
        ExternalId.system == SYSTEM,
        ExternalId.entity == entity,
        ExternalId.record_id.in_([record.id for record in found]),
    )
    own = {record.id: f"urn:uuid:{record.uid}" for record in found}
    return own | dict(ctx.session.execute(query.order_by(ExternalId.id.desc())).all())


def _blobs(ctx: Context, attachment_ids: Iterable[int | None]) -> dict[int, Blob]:
    """Attachment → the file that it is."""
    ids = [i for i in attachment_ids if i]
    if not ids:
        return {}
    query = select(Attachment.id, Blob).join(Blob, Attachment.blob_id == Blob.id)
    return dict(ctx.session.execute(query.where(Attachment.id.in_(ids))).all())


def _photo(blob: Blob | None) -> Photo | None:
    path = path_of(blob.storage_name) if blob is not None else None
    if blob is None or path is None or not path.exists():
        return None
    return Photo(path.read_bytes(), blob.media_type)
