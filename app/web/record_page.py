"""What the pages of people and companies share: loaded values, rows of properties, the quick ways to reach somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Response, url_for
from werkzeug.routing import BuildError

from app.i18n import _
from app.kernel.context import Context
from app.kernel.contributions import Field, Kind, Show
from app.services import contacts, custom_fields_rules, fields, layouts, people
from app.services.writable import can_edit
from app.web import amounts, htmx, shown
from app.web.reach_links import email_link, phone_link, sms_link, whatsapp_link
from app.web.render import fragment, render
from app.web.shown import Bit, Names


@dataclass(frozen=True, kw_only=True)
class Prop:
    """A row of properties: its label, bits, where its pencil leads ("" when it cannot be changed), its id."""

    name: str
    label: str
    bits: Sequence[Bit]
    edit_url: str = ""
    wide: bool = False

    @property
    def id(self) -> str:
        """The id of the row."""
        return "p-" + self.name.replace(".", "-")


@dataclass(kw_only=True)
class Loaded:
    """A record with the values of its fields, loaded at once."""

    entity: str
    record: Any
    fields: Sequence[Field]
    values: Mapping[str, Any]
    names: Names = field(default_factory=dict)
    may_edit: bool = False

    def field(self, name: str) -> Field | None:
        """Return one of the fields."""
        return next((f for f in self.fields if f.key == name), None)


def page_or_part(page: str, part: str, *, status: int = 200, **values: Any) -> Response:
    """Return the fragment `part` when htmx asked for one, else the page that holds it."""
    if htmx.partial():
        return fragment(part, status=status, **values)
    return render(page, status=status, **values)


def load(asked: Context, entity: str, record: Any, *, skip: Iterable[str] = ()) -> Loaded:
    """Load what the page shows of a record: one query per computed field, one per kind of thing pointed at."""
    kind = asked.schema.entity(entity)
    left_out = set(skip)
    known = [f for f in fields.visible(asked, entity, Show.DETAIL) if f.key not in left_out]
    known = layouts.shown(asked, entity, custom_fields_rules.asked_for(asked, entity, record.id, known))
    every = layouts.applying(asked, entity, record.id, known)
    loaded = fields.load(asked, kind, every, [record])
    values = {f.key: loaded[f.key].get(record.id) for f in every if f.key in loaded}
    return Loaded(
        entity=entity,
        record=record,
        fields=every,
        values=values,
        names=shown.named(asked, every, [values]),
        may_edit=asked.may(f"{entity}.edit"),
    )


def load_one(asked: Context, entity: str, record: Any, one: Field) -> Loaded:
    """Load a single field of a record."""
    values = {one.key: fields.value(asked, asked.schema.entity(entity), one, record)}
    names = shown.named(asked, [one], [values])
    return Loaded(entity=entity, record=record, fields=[one], values=values, names=names, may_edit=True)


def title_of(asked: Context, entity: str, record: Any) -> str:
    """Return what a record is called."""
    return people.named(asked, entity, record).name


def prop(asked: Context, of: Loaded, one: Field) -> Prop:
    """Return one field's row."""
    bits: list[Bit] = shown.bits(asked, one, of.values.get(one.key), of.names)
    if bits and one.kind is Kind.MONEY and amounts.column(one):
        value = of.values[one.key]
        bits = [Bit(text=amounts.money(value, amounts.of(asked, one, of.record)))]
    editable = of.may_edit and can_edit(asked, one)
    address = (
        url_for("inline.edit", entity=of.entity, record_id=of.record.id, name=one.key) if editable else ""
    )
    return Prop(
        name=one.key,
        label=str(one.label),
        bits=bits,
        edit_url=address,
        wide=any(b.block is not None for b in bits),
    )


def props(asked: Context, of: Loaded, names: Iterable[str], *, always: Iterable[str] = ()) -> list[Prop]:
    """Return the rows of some fields in the order given; empty ones only if they are in `always`."""
    kept = set(always)
    placed = layouts.ordered(asked, of.entity, names)
    found = [prop(asked, of, f) for name in placed if (f := of.field(name)) is not None]
    return [p for p in found if p.bits or (p.name in kept and p.edit_url)]


def links(asked: Context, entity: str, record: Any) -> list[dict[str, Any]]:
    """Return the links that owners put into the menu of a record's page; one that leads nowhere is left out."""
    found = []
    for link in asked.schema.links(f"{entity}.page"):
        if link.permission is None or asked.may(link.permission):
            try:
                address = url_for(link.endpoint, **{**link.values, "record_id": record.id})
            except BuildError:
                asked.log.warning("the link %s of %s leads to no page", link.key, link.owner)
                continue
            found.append({"label": link.label, "icon": link.icon, "url": address})
    return found


def quick(asked: Context, entity: str, of: Loaded) -> dict[str, Any]:
    """Return the quick buttons of a page's header and the menu of further ways.

    A channel that somebody asked not to be used leads to a page that says so and asks.
    """
    reach = contacts.reachable(asked, of.values)
    record_id = of.record.id

    def way(channel: str, address: str) -> dict[str, Any] | None:
        if not address:
            return None
        flagged = channel in reach.do_not
        asks = url_for("contacts.reach", record_id=record_id, channel=channel) if flagged else ""
        return {"url": asks or address, "real": address, "flagged": flagged}

    phone, mobile = reach.phone, reach.mobile
    return {
        "call": way("call", phone_link(phone) if phone else ""),
        "message": way("message", sms_link(mobile) if mobile else ""),
        "email": way("email", email_link(reach.email)),
        "more": _further(asked, reach, way),
        "flags": _flags(asked, of, reach) if reach.do_not else [],
    }


def _further(asked: Context, reach: contacts.Reachable, way: Any) -> list[dict[str, Any]]:
    """Return the ways behind the small menu: WhatsApp, the other numbers and addresses."""
    region = asked.settings.get("region") or None
    found: list[dict[str, Any]] = []
    for phone in reach.phones:
        if address := whatsapp_link(phone):
            label = _("WhatsApp %(number)s", number=phone.shown(region))
            found.append({"label": label, "icon": "message-circle", **way("message", address)})
    found += [
        {"label": phone.shown(region), "icon": "phone", **way("call", phone_link(phone))}
        for phone in reach.phones[1:]
    ]
    for email in reach.emails[1:]:
        if entry := way("email", email_link(email)):
            found.append({"label": email, "icon": "mail", **entry})
    return found


def _flags(asked: Context, of: Loaded, reach: contacts.Reachable) -> list[Bit]:
    one = of.field("do_not_contact")
    return shown.bits(asked, one, of.values.get("do_not_contact"), of.names) if one is not None else []
