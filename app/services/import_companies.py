"""The companies that people of a file work in: found by folded name, else by domain, else made; a query per batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.formats import emails
from app.formats.card import Card
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import KithError
from app.models import Company, CompanyDomain
from app.services import card_details, card_values, companies, records
from app.services.import_rows import Row


def settle(ctx: Context, rows: Sequence[Row]) -> int:
    """Give the places of work of rows the ids of their companies, make those that are missing; returns how many.

    Where none may be made, the company stays among the further properties of the person.
    """
    named = [
        (row, place)
        for row in rows
        for place in row.values.get("affiliations", ())
        if place.get("company") and not place.get("company_id")
    ]
    wanted = {companies.key_of(str(place["company"])): place["company"] for _row, place in named}
    domains = _domains(named)
    known = _known(ctx, wanted, domains)
    missing = {key: name for key, name in wanted.items() if key and key not in known}
    made = _make(ctx, missing, domains)
    known |= made
    for row, place in named:
        found = known.get(companies.key_of(str(place["company"])))
        if found is not None:
            place["company_id"] = found
        else:
            _keep(row)
    return len(made)


def _domains(named: Sequence[tuple[Row, Mapping[str, str]]]) -> dict[str, set[str]]:
    """Company key → the domains of its people's addresses that are called like it."""
    found: dict[str, set[str]] = {}
    for row, place in named:
        key = companies.key_of(str(place["company"]))
        for entry in row.values.get("emails", ()):
            domain = emails.company_domain(entry["value"])
            if domain and len(domain) <= 253 and _called_like(key, domain):
                found.setdefault(key, set()).add(domain)
    return found


def _called_like(key: str, domain: str) -> bool:
    label = "".join(char for char in domain.partition(".")[0] if char.isalnum())
    name = "".join(key.split())
    return len(label) > 2 and (name.startswith(label) or label.startswith(name) or label == name)


def _known(ctx: Context, wanted: Mapping[str, str], domains: Mapping[str, set[str]]) -> dict[str, int]:
    keys = [key for key in wanted if key]
    found: dict[str, int] = {}
    if not keys:
        return found
    query = select(Company.id, Company.name_key).where(Company.name_key.in_(keys)).order_by(Company.id)
    for row in ctx.session.execute(query):
        found.setdefault(row.name_key, row.id)
    return found | _by_domain(ctx, {key: names for key, names in domains.items() if key not in found})


def _by_domain(ctx: Context, domains: Mapping[str, set[str]]) -> dict[str, int]:
    """A company of the same domain whose name is longer or shorter: Acme and Acme Ltd."""
    every = {name for names in domains.values() for name in names}
    if not every:
        return {}
    query = select(Company.id, Company.name_key, CompanyDomain.domain).join(
        CompanyDomain, CompanyDomain.company_id == Company.id
    )
    rows = ctx.session.execute(query.where(CompanyDomain.domain.in_(every)).order_by(Company.id)).all()
    found: dict[str, int] = {}
    for key, names in domains.items():
        alike = [row.id for row in rows if row.domain in names and _begins(key, row.name_key)]
        if len(set(alike)) == 1:
            found[key] = alike[0]
    return found


def _begins(left: str, right: str) -> bool:
    return f"{left} ".startswith(f"{right} ") or f"{right} ".startswith(f"{left} ")


def _make(ctx: Context, missing: Mapping[str, str], domains: Mapping[str, set[str]]) -> dict[str, int]:
    if not missing or not ctx.may("company.create"):
        return {}
    values = [
        {"name": " ".join(name.split()), **({"domains": sorted(domains[key])} if key in domains else {})}
        for key, name in missing.items()
    ]
    try:
        with ctx.unit(savepoint=True):
            made = records.create_many(ctx, "company", values)
        return {key: record.id for key, record in zip(missing, made, strict=True)}
    except KithError:
        return _one_by_one(ctx, dict(zip(missing, values, strict=True)))


def _one_by_one(ctx: Context, missing: Mapping[str, Mapping[str, object]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for key, values in missing.items():
        try:
            with ctx.unit(savepoint=True):
                found[key] = records.create(ctx, "company", values).id
        except KithError as error:
            ctx.log.info("a company of an import was not made: %s", error)
    return found


def _keep(row: Row) -> None:
    """Put the place of work among the further properties."""
    place = row.values.pop("affiliations")[0]
    names = {"company": "organization", "title": "title", "role": "role", "department": "department"}
    texts: dict[str, Any] = {field: str(place.get(name) or "") for name, field in names.items()}
    bare = Card(formatted_name="-", **texts)
    further = card_values.beyond_names(bare)
    row.values["extra"] = card_details.added(row.values.get("extra", "[]"), further)
    row.said.append(
        _(
            "The company “%(name)s” could not be made; it is among the further properties.",
            name=place["company"],
        )
    )
