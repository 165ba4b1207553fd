"""Columns that hold ids of other records: the record's own, its company's, those of whom a note is about."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.formats.csv_headers import words_of
from app.formats.csv_table import Table
from app.formats.csv_texts import FIELD
from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field, Kind
from app.services.export_columns import UID
from app.services.import_mapping import importable

COMPANY_ID = "company.id"
"""The column of a contact that holds the id of its company in the system the file comes from."""

OWN = frozenset(("id", "uid", "guid", "key", "external id", "record id", "object id"))
OWNERS = {"owner email": "owner_id", "owner mail": "owner_id", "owner e mail": "owner_id"}
ASSIGNED = {"assignee email": "assignee_id", "assigned to email": "assignee_id", "owner email": "assignee_id"}
NOUNS: Mapping[str, str] = {
    "account": "company",
    "firm": "company",
    "organisation": "company",
    "organization": "company",
    "person": "contact",
    "people": "contact",
    "participant": "contact",
    "activity": "interaction",
    "note": "interaction",
    "opportunity": "deal",
}
"""What other systems call the kinds of record."""

_ID = re.compile(r"(?P<noun>.*?) ?\bids?")


def kinds_by_noun(ctx: Context) -> dict[str, str]:
    """Return noun → entity, for what files and columns call kinds of record: "deal", "account", "contacts"."""
    found: dict[str, str] = {}
    for kind in ctx.schema.entities():
        for word in (kind.name, kind.key, str(kind.plural), words_of(str(kind.plural))):
            found.setdefault(word.casefold().replace("_", " "), kind.key)
    for noun, name in NOUNS.items():
        if name in found:
            found.setdefault(noun, found[name])
    return found


def columns(ctx: Context, entity: str, table: Table, guessed: Mapping[int, str]) -> dict[int, str]:
    """Return what the columns of ids hold, beside what was guessed of the others; each is taken once."""
    kinds = kinds_by_noun(ctx)
    may = {f.key: f for f in importable(ctx, entity)}
    found = dict(guessed)
    taken: set[str] = set()
    for at, name in enumerate(table.header):
        key = _key(entity, words_of(name), kinds, may)
        if key and key not in taken:
            taken.add(key)
            found = {n: t for n, t in found.items() if t != FIELD + key} | {at: FIELD + key}
    return found


def _key(entity: str, words: str, kinds: Mapping[str, str], may: Mapping[str, Field]) -> str:
    for known in (OWNERS, ASSIGNED):
        if known.get(words) in may:
            return known[words]
    match = _ID.fullmatch(words)
    if words in OWN:
        return UID
    if match is None:
        return ""
    if match["noun"].startswith("parent") and "parent_id" in may:
        return "parent_id"
    of = kinds.get(match["noun"], "")
    if of == entity:
        return UID
    if entity == "contact" and of == "company":
        return COMPANY_ID
    return _pointing(of, may) if of else ""


def _pointing(of: str, may: Mapping[str, Field]) -> str:
    """Return the field that points at a kind of record: its own one, else one that may point at anything."""
    own = next((f.key for f in may.values() if f.kind in (Kind.REF, Kind.REFS) and f.ref == of), "")
    any_kind = next((f.key for f in may.values() if f.kind is Kind.REFS and not f.ref), "")
    return own or (f"{any_kind}.{of}" if any_kind else "")


def choices(ctx: Context, entity: str) -> list[tuple[str, str]]:
    """Return (target, words) of what a column of ids may hold, beside the fields themselves."""
    found = [(FIELD + COMPANY_ID, _("Company: identifier"))] if entity == "contact" else []
    for field in importable(ctx, entity):
        if field.kind is Kind.REFS and not field.ref:
            found += [
                (f"{FIELD}{field.key}.{kind.key}", f"{field.label}: {kind.plural}")
                for kind in ctx.schema.entities()
            ]
    return found
