"""A card taken apart into the jCard properties of vCard 4 or 3: the inverse of `vcard_fields.card_of`."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from app.formats.card import Address, Card, Impp, Params, Photo, Property, Related, Value
from app.formats.vcard_accounts import has_scheme, is_social, is_web, scheme_of
from app.formats.vcard_addresses import ADDRESS_PARTS
from app.formats.vcard_dates import basic_date, iso_date
from app.formats.vcard_names import TOKEN
from app.formats.vcard_values import escape, is_uri

Version = Literal["3.0", "4.0"]
Entry = Value | Impp | Address | Related
_APPLE_LABELS = frozenset(
    (
        "assistant",
        "brother",
        "child",
        "father",
        "friend",
        "manager",
        "mother",
        "parent",
        "partner",
        "sister",
        "spouse",
    )
)
_GEO = re.compile(r"geo:-?\d+(?:\.\d+)?,-?\d+(?:\.\d+)?")
_MONTH_DAY = re.compile(r"--\d\d-\d\d")
_LEAP_YEAR = "1604"
"""The year that Apple writes where there is none."""


def properties_of(card: Card, version: Version) -> list[Property]:
    """Return the properties of a card in the order in which they are written, without BEGIN, VERSION and END."""
    maker = _Maker(version, _used_groups(card))
    found = [*_identity(card, version), *maker.reach(card), *maker.dates(card), *_about(card, version)]
    found += maker.people(card)
    if card.photo is not None:
        found += _photo(card.photo, card.params.get("photo", {}))
    return [*found, *(prop for prop in card.extra if prop.name != "x-ablabel" or prop not in found)]


def _used_groups(card: Card) -> set[str]:
    holders = (
        card.emails,
        card.phones,
        card.addresses,
        card.urls,
        card.impp,
        card.languages,
        card.related,
        card.extra,
    )
    return {
        entry.params["group"][0].lower() for held in holders for entry in held if entry.params.get("group")
    }


def _single(name: str, text: str, params: Params | None, kind: str = "text") -> Iterator[Property]:
    if text:
        raw = escape(text) if kind == "unknown" else text
        yield Property(name, (raw,), kind, params or {})


def _identity(card: Card, version: Version) -> Iterator[Property]:
    if card.kind != "individual":
        older = {"org": ("x-abshowas", "COMPANY"), "group": ("x-addressbookserver-kind", "group")}
        name, word = ("kind", card.kind) if version == "4.0" else older[card.kind]
        yield Property(name, (word,), "text" if version == "4.0" else "unknown")
    yield from _single("uid", card.uid, card.params.get("uid"), "uri")
    yield Property("fn", (card.formatted_name,), "text", card.params.get("formatted_name", {}))
    parts = (
        card.family_name,
        card.given_name,
        card.additional_name,
        card.honorific_prefix,
        card.honorific_suffix,
    )
    if any(parts) or version == "3.0" or "n" in card.params:
        yield Property("n", (parts,), "text", card.params.get("n", {}))
    if card.nickname:
        yield Property("nickname", tuple(card.nickname.split(", ")), "text", card.params.get("nickname", {}))
    for name, field_name in (("first", "phonetic_given_name"), ("last", "phonetic_family_name")):
        text, params = getattr(card, field_name), card.params.get(field_name)
        yield from _single(f"x-phonetic-{name}-name", text, params, "unknown")


def _about(card: Card, version: Version) -> Iterator[Property]:
    params, new = card.params.get, version == "4.0"
    if card.gender:
        sex, _, words = card.gender.partition(";")
        structured = (sex, words) if words else (sex,)
        value = structured if new else escape(card.gender)
        yield Property(
            "gender" if new else "x-gender", (value,), "text" if new else "unknown", params("gender", {})
        )
    yield from _single(
        "pronouns" if new else "x-pronouns", card.pronouns, params("pronouns"), "text" if new else "unknown"
    )
    yield from _single("tz", card.time_zone, params("time_zone"))
    if not new and _GEO.fullmatch(card.geo):
        yield Property("geo", (card.geo[4:].replace(",", ";"),), "unknown", params("geo", {}))
    else:
        yield from _single("geo", card.geo, params("geo"), "uri")
    if card.organization or card.department:
        units = card.department.split("; ") if card.department else []
        yield Property("org", ((card.organization, *units),), "text", params("organization", {}))
    yield from _single("title", card.title, params("title"))
    yield from _single("role", card.role, params("role"))
    yield from _single("note", card.note, params("note"))
    if card.categories:
        yield Property("categories", card.categories, "text", params("categories", {}))
    source = ("source", "uri") if is_uri(card.source) else ("x-source", "unknown")
    yield from _single(source[0], card.source, params("source"), source[1])


def _photo(photo: Photo, params: Params) -> Iterator[Property]:
    uri = photo.uri
    if photo.data:
        uri = f"data:{photo.media_type};base64,{base64.b64encode(photo.data).decode()}"
    if uri:
        yield Property("photo", (uri,), "uri", params)


@dataclass(slots=True)
class _Maker:
    """Makes the properties that may need a group of their own for a label ("item1.TEL", "item1.X-ABLabel")."""

    version: Version
    groups: set[str]
    labelled: set[tuple[tuple[str, ...], str]] = field(default_factory=set)

    def reach(self, card: Card) -> Iterator[Property]:
        for email in card.emails:
            yield from self._entry("email", email.value, email)
        for phone in card.phones:
            yield from self._entry("tel", phone.value, phone)
        for address in card.addresses:
            yield from self._address(address)
        for url in card.urls:
            yield from self._entry("url", url.value, url, kind="uri")
        for account in card.impp:
            yield from self._account(account)
        for language in card.languages:
            yield from self._entry("lang", language.value, language, kind="language-tag")

    def dates(self, card: Card) -> Iterator[Property]:
        yield from self._date("bday", card.birthday, card.params.get("birthday", {}))
        if self.version == "4.0" or not card.anniversary:
            yield from self._date("anniversary", card.anniversary, card.params.get("anniversary", {}))
            return
        group = self._group({})
        for prop in self._date("x-abdate", card.anniversary, card.params.get("anniversary", {})):
            yield Property(prop.name, prop.values, "unknown", {**prop.params, **group})
        yield Property("x-ablabel", ("_$!<Anniversary>!$_",), "unknown", group)

    def people(self, card: Card) -> Iterator[Property]:
        for person in card.related:
            kind = "uri" if is_uri(person.value) else "text"
            if self.version == "4.0":
                yield from self._entry("related", person.value, person, kind=kind)
            else:
                yield from self._entry("x-abrelatednames", escape(person.value), person, kind="unknown")

    def _date(self, name: str, text: str, params: Params) -> Iterator[Property]:
        if not text:
            return
        iso = iso_date(text)
        short = self.version == "3.0" and _MONTH_DAY.fullmatch(iso) is not None
        if not iso or (self.version == "3.0" and len(iso) < 10 and not short):
            yield Property(name, (escape(text) if name == "x-abdate" else text,), "text", params)
        elif short:
            omit = {**params, "x-apple-omit-year": (_LEAP_YEAR,)}
            yield Property(name, (_LEAP_YEAR + iso[1:],), "date-and-or-time", omit)
        else:
            value = iso if self.version == "3.0" else basic_date(iso)
            yield Property(name, (value,), "date-and-or-time", params)

    def _entry(self, name: str, value: str, entry: Entry, *, kind: str = "text") -> Iterator[Property]:
        params, labels = self._params(entry, all_labels=name == "x-abrelatednames")
        yield Property(name, (value,), kind, params)
        yield from self._labels(params, labels)

    def _params(self, entry: Entry, *, all_labels: bool = False) -> tuple[Params, list[str]]:
        """The parameters of an entry and the types that are no words of vCard and become labels."""
        tokens = [] if all_labels else [word for word in entry.types if TOKEN.fullmatch(word)]
        labels = [word for word in entry.types if word not in tokens]
        params: Params = {}
        if entry.pref == 1 and self.version == "3.0":
            tokens.append("pref")
        if tokens:
            params["type"] = tuple(tokens)
        if entry.pref is not None and (entry.pref != 1 or self.version == "4.0"):
            params["pref"] = (str(entry.pref),)
        params |= entry.params
        if labels and "group" not in params:
            params |= self._group(params)
        return params, labels

    def _labels(self, params: Params, labels: list[str]) -> Iterator[Property]:
        for word in labels:
            group = params["group"]
            if (group, word) not in self.labelled:
                self.labelled.add((group, word))
                text = f"_$!<{word.capitalize()}>!$_" if word in _APPLE_LABELS else escape(word)
                yield Property("x-ablabel", (text,), "unknown", {"group": group})

    def _group(self, params: Params) -> Params:
        if "group" in params:
            return {"group": params["group"]}
        number = len(self.groups) + 1
        while f"item{number}" in self.groups:
            number += 1
        self.groups.add(f"item{number}")
        return {"group": (f"item{number}",)}

    def _address(self, address: Address) -> Iterator[Property]:
        params, labels = self._params(address)
        parts = (*(getattr(address, part) for part in ADDRESS_PARTS), *address.further)
        if self.version == "4.0":
            params |= {"label": (address.label,)} if address.label else {}
            params |= {"cc": (address.country_code,)} if address.country_code else {}
        elif address.country_code:
            params |= self._group(params)
        yield Property("adr", (parts,), "text", params)
        yield from self._labels(params, labels)
        if self.version == "3.0" and address.country_code:
            yield Property("x-abadr", (address.country_code.lower(),), "unknown", {"group": params["group"]})
        if self.version == "3.0" and address.label:
            kept = {name: given for name, given in params.items() if name in ("type", "group")}
            yield Property("label", (address.label,), "text", kept)

    def _account(self, account: Impp) -> Iterator[Property]:
        new = self.version == "4.0"
        if is_social(account):
            kind = "uri" if is_uri(account.value) else "text"
            name, service_name, value = (
                "socialprofile" if new else "x-socialprofile",
                "service-type",
                account.value,
            )
        else:
            scheme, kind = scheme_of(account.service), "uri"
            plain = not scheme or has_scheme(account.value) or is_web(account.value)
            name, value = "impp", account.value if plain else f"{scheme}:{account.value}"
            service_name = "service-type"
        for prop in self._entry(name, value, account, kind=kind):
            if prop.name == name and account.service:
                key = service_name if new else f"x-{service_name}"
                yield Property(name, prop.values, kind, {key: (account.service,), **prop.params})
            else:
                yield prop
