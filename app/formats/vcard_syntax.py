"""One content line of a vCard: group, name, parameters, value (RFC 6350 section 3.3, RFC 2426, vCard 2.1)."""

import codecs
import quopri
import re
from dataclasses import dataclass, field
from functools import lru_cache

from app.formats.card import Params
from app.formats.clean_text import clean

_HEAD = re.compile(rb'((?:"[^"]*+"|[^":]++)*+):')
_PARAM = re.compile(r'(?:"[^"]*+"|[^;"]++|")++')
_ITEM = re.compile(r'(?:"[^"]*+"|[^,"]++|")++')
_NOT_TOKEN = re.compile(r"[^A-Za-z0-9-]+")
_CARETS = {"^n": "\n", "^N": "\n", "^'": '"', "^^": "^"}
_CARET = re.compile(r"\^[nN'^]")
_ENCODINGS = {
    "quoted-printable": "quoted-printable",
    "base64": "base64",
    "b": "base64",
    "8bit": "",
    "7bit": "",
}
_NO_CHARSETS = frozenset(
    ("idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "unicode_escape")
)
"""Codecs of Python that no file is in; some take quadratic time."""
_VALUE_WORDS = frozenset(("url", "uri", "cid", "content-id", "inline", "text", "binary"))


@dataclass(slots=True)
class ContentLine:
    """A content line with its value still escaped; `encoding` is "", "quoted-printable" (undone) or "base64"."""

    name: str
    value: str
    params: Params = field(default_factory=dict)
    encoding: str = ""
    value_type: str = ""
    group: str = ""
    doubtful: bool = False
    """Characters of the value could not be read in any encoding and were replaced."""


def parse_line(content: bytes, fallback: str, version: str) -> ContentLine | None:
    """Return the parts of a line, or None if it is none; `fallback` is the encoding where the line is not UTF-8."""
    found = _HEAD.match(content)
    head, value = (found[1], content[found.end() :]) if found else _unquoted(content)
    if head is None:
        return None
    text, doubtful = _decoded(head, "", fallback)
    name_part, _, param_part = clean(text).partition(";")
    group, _, name = name_part.strip().rpartition(".")
    if not name:
        return None
    line = ContentLine(name=token_of(name), value="", group=token_of(group, keep=True), doubtful=doubtful)
    charset = _take_params(line, param_part, carets=version != "2.1")
    if line.encoding == "quoted-printable":
        value, line.encoding = quopri.decodestring(value), ""
    decoded, lost = _decoded(value, charset, fallback)
    line.value, line.doubtful = clean(decoded), doubtful or lost
    return line


def token_of(name: str, *, keep: bool = False) -> str:
    """Return a name of RFC 6350: small letters (`keep`: as they are), digits and hyphens for everything else."""
    return _NOT_TOKEN.sub("-", name.strip() if keep else name.strip().lower())


def _unquoted(content: bytes) -> tuple[bytes | None, bytes]:
    """A quotation mark that is never closed must not hide the colon."""
    head, colon, value = content.partition(b":")
    return (head, value) if colon else (None, b"")


def _take_params(line: ContentLine, text: str, *, carets: bool) -> str:
    """Put the parameters of a line in their places and return its CHARSET."""
    charset = ""
    found: dict[str, list[str]] = {}
    for param in _PARAM.findall(text):
        name, equals, given = param.partition("=")
        key = token_of(name)
        values = _param_values(given, carets=carets) if equals else _bare(name)
        if not equals:
            key = _bare_name(values[0] if values else "")
        last = values[-1] if values else ""
        if key == "charset":
            charset = last
        elif key == "encoding":
            line.encoding = _ENCODINGS.get(last.lower(), "")
        elif key == "value":
            line.value_type = last.lower()
        elif key and values:
            found.setdefault(key, []).extend(_split_types(key, values))
    line.params = {key: tuple(values) for key, values in found.items()}
    return charset


def _bare(name: str) -> tuple[str, ...]:
    word = name.strip().strip('"')
    return (word,) if word else ()


def _bare_name(word: str) -> str:
    """The parameter that a value of vCard 2.1 without a name belongs to."""
    if word.lower() in _ENCODINGS:
        return "encoding"
    return "value" if word.lower() in _VALUE_WORDS else "type"


def _param_values(text: str, *, carets: bool) -> tuple[str, ...]:
    values = (item.strip() for item in _ITEM.findall(text))
    plain = (value[1:-1] if value[:1] == value[-1:] == '"' else value.strip('"') for value in values)
    if carets:
        return tuple(_CARET.sub(lambda found: _CARETS[found[0]], value) for value in plain)
    return tuple(plain)


def _split_types(key: str, values: tuple[str, ...]) -> tuple[str, ...]:
    if key != "type":
        return values
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def _decoded(raw: bytes, charset: str, fallback: str) -> tuple[str, bool]:
    """The text of a value and whether characters of it were lost."""
    if raw.isascii() and not charset:
        return raw.decode("ascii"), False
    named = _codec(charset)
    attempts = ["utf-8", named, fallback] if not raw.isascii() else [named, "utf-8"]
    for encoding in filter(None, attempts):
        try:
            return raw.decode(encoding), False
        except (UnicodeError, LookupError):
            continue
    return raw.decode(fallback, errors="replace"), True


@lru_cache(maxsize=64)
def _codec(charset: str) -> str:
    """The codec of a CHARSET, or "" if there is none or it is no encoding of text."""
    try:
        info = codecs.lookup(charset) if charset else None
    except (LookupError, ValueError):
        return ""
    if info is None or not info._is_text_encoding or info.name in _NO_CHARSETS:
        return ""
    return info.name
