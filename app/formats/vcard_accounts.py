"""Messaging and social accounts of vCards: IMPP (RFC 6350), SOCIALPROFILE (RFC 9554) and a vendor property each."""

import re

from app.formats.card import Impp, Property
from app.formats.card_draft import Draft
from app.formats.vcard_names import SCHEMES, SOCIAL, TOKEN
from app.formats.vcard_typing import Labels, preference, rest, text_of, types_from

_SERVICE = ("service-type", "x-service-type")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?=.)")
_PLACES = frozenset(("home", "work", "personal", "business", "other"))


def scheme_of(service: str) -> str:
    """Return the URI scheme of a service ("GTalk" is "xmpp"), or "" for a name that cannot be one."""
    name = service.lower()
    return SCHEMES.get(name, name if TOKEN.fullmatch(name) and not name[0].isdigit() else "")


def is_web(value: str) -> bool:
    """Return whether an account is given as a web address."""
    return value.lower().startswith(("http://", "https://"))


def has_scheme(value: str) -> bool:
    """Return whether an account is given as a URI."""
    return _SCHEME.match(value) is not None


def is_social(account: Impp) -> bool:
    """Return whether an account belongs into SOCIALPROFILE: a web page, or a name on a social network."""
    return is_web(account.value) or account.service.lower() in SOCIAL


def add_account(service: str, draft: Draft, prop: Property, labels: Labels) -> bool:
    """Add an IMPP or vendor property; `service` is what the property's name says ("" for IMPP)."""
    value = text_of(prop)
    named = service or next((prop.params[name][0] for name in _SERVICE if name in prop.params), "")
    found = _SCHEME.match(value)
    if found and not named and not is_web(value):
        named = found[1].lower()
    if found and scheme_of(named) == found[1].lower():
        value = value[found.end() :]
    return _add(draft, prop, labels, Impp(value, named))


def add_social(draft: Draft, prop: Property, labels: Labels) -> bool:
    """Add a SOCIALPROFILE or Apple's X-SOCIALPROFILE, whose TYPE is the service."""
    service = next((prop.params[name][0] for name in _SERVICE if name in prop.params), "")
    if not service and prop.name.startswith("x-"):
        words = prop.params.get("type", ())
        service = next((word for word in words if word.lower() not in {*_PLACES, "pref"}), "")
    return _add(draft, prop, labels, Impp(text_of(prop), service))


def _add(draft: Draft, prop: Property, labels: Labels, account: Impp) -> bool:
    if not account.value:
        return True
    types = tuple(word for word in types_from(prop, labels) if word.lower() != account.service.lower())
    params = rest(prop, *_SERVICE)
    draft.impp.append(Impp(account.value, account.service, types, preference(prop), params))
    return True
