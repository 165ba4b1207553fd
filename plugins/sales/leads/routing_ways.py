"""The ways in which a rule finds somebody: in turn, by load, by the value of a field, by who looks after the company.

Each returns (user, why in words), or None when it finds nobody: then the next rule is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.sdk import Choice, Context, _, _l, _n
from app.sdk.models import Affiliation, Company, User
from app.sdk.services import fields, working_calendar

from .choices import OPEN
from .models import Lead

if TYPE_CHECKING:
    from .routing import Desk

STRATEGIES = (
    Choice(value="turn", label=_l("In turn, by weight")),
    Choice(value="least", label=_l("Whoever has the fewest open leads")),
    Choice(value="field", label=_l("By the value of a field (territory)")),
    Choice(value="company", label=_l("Whoever looks after the company")),
)


def candidates(rule: Any) -> list[int]:
    """Return the ids of those to whom a rule may give leads."""
    return [int(p["user_id"]) for p in rule.people] + [int(i) for i in rule.mapping.values()]


def away(ctx: Context, user_ids: Sequence[int]) -> set[int]:
    """Return who of some colleagues is absent now."""
    if not user_ids:
        return set()
    found = working_calendar.of_users(ctx, user_ids)
    return {i for i, hours in found.items() if any(start <= ctx.now < end for start, end in hours.away)}


def loads(ctx: Context, user_ids: Sequence[int]) -> dict[int, int]:
    """Return how many open leads some colleagues have."""
    query = (
        select(Lead.owner_id, func.count(Lead.id).label("open"))
        .where(Lead.owner_id.in_(user_ids), Lead.status.in_(OPEN))
        .group_by(Lead.owner_id)
    )
    found = dict.fromkeys(user_ids, 0)
    if user_ids:
        found.update({row.owner_id: row.open for row in ctx.session.execute(query)})
    return found


def _free(at: Desk, rule: Any, user_ids: Iterable[int]) -> list[int]:
    """Return who may get one more: known, not away, not full."""
    most = rule.most_open or 0
    return [
        i for i in user_ids if i in at.known and i not in at.away and (not most or at.loads.get(i, 0) < most)
    ]


def in_turn(ctx: Context, at: Desk, rule: Any, lead: Lead) -> tuple[int, str] | None:
    """Choose who has got the fewest by this rule for his weight."""
    weights = {int(p["user_id"]): max(1, int(p.get("weight") or 1)) for p in rule.people}
    free = _free(at, rule, weights)
    if not free:
        return None
    first = min(free, key=lambda i: ((at.given.get((rule.id or 0, i), 0) + 1) / weights[i], i))
    return first, _n("in turn, %(num)s colleague", "in turn, %(num)s colleagues", len(free))


def least(ctx: Context, at: Desk, rule: Any, lead: Lead) -> tuple[int, str] | None:
    """Choose who has the fewest open leads."""
    free = _free(at, rule, [int(p["user_id"]) for p in rule.people])
    if not free:
        return None
    first = min(free, key=lambda i: (at.loads.get(i, 0), i))
    return first, _("fewest open leads (%(count)s)", count=at.loads.get(first, 0))


def by_field(ctx: Context, at: Desk, rule: Any, lead: Lead) -> tuple[int, str] | None:
    """Choose who stands beside the value of a field of the lead or, with “contact.” before its name, of its contact."""
    entity, name, record_id = ("sales.lead", rule.field, lead.id)
    if rule.field.startswith("contact."):
        entity, name, record_id = "contact", rule.field.removeprefix("contact."), lead.contact_id or 0
    found = next((f for f in ctx.schema.fields(entity) if f.key == name), None)
    if found is None or not record_id:
        return None
    loaded = fields.load_ids(ctx, ctx.schema.entity(entity), [found], [record_id])
    value = loaded.get(name, {}).get(record_id)
    mapping = {str(key).strip().casefold(): int(i) for key, i in rule.mapping.items()}
    for text in _texts(value):
        chosen = mapping.get(text.strip().casefold())
        if chosen is not None and _free(at, rule, [chosen]):
            return chosen, _("%(field)s is %(value)s", field=str(found.label), value=text)
    return None


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [str(v) for v in value.values() if v]
    if isinstance(value, list | tuple | set):
        return [text for one in value for text in _texts(one)]
    return [str(value)] if value not in (None, "") else []


def by_company(ctx: Context, at: Desk, rule: Any, lead: Lead) -> tuple[int, str] | None:
    """Choose who looks after the company of the contact."""
    query = (
        select(Company.owner_id, Company.name)
        .join(Affiliation, Affiliation.company_id == Company.id)
        .join(User, User.id == Company.owner_id)
        .where(Affiliation.contact_id == lead.contact_id, User.active.is_(True))
        .order_by(Affiliation.is_primary.desc(), Affiliation.id)
        .limit(1)
    )
    found = ctx.session.execute(query).first()
    if found is None or found.owner_id in away(ctx, [found.owner_id]):
        return None
    return found.owner_id, _("looks after %(company)s", company=found.name)


WAYS = {"turn": in_turn, "least": least, "field": by_field, "company": by_company}
