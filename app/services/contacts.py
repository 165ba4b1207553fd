"""People: written down, changed, and what their page opens with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.formats import phones
from app.formats.phones import Phone
from app.kernel.context import Context
from app.services import layouts, nonces, records

NAMES = ("name", "given_name", "additional_name", "family_name", "nickname")


@dataclass(frozen=True, kw_only=True)
class Reachable:
    """How somebody is reached at once: the preferred number and address, all numbers, flagged channels by name."""

    phone: Phone | None = None
    mobile: Phone | None = None
    email: str = ""
    phones: tuple[Phone, ...] = ()
    emails: tuple[str, ...] = ()
    do_not: Mapping[str, Mapping[str, str]]


def named(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return field values with something to call the person: without a name the e-mail address or number."""
    if any(str(values.get(n) or "").strip() for n in NAMES):
        return dict(values)
    places = [p.get("company") for p in values.get("affiliations") or ()]
    told = [e.get("value") for n in ("emails", "phones") for e in values.get(n) or ()]
    return {**values, "name": str(next(filter(None, (*told, *places)), ""))[:500]}


def create(ctx: Context, values: Mapping[str, Any], *, nonce: str = "") -> tuple[int, bool]:
    """Write somebody down and return the id, and whether it was made now: one form makes one record.

    Companies that are only named are found or made. Raises what `records.create` raises.
    """

    def make() -> Any:
        made = records.create(ctx, "contact", named(values))
        layouts.judge(ctx, "contact", [made.id])
        return made

    return nonces.once(ctx, nonce, "contact", make)


def reachable(ctx: Context, values: Mapping[str, Any]) -> Reachable:
    """Return how somebody is reached, from loaded field values; faxes are not called."""
    region = ctx.settings.get("region") or None
    rows = [e for e in values.get("phones") or () if e.get("kind") not in {"fax", "pager"}]
    found = [phones.parse(str(e["value"]), region) for e in rows]
    dialled = tuple(p for p in found if p.tel_uri)
    mobiles = [p for p in dialled if p.kind in {"mobile", "fixed-or-mobile"}]
    named_cell = [p for e, p in zip(rows, found, strict=True) if e.get("kind") == "cell" and p.e164]
    addresses = tuple(str(e["value"]) for e in values.get("emails") or ())
    return Reachable(
        phone=dialled[0] if dialled else None,
        mobile=next(iter([*named_cell, *mobiles]), None),
        email=addresses[0] if addresses else "",
        phones=dialled,
        emails=addresses,
        do_not={f["channel"]: f for f in values.get("do_not_contact") or ()},
    )
