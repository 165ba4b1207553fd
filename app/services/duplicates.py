"""Likely duplicates of somebody about to be written down, with the reason; only records the principal may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import Select, or_, select

from app.formats import emails, nicknames, phones
from app.formats.fold import name_key, one_typo_apart
from app.formats.name_words import LEGAL_FORMS
from app.i18n import _
from app.kernel.context import Context
from app.models import Affiliation, Company, CompanyDomain, Contact, EmailAddress, PhoneNumber
from app.services import companies, naming

MOST = 5
CANDIDATES = 200
"""Names that are compared in Python; more of one family name or company are not looked at."""

SLIP_FROM, HEAD = 5, 3
"""Letters that a company's name must have to be looked for with a slip, and those that must be the same."""

ALIKE = 0.86
"""Similarity of two folded names (0 to 1) from which they count as the same person at one company."""


@dataclass(frozen=True, kw_only=True)
class Match:
    """A record that may be the same, with the reason in words; `sure` ones are asked about before saving."""

    entity: str
    id: int
    name: str
    reason: str
    detail: str = ""
    sure: bool = True


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is known of the person or company: e-mail addresses and phone numbers as typed, names, `exclude` an id."""

    name: str = ""
    company: str = ""
    emails: Sequence[str] = ()
    phones: Sequence[str] = ()
    domains: Sequence[str] = ()
    vat_id: str = ""
    exclude: int = 0


def wanted_of(values: Mapping[str, Any], *, exclude: int = 0) -> Wanted:
    """Return what field values of a contact or company say about who it is."""
    parts = ("given_name", "additional_name", "family_name")
    name = str(values.get("name") or "") or " ".join(filter(None, (str(values.get(p) or "") for p in parts)))
    places = values.get("affiliations") or [{}]
    return Wanted(
        name=name,
        company=str(places[0].get("company") or ""),
        emails=[str(e.get("value") or "") for e in values.get("emails") or ()],
        phones=[str(e.get("value") or "") for e in values.get("phones") or ()],
        domains=list(values.get("domains") or ()),
        vat_id=str(values.get("vat_id") or ""),
        exclude=exclude,
    )


def of_contact(ctx: Context, wanted: Wanted) -> list[Match]:
    """Return up to five likely duplicates of a person: same e-mail, same phone, then similar names."""
    found: dict[int, Match] = {}
    for match in (*_same_email(ctx, wanted), *_same_phone(ctx, wanted), *_same_name(ctx, wanted)):
        if match.id != wanted.exclude:
            found.setdefault(match.id, match)
    return list(found.values())[:MOST]


def of_company(ctx: Context, wanted: Wanted) -> list[Match]:
    """Return up to five likely duplicates of a company: same domain, VAT number, address or number, then similar names."""
    found: dict[int, Match] = {}
    for match in (
        *_same_domain(ctx, wanted),
        *_same_vat(ctx, wanted),
        *_company_reached(ctx, wanted),
        *_same_company(ctx, wanted),
        *_similar_company(ctx, wanted),
    ):
        if match.id != wanted.exclude:
            found.setdefault(match.id, match)
    return list(found.values())[:MOST]


def _same_email(ctx: Context, wanted: Wanted) -> Iterable[Match]:
    keys = {key: key for text in wanted.emails if (key := emails.normalise(text))}
    if not keys:
        return
    query = _people(EmailAddress.value).join(EmailAddress, EmailAddress.contact_id == Contact.id)
    for row in ctx.session.execute(query.where(EmailAddress.key.in_(list(keys))).limit(MOST)):
        yield Match(
            entity="contact", id=row.id, name=row.formatted_name, reason=_("Same e-mail"), detail=row[2]
        )


def _same_phone(ctx: Context, wanted: Wanted) -> Iterable[Match]:
    region = ctx.settings.get("region") or None
    keys = {key for text in wanted.phones if (key := phones.parse(text, region).e164)}
    if not keys:
        return
    query = _people(PhoneNumber.value).join(PhoneNumber, PhoneNumber.contact_id == Contact.id)
    for row in ctx.session.execute(query.where(PhoneNumber.key.in_(keys)).limit(MOST)):
        yield Match(
            entity="contact",
            id=row.id,
            name=row.formatted_name,
            reason=_("Same phone number"),
            detail=phones.parse(row[2], region).shown(region),
        )


def _people(*columns: Any) -> Select[Any]:
    return select(Contact.id, Contact.formatted_name, *columns).order_by(Contact.id)


def _same_name(ctx: Context, wanted: Wanted) -> Iterable[Match]:
    """Yield the same name anywhere, and similar names in the same company."""
    keys = key_of_person(ctx, wanted.name)
    if not keys:
        return
    key = keys[0]
    place = (Affiliation.contact_id == Contact.id) & Affiliation.is_primary.is_(True)
    same = _people(Company.name, Company.name_key).outerjoin(Affiliation, place)
    same = same.outerjoin(Company, Company.id == Affiliation.company_id)
    at = companies.key_of(wanted.company)
    for row in ctx.session.execute(same.where(Contact.name_key.in_(keys)).limit(MOST)):
        together = bool(at) and _core(row.name_key or "") == _core(at)
        reason = _("Same name and company") if together else _("Same name")
        yield Match(
            entity="contact",
            id=row.id,
            name=row.formatted_name,
            reason=reason,
            detail=row[2] or "",
            sure=together,
        )
    others = _called(key)
    for row in ctx.session.execute(same.where(Contact.name_key.in_(others)).limit(MOST)) if others else ():
        yield Match(
            entity="contact",
            id=row.id,
            name=row.formatted_name,
            reason=_("Similar name"),
            detail=row[2] or "",
            sure=bool(at) and _core(row.name_key or "") == _core(at),
        )
    if at:
        yield from _similar_there(ctx, key, at)


def key_of_person(ctx: Context, name: str) -> list[str]:
    """Return the keys under which people of a written name stand: as it is read, then family and given name swapped."""
    given = naming.split(ctx, name)
    first = " ".join(filter(None, (given.get("given_name", ""), given.get("additional_name", ""))))
    key = name_key(first, given.get("family_name", ""), given.get("name") or name)
    return list(dict.fromkeys((key, "\t".join(reversed(key.split("\t")))))) if key else []


def _called(key: str) -> list[str]:
    """Return the keys of a name in the other forms of its given name: Bob Lima as Robert Lima."""
    family, tab, given = key.partition("\t")
    first, blank, more = given.partition(" ")
    if not tab:
        return []
    return [f"{family}\t{other}{rest}" for other in nicknames.others(first) for rest in {"", blank + more}]


def _similar_there(ctx: Context, key: str, at: str) -> Iterable[Match]:
    query = (
        _people(Contact.name_key, Company.name)
        .join(Affiliation, Affiliation.contact_id == Contact.id)
        .join(Company, Company.id == Affiliation.company_id)
        .where(Company.name_key == at)
        .limit(CANDIDATES)
    )
    for row in ctx.session.execute(query):
        if alike(key, row[2]):
            yield Match(
                entity="contact",
                id=row.id,
                name=row.formatted_name,
                reason=_("Similar name, same company"),
                detail=row[3],
            )


def alike(left: str, right: str) -> bool:
    """Tell whether two name keys may be one person: a slip, an initial for a name, or nearly the same letters."""
    if left == right:
        return True
    (family, _tab, given), (other, _tab2, other_given) = left.partition("\t"), right.partition("\t")
    if given and other_given and (family == other or one_typo_apart(family, other)):
        short, long = sorted((given, other_given), key=len)
        if long.startswith(short) or one_typo_apart(short, long):
            return True
    return SequenceMatcher(None, left, right).ratio() >= ALIKE


def _same_domain(ctx: Context, wanted: Wanted) -> Iterable[Match]:
    domains = {d.lower() for d in wanted.domains if d} | {
        found for text in wanted.emails if (found := emails.company_domain(text))
    }
    if not domains:
        return
    query = (
        select(Company.id, Company.name, CompanyDomain.domain)
        .join(CompanyDomain, CompanyDomain.company_id == Company.id)
        .where(CompanyDomain.domain.in_(domains))
        .order_by(Company.id)
    )
    for row in ctx.session.execute(query.limit(MOST)):
        yield Match(entity="company", id=row.id, name=row.name, reason=_("Same domain"), detail=row.domain)


def _same_vat(ctx: Context, wanted: Wanted) -> Iterable[Match]:
    number = wanted.vat_id.strip()
    if not number:
        return
    query = select(Company.id, Company.name).where(Company.vat_id.in_({number, number.upper()}))
    for row in ctx.session.execute(query.limit(MOST)):
        yield Match(entity="company", id=row.id, name=row.name, reason=_("Same VAT number"), detail=number)


def _same_company(ctx: Context, wanted: Wanted) -> Iterable[Match]:
    """Yield companies of the same name, legal forms aside ("Acme" and "Acme Ltd")."""
    key = companies.key_of(wanted.name)
    core = _core(key)
    if not core:
        return
    query = (
        select(Company.id, Company.name, Company.name_key)
        .where(or_(Company.name_key == key, Company.name_key.between(core, core + " \U0010ffff")))
        .order_by(Company.name_key, Company.id)
        .limit(CANDIDATES)
    )
    for row in ctx.session.execute(query):
        if _core(row.name_key) == core:
            yield Match(
                entity="company",
                id=row.id,
                name=row.name,
                reason=_("Same name") if row.name_key == key else _("Nearly the same name"),
            )


def _company_reached(ctx: Context, wanted: Wanted) -> Iterable[Match]:
    """Yield companies that have one of the e-mail addresses or phone numbers."""
    region = ctx.settings.get("region") or None
    mails = {key for text in wanted.emails if (key := emails.normalise(text))}
    numbers = {key for text in wanted.phones if (key := phones.parse(text, region).e164)}
    sought: list[tuple[Any, set[str], str]] = [
        (EmailAddress, mails, _("Same e-mail")),
        (PhoneNumber, numbers, _("Same phone number")),
    ]
    for table, keys, reason in sought:
        if not keys:
            continue
        query = select(Company.id, Company.name, table.value).join(table, table.company_id == Company.id)
        query = query.where(table.key.in_(keys)).order_by(Company.id).limit(MOST)
        for row in ctx.session.execute(query):
            yield Match(entity="company", id=row.id, name=row.name, reason=reason, detail=row[2])


def _similar_company(ctx: Context, wanted: Wanted) -> Iterable[Match]:
    """Yield companies whose name begins in the same way and differs by a slip."""
    core = _core(companies.key_of(wanted.name))
    if len(core) < SLIP_FROM:
        return
    head = core[:HEAD]
    query = (
        select(Company.id, Company.name, Company.name_key)
        .where(Company.name_key.between(head, head + "\U0010ffff"))
        .order_by(Company.name_key, Company.id)
        .limit(CANDIDATES)
    )
    for row in ctx.session.execute(query):
        other = _core(row.name_key)
        if other != core and one_typo_apart(core, other):
            yield Match(
                entity="company", id=row.id, name=row.name, reason=_("Nearly the same name"), sure=False
            )


def _core(key: str) -> str:
    """Return a company's key without the legal form at its end."""
    words = key.split()
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return " ".join(words)
