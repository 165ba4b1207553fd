"""People and companies of the database as profiles, many at a time: a query per kind of value, columns only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from app.kernel.context import Context
from app.models import (
    Affiliation,
    Company,
    CompanyDomain,
    Contact,
    EmailAddress,
    PhoneNumber,
    PostalAddress,
    Reach,
)
from app.services import access, dedupe_profile
from app.services.dedupe_profile import Profile

CHUNK = 2000
IDS: Any = bindparam("ids", expanding=True)


class Known(NamedTuple):
    """A record as it is compared: its id, when it was changed last, and its profile."""

    id: int
    updated_at: datetime
    profile: Profile


def some(ctx: Context, entity: str, ids: Sequence[int]) -> dict[int, Profile]:
    """Return the profiles of those of the records that the principal may see."""
    _model, rows, made = READERS[entity]
    return {known.id: known.profile for known in made(ctx, access.rows(ctx, rows, {"ids": ids}).all())}


def every(ctx: Context, entity: str) -> Iterator[list[Known]]:
    """Yield all records of an entity that the principal may see and that are not in the trash, in pieces."""
    model, rows, made = READERS[entity]
    after = 0
    while True:
        query = select(model.id).where(model.id > after).order_by(model.id).limit(CHUNK)
        ids = ctx.session.execute(query).scalars().all()
        if not ids:
            return
        yield made(ctx, access.rows(ctx, rows, {"ids": ids}).all())
        after = ids[-1]


_PEOPLE = select(
    Contact.id,
    Contact.updated_at,
    Contact.given_name,
    Contact.additional_name,
    Contact.family_name,
    Contact.formatted_name,
    Contact.nickname,
    Contact.phonetic_given_name,
    Contact.phonetic_family_name,
    Contact.birthday,
).where(Contact.id.in_(IDS))
_FIRMS = select(
    Company.id,
    Company.updated_at,
    Company.name,
    Company.legal_name,
    Company.vat_id,
    Company.registration_number,
    Company.lei_code,
).where(Company.id.in_(IDS))
_PLACES = (
    select(Affiliation.contact_id, Company.name)
    .join(Company, Company.id == Affiliation.company_id)
    .where(Affiliation.contact_id.in_(IDS))
    .order_by(Affiliation.id)
)
_DOMAINS = (
    select(CompanyDomain.company_id, CompanyDomain.domain)
    .where(CompanyDomain.company_id.in_(IDS))
    .order_by(CompanyDomain.id)
)


def _reaching(whose: str) -> Mapping[str, Any]:
    def of(model: type[Reach], *columns: Any) -> Any:
        key = getattr(model, whose)
        return select(key, *columns).where(key.in_(IDS)).order_by(model.id)

    address = PostalAddress
    parts = (address.street_address, address.locality, address.postal_code)
    return {
        "mails": of(EmailAddress, EmailAddress.key),
        "phones": of(PhoneNumber, PhoneNumber.key, PhoneNumber.digits),
        "addresses": of(address, *parts),
    }


_REACHED = {"contact": _reaching("contact_id"), "company": _reaching("company_id")}
_ADDRESS = ("street_address", "locality", "postal_code")


def _reach(ctx: Context, entity: str, ids: Sequence[int]) -> dict[str, dict[int, list[Any]]]:
    """Return how records are reached: kind of value → record → values."""
    queries = _REACHED[entity]
    read: dict[str, Callable[[Any], Any]] = {
        "mails": lambda row: row[1],
        "phones": lambda row: row[1] or row[2],
        "addresses": lambda row: dict(zip(_ADDRESS, row[1:], strict=True)),
    }
    return {name: _listed(ctx, queries[name], ids, each) for name, each in read.items()}


def _listed(ctx: Context, query: Any, ids: Sequence[int], read: Callable[[Any], Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in access.rows(ctx, query, {"ids": ids}):
        found[row[0]].append(read(row))
    return found


def _people(ctx: Context, rows: Sequence[Any]) -> list[Known]:
    ids = [row.id for row in rows]
    reach = _reach(ctx, "contact", ids)
    places = _listed(ctx, _PLACES, ids, lambda row: row[1])
    return [
        Known(
            row.id,
            row.updated_at,
            dedupe_profile.person(
                given=row.given_name or ("" if row.family_name else row.formatted_name),
                additional=row.additional_name,
                family=row.family_name,
                others=filter(None, (row.nickname, row.phonetic_given_name, row.phonetic_family_name)),
                born=row.birthday,
                companies=places.get(row.id, ()),
                **{name: found.get(row.id, ()) for name, found in reach.items()},
            ),
        )
        for row in rows
    ]


def _firms(ctx: Context, rows: Sequence[Any]) -> list[Known]:
    ids = [row.id for row in rows]
    reach = _reach(ctx, "company", ids)
    domains = _listed(ctx, _DOMAINS, ids, lambda row: row[1])
    return [
        Known(
            row.id,
            row.updated_at,
            dedupe_profile.company(
                name=row.name or row.legal_name,
                domains=domains.get(row.id, ()),
                codes=filter(None, (row.vat_id, row.registration_number, row.lei_code)),
                **{name: found.get(row.id, ()) for name, found in reach.items()},
            ),
        )
        for row in rows
    ]


READERS: Mapping[str, tuple[Any, Any, Callable[[Context, Sequence[Any]], list[Known]]]] = {
    "contact": (Contact, _PEOPLE, _people),
    "company": (Company, _FIRMS, _firms),
}
"""Entity whose records are compared → its table, what is read of a record, and how profiles are made of it."""
