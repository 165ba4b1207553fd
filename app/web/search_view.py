"""How hits are shown: their addresses, what they were found by marked, what can be done with the first person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask import url_for

from app.formats.fold import fold
from app.i18n import _
from app.kernel.context import Context
from app.services.search import Group, Results
from app.services.search_hits import Hit
from app.web import lists
from app.web.amounts import number

TOKENS = re.compile(r"(\w+)")
Marked = list[tuple[str, bool]]


def hit(seen: Context, found: Hit, words: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a template shows of a hit."""
    return {
        "url": address(seen, found),
        "title": marked(found.title or "–", words),
        "name": found.title,
        "line": marked(found.line, words),
        "initials": found.initials,
        "company": found.entity == "company",
        "hue": found.hue,
        "icon": found.icon or "file-text",
        "tone": found.tone or "sys",
        "phone": found.phone,
        "at": found.at,
    }


def address(seen: Context, found: Hit, **more: Any) -> str:
    """Return the address of a hit's page; of a record without a page the list in which it stands."""
    if found.url or not seen.schema.has(found.entity):
        return found.url
    endpoint = seen.schema.entity(found.entity).url
    if not endpoint:
        return f"{lists.address(found.entity)}{lists.query(q=found.title)}"
    return url_for(endpoint, record_id=found.id, **more)


def todo(seen: Context, found: Results) -> list[dict[str, Any]]:
    """Return what can be done at once with the first person found."""
    people = [hit for group in found.groups if group.entity == "contact" for hit in group.hits]
    if not people or not seen.may("interaction.create"):
        return []
    first = people[0]
    url = address(seen, first, log="call", _anchor="log")
    text = _("Log a call with %(who)s", who=first.title)
    return [{"text": text, "url": url, "icon": "phone", "kind": "call"}]


def create(seen: Context, q: str) -> str | None:
    """Return where a contact is made of what was typed, for those who may."""
    return url_for("contacts.new", line=q) if q and seen.may("contact.create") else None


def count(group: Group) -> str:
    """Return how many hits a group has, as far as that is known and may be told."""
    return f"{number(group.count)}+" if group.capped else number(group.count)


def marked(text: str, words: Sequence[str]) -> Marked:
    """Return a text in pieces: (piece, whether it is what was looked for)."""
    pieces: Marked = []
    for token in TOKENS.split(text):
        start, end = _span(token, words)
        parts = [(token[:start], False), (token[start:end], True), (token[end:], False)]
        pieces += [part for part in parts if part[0]]
    return pieces


def _span(token: str, words: Sequence[str]) -> tuple[int, int]:
    folded = fold(token)
    for word in sorted(words, key=len, reverse=True):
        at = folded.find(word) if len(word) > 2 else (0 if folded.startswith(word) else -1)
        if at >= 0:
            return (at, at + len(word)) if len(folded) == len(token) else (0, len(token))
    return len(token), len(token)
