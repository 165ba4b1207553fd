"""A card as field values of a contact or a company; what has no field there is in `extra`, nothing is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.formats import languages, partial_dates, zones
from app.formats.card import Address, Card, Impp, Photo, Property, Value
from app.formats.fold import fold, words
from app.formats.vcard_properties import properties_of
from app.kernel.context import Context
from app.services.card_details import detail, kind_of, of_text, stored

PARTS = ("honorific_prefix", "given_name", "additional_name", "family_name", "honorific_suffix")
FURTHER_NAMES = ("nickname", "phonetic_given_name", "phonetic_family_name")
ADDRESS = (
    "post_office_box",
    "extended_address",
    "street_address",
    "locality",
    "region",
    "postal_code",
    "country_code",
    "country",
    "label",
)
UNNAMED = "im"
"""The service of a messaging account of which nobody said where it is."""

RUNS = ("javascript:", "vbscript:", "data:")
"""Schemes of links that a browser would run; such a link is kept, but not as a link."""


def is_company(card: Card) -> bool:
    """Tell whether a card is about an organisation and no person."""
    if card.kind == "org":
        return True
    named = any(getattr(card, name) for name in (*PARTS, "nickname"))
    return not named and bool(card.organization) and fold(card.formatted_name) == fold(card.organization)


def contact(ctx: Context, card: Card) -> dict[str, Any]:
    """Return a card as field values of a contact; photo and UID are the caller's. Empty values are left out."""
    card = _with_hours(card)
    values: dict[str, Any] = {n: getattr(card, n) for n in (*PARTS, *FURTHER_NAMES) if getattr(card, n)}
    extra: list[Property] = []
    if not any(getattr(card, n) for n in ("given_name", "additional_name", "family_name")):
        values["name"] = card.formatted_name
        if card.formatted_name != " ".join(card.formatted_name.split()):
            extra.append(Property("fn", (card.formatted_name,)))
    elif set(words(card.formatted_name)) - set(
        words(" ".join(getattr(card, n) for n in (*PARTS, "nickname")))
    ):
        extra.append(Property("fn", (card.formatted_name,)))
    _reach(values, extra, card)
    _work(values, extra, card)
    _about(ctx, values, extra, card)
    return _finished(values, extra, card)


def company(ctx: Context, card: Card) -> dict[str, Any]:
    """Return a card as field values of a company; photo and UID are the caller's. Empty values are left out."""
    name = card.organization or card.formatted_name
    values: dict[str, Any] = {"name": name}
    extra: list[Property] = []
    if fold(card.formatted_name) != fold(name):
        extra.append(Property("fn", (card.formatted_name,)))
    _reach(values, extra, card)
    if card.note:
        values["description"] = card.note
    if card.categories:
        values["tags"] = list(card.categories)
    personal = {n: getattr(card, n) for n in (*PARTS, *FURTHER_NAMES, *_ALONE)}
    bare = replace(Card(formatted_name="-"), **personal, languages=card.languages, related=card.related)
    bare = replace(bare, photo=_elsewhere(card))
    extra += beyond_names(bare)
    if card.department:
        extra.append(Property("org", ((name, *card.department.split("; ")),)))
    return _finished(values, extra, card)


_ALONE = ("birthday", "anniversary", "gender", "pronouns", "time_zone", "geo", "title", "role", "source")
"""Fields of a person's card that become properties when there is no field for them."""


def _idle(prop: Property) -> bool:
    return prop.name == "fn" or (prop.name == "n" and not any(prop.values[0]))


def _elsewhere(card: Card) -> Photo | None:
    """A picture of which the card has only the address; it is not fetched."""
    return card.photo if card.photo is not None and not card.photo.data else None


def _finished(values: dict[str, Any], extra: list[Property], card: Card) -> dict[str, Any]:
    extra += [of_text(name, params) for name, params in card.params.items() if params and name != "uid"]
    extra += card.extra
    if extra:
        values["extra"] = stored(extra)
    return {name: value for name, value in values.items() if value not in ("", [], None)}


def _reach(values: dict[str, Any], extra: list[Property], card: Card) -> None:
    for name, entries in (("emails", card.emails), ("phones", card.phones)):
        values[name] = [_row(name, entry.value, entry, extra) for entry in entries]
    values["addresses"] = [
        _row("addresses", one_line(entry), entry, extra) | {n: getattr(entry, n) for n in ADDRESS}
        for entry in card.addresses
    ]
    links = [_row("links", url.value, url, extra) for url in card.urls if _harmless(url)]
    links += [
        _row("links", one.value, one, extra) | {"service": one.service or UNNAMED}
        for one in card.impp
        if _harmless(one)
    ]
    values["links"] = links
    if not (card.urls or card.impp):
        return
    unsafe = replace(
        Card(formatted_name="-"),
        urls=tuple(url for url in card.urls if not _harmless(url)),
        impp=tuple(one for one in card.impp if not _harmless(one)),
    )
    if unsafe.urls or unsafe.impp:
        extra += beyond_names(unsafe)


def _row(field: str, value: str, entry: Value | Impp | Address, extra: list[Property]) -> dict[str, Any]:
    kind = kind_of(field, entry.types)
    extra += detail(field, value, entry, kind)
    row: dict[str, Any] = {"kind": kind, "preferred": entry.pref == 1}
    return row if isinstance(entry, Address) else {"value": value, **row}


def _harmless(entry: Value | Impp) -> bool:
    return not "".join(entry.value.split()).lower().startswith(RUNS)


def one_line(address: Any) -> str:
    """Return an address in one line, by which its detail finds it again; takes a card's address or a row."""
    get = address.get if isinstance(address, dict) else lambda name: getattr(address, name)
    return ", ".join(str(get(name)) for name in ADDRESS if get(name) and name != "country_code")


def _work(values: dict[str, Any], extra: list[Property], card: Card) -> None:
    place: dict[str, Any] = {"title": card.title, "role": card.role, "department": card.department}
    if card.organization:
        values["affiliations"] = [{"company": card.organization, **place, "is_primary": True}]
        return
    if any(place.values()):
        extra += beyond_names(Card(formatted_name="-", **place))


def _about(ctx: Context, values: dict[str, Any], extra: list[Property], card: Card) -> None:
    kept: dict[str, Any] = {"geo": card.geo, "source": card.source, "related": card.related}
    kept["photo"] = _elsewhere(card)
    for name in ("birthday", "anniversary"):
        values[name], kept[name] = _date(getattr(card, name))
    values["time_zone"], kept["time_zone"] = _zone(card.time_zone)
    known, unknown = _languages(card.languages)
    values["languages"], kept["languages"] = ",".join(known), tuple(unknown)
    values |= {"gender": card.gender, "pronouns": card.pronouns, "note": card.note}
    values["tags"] = list(card.categories)
    if any(kept.values()):
        extra += beyond_names(replace(Card(formatted_name="-"), **kept))


def _with_hours(card: Card) -> Card:
    """A birth with its hour is kept as a parameter, as the field holds days."""
    if not (card.birthday or card.anniversary):
        return card
    params = dict(card.params)
    for name in ("birthday", "anniversary"):
        text = getattr(card, name)
        if set(text.partition("T")[2]) - set("0:Z."):
            params[name] = {**params.get(name, {}), "x-written": (text,)}
    return replace(card, params=params)


def _date(text: str) -> tuple[str, str]:
    """Return a date of the calendar, and the text where it is none."""
    if not text:
        return "", ""
    try:
        return str(partial_dates.from_iso(text)), ""
    except partial_dates.DateError:
        return "", text


def _zone(text: str) -> tuple[str, str]:
    try:
        return zones.parse(text), ""
    except ValueError:
        return "", text


def _languages(given: Sequence[Value]) -> tuple[list[str], list[Value]]:
    known: list[str] = []
    unknown: list[Value] = []
    for one in given:
        try:
            found = languages.parse(one.value)
        except ValueError:
            unknown.append(one)
            continue
        known += [found] if found not in known else []
        unknown += [one] if one.types or one.params else []
    return known, unknown


def beyond_names(card: Card) -> list[Property]:
    """Return the properties of a card but for its names, as `extra` keeps them."""
    return [prop for prop in properties_of(card, "4.0") if not _idle(prop)]
