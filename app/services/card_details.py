"""What a field cannot hold of a card's value, kept beside it: further types, preference, labels, parameters.

It stands among the further properties of a record as `x-kith-detail`, which names the field and the value it is
about; once the value is changed it tells nothing any more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.formats.card import Address, Impp, Params, Property, Related, Value
from app.formats.jcard import property_of

NAME = "x-kith-detail"
OF = "x-of"
FURTHER = "x-further"
PLAIN = frozenset(("internet", "voice", "text", "postal", "parcel", "dom", "intl", "x400", "pref"))
"""Types that say nothing a reader would miss beside a better one."""

FIRST = {"phones": ("fax", "pager", "cell", "work", "home")}
USUAL = ("work", "home")

Entry = Value | Impp | Address | Related


def kind_of(field: str, types: Sequence[str]) -> str:
    """Return the one word under which an entry is kept: a usual type if it has one, else its own label."""
    words = [word.strip() for word in types]
    low = [word.lower() for word in words]
    for known in FIRST.get(field, USUAL):
        if known in low:
            return known
    return next((word for word in words if word.lower() not in PLAIN), "")[:40]


def detail(field: str, value: str, entry: Entry, kind: str) -> Iterable[Property]:
    """Yield the property that keeps what field and kind do not say of an entry; nothing when they say it all."""
    params: dict[str, tuple[str, ...]] = {}
    if entry.types != ((kind,) if kind else ()):
        params["type"] = entry.types
    if entry.pref is not None and entry.pref != 1:
        params["pref"] = (str(entry.pref),)
    further = getattr(entry, "further", ())
    if any(further):
        params[FURTHER] = further
    params |= entry.params
    if params:
        yield Property(NAME, (value,), "text", {OF: (field,), **params})


def of_text(field: str, params: Params) -> Property:
    """Return the property that keeps the parameters of a field with a single value."""
    return Property(NAME, ("",), "text", {OF: (field,), **params})


@dataclass(frozen=True)
class Kept:
    """The further properties of a record: details by (field, value), and the others in their order."""

    details: Mapping[tuple[str, str], Params]
    others: tuple[Property, ...]

    @classmethod
    def read(cls, text: str) -> Kept:
        """Return what the column `extra` holds (a JSON list of jCard properties)."""
        found = [prop for item in json.loads(text or "[]") if (prop := property_of(item)) is not None]
        details = {(p.params.get(OF, ("",))[0], str(p.values[0])): p.params for p in found if p.name == NAME}
        return cls(details, tuple(p for p in found if p.name != NAME))

    def entry(self, field: str, value: str, row: Mapping[str, Any], many: bool) -> dict[str, Any]:
        """Return types, preference and parameters of an entry of a list field."""
        kind = str(row.get("kind") or "")
        known = self.details.get((field, value))
        types: tuple[str, ...] = (kind,) if kind else ()
        pref = 1 if row.get("preferred") and many else None
        params: Params = {}
        if known is not None and kind == kind_of(field, known.get("type", types)):
            types = known.get("type", types)
            pref = int(known["pref"][0]) if "pref" in known else pref
            params = {n: v for n, v in known.items() if n not in {OF, FURTHER, "type", "pref"}}
        return {"types": types, "pref": pref, "params": params}

    def further(self, field: str, value: str) -> tuple[str, ...]:
        """Return the components of an address beyond the seven of vCard 3."""
        return self.details.get((field, value), {}).get(FURTHER, ())

    def texts(self) -> dict[str, Params]:
        """Return the parameters of fields with a single value, by field."""
        return {
            field: {n: v for n, v in params.items() if n != OF}
            for (field, value), params in self.details.items()
            if not value
        }


def stored(properties: Iterable[Property]) -> str:
    """Return properties as the column `extra` holds them."""
    return json.dumps([prop.to_jcard() for prop in properties], ensure_ascii=False)


def added(extra: str, properties: Iterable[Property]) -> str:
    """Return the column `extra` with further properties at its end."""
    return json.dumps([*json.loads(extra or "[]"), *(p.to_jcard() for p in properties)], ensure_ascii=False)


def without(extra: str, gone: Iterable[Property]) -> str:
    """Return the column `extra` without some properties."""
    forms = [json.loads(json.dumps(prop.to_jcard())) for prop in gone]
    return json.dumps([p for p in json.loads(extra or "[]") if p not in forms], ensure_ascii=False)
