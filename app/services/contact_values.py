"""Further values of contacts that are rows of their own: affiliations, relations, tags, do-not-contact flags."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select

from app.formats.fold import fold
from app.i18n import _
from app.kernel.context import Context
from app.models import (
    Affiliation,
    Company,
    CompanyDomain,
    Contact,
    DoNotContact,
    Relation,
    RelationType,
    Tag,
    TagLink,
)
from app.services import access, affiliations, last_contact, mass, relations
from app.services.id_lists import among
from app.services.unit import BARE, has_made

Lists = Mapping[int, list[dict[str, Any]]]
LONGEST_TAG = 80
PLACE = ("title", "role", "department", "is_primary", "started_on", "ended_on")
_OF_PLACE = ("company_id", "company", *PLACE)

_PLACES = (
    select(
        Affiliation.contact_id,
        Affiliation.company_id,
        Company.name,
        *(getattr(Affiliation, name) for name in PLACE),
    )
    .join(Company, Company.id == Affiliation.company_id)
    .where(among(Affiliation.contact_id))
    .order_by(Affiliation.ended_on != "", Affiliation.is_primary.desc(), Affiliation.id)
)
_TIES = (
    select(
        Relation.contact_id,
        Relation.other_id,
        Relation.started_on,
        Relation.ended_on,
        Relation.note,
        RelationType.name.label("type"),
        RelationType.inverse,
        Contact.id.label("seen_id"),
        Contact.formatted_name,
    )
    .join(RelationType, RelationType.id == Relation.type_id)
    .join(Contact, or_(Contact.id == Relation.contact_id, Contact.id == Relation.other_id))
    .where(or_(among(Relation.contact_id), among(Relation.other_id)))
    .order_by(Relation.id)
)
_DO_NOT = (
    select(DoNotContact.contact_id, DoNotContact.channel, DoNotContact.reason, DoNotContact.since)
    .where(among(DoNotContact.contact_id))
    .order_by(DoNotContact.channel)
)


def load_affiliations(ctx: Context, ids: Sequence[int]) -> Lists:
    """Return where contacts work and worked: present and primary places first; companies out of sight are left out."""
    found: dict[int, list[dict[str, Any]]] = {i: [] for i in ids}
    for contact_id, *place in access.rows(ctx, _PLACES, {"ids": ids}).all():
        found[contact_id].append(dict(zip(_OF_PLACE, place, strict=True)))
    return found


def save_affiliations(ctx: Context, values: Mapping[int, Any]) -> None:
    """Replace the places of contacts; those in companies out of sight stay. Named companies are found or made."""
    wanted = affiliations.resolve_many(ctx, {i: entries or () for i, entries in values.items()})
    visible = select(Affiliation.id).join(Company, Company.id == Affiliation.company_id)
    visible = visible.where(Affiliation.contact_id.in_(list(values)))
    fresh = has_made(ctx.session, "contact", values, BARE)
    present = () if fresh else ctx.session.execute(visible).scalars().all()
    former = () if fresh else last_contact.employers(ctx, list(values))
    if present:
        ctx.session.execute(
            delete(Affiliation).where(Affiliation.id.in_(present)),
            execution_options={"synchronize_session": False},
        )
    made = [
        {"contact_id": contact_id, **entry} for contact_id, entries in wanted.items() for entry in entries
    ]
    if made:
        mass.put(ctx.session, Affiliation, made)
    if not fresh:
        last_contact.changed_places(ctx, list(values), former)


def load_primary(column: str) -> Callable[[Context, Sequence[int]], Mapping[int, Any]]:
    """Return the loader of one thing about the primary place: "company", "company_id", "title" …"""
    what = Company.name if column == "company" else getattr(Affiliation, column)
    query = (
        select(Affiliation.contact_id, what)
        .join(Company, Company.id == Affiliation.company_id)
        .where(
            among(Affiliation.contact_id),
            Affiliation.is_primary.is_(True),
            Affiliation.ended_on == "",
        )
    )

    def load(ctx: Context, ids: Sequence[int]) -> Mapping[int, Any]:
        return dict(access.rows(ctx, query, {"ids": ids}).all())

    return load


def load_relations(ctx: Context, ids: Sequence[int]) -> Lists:
    """Return the ties between people, read from each of the contacts; the other side must be visible."""
    found: dict[int, list[dict[str, Any]]] = {i: [] for i in ids}
    for tie in access.rows(ctx, _TIES, {"ids": ids}).all():
        forwards = tie.seen_id != tie.contact_id
        mine = tie.contact_id if forwards else tie.other_id
        if mine in found and mine != tie.seen_id:
            entry = {"other_id": tie.seen_id, "name": tie.formatted_name, "note": tie.note}
            kind = {"type": tie.type if forwards else tie.inverse}
            found[mine].append(entry | kind | {"started_on": tie.started_on, "ended_on": tie.ended_on})
    return found


def save_relations(ctx: Context, values: Mapping[int, Any]) -> None:
    """Replace the visible ties of contacts; `type` may be a type's name or its inverse, or new."""
    for contact_id, entries in values.items():
        visible = [e["other_id"] for e in load_relations(ctx, [contact_id])[contact_id]]
        ctx.session.execute(
            delete(Relation).where(
                or_(
                    (Relation.contact_id == contact_id) & Relation.other_id.in_(visible),
                    (Relation.other_id == contact_id) & Relation.contact_id.in_(visible),
                )
            ),
            execution_options={"synchronize_session": False},
        )
        wanted = [e for e in entries or () if e.get("other_id") and int(e["other_id"]) != contact_id]
        ids = [int(e["other_id"]) for e in wanted]
        allowed = set(ctx.session.execute(select(Contact.id).where(Contact.id.in_(ids))).scalars())
        ties = [_tie(ctx, contact_id, e) for e in wanted if int(e["other_id"]) in allowed]
        ctx.session.add_all({(t.contact_id, t.other_id, t.type_id): t for t in ties}.values())


def _tie(ctx: Context, contact_id: int, entry: Mapping[str, Any]) -> Relation:
    kind, forwards = relations.kind_of(ctx, str(entry.get("type") or ""))
    ends = (contact_id, int(entry["other_id"]))
    first, second = ends if forwards else ends[::-1]
    texts = {n: str(entry.get(n) or "") for n in ("started_on", "ended_on", "note")}
    return Relation(contact_id=first, other_id=second, type_id=kind.id, **texts)


def load_tags(entity: str) -> Callable[[Context, Sequence[int]], Mapping[int, list[str]]]:
    """Return the loader of the tags of an entity's records."""
    query = (
        select(TagLink.record_id, Tag.name)
        .join(Tag, Tag.id == TagLink.tag_id)
        .where(TagLink.entity == entity, among(TagLink.record_id))
        .order_by(TagLink.record_id, Tag.key)
    )

    def load(ctx: Context, ids: Sequence[int]) -> Mapping[int, list[str]]:
        found: dict[int, list[str]] = {i: [] for i in ids}
        for record_id, name in access.rows(ctx, query, {"ids": ids}).all():
            found[record_id].append(name)
        return found

    return load


def save_tags(entity: str) -> Callable[[Context, Mapping[int, Any]], None]:
    """Return what replaces the tags of records; unknown words become tags, equal ones (folded) are one."""

    def save(ctx: Context, values: Mapping[int, Any]) -> None:
        if not has_made(ctx.session, entity, values, BARE):
            ctx.session.execute(
                delete(TagLink).where(TagLink.entity == entity, TagLink.record_id.in_(list(values))),
                execution_options={"synchronize_session": False},
            )
        words = {
            fold(w).strip()[:80]: w.strip()[:80]
            for names in values.values()
            for w in reversed(names or ())
            if w.strip()
        }
        known = {t.key: t for t in ctx.session.execute(select(Tag).where(Tag.key.in_(list(words)))).scalars()}
        for key, name in words.items():
            if key and key not in known:
                known[key] = Tag(name=name, key=key)
                ctx.session.add(known[key])
        ctx.session.flush()
        links = [
            {"tag_id": known[key].id, "entity": entity, "record_id": record_id}
            for record_id, names in values.items()
            for key in dict.fromkeys(fold(n).strip()[:80] for n in names or ())
            if key in known
        ]
        mass.put(ctx.session, TagLink, links)

    return save


def parse_tags(ctx: Context, text: str) -> list[str]:
    """Read tags as typed, separated by commas or line ends. Raises ValueError for one that is no word any more."""
    words = list(dict.fromkeys(w.strip() for w in text.replace("\n", ",").split(",") if w.strip()))
    if long := next((w for w in words if len(w) > LONGEST_TAG), None):
        raise ValueError(
            _(
                "“%(text)s…” is too long for a tag. Write at most %(limit)s characters.",
                text=long[:40],
                limit=LONGEST_TAG,
            )
        )
    return words


def load_do_not(ctx: Context, ids: Sequence[int]) -> Lists:
    """Return the channels by which contacts must not be reached, with reason and date."""
    found: dict[int, list[dict[str, Any]]] = {i: [] for i in ids}
    for contact_id, channel, reason, since in access.rows(ctx, _DO_NOT, {"ids": ids}).all():
        found[contact_id].append({"channel": channel, "reason": reason, "since": since.isoformat()})
    return found


def save_do_not(ctx: Context, values: Mapping[int, Any]) -> None:
    """Replace the flags of contacts; a flag without a date holds from now, and so does a channel alone."""
    ctx.session.execute(
        delete(DoNotContact).where(DoNotContact.contact_id.in_(list(values))),
        execution_options={"synchronize_session": False},
    )
    for contact_id, given in values.items():
        flags = [f if isinstance(f, Mapping) else {"channel": str(f)} for f in given or ()]
        for flag in {f["channel"]: f for f in flags}.values():
            since = datetime.fromisoformat(flag["since"]) if flag.get("since") else ctx.now
            ctx.session.add(
                DoNotContact(
                    contact_id=contact_id,
                    channel=flag["channel"][:20],
                    reason=str(flag.get("reason") or "")[:500],
                    since=since,
                )
            )


def load_domains(ctx: Context, ids: Sequence[int]) -> Mapping[int, list[str]]:
    """Return the internet domains of companies."""
    found: dict[int, list[str]] = {i: [] for i in ids}
    query = select(CompanyDomain.company_id, CompanyDomain.domain).where(CompanyDomain.company_id.in_(ids))
    for company_id, domain in ctx.session.execute(query.order_by(CompanyDomain.id)):
        found[company_id].append(domain)
    return found


def save_domains(ctx: Context, values: Mapping[int, Any]) -> None:
    """Replace the domains of companies: lower case, without scheme, path and www."""
    if not has_made(ctx.session, "company", values, BARE):
        ctx.session.execute(
            delete(CompanyDomain).where(CompanyDomain.company_id.in_(list(values))),
            execution_options={"synchronize_session": False},
        )
    made: list[dict[str, Any]] = []
    for company_id, domains in values.items():
        bare = (d.lower().split("://")[-1].split("/")[0].removeprefix("www.").strip() for d in domains or ())
        found = dict.fromkeys(d for d in bare if d)
        made += [{"company_id": company_id, "domain": domain[:253]} for domain in found]
    mass.put(ctx.session, CompanyDomain, made)
