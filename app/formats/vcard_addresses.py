"""Postal addresses of vCards: ADR, its LABEL (a property of its own before vCard 4) and country codes."""

from dataclasses import replace
from typing import Any

from app.formats.card import Address, Property
from app.formats.card_draft import Draft
from app.formats.vcard_names import country_code
from app.formats.vcard_typing import Labels, preference, rest, text_of, types_from

ADDRESS_PARTS = (
    "post_office_box",
    "extended_address",
    "street_address",
    "locality",
    "region",
    "postal_code",
    "country",
)
"""The components of ADR in their order, by the names of the fields."""
NEAR = 50
"""How many addresses back a LABEL looks for its own, and how many labels wait for theirs."""


def add_address(draft: Draft, prop: Property, labels: Labels) -> bool:
    """Add an ADR, even an empty one: its LABEL may follow."""
    parts = prop.values[0] if prop.values and isinstance(prop.values[0], tuple) else (text_of(prop),)
    texts = [part if isinstance(part, str) else ", ".join(filter(None, part)) for part in parts]
    texts += [""] * (7 - len(texts))
    label = "\n".join(prop.params.get("label", ())).replace("\\n", "\n")
    further = tuple(texts[7:])
    code = next(filter(None, map(country_code, prop.params.get("cc", ()))), "") or labels.country(prop)
    named: dict[str, Any] = dict(zip(ADDRESS_PARTS, texts, strict=False))
    address = Address(
        **named,
        country_code=code or country_code(texts[6]),
        label=label,
        types=types_from(prop, labels),
        params=rest(prop, "label", *(["cc"] if code else [])),
        further=further if any(further) else (),
    )
    draft.addresses.append(replace(address, pref=preference(prop)))
    return True


def add_labels(
    draft: Draft, pending: list[Property], labels: Labels, *, last: bool = False
) -> list[Property]:
    """Give each LABEL to the address it belongs to and return those that still wait for one.

    The nearest address before it with the same types is meant; at the end of the card (`last`) also one that shares
    a type, or the only one; else the label becomes an address of its own.
    """
    waiting = []
    for prop in pending:
        text, types = text_of(prop), types_from(prop, labels)
        at = _match(draft.addresses, types, last=last)
        if at is not None:
            address = draft.addresses[at]
            draft.addresses[at] = replace(address, label=text, params={**rest(prop), **address.params})
        elif not last:
            waiting.append(prop)
        elif text:
            draft.addresses.append(Address(label=text, types=types, pref=preference(prop), params=rest(prop)))
    return waiting


def _match(addresses: list[Address], types: tuple[str, ...], *, last: bool) -> int | None:
    start = max(0, len(addresses) - NEAR)
    free = [at for at in range(start, len(addresses)) if not addresses[at].label]
    same = [at for at in free if set(addresses[at].types) == set(types)]
    if same or not last:
        return same[-1] if same else None
    shared = [at for at in free if set(addresses[at].types) & set(types)]
    if len(shared) == 1:
        return shared[0]
    return free[0] if len(free) == len(addresses) == 1 else None
