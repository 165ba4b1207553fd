"""When people and companies were last in touch: kept on their rows, so that lists sort by it and "going cold" is found.

A company's is that of its present people and of what was logged about itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update

from app.kernel.context import Context
from app.models import NEVER, Affiliation, Company, Contact, Interaction, InteractionLink
from app.services import keep_in_touch_upkeep
from app.services.access import UNSCOPED

WHOLE: Mapping[str, Any] = {
    UNSCOPED: "when somebody was last in touch is a fact about the record, whoever asks",
    "synchronize_session": False,
}
KEPT = ("contact", "company")


def forward(ctx: Context, at: datetime, targets: Iterable[tuple[str, int]]) -> None:
    """Move the last contact of people, their companies and companies forward to an instant."""
    contacts, companies = _split(targets)
    values = {"contacts": contacts, "companies": companies, "at": at}
    if contacts:
        moved = ctx.session.connection().execute(_LATER_CONTACT, values, execution_options=WHOLE).all()
        keep_in_touch_upkeep.settle(ctx, moved)
    if contacts or companies:
        ctx.session.connection().execute(_LATER_COMPANY, values, execution_options=WHOLE)


def of(ctx: Context, interactions: Sequence[int]) -> set[tuple[str, int]]:
    """Return the people and companies that interactions are tied to, seen or unseen."""
    link = InteractionLink
    query = select(link.entity, link.record_id).where(
        link.interaction_id.in_(interactions), link.entity.in_(KEPT)
    )
    return {(row.entity, row.record_id) for row in ctx.session.execute(query)}


def anew(ctx: Context, targets: Iterable[tuple[str, int]]) -> None:
    """Work the last contact out again: entries were moved in time, taken away or brought back."""
    ctx.session.flush()
    contacts, companies = _split(targets)
    for contact_id in contacts:
        _set(ctx, Contact, contact_id, _newest(ctx, "contact", contact_id))
    keep_in_touch_upkeep.stale(ctx, contacts)
    companies += ctx.session.execute(_of_people(contacts)).scalars() if contacts else ()
    for company_id in dict.fromkeys(companies):
        people = (
            select(Contact.last_interaction_at)
            .join(Affiliation, Affiliation.contact_id == Contact.id)
            .where(Affiliation.company_id == company_id, Affiliation.ended_on == "")
            .order_by(Contact.last_interaction_at.desc())
            .limit(1)
        )
        of_people = ctx.session.execute(people, execution_options=WHOLE).scalar() or NEVER
        _set(ctx, Company, company_id, max(of_people, _newest(ctx, "company", company_id)))


def employers(ctx: Context, contacts: Sequence[int]) -> set[tuple[int, int]]:
    """Return who works where now of people who were in touch once: (contact, company), seen or unseen."""
    query = select(Affiliation.contact_id, Affiliation.company_id)
    query = query.join(Contact, Contact.id == Affiliation.contact_id)
    query = query.where(Affiliation.contact_id.in_(contacts), Affiliation.ended_on == "")
    touched = query.where(Contact.last_interaction_at > NEVER)
    rows = ctx.session.execute(touched, execution_options=WHOLE)
    return {(row.contact_id, row.company_id) for row in rows}


def changed_places(ctx: Context, contacts: Sequence[int], former: Iterable[tuple[int, int]]) -> None:
    """Work the last contact of companies out again that somebody came to or left, also where others did the reverse."""
    differ = employers(ctx, contacts) ^ set(former)
    anew(ctx, [("company", i) for i in sorted({company for _contact, company in differ})])


def arrived(ctx: Context, since: datetime) -> int:
    """Count what was planned and has come since an instant; returns how many entries. Run at night."""
    query = select(Interaction.id).where(
        Interaction.occurred_at > since, Interaction.occurred_at <= ctx.now, Interaction.created_at < since
    )
    with ctx.unit():
        ids = ctx.session.execute(query).scalars().all()
        anew(ctx, of(ctx, ids))
    return len(ids)


def gone_or_back(ctx: Context, events: Sequence[Any]) -> None:
    """Follow interactions into the trash and out of it: a subscriber within their transaction."""
    anew(ctx, of(ctx, [e.record_id for e in events if e.record_id is not None]))


def _newest(ctx: Context, entity: str, record_id: int) -> datetime:
    link = InteractionLink
    query = (
        select(link.occurred_at)
        .join(Interaction, and_(Interaction.id == link.interaction_id, Interaction.deleted_at.is_(None)))
        .where(link.entity == entity, link.record_id == record_id, link.occurred_at <= ctx.now)
        .order_by(link.occurred_at.desc(), link.interaction_id.desc())
        .limit(1)
    )
    return ctx.session.execute(query, execution_options=WHOLE).scalar() or NEVER


def _set(ctx: Context, model: Any, record_id: int, at: datetime) -> None:
    changed = update(model).where(model.id == record_id).values(last_interaction_at=at)
    ctx.session.execute(changed, execution_options=WHOLE)


def _split(targets: Iterable[tuple[str, int]]) -> tuple[list[int], list[int]]:
    found = list(targets)
    return [i for name, i in found if name == "contact"], [i for name, i in found if name == "company"]


def _of_people(contacts: Any) -> Any:
    return select(Affiliation.company_id).where(
        Affiliation.contact_id.in_(contacts), Affiliation.ended_on == ""
    )


def _later(model: Any, whose: Any) -> Any:
    later = update(model).where(whose, model.last_interaction_at < bindparam("at"))
    return later.values(last_interaction_at=bindparam("at"))


_CONTACTS: Any = bindparam("contacts", expanding=True)
_LATER_CONTACT = _later(Contact, Contact.id.in_(_CONTACTS)).returning(*keep_in_touch_upkeep.COLUMNS)
_LATER_COMPANY = _later(
    Company,
    or_(Company.id.in_(_of_people(_CONTACTS)), Company.id.in_(bindparam("companies", expanding=True))),
)
