"""E-mail addresses, phone numbers, postal addresses and links of contacts and companies, as values of Fields.

A value is a list of plain dictionaries, preferred first; saving replaces the list of a record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import delete

from app.formats import emails, phones
from app.i18n import _
from app.kernel.context import Context
from app.models import EmailAddress, PhoneNumber, PostalAddress, WebLink
from app.services import mass
from app.services.reach_loading import COLUMNS
from app.services.unit import BARE, has_made

ASIDE = ("kind", "preferred", "service")
"""What is said about an entry; alone it is none."""


def saver(model: type[Any], whose: str) -> Callable[[Context, Mapping[int, Any]], None]:
    """Return what replaces the addresses of records; empty entries are left out, exactly one is the preferred."""

    def save(ctx: Context, values: Mapping[int, Any]) -> None:
        key = getattr(model, whose)
        if not has_made(ctx.session, whose.removesuffix("_id"), values, BARE):
            ctx.session.execute(
                delete(model).where(key.in_(list(values))), execution_options={"synchronize_session": False}
            )
        made: list[dict[str, Any]] = []
        for record_id, entries in values.items():
            rows = [_row(ctx, model, entry) for entry in entries or () if not _empty(model, entry)]
            chosen = next((n for n, row in enumerate(rows) if row["preferred"]), 0)
            made += [
                {**row, whose: record_id, "position": position, "preferred": position == chosen}
                for position, row in enumerate(rows)
            ]
        if made:
            mass.put(ctx.session, model, made)

    return save


def _empty(model: type[Any], entry: Mapping[str, Any]) -> bool:
    return not any(str(entry.get(n) or "").strip() for n in COLUMNS[model] if n not in ASIDE)


def _row(ctx: Context, model: type[Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {n: _clean(entry.get(n)) for n in COLUMNS[model]}
    row["preferred"] = bool(entry.get("preferred"))
    if model is EmailAddress:
        row["key"] = emails.normalise(row["value"]) or row["value"].casefold()
    elif model is PhoneNumber:
        key, region, digits = phones.keys(row["value"], ctx.settings.get("region") or None)
        row |= {"key": key, "region": region, "digits": digits[:40]}
    elif model is PostalAddress:
        row["country_code"] = row["country_code"].upper()[:2]
    for name, length in _lengths(cast(Any, model)):
        if len(row.get(name) or "") > length:
            row[name] = row[name][:length]
    return row


@cache
def _lengths(model: Any) -> Sequence[tuple[str, int]]:
    found = ((c.name, getattr(c.type, "length", None)) for c in model.__table__.c)
    return [(name, length) for name, length in found if length]


def _clean(value: Any) -> str:
    return str(value or "").replace("\x00", "").strip()


def parse_email(ctx: Context, text: str) -> list[dict[str, Any]]:
    """Read e-mail addresses as typed, one per line or separated by commas. Raises ValueError with a sentence."""
    parts = [p.strip() for p in text.replace(";", "\n").replace(",", "\n").splitlines() if p.strip()]
    return [{"value": emails.parse(p).address, "kind": "", "preferred": n == 0} for n, p in enumerate(parts)]


def parse_phone(ctx: Context, text: str) -> list[dict[str, Any]]:
    """Read phone numbers as typed, one per line. Raises ValueError for a text without a digit."""
    found: list[dict[str, Any]] = []
    for part in [p.strip() for p in text.replace(";", "\n").splitlines() if p.strip()]:
        if not any(c.isdecimal() for c in part):
            raise ValueError(
                _(
                    "“%(text)s” is no phone number. Write it with the country code, like +36 30 123 4567.",
                    text=part,
                )
            )
        found.append({"value": _short(PhoneNumber, part), "kind": "", "preferred": not found})
    return found


def _short(model: type[Any], text: str) -> str:
    """Return a text that fits. Raises ValueError with a sentence: what somebody types is never cut."""
    limit = model.__table__.c["value"].type.length
    if len(text) > limit:
        raise ValueError(_("“%(text)s…” is longer than %(limit)s characters.", text=text[:40], limit=limit))
    return text


def parse_link(ctx: Context, text: str) -> list[dict[str, Any]]:
    """Read web addresses as typed, one per line; https:// is added where it is missing."""
    found: list[dict[str, Any]] = []
    for part in [p.strip() for p in text.splitlines() if p.strip()]:
        if part.lower().startswith(("javascript:", "data:", "vbscript:")) or " " in part:
            raise ValueError(_("“%(text)s” is no web address. Write it like https://example.org.", text=part))
        value = part if "://" in part or part.startswith(("mailto:", "xmpp:", "@")) else f"https://{part}"
        found.append({"value": _short(WebLink, value), "service": "", "kind": "", "preferred": not found})
    return found
