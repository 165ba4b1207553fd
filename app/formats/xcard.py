"""xCard (RFC 6351) read into cards, with entities and external references refused."""

import io
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from app.formats.card import N_, Card, Component, Params, Problem, Property, PropertyValue, left_out
from app.formats.clean_text import clean
from app.formats.vcard_fields import card_of
from app.formats.vcard_names import STRUCTURED

NAMESPACE = "urn:ietf:params:xml:ns:vcard-4.0"
_BROKEN = N_("The file is no valid XML from here on (%(reason)s). The contacts before it were read.")
_REFUSED = N_("The file declares entities or outside references, which are not read. Export it without them.")
_PARTS = {
    "n": ("surname", "given", "additional", "prefix", "suffix"),
    "adr": ("pobox", "ext", "street", "locality", "region", "code", "country"),
    "gender": ("sex", "identity"),
    "clientpidmap": ("sourceid", "uri"),
}
_TYPES = {
    "date",
    "time",
    "date-time",
    "date-and-or-time",
    "timestamp",
    "utc-offset",
    "language-tag",
    "uri",
    "text",
}


def read_xcards(data: bytes) -> Iterator[Card | Problem]:
    """Yield the cards of an xCard file, one at a time; what follows an error in the XML is not read."""
    number = 0
    try:
        for _, element in iterparse(io.BytesIO(data), events=("end",), forbid_dtd=False):
            if _name(element) == "vcard":
                number += 1
                yield card_of(_properties(element))
                element.clear()
    except ParseError as error:
        yield left_out(error.position[0], "", _BROKEN, reason=str(error))
    except DefusedXmlException:
        yield left_out(number + 1, "", _REFUSED)


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _properties(card: Element) -> Iterator[Property]:
    for element in card:
        if _name(element) != "group":
            yield _property(element, {})
            continue
        group = clean(element.get("name", ""))
        for inner in element:
            yield _property(inner, {"group": (group,)} if group else {})


def _property(element: Element, params: Params) -> Property:
    name = _name(element)
    values = []
    for child in element:
        if _name(child) == "parameters":
            params = {**params, **{_name(param): _texts(param) for param in child}}
        else:
            values.append(child)
    if name in STRUCTURED:
        return Property(name, (_structured(name, values, element),), "text", params)
    kinds = {_name(value) for value in values}
    kind = kinds.pop() if len(kinds) == 1 else "text"
    found: tuple[PropertyValue, ...] = tuple(_all_text(value) for value in values) or (_all_text(element),)
    if kind not in _TYPES:
        kind, found = "text", (_all_text(element),) if kind != "unknown" else found
    return Property(name, found, kind, params)


def _structured(name: str, values: list[Element], element: Element) -> tuple[Component, ...]:
    if name not in _PARTS:
        return tuple(_all_text(value) for value in values) or (_all_text(element),)
    parts: list[list[str]] = [[] for _ in _PARTS[name]]
    for value in values:
        at = _PARTS[name].index(_name(value)) if _name(value) in _PARTS[name] else -1
        if at < 0:
            parts.append([_all_text(value)])
        else:
            parts[at].append(_all_text(value))
    return tuple(part[0] if len(part) == 1 else tuple(part) if part else "" for part in parts)


def _texts(param: Element) -> tuple[str, ...]:
    return tuple(_all_text(value) for value in param) or (_all_text(param),)


def _all_text(element: Element) -> str:
    return clean("".join(element.itertext())).strip()
