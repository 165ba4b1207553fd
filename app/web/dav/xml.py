"""XML of WebDAV: read without entities and within limits, written piece by piece."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape, quoteattr

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

DAV = "{DAV:}"
CARD = "{urn:ietf:params:xml:ns:carddav}"
CS = "{http://calendarserver.org/ns/}"
PREFIXES = {DAV: "d", CARD: "card", CS: "cs"}
NAMESPACES = (
    'xmlns:d="DAV:" xmlns:card="urn:ietf:params:xml:ns:carddav" xmlns:cs="http://calendarserver.org/ns/"'
)
HEAD = f'<?xml version="1.0" encoding="utf-8"?>\n<d:multistatus {NAMESPACES}>\n'
TAIL = "</d:multistatus>\n"
MOST = 4 * 1024 * 1024
"""Bytes of a request: ten thousand addresses with room."""

_BAD = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML may hold."""


def parsed(body: bytes) -> Element | None:
    """Return the root of a request's body, None for an empty one. Raises 400 for what is no XML or declares entities."""
    if len(body) > MOST:
        raise RequestEntityTooLarge()
    if not body.strip():
        return None
    try:
        found: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise BadRequest() from None
    return found


def text(value: str) -> str:
    """Return text as the content of an element."""
    return escape(_BAD.sub("", value))


def element(tag: str, inner: str = "", **attributes: str) -> str:
    """Return an element; `inner` is XML, the attributes are text."""
    space, _brace, local = tag.rpartition("}")
    prefix = PREFIXES.get(space + "}")
    name = f"{prefix}:{local}" if prefix else local
    told = "" if prefix else f" xmlns={quoteattr(space.removeprefix('{'))}"
    told += "".join(f" {key.replace('_', '-')}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{told}>{inner}</{name}>" if inner else f"<{name}{told}/>"


def href(address: str) -> str:
    """Return an address, which is written as in a request."""
    return element(f"{DAV}href", text(address))


def response(address: str, found: Iterable[tuple[str, str]], missing: Sequence[str] = ()) -> str:
    """Return what is told of one address: properties that it has with their content, and those that it has not."""
    parts = [href(address)]
    there = "".join(element(tag, inner) for tag, inner in found)
    if there or not missing:
        parts.append(_properties(there, "200 OK"))
    if missing:
        parts.append(_properties("".join(element(tag) for tag in missing), "404 Not Found"))
    return element(f"{DAV}response", "".join(parts)) + "\n"


def refused(address: str, tags: Sequence[str]) -> str:
    """Return what is told of properties that nobody may set."""
    inner = _properties("".join(element(tag) for tag in tags), "403 Forbidden")
    return element(f"{DAV}response", href(address) + inner) + "\n"


def status(address: str, line: str, condition: str = "") -> str:
    """Return what became of one address, without properties."""
    inner = href(address) + element(f"{DAV}status", f"HTTP/1.1 {line}")
    inner += element(f"{DAV}error", element(condition)) if condition else ""
    return element(f"{DAV}response", inner) + "\n"


def error(condition: str, sentence: str = "", inner: str = "") -> str:
    """Return the body that names the condition which was not met (RFC 4918, section 16), with a sentence."""
    told = element(condition, inner) + (
        element(f"{DAV}responsedescription", text(sentence)) if sentence else ""
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n<d:error {NAMESPACES}>{told}</d:error>\n'


def _properties(inner: str, line: str) -> str:
    told = element(f"{DAV}prop", inner) + element(f"{DAV}status", f"HTTP/1.1 {line}")
    return element(f"{DAV}propstat", told)
