"""Statements that are built once see the same rows as any other: each criterion that they need is there."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, exists, func, select, true, union, update
from sqlalchemy.orm import aliased

from app.kernel.contributions import RowRule
from app.kernel.hookspecs import Plugin, hookimpl
from app.models import Company, Contact, Interaction, InteractionLink, Tag
from app.services import access
from app.testing.factories import Make
from app.testing.plugins import temporary_plugin

OTHER = aliased(Contact)
INNER = select(Company.id).where(Company.name == "Hidden").subquery()
STATEMENTS = {
    "columns": select(Contact.id),
    "alias": select(func.count()).select_from(OTHER),
    "count": select(func.count(Contact.id)),
    "join": select(Contact.id, Company.id).join(Company, Company.id > 0),
    "scalar": select(Tag.id, select(func.count(Company.id)).scalar_subquery()),
    "exists": select(exists().where(Company.name == "Hidden")),
    "in": select(Contact.id).where(Contact.id.in_(select(Interaction.id))),
    "subquery": select(func.count()).select_from(INNER),
    "union": select(func.count()).select_from(union(select(Company.id), select(Contact.id)).subquery()),
    "cte": select(select(Company.name).cte().c.name),
    "link": select(InteractionLink.record_id),
}


class Closed(Plugin):
    """Hides one company, and the contacts for as long as that one can be seen: a rule that reads another entity."""

    name = "closed"
    label = "Closed"

    @hookimpl
    def kith_permissions(self) -> Any:
        def company(ctx: Any, model: Any, verb: str) -> Any:
            return model.name != "Hidden"

        def contact(ctx: Any, model: Any, verb: str) -> Any:
            return ~exists(select(Company.id).where(Company.name == "Hidden").correlate(None))

        return [
            RowRule(name="company", on="company", restrict=company),
            RowRule(name="contact", on="contact", restrict=contact),
        ]


@pytest.mark.parametrize("form", STATEMENTS)
def test_a_statement_built_once_sees_what_any_other_sees(app: Any, make: Make, form: str) -> None:
    with temporary_plugin(app, Closed):
        user = make.user(role="rep", team="north")
        for name in ("Shown", "Hidden"):
            make.company(name=name, owner=user)
        make.contact(owner=make.user(role="rep", team="south"))
        mine = make.contact(owner=user)
        ctx = make.ctx(user)
        ordinary = [tuple(row) for row in ctx.session.execute(STATEMENTS[form])]
        at_once = [tuple(row) for row in access.rows(ctx, STATEMENTS[form], {})]
    assert sorted(at_once, key=str) == sorted(ordinary, key=str)
    if form == "columns":
        assert at_once == [(mine.id,)]


FAR = aliased(Contact)
COUNTED = {
    "count of an id": select(func.count(Contact.id)),
    "count from": select(func.count()).select_from(Contact),
    "alias": select(func.count(FAR.id)),
    "named in where only": select(func.count()).where(Contact.id > 0),
    "subquery": select(func.count()).select_from(select(Contact.id).subquery()),
    "common table": select(func.count()).select_from(select(Contact.id).cte()),
    "union": select(func.count()).select_from(union(select(Contact.id), select(FAR.id)).subquery()),
    "scalar": select(select(func.count(Contact.id)).scalar_subquery()),
    "joined": select(func.count(Contact.id)).select_from(Tag).join(Contact, Contact.id > 0),
    "outer joined": select(func.count(Contact.id)).select_from(Tag).outerjoin(Contact, Contact.id > 0),
    "in": select(func.count(Tag.id)).where(Tag.id.in_(select(Contact.id))),
    "exists": select(func.count(Tag.id)).where(exists().where(Contact.id > 0)),
    "lateral": select(func.count()).select_from(Tag).join(select(Contact.id).subquery(), true()),
}
"""Statements that say how much there is of contacts, in the ways in which one can be named; there is one tag."""


@pytest.mark.parametrize("form", COUNTED)
def test_contacts_of_others_are_in_no_statement(make: Make, form: str) -> None:
    user = make.user(role="rep", team="north")
    make.contact(owner=make.user(role="rep", team="south"), tags=["fair"])
    assert make.ctx(user).session.execute(COUNTED[form]).scalar() == 0


@pytest.mark.parametrize("form", ["update", "delete"])
def test_contacts_of_others_are_not_written_in_passing(make: Make, form: str) -> None:
    user = make.user(role="rep", team="north")
    make.contact(owner=make.user(role="rep", team="south"))
    ctx = make.ctx(user)
    change = update(Contact).values(note="seen") if form == "update" else delete(Contact)
    ctx.session.execute(change, execution_options={"synchronize_session": False})
    assert make.ctx().session.execute(select(Contact.note)).scalar_one() == ""
