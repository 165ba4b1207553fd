"""jCard (RFC 7095) read into cards: one card, a list of cards, or cards inside a list named "vcard"."""

import json
from collections.abc import Iterator

from app.formats.card import N_, Card, Component, Params, Problem, Property, PropertyValue, left_out, problem
from app.formats.clean_text import clean
from app.formats.text_encoding import detect
from app.formats.vcard_fields import card_of
from app.formats.vcard_syntax import token_of

_BROKEN = N_("The file is no valid JSON (%(reason)s). Export it again from the program it comes from.")
_NO_CARD = N_("This entry is no contact and was left out. Add by hand what you need of it.")
_NO_PROPERTY = N_("This part of the contact is no jCard property and was put into the note.")
MAX_NESTING = 4


def load_json(data: bytes, encoding: str = "") -> object | Problem:
    """Return the JSON value of a file, or the Problem that says why there is none."""
    text = data.decode(encoding or detect(data), errors="replace").removeprefix("\ufeff")
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        return left_out(
            getattr(error, "lineno", 1), text[:80], _BROKEN, reason=getattr(error, "msg", "nested too deeply")
        )
    return value


def is_jcard(value: object) -> bool:
    """Return whether a JSON value is a jCard."""
    return isinstance(value, list) and len(value) == 2 and value[0] == "vcard" and isinstance(value[1], list)


def has_jcards(value: object) -> bool:
    """Return whether a JSON value is a jCard or a list that begins with one."""
    return is_jcard(value) or (isinstance(value, list) and bool(value) and is_jcard(value[0]))


def read_jcards(value: object) -> Iterator[Card | Problem]:
    """Yield the cards of a JSON value and what could not be read; `line` of a problem counts the cards."""
    entries = [value] if is_jcard(value) or not isinstance(value, list) else value
    for number, entry in enumerate(entries, start=1):
        if not is_jcard(entry):
            yield left_out(number, json.dumps(entry, ensure_ascii=False)[:400], _NO_CARD)
            continue
        properties = []
        for item in entry[1]:
            prop = property_of(item)
            if prop is None:
                text = json.dumps(item, ensure_ascii=False)
                yield problem(number, text, _NO_PROPERTY)
                prop = Property("note", (clean(text),))
            properties.append(prop)
        yield card_of(properties)


def property_of(item: object) -> Property | None:
    """Return the property of `[name, params, type, value, ...]`, or None if the JSON is no property."""
    if not isinstance(item, list) or len(item) < 4:
        return None
    name, params, kind, *values = item
    if not isinstance(name, str) or not isinstance(params, dict) or not isinstance(kind, str):
        return None
    read = tuple(_value(value) for value in values)
    return Property(token_of(name), read, clean(kind).lower(), _params(params))


def _params(params: dict[object, object]) -> Params:
    given = {}
    for name, value in params.items():
        values = value if isinstance(value, list) else [value]
        given[token_of(str(name))] = tuple(json_text(part) for part in values)
    return given


def _value(value: object) -> PropertyValue:
    if not isinstance(value, list):
        return json_text(value)
    return tuple(_component(part) for part in value)


def _component(part: object) -> Component:
    return tuple(json_text(text) for text in part) if isinstance(part, list) else json_text(part)


def json_text(value: object) -> str:
    """Return a JSON value as clean text; null is empty, numbers and objects stay as JSON."""
    if isinstance(value, str):
        return clean(value)
    if value is None:
        return ""
    return clean(json.dumps(value, ensure_ascii=False))
