"""Stamps of cards: a short text that is another one whenever a contact's card would read differently."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from app.kernel.context import Context
from app.models import Contact
from app.services import access, cards, contact_values, fields
from app.services.values import dump

FORM = 1
"""Raised when cards are written differently, so that every program fetches them anew."""

_VERSIONS: Any = select(Contact.id, Contact.version, Contact.uid).where(
    Contact.id.in_(bindparam("ids", expanding=True))
)
_tags = contact_values.load_tags("contact")


@dataclass(frozen=True)
class Stamp:
    """The stamp of a visible contact, and the UID of its card where the book knows no other."""

    text: str
    uid: str
    own: str
    """The contact's own uid."""


def of(ctx: Context, ids: Sequence[int]) -> Mapping[int, Stamp]:
    """Return the stamps of those contacts that the principal may see, with five statements for all of them.

    A contact's own values are in its version; companies, ties and tags have their names elsewhere.
    """
    found = access.rows(ctx, _VERSIONS, {"ids": ids}).all()
    seen = [row.id for row in found]
    if not seen:
        return {}
    beside = (
        contact_values.load_affiliations(ctx, seen),
        contact_values.load_relations(ctx, seen),
        _tags(ctx, seen),
    )
    uids, form = cards.uids(ctx, "contact", found), shape(ctx)
    made = {row.id: _digest(form, dump([values[row.id] for values in beside])) for row in found}
    return {row.id: Stamp(f"{row.version}.{made[row.id]}", uids[row.id], row.uid) for row in found}


def shape(ctx: Context) -> str:
    """Return what tells which fields the principal's cards have."""
    return _digest(str(FORM), " ".join(sorted(f.key for f in fields.visible(ctx, "contact"))))


def _digest(*parts: str) -> str:
    return hashlib.blake2s("\n".join(parts).encode(), digest_size=8).hexdigest()
