"""What cards say about one another: relations and groups, once all of them are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.formats.card import Card, Property, Related
from app.formats.emails import normalise
from app.i18n import _, _n
from app.kernel.context import Context
from app.kernel.errors import KithError
from app.models import Contact, EmailAddress, ExternalId, ImportRow, ImportRun, RelationType
from app.services import card_details, card_values, contact_values, naming, records
from app.services.import_matching import systems
from app.services.import_options import Options
from app.services.import_reading import Item

BATCH = 50
INVERSE: Mapping[str, str] = {
    "agent": "client",
    "assistant": "manager",
    "brother": "sibling",
    "child": "parent",
    "daughter": "parent",
    "emergency": "emergency contact of",
    "father": "child",
    "manager": "report",
    "mother": "child",
    "parent": "child",
    "referred-by": "referred",
    "sister": "sibling",
    "son": "parent",
}
"""Relation of a card to the person it names, and how that person stands to the card's; all others are mutual."""

MEMBERS = ("member", "x-addressbookserver-member", "x-ldif-member")


@dataclass(frozen=True)
class Tied:
    """A card that names others, and the record that came of it (None: a group)."""

    number: int
    card: Card
    record_id: int | None


def run(ctx: Context, run_id: int, found: Iterable[Item]) -> None:
    """Make relations and tags of what the cards of a run say about others; doing it twice changes nothing."""
    with ctx.unit():
        made = ctx.session.get(ImportRun, run_id)
        ctx.operation = made.operation_id if made is not None else ctx.operation
    waiting: list[Item] = []
    for item in found:
        if isinstance(item.found, Card) and (item.found.related or item.found.kind == "group"):
            waiting.append(item)
        if len(waiting) >= BATCH:
            _batch(ctx, run_id, waiting)
            waiting.clear()
    if waiting:
        _batch(ctx, run_id, waiting)


def _batch(ctx: Context, run_id: int, found: Sequence[Item]) -> None:
    with ctx.unit():
        numbers = [item.number for item in found]
        query = select(ImportRow).where(ImportRow.run_id == run_id, ImportRow.number.in_(numbers))
        rows = {row.number: row for row in ctx.session.execute(query).scalars()}
        for item in found:
            row = rows.get(item.number)
            card = item.found
            if row is None or not isinstance(card, Card):
                continue
            try:
                with ctx.unit(savepoint=True):
                    if card.kind == "group":
                        _group(ctx, run_id, row, card)
                    elif row.entity == "contact" and row.outcome in ("created", "updated") and row.record_id:
                        _relate(ctx, run_id, row.record_id, card.related)
            except KithError as error:
                row.message = " ".join(filter(None, (row.message, str(error))))


def _relate(ctx: Context, run_id: int, record_id: int, related: Sequence[Related]) -> None:
    """Tie a contact to the people its card names, as far as they are among the contacts; the rest stays as it is."""
    others = {(one.value, _word(one)): _person(ctx, run_id, one.value) for one in related}
    present = contact_values.load_relations(ctx, [record_id])[record_id]
    tied = {entry["other_id"] for entry in present}
    found = [(word, other) for (_value, word), other in others.items() if other and other != record_id]
    if not found:
        return
    new = [{"other_id": other, "type": _type(ctx, word)} for word, other in found if other not in tied]
    contact = records.get(ctx, "contact", record_id)
    gone = [one for one in related if others[one.value, _word(one)] not in (None, record_id)]
    bare = Card(formatted_name="-", related=tuple(gone))
    extra = card_details.without(contact.extra, card_values.beyond_names(bare))
    changes: dict[str, Any] = {"extra": extra} if extra != contact.extra else {}
    if new:
        changes["relations"] = [*present, *new]
    if changes:
        records.update(ctx, "contact", record_id, changes)


def _word(one: Related) -> str:
    return (one.types[0] if one.types else "knows").lower()[:80]


def _type(ctx: Context, word: str) -> str:
    """Return the word of a relation, with its inverse made known where that is another word."""
    inverse = INVERSE.get(word)
    known = ctx.session.execute(
        select(RelationType.id).where((RelationType.name == word) | (RelationType.inverse == word)).limit(1)
    ).first()
    if known is None and inverse is not None:
        ctx.session.add(RelationType(name=word, inverse=inverse))
        ctx.session.flush()
    return word


def _person(ctx: Context, run_id: int, value: str) -> int | None:
    """Return the contact a card names: by UID or e-mail address, else by a name that one record of this run has."""
    uid = value.removeprefix("urn:uuid:")
    query = select(Contact.id).join(ExternalId, ExternalId.record_id == Contact.id)
    made = ctx.session.get(ImportRun, run_id)
    system = Options.read(made.options).system if made is not None else ""
    query = query.where(ExternalId.entity == "contact", ExternalId.system.in_(systems(ctx, system)))
    found = ctx.session.scalar(query.where(ExternalId.value.in_({value, uid, f"urn:uuid:{uid}"})).limit(1))
    bare = value.removeprefix("mailto:")
    address = (normalise(bare) or bare.casefold()) if "@" in bare else ""
    if found is None and address:
        found = _only(
            ctx,
            select(Contact.id)
            .join(EmailAddress, EmailAddress.contact_id == Contact.id)
            .where(EmailAddress.key == address),
        )
    if found is None and value.strip() and "://" not in value:
        found = _only(ctx, _named(ctx, run_id, value))
    return found


def _named(ctx: Context, run_id: int, name: str) -> Any:
    person = Contact(formatted_name=name[:500])
    naming.derive_contact(ctx, person)
    mine = select(ImportRow.record_id).where(ImportRow.run_id == run_id, ImportRow.entity == "contact")
    return select(Contact.id).where(Contact.name_key == (person.name_key or "\0"), Contact.id.in_(mine))


def _only(ctx: Context, query: Any) -> int | None:
    """Return the one id that a query finds; None for several people."""
    found = set(ctx.session.execute(query.limit(3)).scalars())
    return found.pop() if len(found) == 1 else None


def _group(ctx: Context, run_id: int, row: ImportRow, card: Card) -> None:
    """Put the name of a group as a tag on its members; what cannot be found is told in the report."""
    members = [_member(prop) for prop in card.extra if prop.name in MEMBERS]
    known = {member: _person(ctx, run_id, member) for member in filter(None, members)}
    ids = {found for found in known.values() if found is not None}
    tag = " ".join(card.formatted_name.split())[:80]
    load = ctx.schema.field("contact", "tags").load
    assert load is not None
    present = load(ctx, sorted(ids))
    for contact_id in sorted(ids):
        if tag not in present[contact_id]:
            records.update(ctx, "contact", contact_id, {"tags": [*present[contact_id], tag]})
    said = [_n("A group with %(num)s member.", "A group with %(num)s members.", len(members))]
    if ids:
        said.append(
            _n(
                "%(num)s contact got the tag “%(tag)s”.",
                "%(num)s contacts got the tag “%(tag)s”.",
                len(ids),
                tag=tag,
            )
        )
    lost = [member for member, found in known.items() if found is None]
    if lost:
        said.append(_("Not found: %(names)s", names=", ".join(lost)[:2000]))
    beside = [f"{p.name}: {p.values[0]}" for p in card.extra if p.name not in MEMBERS]
    if card.note or beside:
        said.append(
            _("Not taken over: %(words)s", words="; ".join(filter(None, (card.note, *beside)))[:2000])
        )
    row.message = " ".join(said)


def _member(prop: Property) -> str:
    """Return how a group names a member: its UID, e-mail address or name (of LDAP: mail, else cn)."""
    value = str(prop.values[0]) if prop.values else ""
    if prop.name != "x-ldif-member":
        return value.replace("\\:", ":").replace("\\,", ",")
    parts = dict(part.strip().partition("=")[::2] for part in value.split(",") if "=" in part)
    return parts.get("mail") or parts.get("cn") or value
