"""How people and companies are reached, as people read it: addresses, numbers and links as bits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from app.formats import phones
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field
from app.services import fields
from app.web.reach_links import email_link, phone_link, web_link


@dataclass(frozen=True, kw_only=True)
class Bit:
    """One part of a value: text, perhaps a link, a quiet note, a tag's tone or hue, an avatar, or ready markup.

    With a `label` it stands on a line of its own, called so instead of by the field; `sort` says which of several it is.
    """

    text: str
    href: str = ""
    note: str = ""
    label: str = ""
    sort: str = ""
    tone: str = ""
    hue: int = 0
    initials: str = ""
    block: Markup | None = None


SERVICES = {
    "linkedin": "LinkedIn",
    "github": "GitHub",
    "xing": "XING",
    "icq": "ICQ",
    "im": "Chat",
    "xmpp": "XMPP",
}
"""Names of services that are not written like other names."""


def kind_of(asked: Context, field: Field, row: Mapping[str, Any]) -> str:
    """Return what sort an entry of several is, in words."""
    word = str(row.get("kind") or "")
    found = (c for c in fields.choices(asked, field) if c.value == word)
    return next((str(c.label) for c in found), word) if word else ""


def labelled(asked: Context, field: Field, row: Mapping[str, Any]) -> str:
    """Return what an entry is called: the field, with the entry's kind where it has one."""
    kind = kind_of(asked, field, row)
    return _("%(what)s, %(kind)s", what=field.label, kind=kind) if kind else str(field.label)


def emails(asked: Context, field: Field, value: Any, known: Any) -> list[Bit]:
    """Return e-mail addresses, each a link that writes to it."""
    rows = _entries(value)
    texts = [str(r["value"]) for r in rows]
    return [
        Bit(text=t, href=email_link(t), label=labelled(asked, field, r), sort=kind_of(asked, field, r))
        for t, r in zip(texts, rows, strict=True)
    ]


def numbers(asked: Context, field: Field, value: Any, known: Any) -> list[Bit]:
    """Return phone numbers as people of the country write them, each a link that dials it."""
    region = asked.settings.get("region") or None
    found = [(r, phones.parse(str(r["value"]), region)) for r in _entries(value)]
    return [
        Bit(
            text=p.shown(region),
            href=phone_link(p),
            label=kind_of(asked, field, r) or str(field.label),
            sort=kind_of(asked, field, r),
        )
        for r, p in found
    ]


def links(asked: Context, field: Field, value: Any, known: Any) -> list[Bit]:
    """Return web addresses, each a link to it, called by its service."""
    return [
        Bit(
            text=str(r["value"]).removeprefix("https://").removeprefix("http://").rstrip("/"),
            href=web_link(str(r["value"])),
            label=_service(str(r.get("service") or "")) or kind_of(asked, field, r) or _web(field),
            sort=_service(str(r.get("service") or "")) or kind_of(asked, field, r),
        )
        for r in _entries(value)
    ]


def _web(field: Field) -> str:
    return _("Web") if field.many else str(field.label)


def _entries(value: Any) -> Sequence[Mapping[str, Any]]:
    """Return the entries of a field of several values; one that has a single text has one entry."""
    return [{"value": value}] if isinstance(value, str) else value


def _service(name: str) -> str:
    return SERVICES.get(name.lower(), name[:1].upper() + name[1:])
