"""Display names and sort keys of people and companies, derived from their parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import inspect

from app.formats import fold, names
from app.formats.name_parts import NameParts
from app.formats.remembered import remembered
from app.kernel.context import Context
from app.models import Company, Contact
from app.services import companies, stages
from app.services.schema import STAGE

COLUMNS = {
    "prefix": "honorific_prefix",
    "given": "given_name",
    "additional": "additional_name",
    "family": "family_name",
    "suffix": "honorific_suffix",
    "nickname": "nickname",
}
"""Part of a name → the column of a contact that holds it."""

_UNNAMED: dict[str, Any] = {
    **dict.fromkeys(COLUMNS.values(), ""),
    "formatted_name": "",
    "phonetic_given_name": "",
    "phonetic_family_name": "",
    "name_key": "",
    STAGE: "-",
}


def parts_of(contact: Contact) -> NameParts:
    """Return the parts of a contact's name."""
    held = _held(contact)
    return NameParts(**{part: held(column) or "" for part, column in COLUMNS.items()})


def _held(contact: Contact) -> Callable[[str], Any]:
    """Return what reads columns; of a contact that is not stored yet without asking for each that was not given."""
    state: Any = inspect(contact, raiseerr=False)
    return contact.__dict__.get if state is None or state.transient else partial(getattr, contact)


def language_of(ctx: Context, contact: Contact | None = None) -> str:
    """Return the language whose order a name is said in: the person's first one, else the house's."""
    spoken = (_held(contact)("languages") or "").split(",")[0].strip() if contact is not None else ""
    return spoken or str(ctx.settings.get("locale") or "")


def split(ctx: Context, name: str, language: str = "") -> dict[str, str]:
    """Return the name fields that a written full name stands for; what looks like a company stays in one piece."""
    written = " ".join(name.split())
    if not written or names.looks_like_company(written):
        return {"name": written}
    parts = names.split(written, language or language_of(ctx))
    return {column: getattr(parts, part) for part, column in COLUMNS.items()}


def key_of(ctx: Context, columns: Mapping[str, Any]) -> str:
    """Return the sort key that a contact of these columns would have."""
    person = SimpleNamespace(**{**_UNNAMED, **columns})
    derive_contact(ctx, cast(Contact, person))
    return str(person.name_key or "")


def derive_contact(ctx: Context, contact: Contact) -> None:
    """Set `formatted_name` and `name_key`, and the stage in which people begin.

    A name given as one is taken apart, unless the parts are given too or it is rather a company's. With parts the name
    is said in the order of the person's language, else the house's.
    """
    language = language_of(ctx, contact)
    if _is_new(contact, "formatted_name") and not any(_is_new(contact, c) for c in COLUMNS.values()):
        _take_apart(ctx, contact, language)
    parts = parts_of(contact)
    if parts.given or parts.family or parts.additional:
        contact.formatted_name, key = _said(language, *(getattr(parts, part) for part in COLUMNS))
    else:
        contact.formatted_name = contact.formatted_name or (parts.nickname or "")[:500]
        key = names.sort_key(parts, contact.formatted_name)
    held = _held(contact)
    sounds = held("phonetic_given_name") or "", held("phonetic_family_name") or ""
    contact.name_key = ((any(sounds) and fold.name_key(*sounds, "")) or key)[:500]
    stage: str | None = held(STAGE)
    if stage is None:
        contact.lifecycle_stage = stages.first(ctx)


@remembered(1024)
def _said(language: str, *texts: str) -> tuple[str, str]:
    """Return a name as it is said, and its key, for the texts of its parts; an import asks before it stores them."""
    parts = NameParts(*texts)
    shown = names.display_name(parts, language)[:500]
    return shown, names.sort_key(parts, shown)


def derive_company(ctx: Context, company: Company) -> None:
    """Set the sort key of a company's name; refuse a parent that is below it."""
    if company.parent_id is not None and inspect(company).attrs.parent_id.history.has_changes():
        companies.refuse_circle(ctx, company.id, company.parent_id)
    company.name_key = fold.name_key("", "", company.name or "")[:300]


def _is_new(contact: Contact, column: str) -> bool:
    """Tell whether a column was given a value that is not stored yet."""
    state: Any = inspect(contact, raiseerr=False)
    if state is None or state.transient:  # nothing is stored yet, and its history is dear to ask for
        return bool(contact.__dict__.get(column))
    change = state.attrs[column].history
    if not change.added:
        return False
    was = change.deleted[0] if change.deleted else ""
    return bool((change.added[0] or "") != (was or ""))


def _take_apart(ctx: Context, contact: Contact, language: str) -> None:
    found = split(ctx, contact.formatted_name, language)
    for column in COLUMNS.values():
        if column != "nickname" or found.get(column):
            length = getattr(Contact.__table__.c[column].type, "length", None)
            setattr(contact, column, found.get(column, "")[:length])
