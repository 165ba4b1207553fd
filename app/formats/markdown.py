"""Markdown and foreign HTML made harmless: the one sanitiser of the house (TRUST S1)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup, escape

# Above this length a text is shown as it was typed: nobody formats a novel in a note.
MAX_MARKDOWN = 50_000
# A note stands inside a page that has its own headings of the first three levels.
FIRST_HEADING = 4

# Above these a mail is an attack on the parser, whose time grows with the square of the depth.
MAX_HTML, MAX_DEPTH = 4_000_000, 400

_TAG_NAMES = """
a abbr b br code del em i ins kbd mark q s small span strong sub sup u cite tt
blockquote dd div dl dt hr li ol p pre ul h1 h2 h3 h4 h5 h6 figure figcaption address center
caption table tbody td tfoot th thead tr img
"""
_TAGS = set(_TAG_NAMES.split())
_ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "img": {"alt", "title", "width", "height"},
}
# Their text is code or data, not something to read.
_NOT_TEXT_NAMES = "script style template noscript iframe object svg math title head select"
_NOT_TEXT = set(_NOT_TEXT_NAMES.split())
# These close themselves or hold nothing, so that a thousand of them unclosed are no depth.
_SHALLOW_NAMES = """
p li td th tr dt dd option tbody thead br hr img meta link input area base col embed source track wbr param
"""
_SHALLOW = frozenset(_SHALLOW_NAMES.split())
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_SCHEMES = {"http", "https", "mailto", "tel", "sms"}
_REL = "noopener noreferrer nofollow"
_ADDRESS = re.compile(
    r"\b(?:https?://|www\.(?=\w))[^\s<>\"“”«»]{1,2000}|(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}\b"
)
_TRAILING = ".,;:!?'’*_~"
_BLANKS = re.compile(r"\s+")


def to_html(text: str) -> Markup:
    """Return Markdown as safe HTML: HTML in it is shown as text, addresses become links, images too.

    Line ends stay as typed; headings start at the fourth level.
    """
    if len(text) > MAX_MARKDOWN:
        return Markup("<p>%s</p>") % Markup("<br>\n").join(escape(line) for line in text.splitlines())
    return _clean(_parser().render(text), relative=_local_path)


def sanitise_html(text: str, *, images: bool = False) -> Markup:
    """Return foreign HTML, such as the body of a mail, without anything that acts, frames, styles or loads.

    Images are left as their alternative text unless `images`, which allows https and cid addresses.
    """
    if len(text) > MAX_HTML or _depth(text) > MAX_DEPTH:
        return Markup("<p>%s</p>") % _cut(html.unescape(re.sub(r"<[^<>]*>", " ", text)), MAX_MARKDOWN)
    return _clean(text, relative="deny", images=images)


def plain(text: str, limit: int = 160) -> str:
    """Return the beginning of Markdown as one line of plain text, cut at a word."""
    tokens = _parser().parse(text[: max(2000, limit * 20)])
    return _cut(" ".join(_texts(tokens)), limit)


def plain_html(text: str, limit: int = 160) -> str:
    """Return the beginning of an HTML text as one line of plain text, cut at a word."""
    text = str(sanitise_html(text[:100_000]))
    spaced = re.sub(r"(?i)<(?=/?(?:p|div|br|li|tr|td|th|h\d|blockquote|hr)\b)", " <", text)
    return _cut(html.unescape(nh3.clean(spaced, tags=set(), clean_content_tags=_NOT_TEXT)), limit)


def _clean(text: str, *, relative: Any, images: bool = False) -> Markup:
    attributes = _ATTRIBUTES | ({"img": _ATTRIBUTES["img"] | {"src"}} if images else {})
    safe = nh3.clean(
        text,
        tags=_TAGS,
        clean_content_tags=_NOT_TEXT,
        attributes=attributes,
        attribute_filter=_kept,
        link_rel=_REL,
        url_schemes=_SCHEMES | ({"cid"} if images else set()),
        url_relative=relative,
    )
    return Markup(safe)  # noqa: S704 - this is the sanitiser


def _depth(text: str) -> int:
    deepest = depth = 0
    for closing, name in _TAG.findall(text):
        if name.lower() not in _SHALLOW:
            depth += -1 if closing and depth else 0 if closing else 1
            deepest = max(deepest, depth)
    return deepest


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """Drop image addresses that tell a stranger over plain http, and numbers that break a layout."""
    if attribute == "src":
        return value if value.strip().lower().startswith(("https:", "cid:")) else None
    if attribute in {"width", "height", "colspan", "rowspan", "start"}:
        return value if value.isascii() and value.isdigit() and len(value) < 5 else None
    return value


def _local_path(url: str) -> str | None:
    """Keep links to pages of this house; `//host`, `/\\host` and paths with control characters leave it."""
    local = url.startswith("/") and not url.startswith("//") and "\\" not in url
    return url if local and url.isprintable() else None


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    parser.core.ruler.push("addresses", _link_addresses)
    parser.core.ruler.push("headings", _lower_headings)
    parser.add_render_rule("image", _image_as_link)
    return parser


def _image_as_link(
    _renderer: RendererHTML, tokens: Sequence[Token], at: int, _options: Any, _environment: Any
) -> str:
    """A picture from elsewhere would tell its host who reads the note, so the reader decides."""
    address = str(tokens[at].attrGet("src") or "")
    name = tokens[at].content or address
    return f'<a href="{html.escape(address)}">{html.escape(name)}</a>'


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1:]) + FIRST_HEADING - 1)}"


def _link_addresses(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = list(_linked(token.children))


def _linked(tokens: Sequence[Token]) -> Iterator[Token]:
    inside = 0
    for token in tokens:
        inside += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and not inside:
            yield from _split_at_addresses(token.content)
        else:
            yield token


def _split_at_addresses(text: str) -> Iterator[Token]:
    done = 0
    for match in _ADDRESS.finditer(text):
        address = _trimmed(match[0])
        if not address:
            continue
        yield _text(text[done : match.start()])
        prefix = (
            "mailto:"
            if "@" in address and "/" not in address
            else "https://"
            if address[:4] == "www."
            else ""
        )
        yield Token("link_open", "a", 1, attrs={"href": prefix + address})
        yield _text(address)
        yield Token("link_close", "a", -1)
        done = match.start() + len(address)
    yield _text(text[done:])


def _trimmed(address: str) -> str:
    """Leave out the full stop of the sentence and a bracket that was opened before the address."""
    while address and (address[-1] in _TRAILING or (address[-1] in ")]" and not _balanced(address))):
        address = address[:-1]
    return address


def _balanced(address: str) -> bool:
    return address.count("(") >= address.count(")") and address.count("[") >= address.count("]")


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _texts(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield "".join(_inline_text(child) for child in token.children or [])
        elif token.type in {"fence", "code_block"}:
            yield token.content


def _inline_text(token: Token) -> str:
    return " " if token.type in {"softbreak", "hardbreak"} else token.content


def _cut(text: str, limit: int) -> str:
    line = _BLANKS.sub(" ", text).strip()
    if len(line) <= limit:
        return line
    head = line[: limit - 1]
    at_word = head.rpartition(" ")[0]
    return (at_word if len(at_word) > limit // 2 else head).rstrip(" ,;:") + "…"
