"""Cards written as vCard 4.0 (RFC 6350) or 3.0 (RFC 2426) text, or as jCard (RFC 7095)."""

import re

from app.formats.card import Card, Component, Property, PropertyValue
from app.formats.clean_text import clean
from app.formats.vcard_dates import iso_date
from app.formats.vcard_names import BINARY_NAMES, TOKEN, default_type
from app.formats.vcard_properties import Version, properties_of
from app.formats.vcard_syntax import token_of
from app.formats.vcard_values import escape

MAX_OCTETS = 75
_CASE = {"x-ablabel": "X-ABLabel", "x-abshowas": "X-ABShowAs"}
"""Names that some address books read only in their own capitals."""
_OFFSET = re.compile(r"[+-]\d\d(?::?\d\d)?|Z")


def write_vcard(card: Card, version: Version = "4.0") -> str:
    """Return the card as vCard text with CRLF line ends, lines folded to at most 75 octets of UTF-8."""
    lines = ["BEGIN:VCARD\r\n", f"VERSION:{version}\r\n"]
    lines += [fold(content_line(prop, version)) for prop in properties_of(card, version)]
    return "".join([*lines, "END:VCARD\r\n"])


def write_jcard(card: Card) -> list[object]:
    """Return the card as the JSON value of RFC 7095: `["vcard", [[name, params, type, value, ...], ...]]`."""
    version: list[object] = ["version", {}, "text", "4.0"]
    return ["vcard", [version, *(_json_form(prop) for prop in properties_of(card, "4.0"))]]


def _json_form(prop: Property) -> list[object]:
    if prop.type != "date-and-or-time":
        return prop.to_jcard()
    dates = tuple(iso_date(value) or value if isinstance(value, str) else value for value in prop.values)
    return Property(prop.name, dates, prop.type, prop.params).to_jcard()


def content_line(prop: Property, version: Version) -> str:
    """Return one unfolded content line without its line end; no text of the card can begin another line."""
    params = {name: given for name, given in prop.params.items() if name != "group"}
    group = prop.params.get("group", ("",))[0]
    prefix = f"{group}." if TOKEN.fullmatch(group) else ""
    value, extra = _old_binary(prop, version)
    if value is None:
        value = ",".join(_value(part, prop.type) for part in prop.values)
        extra = _value_param(prop, version)
    written = "".join(f";{token_of(name).upper()}={_params(given)}" for name, given in params.items())
    name = _CASE.get(prop.name) or (token_of(prop.name).upper() or "X")
    return f"{prefix}{name}{written}{extra}:{value}"


def _old_binary(prop: Property, version: Version) -> tuple[str | None, str]:
    """The base64 value and parameters with which vCard 3.0 writes a data URI."""
    uri = prop.values[0] if prop.values else ""
    if version == "4.0" or prop.name not in BINARY_NAMES or not isinstance(uri, str) or prop.type != "uri":
        return None, ""
    head, comma, data = uri.partition(";base64,")
    if not comma or not head.startswith("data:"):
        return None, ""
    media = head.removeprefix("data:")
    family, _, subtype = media.partition("/")
    usual = family == {"sound": "audio", "key": "application"}.get(prop.name, "image")
    word = subtype.upper() if usual and TOKEN.fullmatch(subtype) else media
    return data, f";ENCODING=b;TYPE={_param(word)}" if word else ";ENCODING=b"


def _value_param(prop: Property, version: Version) -> str:
    kind = prop.type
    if version == "3.0" and prop.name in BINARY_NAMES and kind == "uri":
        return ";VALUE=uri"
    if version == "3.0" and prop.name == "tz" and not _OFFSET.fullmatch(str(prop.values[0])):
        return ";VALUE=text"
    if kind in ("unknown", default_type(prop.name)) or not TOKEN.fullmatch(kind):
        return ""
    return f";VALUE={kind}"


def _value(value: PropertyValue, kind: str) -> str:
    if not isinstance(value, str):
        return ";".join(_component(part) for part in value)
    value = clean(value)
    if kind == "text":
        return escape(value)
    if kind == "uri":
        return value.replace("\\", "\\\\").replace("\n", "%0A")
    return value.replace("\n", "\\n")


def _component(part: Component) -> str:
    return escape(clean(part)) if isinstance(part, str) else ",".join(escape(clean(text)) for text in part)


def _params(values: tuple[str, ...]) -> str:
    return ",".join(_param(value) for value in values)


def _param(value: str) -> str:
    """A parameter value with the caret escapes of RFC 6868, quoted where it must be."""
    value = clean(value).replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    bare = value and value == value.strip() and not any(mark in value for mark in ",;:")
    return value if bare else f'"{value}"'


def fold(line: str) -> str:
    """Return the line with its CRLF, folded to 75 octets between characters."""
    raw = line.encode()
    if len(raw) <= MAX_OCTETS:
        return line + "\r\n"
    parts: list[bytes] = []
    start, room = 0, MAX_OCTETS
    while start < len(raw):
        end = min(start + room, len(raw))
        while end < len(raw) and raw[end] & 0xC0 == 0x80:
            end -= 1
        parts.append(raw[start:end])
        start, room = end, MAX_OCTETS - 1
    return b"\r\n ".join(parts).decode() + "\r\n"
