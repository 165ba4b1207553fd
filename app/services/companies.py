"""Companies: found by name or made, their tree, the people in them now and before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.formats import emails
from app.formats.fold import name_key
from app.formats.remembered import remembered
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid
from app.models import Company, CompanyDomain
from app.services import records

MOST_LEVELS = 20
"""Levels of a tree of companies that are followed upwards; deeper ones are shown from their own page."""

CHILDREN = 100


@dataclass(frozen=True, kw_only=True)
class Node:
    """A company in a tree: `depth` 0 is the topmost shown, `here` the one the tree is about."""

    id: int
    name: str
    depth: int
    here: bool = False


@remembered(4096)
def key_of(name: str) -> str:
    """Return the key under which equal company names meet."""
    return name_key("", "", name)[:300]


def named(ctx: Context, name: str, *, limit: int = 10) -> Sequence[tuple[int, str]]:
    """Return the visible companies of a name (case, accents and punctuation aside): id and name."""
    wanted = key_of(name)
    if not wanted:
        return []
    query = select(Company.id, Company.name).where(Company.name_key == wanted)
    return [(row.id, row.name) for row in ctx.session.execute(query.order_by(Company.id).limit(limit))]


def starting(ctx: Context, text: str, *, limit: int = 8) -> Sequence[tuple[int, str]]:
    """Return visible companies whose name begins with a text, for suggestions."""
    wanted = key_of(text)
    if not wanted:
        return []
    query = (
        select(Company.id, Company.name)
        .where(Company.name_key >= wanted, Company.name_key < wanted + "\U0010ffff")
        .order_by(Company.name_key, Company.id)
        .limit(limit)
    )
    return [(row.id, row.name) for row in ctx.session.execute(query)]


def find_or_create(ctx: Context, name: str) -> int:
    """Return the id of the visible company of a name, made if there is none.

    Raises NotAllowed if one would have to be made by somebody who may not, Invalid if the name has no letter.
    """
    found = named(ctx, name, limit=1)
    if found:
        return found[0][0]
    if not key_of(name):
        raise Invalid({"company": _("“%(name)s” is no name of a company. Write it in letters.", name=name)})
    return int(records.create(ctx, "company", {"name": " ".join(name.split())[:300]}).id)


def settled(ctx: Context, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return field values in which a parent company given by name is its id; it is made if there is none."""
    parent = values.get("parent_id")
    return {**values, "parent_id": find_or_create(ctx, parent)} if isinstance(parent, str) else dict(values)


def of_address(ctx: Context, address: str) -> tuple[int, str] | None:
    """Return the visible company whose domain an e-mail address has, if there is exactly one."""
    domain = emails.company_domain(address)
    if not domain:
        return None
    query = (
        select(Company.id, Company.name)
        .join(CompanyDomain, CompanyDomain.company_id == Company.id)
        .where(CompanyDomain.domain == domain)
        .limit(2)
    )
    rows = ctx.session.execute(query).all()
    return (rows[0].id, rows[0].name) if len(rows) == 1 else None


def tree(ctx: Context, company: Any) -> list[Node]:
    """Return the visible companies above a company, itself and those directly below; empty when it stands alone."""
    above = _above(ctx, company)
    below = ctx.session.execute(
        select(Company.id, Company.name)
        .where(Company.parent_id == company.id)
        .order_by(Company.name_key, Company.id)
        .limit(CHILDREN)
    ).all()
    if not above and not below:
        return []
    chain = [Node(id=row[0], name=row[1], depth=n) for n, row in enumerate(above)]
    here = Node(id=company.id, name=company.name, depth=len(above), here=True)
    return [*chain, here, *(Node(id=r.id, name=r.name, depth=len(above) + 1) for r in below)]


def _above(ctx: Context, company: Any) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    seen, parent = {company.id}, company.parent_id
    while parent is not None and parent not in seen and len(found) < MOST_LEVELS:
        row = ctx.session.execute(
            select(Company.id, Company.name, Company.parent_id).where(Company.id == parent)
        ).first()
        if row is None:
            break
        found.insert(0, (row.id, row.name))
        seen.add(parent)
        parent = row.parent_id
    return found


def refuse_circle(ctx: Context, company_id: int | None, parent_id: int | None) -> None:
    """Raise Invalid when a company would stand above itself."""
    seen: set[int] = set()
    while parent_id is not None and parent_id not in seen and len(seen) < 1000:
        if parent_id == company_id:
            raise Invalid(
                {
                    "parent_id": _(
                        "A company cannot belong to itself or to one below it. Choose another parent company."
                    )
                }
            )
        seen.add(parent_id)
        parent_id = ctx.session.scalar(
            select(Company.parent_id).where(Company.id == parent_id),
            execution_options={"unscoped": "a circle through companies out of sight is a circle too"},
        )
