"""Values of vCard properties: escaping, lists, components and binary data, in both directions."""

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from app.formats.card import Component, Property, PropertyValue
from app.formats.vcard_names import BINARY_NAMES, LISTS, STRUCTURED, TOKEN, default_type
from app.formats.vcard_syntax import ContentLine

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_URI_ESCAPE = re.compile(r"\\([\\,;:])")
_LETTERS = {"n": "\n", "N": "\n", ",": ",", ";": ";", ":": ":", "\\": "\\", '"': '"'}
_PIECES = {mark: re.compile(rf"(?:[^{mark}\\]++|\\.?+)*+", re.DOTALL) for mark in ",;"}
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]+")
_PLACES = frozenset(("home", "work", "pref"))
MAX_PARTS = 1000
"""Most parts that one value is taken apart into; what is beyond stays joined in the last."""
_IMAGES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)


def unescape(text: str) -> str:
    """Return the text with "\\n", "\\,", "\\;" and the like undone; any other backslash stays."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: _LETTERS.get(found[1], found[0]), text)


def escape(text: str) -> str:
    """Return the text as a value or component of RFC 6350: backslash, comma, semicolon and line break escaped."""
    text = text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def split(text: str, mark: str) -> list[str]:
    """Return the parts between unescaped marks ("," or ";"), still escaped."""
    if "\\" not in text:
        return text.split(mark, MAX_PARTS - 1)
    parts: list[str] = []
    start = 0
    while len(parts) < MAX_PARTS - 1:
        found = _PIECES[mark].match(text, start)
        end = found.end() if found else start
        parts.append(text[start:end])
        start = end + 1
        if end >= len(text):
            return parts
    parts.append(text[start:])
    return parts


def is_uri(text: str) -> bool:
    """Return whether the text begins like a URI, with a scheme and a colon."""
    return _URI.match(text) is not None


def to_property(line: ContentLine, version: str) -> Property:
    """Return the jCard property of a content line; text of foreign properties stays raw, with type "unknown"."""
    params = {**line.params, **({"group": (line.group,)} if line.group else {})}
    kind = _value_type(line)
    if kind == "binary":
        words = line.params.get("type", ())
        places = tuple(word for word in words if word.lower() in _PLACES)
        uri = data_uri(line.value, line.name, tuple(word for word in words if word not in places))
        if uri and words:
            params |= {"type": places}
        if uri and not places:
            params.pop("type", None)
        return Property(line.name, (uri or line.value,), "uri" if uri else "text", params)
    if kind == "unknown" and (version == "2.1" or "\n" in line.value):
        kind = "text"
    return Property(line.name, _values(line, kind, version), kind, params)


def _value_type(line: ContentLine) -> str:
    if line.encoding == "base64" or line.value_type == "binary":
        return "binary"
    given = {"url": "uri", "cid": "uri", "content-id": "uri", "inline": ""}.get(
        line.value_type, line.value_type
    )
    if not given and line.name in BINARY_NAMES and line.value and not is_uri(line.value):
        return "binary" if _is_base64(line.value) else "text"
    if given and not TOKEN.fullmatch(given):
        given = ""
    return given or default_type(line.name)


def _values(line: ContentLine, kind: str, version: str) -> tuple[PropertyValue, ...]:
    text = line.value
    if line.name in STRUCTURED:
        return (tuple(_component(part, version) for part in split(text, ";")),)
    if line.name in LISTS:
        return tuple(unescape(part).strip() for part in split(text, ","))
    if kind == "text":
        return (unescape(text),)
    if kind == "uri":
        return (_URI_ESCAPE.sub(r"\1", text).strip(),)
    return (text,)


def _component(part: str, version: str) -> Component:
    if version == "2.1" or "," not in part:
        return unescape(part).strip()
    texts = tuple(unescape(item).strip() for item in split(part, ","))
    return texts if len(texts) > 1 else texts[0]


def _is_base64(text: str) -> bool:
    """Whether an unmarked value is binary: some writers leave ENCODING out."""
    compact = "".join(text.split())
    return len(compact) >= 40 and not _NOT_BASE64.search(compact.rstrip("="))


def decode_base64(text: str) -> bytes:
    """Return the bytes of a base64 text with odd ends, line breaks or the alphabet for URLs; b"" if it is none."""
    compact = _NOT_BASE64.sub("", text.replace("-", "+").replace("_", "/"))
    if len(compact) % 4 == 1:
        compact = compact[:-1]
    try:
        return base64.b64decode(compact + "=" * (-len(compact) % 4))
    except binascii.Error:
        return b""


def data_uri(text: str, name: str, types: tuple[str, ...]) -> str:
    """Return a base64 value as a data URI with its media type, or "" if it holds no data."""
    data = decode_base64(text)
    if not data:
        return ""
    media = image_type(data) or next((_media_type(name, word) for word in types if word), "")
    return f"data:{media};base64,{base64.b64encode(data).decode()}"


def read_data_uri(uri: str) -> tuple[bytes, str] | None:
    """Return bytes and media type of a data URI (RFC 2397), or None if the text is none."""
    if uri[:5].lower() != "data:":
        return None
    head, comma, body = uri[5:].partition(",")
    media, *rest = head.split(";")
    if not comma:
        return None
    encoded = any(word.strip().lower() == "base64" for word in rest)
    return (decode_base64(body) if encoded else unquote_to_bytes(body)), media.strip().lower()


def image_type(data: bytes) -> str:
    """Return the media type that the first bytes of a picture tell, else ""."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((media for magic, media in _IMAGES if data.startswith(magic)), "")


def _media_type(name: str, word: str) -> str:
    """The media type of a TYPE value of vCard 2.1 or 3.0 ("JPEG", "image/png", "X509", "WAVE")."""
    word = word.strip().lower()
    if "/" in word:
        return word
    family = {"sound": "audio", "key": "application"}.get(name, "image")
    return f"{family}/{word}" if TOKEN.fullmatch(word) else ""
