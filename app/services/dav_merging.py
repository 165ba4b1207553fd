"""A card that a program sends for a contact: what changes. A card is the whole of what it can say, and no more.

What a card cannot say is left alone: owner, own fields, flags. Places of work beyond the first and ties to other people are
told to programs, but many know neither and leave them out when they send a card back, so they stay as they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.formats.card import Card, Property, Related
from app.formats.fold import fold
from app.kernel.context import Context
from app.services import cards, companies, fields, import_fit
from app.services.card_values import FURTHER_NAMES, PARTS
from app.services.values import dump

TEXTS = (
    *PARTS,
    *FURTHER_NAMES,
    "birthday",
    "anniversary",
    "gender",
    "pronouns",
    "languages",
    "time_zone",
    "note",
)
LISTS = ("emails", "phones", "addresses", "links", "tags")
OTHERS = ("name", "affiliations", "extra")
NAMED = ("given_name", "additional_name", "family_name")
PASSING = ("prodid", "rev")
"""Properties that a program writes anew each time."""

Places = Sequence[Mapping[str, Any]]


def new(ctx: Context, card: Card) -> dict[str, Any]:
    """Return the field values of a new contact."""
    values = cards.values_of(ctx, _kept(card, ()))
    import_fit.fit(ctx, "contact", values)
    return values


def changes(ctx: Context, record: Any, card: Card) -> dict[str, Any]:
    """Return what a card changes of a contact that the principal may edit; fields that he does not see stay."""
    seen = {f.key for f in fields.visible(ctx, "contact")}
    wanted = [ctx.schema.field("contact", n) for n in (*TEXTS, *LISTS, *OTHERS, "relations") if n in seen]
    loaded = fields.load(ctx, ctx.schema.entity("contact"), wanted, [record])
    present = {name: found.get(record.id) for name, found in loaded.items()}
    ties = [(fold(tie["name"]), fold(tie["type"])) for tie in present.pop("relations", None) or ()]
    places: Places = present.get("affiliations") or ()
    values = cards.values_of(ctx, _kept(_without_places(card, places), ties))
    import_fit.fit(ctx, "contact", values)
    told: dict[str, Any] = {n: values.get(n, "") for n in TEXTS} | {n: values.get(n, []) for n in LISTS}
    told |= {"extra": values.get("extra", "[]"), "affiliations": _places(ctx, places, values)}
    if not any(values.get(n) for n in NAMED):
        told["name"] = values.get("name") or card.formatted_name
    return {n: v for n, v in told.items() if n in present and _differs(n, present[n], v)}


def _differs(name: str, now: Any, new: Any) -> bool:
    if name == "extra":
        return bool(json.loads(now or "[]") != json.loads(new))
    if name in LISTS:
        return dump(_plain(now or [])) != dump(_plain(new))
    return dump(now if now is not None else "") != dump(new)


def _plain(entries: Sequence[Any]) -> list[Any]:
    """Entries as they are stored: exactly one is the preferred, which comes first; tags have no order."""
    if not all(isinstance(e, Mapping) for e in entries):
        return sorted(entries)
    first = next((n for n, e in enumerate(entries) if e.get("preferred")), 0)
    ordered = [*entries[first : first + 1], *entries[:first], *entries[first + 1 :]]
    return [{k: e[k] for k in sorted(e) if e[k] and k != "preferred"} for e in ordered]


def _kept(card: Card, ties: Sequence[tuple[str, str]]) -> Card:
    """Return a card without ties that are known, and with its kind among what is kept if it is no person."""
    related = tuple(one for one in card.related if not _is_known(one, ties))
    extra = tuple(prop for prop in card.extra if prop.name not in PASSING)
    if card.kind != "individual":
        extra = (*extra, Property("kind", (card.kind,)))
    return replace(card, kind="individual", related=related, extra=extra)


def _is_known(one: Related, ties: Sequence[tuple[str, str]]) -> bool:
    return any((fold(one.value), fold(word)) in ties for word in one.types or ("",))


def _without_places(card: Card, places: Places) -> Card:
    """Return a card without the further places of work that it was told; they stay as they are."""
    told = {companies.key_of(str(p["company"])) for p in [p for p in places if not p["ended_on"]][1:]}
    groups = {
        prop.params["group"]
        for prop in card.extra
        if prop.name == "org" and "group" in prop.params and companies.key_of(_first(prop)) in told
    }
    extra = tuple(
        p for p in card.extra if p.name not in ("org", "title", "role") or p.params.get("group") not in groups
    )
    return replace(card, extra=extra)


def _first(prop: Property) -> str:
    value = prop.values[0] if prop.values else ""
    return value if isinstance(value, str) else str(value[0] if value else "")


def _places(ctx: Context, places: Places, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the places of work when the first one is as the card says; a former first one is over, not forgotten."""
    now = [dict(place) for place in places]
    open_ = [place for place in now if not place["ended_on"]]
    told: Places = values.get("affiliations", ())
    same = next((p for p in open_ if told and _key(p) == _key(told[0])), None)
    if open_ and same is not open_[0]:
        open_[0] |= {"ended_on": ctx.now.astimezone(ctx.zone).date().isoformat()}
    if not told:
        return now
    for place in now:
        place["is_primary"] = place is same
    if same is None:
        return [dict(told[0]), *now]
    same |= {part: told[0].get(part) or "" for part in ("title", "role", "department")}
    return now


def _key(place: Mapping[str, Any]) -> str:
    return companies.key_of(str(place["company"]))
