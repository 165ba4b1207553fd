"""What somebody else has to approve waits, is run as the request of who asked, or is declined, withdrawn or over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel.errors import Invalid, NotAllowed, NotVisible
from app.models import Approval, Notification, Operation
from app.sdk import Action, Context, Offer, Outcome, Plugin, hookimpl
from app.sdk import services as sdk
from app.services import actions, approvals, bulk_work, context, records, roles, settings, typed_json
from app.services import approvals_deciding as deciding
from app.services.context import acting
from app.testing.factories import Make, frozen
from app.testing.plugins import temporary_plugin

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def give(ctx: Context, chosen: Sequence[Any], data: Mapping[str, Any]) -> Outcome:
    """Note the discount, and who approved it."""
    by = f", approved by {ctx.approved.by}: {ctx.approved.note}" if ctx.approved else ""
    for contact in chosen:
        sdk.records.update(ctx, "contact", contact.id, {"note": f"{data['percent']} %{by}"})
    return Outcome(message="Discount given", changed=len(chosen))


def too_much(ctx: Context, chosen: Sequence[Any], data: Mapping[str, Any]) -> str | None:
    """A VIP gets 20 %, others 10 %."""
    limit = 20 if any(c.nickname == "VIP" for c in chosen) else 10
    return f"{data['percent']} % is more than {limit} %" if data["percent"] > limit else None


class Shop(Plugin):
    """Discounts."""

    name = "shop"

    @hookimpl
    def kith_actions(self) -> list[Action]:
        shared: dict[str, Any] = {
            "on": "contact",
            "run": give,
            "approval": too_much,
            "offer": Offer.PAGE | Offer.BULK,
        }
        return [
            Action(name="discount", label="Give a discount", approval_days=3, **shared),
            Action(name="big", label="Give a big one", approver="admin.settings", **shared),
        ]


@pytest.fixture(autouse=True)
def shop(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(context, "clock", frozen(NOON))
    with temporary_plugin(app, Shop):
        yield


class Team:
    """Somebody of the north who asks, his manager, and one of the south."""

    def __init__(self, make: Make) -> None:
        self.make = make
        self.rep = make.user("rep", team="north", name="Rita")
        self.boss = make.user("manager", team="north", name="Bo")
        self.other = make.user("manager", team="south", name="Sol")
        self.ana = make.contact(owner=self.rep, given_name="Ana", family_name="Lima")

    def discount(self, percent: Any, by: Any = None, name: str = "discount", **more: Any) -> Outcome:
        ctx = self.make.ctx(by or self.rep)
        action = actions.find(ctx, f"shop.{name}")
        return actions.run(ctx, action, [self.ana.id], {"percent": percent, **more})

    def note(self) -> str:
        ctx = self.make.ctx()
        ctx.session.expire_all()
        return str(records.get(ctx, "contact", self.ana.id).note or "")

    def told(self, user: Any) -> list[str]:
        ctx = self.make.ctx()
        query = select(Notification.text).where(Notification.user_id == user.id).order_by(Notification.id)
        return list(ctx.session.execute(query).scalars())


@pytest.fixture
def team(make: Make) -> Team:
    return Team(make)


def row(make: Make) -> Approval:
    ctx = make.ctx()
    ctx.session.expire_all()
    return ctx.session.execute(select(Approval)).scalar_one()


def test_without_a_reason_it_is_simply_done(team: Team) -> None:
    outcome = team.discount(10)

    assert outcome.approval is None
    assert team.note() == "10 %"


def test_with_a_reason_nothing_is_run_and_the_manager_of_the_team_is_told(team: Team) -> None:
    outcome = team.discount(15)

    assert (outcome.changed, team.note()) == (0, "")
    assert str(outcome.message) == "Waits for approval: 15 % is more than 10 %"
    found = row(team.make)
    assert (found.id, found.state, found.asked_by) == (outcome.approval, "waiting", team.rep.id)
    assert found.until == NOON + timedelta(days=3)
    assert team.told(team.boss) == ["Rita asks for your approval: Give a discount – Ana Lima"]
    assert team.told(team.other) == []


def test_an_approval_runs_it_as_the_request_of_who_asked(team: Team) -> None:
    asked = team.discount(15).approval
    assert asked

    decision = deciding.approve(team.make.ctx(team.boss), asked, " Because  of the fair ")

    assert decision.done
    assert team.note() == "15 %, approved by Bo: Because of the fair"
    found = row(team.make)
    assert (found.state, found.decided_by, found.decided_at) == ("approved", team.boss.id, NOON)
    assert found.note == "Because of the fair"
    done = team.make.ctx().session.get(Operation, found.operation_id)
    assert done is not None
    assert done.actor_id == team.rep.id
    assert team.told(team.rep) == ["Bo approved: Give a discount (15 % is more than 10 %)"]


def test_who_asked_cannot_approve_it_himself(team: Team) -> None:
    asked = team.discount(15, by=team.boss).approval
    assert asked

    with pytest.raises(NotAllowed):
        deciding.approve(team.make.ctx(team.boss), asked)
    assert team.note() == ""


def test_a_manager_of_another_team_neither_sees_nor_decides_it(team: Team) -> None:
    asked = team.discount(15).approval
    assert asked
    ctx = team.make.ctx(team.other)

    assert approvals.for_me(ctx) == []
    with pytest.raises(NotVisible):
        deciding.approve(ctx, asked)


def test_without_a_manager_in_the_team_every_manager_may_decide(make: Make) -> None:
    alone = make.user("rep", team="west")
    ana = make.contact(owner=alone)
    boss = make.user("manager", team="north")
    ctx = make.ctx(alone)
    asked = actions.run(ctx, actions.find(ctx, "shop.discount"), [ana.id], {"percent": 15}).approval

    assert [r.id for r in approvals.for_me(make.ctx(boss))] == [asked]


def test_nobody_asks_when_there_is_nobody_to_decide(make: Make) -> None:
    alone = make.user("admin")
    ana = make.contact(owner=alone)
    ctx = make.ctx(alone)

    with pytest.raises(Invalid, match="nobody who could approve"):
        actions.run(ctx, actions.find(ctx, "shop.discount"), [ana.id], {"percent": 15})


def test_an_action_may_name_the_permission_that_decides(team: Team) -> None:
    chief = team.make.user("admin")
    asked = team.discount(15, name="big").approval

    assert [r.id for r in approvals.for_me(team.make.ctx(chief))] == [asked]
    assert approvals.for_me(team.make.ctx(team.boss)) == []


def test_who_may_not_see_the_record_sees_no_request(team: Team) -> None:
    secret = team.make.contact(owner=team.make.user("rep", team="south"))
    asked = team.discount(15).approval
    assert asked
    system = team.make.ctx()
    with acting(system), system.unit():
        moved = system.session.get(type(team.ana), team.ana.id)
        assert moved is not None
        moved.owner_id, moved.team_id = secret.owner_id, secret.team_id
    ctx = team.make.ctx(team.rep)

    assert approvals.asked_by_me(ctx) == []
    with pytest.raises(NotVisible):
        approvals.get(ctx, asked)
    with pytest.raises(Invalid, match="cannot be done any more"):
        deciding.approve(team.make.ctx(team.boss), asked)
    assert row(team.make).state == "waiting"


def test_the_rights_of_who_asked_are_checked_again(team: Team) -> None:
    asked = team.discount(15).approval
    assert asked
    system = team.make.ctx()
    with acting(system), system.unit():
        gone = system.session.get(type(team.rep), team.rep.id)
        assert gone is not None
        gone.active = False

        settings.bump(system, "permissions")

    with pytest.raises(Invalid, match="cannot act any more"):
        deciding.approve(team.make.ctx(team.boss), asked)
    assert (team.note(), row(team.make).state) == ("", "waiting")


def test_another_reason_than_the_one_asked_for_is_looked_at_again(team: Team) -> None:
    asked = team.discount(25).approval
    assert asked
    records.update(team.make.ctx(), "contact", team.ana.id, {"nickname": "VIP"})

    first = deciding.approve(team.make.ctx(team.boss), asked)
    assert (first.done, row(team.make).reason) == (False, "25 % is more than 20 %")
    assert team.note() == ""

    assert deciding.approve(team.make.ctx(team.boss), asked).done
    assert team.note().startswith("25 %")


def test_it_is_decided_once(team: Team) -> None:
    asked = team.discount(15).approval
    assert asked
    deciding.decline(team.make.ctx(team.boss), asked, "Too much")

    with pytest.raises(Invalid, match="decided already"):
        deciding.approve(team.make.ctx(team.boss), asked)
    assert team.note() == ""


def test_declining_needs_a_reason_which_who_asked_reads(team: Team) -> None:
    asked = team.discount(15).approval
    assert asked
    with pytest.raises(Invalid, match="Say why"):
        deciding.decline(team.make.ctx(team.boss), asked, "  ")

    deciding.decline(team.make.ctx(team.boss), asked, "Too much")

    assert row(team.make).state == "declined"
    assert team.told(team.rep) == ["Bo declined: Give a discount (15 % is more than 10 %). “Too much”"]


def test_who_asked_takes_it_back_and_nobody_else(team: Team) -> None:
    asked = team.discount(15).approval
    assert asked
    with pytest.raises(NotAllowed):
        deciding.withdraw(team.make.ctx(team.boss), asked)

    deciding.withdraw(team.make.ctx(team.rep), asked)

    assert row(team.make).state == "withdrawn"
    assert approvals.for_me(team.make.ctx(team.boss)) == []


def test_the_same_waits_once(team: Team) -> None:
    team.discount(15)

    again = team.discount(18)

    assert again.approval is None
    assert again.refused == {team.ana.id: "This waits for an approval already."}
    assert row(team.make).state == "waiting"


def test_what_nobody_decides_in_time_is_over_and_who_asked_is_told(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = team.discount(15).approval
    assert asked
    monkeypatch.setattr(context, "clock", frozen(NOON + timedelta(days=3)))

    with pytest.raises(Invalid, match="time for this is over"):
        deciding.approve(team.make.ctx(team.boss), asked)
    deciding.expire(team.make.ctx(), {})

    assert row(team.make).state == "expired"
    assert team.told(team.rep) == ["Nobody approved in time: Give a discount (15 % is more than 10 %)"]
    assert team.discount(15).approval not in (None, asked)


def test_the_request_stands_on_the_record_for_those_concerned(team: Team) -> None:
    asked = team.discount(15).approval

    def seen(user: Any) -> list[int]:
        return [r.id for r in approvals.of_record(team.make.ctx(user), "contact", team.ana.id)]

    assert seen(team.rep) == seen(team.boss) == [asked]
    assert seen(team.other) == []


def test_counting_asks_nothing_where_no_action_needs_approvals(
    team: Team, queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.discount(15)
    ctx = team.make.ctx(team.boss)
    assert approvals.count_for_me(ctx) == 1
    monkeypatch.setattr(approvals, "declared", lambda ctx: {})
    with queries() as seen:
        assert approvals.count_for_me(ctx) == 0
    assert seen == []


def test_a_request_goes_with_its_record(team: Team) -> None:
    asked = team.discount(15).approval
    assert asked
    system = team.make.ctx()
    with acting(system):
        records.trash(system, "contact", [team.ana.id])
        assert approvals.for_me(team.make.ctx(team.boss)) == []
    system = team.make.ctx()
    with acting(system), system.unit():
        records.purge(system, "contact", [team.ana.id])
    with pytest.raises(NotVisible):
        approvals.get(team.make.ctx(team.boss), asked)
    assert [deciding.forget(team.make.ctx()), deciding.forget(team.make.ctx())] == [1, 0]
    assert team.make.ctx().session.execute(select(Approval)).first() is None


def test_in_bulk_each_batch_waits(team: Team) -> None:
    boss = team.make.user("manager", team="north")
    eva = team.make.contact(owner=team.rep)
    ctx = team.make.ctx(team.boss)

    action = bulk_work.find(ctx, "contact", "shop.discount")
    with ctx.unit():
        wrote = bulk_work._act(ctx, action, [team.ana.id, eva.id], {"percent": 15})

    assert not wrote.changed
    assert set(wrote.refused) == {team.ana.id, eva.id}
    (found,) = approvals.for_me(team.make.ctx(boss))
    assert sorted(approvals.records_of(ctx, [found])[found.id]) == sorted([team.ana.id, eva.id])


def test_the_data_keep_their_types() -> None:
    data = {
        "amount": Decimal("12.50"),
        "on": date(2026, 1, 2),
        "at": NOON,
        "words": ["a", None, True],
        "inner": {"rate": Decimal("0.1")},
    }

    assert typed_json.load(typed_json.dump(data)) == data


def test_what_cannot_be_stored_cannot_wait(team: Team) -> None:
    with pytest.raises(Invalid, match="A file cannot wait"):
        team.discount(15, file=object())


def test_a_permission_that_nobody_declares_is_the_administrators(team: Team) -> None:
    chief = team.make.user("admin")

    assert list(roles.holders(team.make.ctx(), "nobody.knows")) == [chief.id]
