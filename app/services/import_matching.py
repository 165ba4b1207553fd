"""Who of a file is there already: looked up for many cards with a query per kind of key, and within the file itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from sqlalchemy import select

from app.formats import emails, phones
from app.i18n import _
from app.kernel.context import Context
from app.models import Affiliation, Company, Contact, EmailAddress, ExternalId, PhoneNumber
from app.services import companies, naming
from app.services.cards import SYSTEM
from app.services.duplicates import alike

_LOCAL_PARTS = """
accounting accounts admin billing buchhaltung buero contact contacto contato einkauf empfang geral hello hi hola hr info
jobs kontakt kundenservice mail marketing no-reply noreply office orders post press privacy purchasing reception sales
secretaria service servicio sekretariat shop support team ventas verkauf vertrieb webmaster zentrale
"""
OFFICES = frozenset(_LOCAL_PARTS.split())
"""Local parts of addresses that several people of a house share."""


@dataclass(frozen=True, kw_only=True)
class Keys:
    """By what a card can be recognised; all folded or normalised, all may be empty."""

    entity: str
    uid: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    name: str = ""
    company: str = ""
    chosen: bool = False
    """Whether somebody said by what it is to be known."""

    @property
    def reachable(self) -> bool:
        """Whether an e-mail address or number tells the person from others of the same name."""
        return bool(self.emails or self.phones)


@dataclass(frozen=True, kw_only=True)
class Match:
    """Who it is: a record's id, or (with id 0) the number of an earlier find of the file; `why` is a kind of key."""

    entity: str
    id: int
    name: str
    why: str
    number: int = 0

    def said(self) -> str:
        """Return the match as a sentence's part."""
        reason = {
            "uid": _("same UID"),
            "email": _("same e-mail address"),
            "phone": _("same phone number"),
            "name": _("same name and company") if self.entity == "contact" else _("same name"),
        }[self.why]
        return _("“%(name)s” is there already (%(reason)s).", name=self.name, reason=reason)


@dataclass(frozen=True, slots=True)
class _Known:
    """A record or an earlier find that has one of the keys."""

    id: int
    name: str
    key: str
    company: str = ""
    number: int = 0


def keys_of(ctx: Context, uid: str, entity: str, values: Mapping[str, Any], *, only: str = "") -> Keys:
    """Return by what a find with these field values can be recognised; `only` names the keys that count ("uid,email")."""
    every = _keys_of(ctx, uid, entity, values)
    if not only:
        return every
    kept = {_PART_OF.get(name, name) for name in only.split(",")}
    empty: dict[str, Any] = {"uid": "", "emails": (), "phones": (), "name": ""}
    return replace(every, chosen=True, **{name: none for name, none in empty.items() if name not in kept})


_PART_OF = {"email": "emails", "phone": "phones"}


def _keys_of(ctx: Context, uid: str, entity: str, values: Mapping[str, Any]) -> Keys:
    if entity not in ("contact", "company"):
        title = ctx.schema.entity(entity).title
        name = values.get(title) if isinstance(title, str) else ""
        return Keys(entity=entity, uid=uid[:255], name=str(name or ""))
    region = ctx.settings.get("region") or None
    addresses = [e["value"] for e in values.get("emails", ())]
    numbers = [phones.keys(e["value"], region)[0] for e in values.get("phones", ())]
    place = (values.get("affiliations") or [{}])[0]
    return Keys(
        entity=entity,
        uid=uid[:255],
        emails=tuple(dict.fromkeys(emails.normalise(a) or a.casefold() for a in addresses)),
        phones=tuple(dict.fromkeys(n for n in numbers if n)),
        name=_name_key(ctx, entity, values),
        company=companies.key_of(str(place.get("company") or "")),
    )


def _name_key(ctx: Context, entity: str, values: Mapping[str, Any]) -> str:
    if entity == "company":
        return companies.key_of(str(values.get("name") or ""))
    columns = {("formatted_name" if n == "name" else n): v for n, v in values.items() if n in _NAMES}
    return naming.key_of(ctx, {**columns, "languages": values.get("languages", "")})


_NAMES = frozenset((*naming.COLUMNS.values(), "name", "phonetic_given_name", "phonetic_family_name"))


MOST_SEEN = 100_000


@dataclass
class Matcher:
    """Finds cards among the visible records and among the finds it has seen before (within one file).

    Of a file of millions it remembers the last `MOST_SEEN` keys, some fifty megabytes.
    """

    ctx: Context
    system: str = ""
    seen: dict[tuple[str, str, str], list[_Known]] = field(default_factory=dict)

    def match(self, cards: Sequence[tuple[int, str, Keys]]) -> list[Match | None]:
        """Return who each card is, or None; a card is its number, the name it is shown by, and its keys.

        Records come before finds, a UID before an e-mail address, that before a phone number, that before the name.
        """
        there = self._records([keys for _number, _name, keys in cards])
        found: list[Match | None] = []
        for number, name, keys in cards:
            match = _first(keys, there) or _first(keys, self.seen)
            found.append(match)
            if match is None:
                known = _Known(0, name, keys.name, keys.company, number)
                for key in _index(keys):
                    self.seen.setdefault(key, []).append(known)
        for key in list(islice(self.seen, max(0, len(self.seen) - MOST_SEEN))):
            del self.seen[key]
        return found

    def _records(self, wanted: Sequence[Keys]) -> dict[tuple[str, str, str], list[_Known]]:
        there: dict[tuple[str, str, str], list[_Known]] = {}
        for entity in dict.fromkeys(keys.entity for keys in wanted):
            mine = [keys for keys in wanted if keys.entity == entity]
            if mine:
                for key, known in _lookup(self.ctx, entity, mine, systems(self.ctx, self.system)):
                    there.setdefault(key, []).append(known)
        return there


def _index(keys: Keys) -> Iterator[tuple[str, str, str]]:
    """Yield the keys in the order in which they convince."""
    if keys.uid:
        yield keys.entity, "uid", keys.uid
    yield from ((keys.entity, "email", key) for key in keys.emails)
    if keys.entity == "contact":
        yield from ((keys.entity, "phone", key) for key in keys.phones)
    if keys.name:
        yield keys.entity, "name", keys.name


def _first(keys: Keys, there: Mapping[tuple[str, str, str], list[_Known]]) -> Match | None:
    for key in _index(keys):
        for known in there.get(key, ()):
            if _same(keys, known, key[1], key[2]):
                return Match(
                    entity=keys.entity, id=known.id, name=known.name, why=key[1], number=known.number
                )
    return None


def _same(keys: Keys, known: _Known, why: str, value: str) -> bool:
    """Judge a shared key: numbers and addresses of an office are shared by people of different names.

    A name alone is the same person only if nothing tells them apart: the company is the same, and without any company
    the card brings neither an e-mail address nor a number.
    """
    if why == "uid" or keys.entity == "company":
        return True
    if keys.entity != "contact":
        return keys.chosen
    if keys.chosen and why == "name":
        return not keys.company or keys.company == known.company
    if why == "email" and value.partition("@")[0] not in OFFICES:
        return True
    if why in ("email", "phone"):
        return not keys.name or not known.key or alike(keys.name, known.key)
    return keys.company == known.company and bool(keys.company or not keys.reachable)


def _lookup(
    ctx: Context, entity: str, wanted: Sequence[Keys], known: tuple[str, str]
) -> Iterator[tuple[tuple[str, str, str], _Known]]:
    if entity not in ("contact", "company"):
        yield from _others(ctx, entity, wanted, known)
        return
    model: Any = Contact if entity == "contact" else Company
    title = model.formatted_name if entity == "contact" else model.name
    basic = (model.id, title.label("name"), model.name_key)
    uids = {keys.uid for keys in wanted if keys.uid}
    if uids:
        own = {uid.removeprefix("urn:uuid:"): uid for uid in uids}
        for row in ctx.session.execute(select(*basic, model.uid).where(model.uid.in_(own))):
            yield (entity, "uid", own[row[3]]), _Known(row.id, row.name, row.name_key)
        query = select(*basic, ExternalId.value).join(ExternalId, ExternalId.record_id == model.id)
        query = query.where(ExternalId.entity == entity, ExternalId.system.in_(known))
        yield from _rows(ctx, query.where(ExternalId.value.in_(uids)), entity, "uid")
    reaches: list[tuple[str, Any, set[str]]] = [
        ("email", EmailAddress, {key for keys in wanted for key in keys.emails})
    ]
    if entity == "contact":
        reaches.append(("phone", PhoneNumber, {key for keys in wanted for key in keys.phones}))
    for why, table, values in reaches:
        if values:
            whose = getattr(table, f"{entity}_id")
            query = select(*basic, table.key).join(table, whose == model.id).where(table.key.in_(values))
            yield from _rows(ctx, query.order_by(model.id), entity, why)
    names = {keys.name for keys in wanted if keys.name}
    yield from _named(ctx, names) if entity == "contact" else _firms(ctx, names)


def _others(
    ctx: Context, entity: str, wanted: Sequence[Keys], known: tuple[str, str]
) -> Iterator[tuple[tuple[str, str, str], _Known]]:
    """Records of any kind: known by their UID here or elsewhere, and if that is wanted by their title."""
    kind = ctx.schema.entity(entity)
    model: Any = kind.model
    title = getattr(model, kind.title) if isinstance(kind.title, str) else model.uid
    uids = {keys.uid for keys in wanted if keys.uid}
    names = {keys.name for keys in wanted if keys.name and keys.chosen}
    if uids:
        query = select(model.id, title.label("name"), model.uid).where(model.uid.in_(uids))
        abroad = select(model.id, title.label("name"), ExternalId.value).join(
            ExternalId, ExternalId.record_id == model.id
        )
        abroad = abroad.where(ExternalId.entity == entity, ExternalId.system.in_(known))
        for row in (
            *ctx.session.execute(query),
            *ctx.session.execute(abroad.where(ExternalId.value.in_(uids))),
        ):
            yield (entity, "uid", row[2]), _Known(row.id, str(row.name or ""), "")
    if names:
        query = select(model.id, title.label("name")).where(title.in_(names)).order_by(model.id)
        for row in ctx.session.execute(query):
            yield (entity, "name", row.name), _Known(row.id, row.name, "")


def _rows(ctx: Context, query: Any, entity: str, why: str) -> Iterable[tuple[tuple[str, str, str], _Known]]:
    for row in ctx.session.execute(query):
        yield (entity, why, row[3]), _Known(row.id, row.name, row.name_key)


def _named(ctx: Context, names: set[str]) -> Iterator[tuple[tuple[str, str, str], _Known]]:
    query = (
        select(Contact.id, Contact.formatted_name, Contact.name_key, Company.name_key.label("company"))
        .outerjoin(Affiliation, (Affiliation.contact_id == Contact.id) & (Affiliation.ended_on == ""))
        .outerjoin(Company, Company.id == Affiliation.company_id)
        .where(Contact.name_key.in_(names))
        .order_by(Contact.id)
    )
    for row in ctx.session.execute(query):
        known = _Known(row.id, row.formatted_name, row.name_key, row.company or "")
        yield ("contact", "name", row.name_key), known


def _firms(ctx: Context, names: set[str]) -> Iterator[tuple[tuple[str, str, str], _Known]]:
    query = select(Company.id, Company.name, Company.name_key).where(Company.name_key.in_(names))
    for row in ctx.session.execute(query.order_by(Company.id)):
        yield ("company", "name", row.name_key), _Known(row.id, row.name, row.name_key)


def systems(ctx: Context, system: str = "") -> tuple[str, str]:
    """Return the systems of ids for a principal: everybody's, and the own ones of records others cannot see.

    Without a system the ids are UIDs of cards.
    """
    name = system or SYSTEM
    return name, f"{name}:{ctx.user.id or 0}"
