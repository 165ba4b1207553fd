"""jCard properties made into a Card: the fields of vCard 2.1, 3.0 and 4.0 and of the usual vendors."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from app.formats import vcard_handlers as handlers
from app.formats.card import Address, Card, Params, Property
from app.formats.card_draft import Draft
from app.formats.vcard_accounts import add_account, add_social
from app.formats.vcard_addresses import NEAR, add_address, add_labels
from app.formats.vcard_names import ANNIVERSARIES, CALLING, RELATIONS, SINGLE_TEXTS
from app.formats.vcard_typing import Labels

Handler = Callable[[Draft, Property, Labels], bool]


def card_of(properties: Iterable[Property]) -> Card:
    """Return the card that the properties describe; what has no field, or whose field is taken, is in `extra`."""
    given = [prop for prop in properties if prop.name not in ("version", "begin", "end")]
    labels = Labels.of(given)
    draft = Draft()
    pending: list[Property] = []
    for prop in given:
        if prop.name == "label":
            pending.append(prop)
        elif prop.name == "x-ablabel" or (prop.name == "x-abadr" and labels.country(prop)):
            continue
        elif not _HANDLERS.get(prop.name, keep_aside)(draft, prop, labels):
            draft.extra.append(prop)
        if prop.name in ("label", "adr"):
            pending = add_labels(draft, pending, labels, last=len(pending) > NEAR)
    add_labels(draft, pending, labels, last=True)
    draft.addresses = [address for address in draft.addresses if _told(address)]
    draft.extra += labels.unused(given, draft.extra)
    return _without_idle_groups(draft).finish()


def keep_aside(_draft: Draft, _prop: Property, _labels: Labels) -> bool:
    """Take nothing, so that the property goes to `extra`."""
    return False


def _told(address: Address) -> bool:
    return address != Address(types=address.types, pref=address.pref, params=address.params)


def _without_idle_groups(draft: Draft) -> Draft:
    """A group that holds no other property tells nothing and is left out."""
    held = {prop.params["group"] for prop in draft.extra if "group" in prop.params}

    def useful(params: Params) -> Params:
        if "group" in params and params["group"] not in held:
            return {name: given for name, given in params.items() if name != "group"}
        return params

    for entries in (draft.emails, draft.phones, draft.urls, draft.languages):
        entries[:] = [replace(entry, params=useful(entry.params)) for entry in entries]
    draft.addresses = [replace(entry, params=useful(entry.params)) for entry in draft.addresses]
    draft.impp = [replace(entry, params=useful(entry.params)) for entry in draft.impp]
    draft.related = [replace(entry, params=useful(entry.params)) for entry in draft.related]
    return draft


_HANDLERS: dict[str, Handler] = {
    **{name: partial(handlers.single, field) for name, field in SINGLE_TEXTS.items()},
    **{name: partial(handlers.related, relation) for name, relation in RELATIONS.items()},
    **{name: partial(handlers.date, "anniversary") for name in ANNIVERSARIES},
    **{name: partial(add_account, service) for name, service in CALLING.items()},
    "n": handlers.name_parts,
    "org": handlers.organization,
    "nickname": handlers.nickname,
    "email": partial(handlers.listed_value, "emails"),
    "tel": partial(handlers.listed_value, "phones"),
    "url": partial(handlers.listed_value, "urls"),
    "lang": partial(handlers.listed_value, "languages"),
    "adr": add_address,
    "impp": partial(add_account, ""),
    "socialprofile": add_social,
    "x-socialprofile": add_social,
    "bday": partial(handlers.date, "birthday"),
    "x-abdate": handlers.apple_date,
    "gender": handlers.gender,
    "x-gender": handlers.gender,
    "geo": handlers.geo,
    "note": handlers.note,
    "categories": handlers.categories,
    "photo": handlers.photo,
    "kind": handlers.kind,
    "x-abshowas": handlers.kind,
    "x-addressbookserver-kind": handlers.kind,
    "sound": handlers.spoken_name,
}
