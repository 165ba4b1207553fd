from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.sdk import Context, NotVisible
from app.sdk.models import Contact
from app.sdk.services import records
from app.testing.factories import Make

from ..leads import cases, intake, ready, scoring
from ..leads.choices import LEAD
from ..leads.models import AssignRule, Lead, ScoreRule

FIELDS = {"person": "Rosa Alves", "email": "rosa@alves.example", "phone": "+351 213 456 789"}


@pytest.fixture
def ctx(make: Make) -> Context:
    return make.ctx()


def arrive(ctx: Context, **values: Any) -> Lead:
    return intake.create(ctx, {**FIELDS, **values})


def rule(ctx: Context, **values: Any) -> AssignRule:
    made = AssignRule(**{"name": "All", "people": [], "mapping": {}} | values)
    with ctx.unit():
        ctx.session.add(made)
    return made


def test_a_lead_makes_its_contact_with_all_that_was_entered(ctx: Context) -> None:
    lead = arrive(ctx, company="Alves Lda", topic="Roof")

    contact = ctx.session.get_one(Contact, lead.contact_id)

    assert contact.formatted_name == "Rosa Alves"
    assert lead.name == "Rosa Alves · Roof"
    assert cases.company_of(ctx, contact.id) is not None


def test_somebody_with_the_same_address_is_the_same_contact_and_stays_as_he_was(
    ctx: Context, make: Make
) -> None:
    known = make.contact(given_name="Rosa", family_name="Alves", email="Rosa@Alves.example")

    lead = arrive(ctx, person="R. A.", phone="")

    assert lead.contact_id == known.id
    assert ctx.session.get_one(Contact, known.id).formatted_name == "Rosa Alves"


def test_a_shared_number_alone_makes_nobody_the_same(ctx: Context, make: Make) -> None:
    office = make.contact(given_name="Ana", family_name="Lima", phone="+351 213 456 789")

    lead = arrive(ctx, email="")

    assert lead.contact_id != office.id


def test_a_lead_without_anybody_is_kept(ctx: Context) -> None:
    lead = intake.create(ctx, {"topic": "Lead 660737", "channel": "Import"})
    assert (lead.contact_id, lead.name) == (None, "Lead 660737")


def test_the_name_of_a_lead_follows_its_contact(ctx: Context) -> None:
    lead = arrive(ctx, topic="Roof")
    records.update(ctx, "contact", lead.contact_id or 0, {"name": "Rosa Alves Costa"})
    ctx.session.refresh(lead)
    assert lead.name == "Rosa Alves Costa · Roof"


def test_the_first_rule_that_holds_decides_and_says_why(ctx: Context, make: Make) -> None:
    ana, rui = make.user(name="Ana"), make.user(name="Rui")
    rule(ctx, name="Fairs", condition="channel = Fair", position=1, people=[{"user_id": ana.id, "weight": 1}])
    rule(ctx, name="Rest", position=2, people=[{"user_id": rui.id, "weight": 1}])

    fair, web = arrive(ctx, channel="Fair"), arrive(ctx, channel="Website", email="b@b.example")

    assert (fair.owner_id, web.owner_id) == (ana.id, rui.id)
    assert fair.assigned_why.startswith("Fairs: in turn")


def test_turns_keep_to_the_weights(ctx: Context, make: Make) -> None:
    ana, rui = make.user(), make.user()
    rule(ctx, people=[{"user_id": ana.id, "weight": 2}, {"user_id": rui.id, "weight": 1}])

    owners = [arrive(ctx, email=f"p{n}@x.example").owner_id for n in range(9)]

    assert (owners.count(ana.id), owners.count(rui.id)) == (6, 3)


def test_who_has_the_fewest_open_leads_gets_the_next(ctx: Context, make: Make) -> None:
    ana, rui = make.user(), make.user()
    intake.create(ctx, {"topic": "Busy", "owner_id": ana.id})
    rule(ctx, strategy="least", people=[{"user_id": i, "weight": 1} for i in (ana.id, rui.id)])
    assert arrive(ctx).owner_id == rui.id


def test_a_value_of_a_field_leads_to_somebody(ctx: Context, make: Make) -> None:
    ana = make.user()
    rule(ctx, name="North", strategy="field", field="campaign", mapping={"Porto": ana.id})
    lead = arrive(ctx, campaign="porto")
    assert (lead.owner_id, lead.assigned_why) == (ana.id, "North: Campaign is porto")
    assert arrive(ctx, campaign="Faro", email="c@c.example").owner_id is None


def test_who_looks_after_the_company_gets_its_leads(ctx: Context, make: Make) -> None:
    ana = make.user("manager")
    make.company(name="Alves Lda", owner=ana)
    rule(ctx, name="Known", strategy="company")
    assert arrive(ctx, company="Alves Lda").owner_id == ana.id


def test_who_is_full_is_left_out(ctx: Context, make: Make) -> None:
    ana = make.user()
    rule(ctx, people=[{"user_id": ana.id, "weight": 1}], most_open=1)
    assert arrive(ctx).owner_id == ana.id
    assert arrive(ctx, email="d@d.example").owner_id is None


def test_a_condition_that_cannot_be_read_any_more_holds_for_no_lead(ctx: Context, make: Make) -> None:
    rule(ctx, condition="no_such_field = 1", people=[{"user_id": make.user().id, "weight": 1}])
    assert arrive(ctx).owner_id is None


def test_only_one_of_two_takes_a_lead(ctx: Context, make: Make) -> None:
    ana, rui = make.user("rep"), make.user("rep")
    lead = arrive(ctx)

    cases.claim(make.ctx(ana), lead.id)
    other = make.ctx(rui)

    with pytest.raises(NotVisible):
        cases.claim(other, lead.id)
    assert make.ctx().session.get_one(Lead, lead.id).owner_id == ana.id


def test_who_takes_a_lead_gets_its_contact_and_gives_it_back(ctx: Context, make: Make) -> None:
    ana = make.user("rep")
    lead = arrive(ctx)
    mine = make.ctx(ana)

    cases.claim(mine, lead.id)
    assert records.get(mine, "contact", lead.contact_id or 0).owner_id == ana.id

    cases.release(mine, lead.id)
    assert records.get(make.ctx(), LEAD, lead.id).owner_id is None


def test_rules_of_the_score_that_a_house_begins_with_can_all_be_read(ctx: Context, caplog: Any) -> None:
    ready.make_ready(ctx)
    lead = arrive(ctx, company="Alves Lda", message="Please call")

    points = {p.reason for p in scoring.explain(ctx, lead.id)}

    assert {"Can be called", "A company is known", "Wrote a message", "Came in lately"} <= points
    assert lead.score == 60
    assert lead.grade == "hot"
    assert "cannot be read" not in caplog.text
    assert ctx.session.execute(select(ScoreRule.id)).scalars().all()
