"""Webhooks: every event at least once, in order per record, signed, and no more than the owner may see."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from app.models import FieldRule, JobRow, Role, Webhook, WebhookDelivery
from app.services import records, settings, webhooks_log, webhooks_queue
from app.services.webhooks_signing import Unsigned
from app.testing.clock import Clock
from app.testing.factories import Make
from tests.services.webhook_kit import Receiver, set_up, signed, states

Jobs = Callable[[], int]


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Receiver:
    """A receiver that stands for the whole internet."""
    return Receiver().install(monkeypatch)


@pytest.fixture
def admin(make: Make, clock: Clock) -> Any:
    """An administrator, on a day when the clock stands still."""
    clock.set("2026-03-02 09:00")
    return make.user("admin")


@pytest.fixture
def hook(make: Make, admin: Any) -> Callable[..., tuple[int, str]]:
    """Sets a webhook up and returns its id and secret."""
    return partial(set_up, make, admin)


def change(make: Make, admin: Any, record_id: int, **values: Any) -> None:
    """Change a contact as the administrator."""
    records.update(make.ctx(admin), "contact", record_id, values)


# ---------------------------------------------------------------- what is told


def test_a_change_is_told_with_a_signature_and_uids_only(
    make: Make, admin: Any, hook: Any, run_jobs: Jobs, receiver: Receiver, clock: Clock
) -> None:
    _id, secret = hook()
    ana = make.contact(given_name="Ana", owner=admin)
    change(make, admin, ana.id, given_name="Anna")
    run_jobs()
    assert receiver.topics == ["contact.created", "contact.updated"]
    told = receiver.got[1]
    assert told["timestamp"] == "2026-03-02T09:00:00+00:00"
    assert told["data"]["entity"] == "contact"
    assert told["data"]["uid"] == ana.uid
    assert (told["data"]["before"]["given_name"], told["data"]["after"]["given_name"]) == ("Ana", "Anna")
    assert signed([secret], receiver.heads[1], told, clock.now) == told["id"]
    with pytest.raises(Unsigned):
        signed(["whsec_" + "A" * 43 + "="], receiver.heads[1], told, clock.now)
    assert receiver.got[0]["data"]["after"].get("owner_id") in (None, admin.uid)


def test_nobody_listens_nothing_is_written(make: Make, admin: Any, hook: Any, run_jobs: Jobs) -> None:
    hook("company.*")
    before = len(make.ctx().session.execute(select(JobRow)).all())
    make.contact()
    assert states(make) == []
    assert len(make.ctx().session.execute(select(JobRow)).all()) == before


def test_what_was_rolled_back_is_not_told(
    make: Make, admin: Any, hook: Any, run_jobs: Jobs, receiver: Receiver
) -> None:
    hook()
    ctx = make.ctx(admin)

    def in_vain() -> None:
        with ctx.unit():
            records.create(ctx, "contact", {"given_name": "Nobody"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        in_vain()
    run_jobs()
    assert receiver.got == []


def test_many_records_at_once_are_told_each(
    make: Make, admin: Any, hook: Any, run_jobs: Jobs, receiver: Receiver
) -> None:
    hook("contact.created")
    records.create_many(make.ctx(admin), "contact", [{"given_name": f"N{n}"} for n in range(60)])
    run_jobs()
    assert [told["data"]["after"]["given_name"] for told in receiver.got] == [f"N{n}" for n in range(60)]


def test_hidden_fields_and_records_out_of_sight_are_left_out(
    make: Make, admin: Any, hook: Any, run_jobs: Jobs, receiver: Receiver
) -> None:
    rep = make.user("rep", team="south")
    other = make.user("rep", team="north")
    system = make.ctx()
    with system.unit():
        role = system.session.execute(select(Role).where(Role.name == "representative")).scalar_one()
        system.session.add(FieldRule(role_id=role.id, field="contact.nickname", mode="hidden"))
        settings.bump(system, "permissions")
    hook(user_id=rep.id)
    mine = make.contact(given_name="Mine", owner=rep)
    change(make, admin, mine.id, nickname="M")
    change(make, admin, mine.id, nickname="N", given_name="Mia")
    make.contact(given_name="Theirs", owner=other, team="north")
    run_jobs()
    assert [told["data"]["after"].get("given_name") for told in receiver.got] == ["Mine", "Mia"]
    assert "nickname" not in str(receiver.got)
    assert [(t, state) for t, state, _n in states(make)] == [
        ("contact.created", "delivered"),
        ("contact.updated", "skipped"),
        ("contact.updated", "delivered"),
        ("contact.created", "skipped"),
    ]


def test_a_filter_chooses_records(
    make: Make, admin: Any, hook: Any, run_jobs: Jobs, receiver: Receiver
) -> None:
    hook(entity="contact", filter='given_name = "Ana"')
    make.contact(given_name="Ana")
    make.contact(given_name="Bo")
    make.company()
    run_jobs()
    assert [told["data"]["after"]["given_name"] for told in receiver.got] == ["Ana"]


def test_what_went_to_the_trash_is_told(
    make: Make, admin: Any, hook: Any, run_jobs: Jobs, receiver: Receiver
) -> None:
    hook("contact.deleted")
    ana = make.contact()
    records.trash(make.ctx(admin), "contact", [ana.id])
    run_jobs()
    assert [told["data"]["uid"] for told in receiver.got] == [ana.uid]


# ---------------------------------------------------------------- acceptance 7


def in_order(received: list[dict[str, Any]]) -> bool:
    """Whether of each record nothing new came before something older; the same may come again."""
    seen: dict[str, list[str]] = {}
    for told in received:
        mine = seen.setdefault(told["data"]["uid"], [])
        if told["id"] in mine and mine[-1] != told["id"]:
            return False
        if told["id"] not in mine:
            mine.append(told["id"])
    return True


def test_receiver_down_for_an_hour_restarted_slow_and_failing(
    make: Make, admin: Any, hook: Any, run_jobs: Jobs, receiver: Receiver, clock: Clock
) -> None:
    """Down for an hour, then answers of all kinds: every event arrives, in order per record, repeats by the same id."""
    hook("contact.updated")
    chance = random.Random(7)
    people = [make.contact().id for _ in range(4)]
    begun = clock.now
    receiver.mood = lambda count, told: "down"
    for step in range(6):
        for record in people:
            change(make, admin, record, nickname=f"{record}-{step}")
        run_jobs()
        clock.forward(minutes=10)
    assert receiver.got == []
    assert receiver.asked < 12, "a receiver that is away is tried by the ladder, not for each event"
    receiver.mood = lambda count, told: chance.choice([200, 200, "slow", 500, 503, "down"])
    for step in range(60):
        if step < 20:
            change(make, admin, chance.choice(people), nickname=f"later-{step}")
        clock.forward(hours=chance.choice([0.01, 0.2, 1, 3]))
        run_jobs()
    receiver.mood = lambda count, told: 200
    for _ in range(30):
        clock.forward(hours=3)
        run_jobs()
    query = select(WebhookDelivery)
    told = make.ctx().session.execute(query, execution_options={"populate_existing": True}).scalars().all()
    assert len(told) == 6 * len(people) + 20
    assert {row.state for row in told} == {"delivered"}
    assert {row.uid for row in told} == {got["id"] for got in receiver.got}
    assert in_order(receiver.got)
    assert len(receiver.got) > len(told), "slow answers lead to repeats, by the same id"
    assert clock.now > begun


def test_an_event_waits_for_the_earlier_one_of_its_record_alone(
    make: Make, admin: Any, hook: Any, run_jobs: Jobs, receiver: Receiver, clock: Clock
) -> None:
    hook("contact.updated")
    ana, bo = make.contact(), make.contact()
    receiver.mood = lambda count, told: 500 if told["data"]["after"].get("nickname") == "first" else 200
    change(make, admin, ana.id, nickname="first")
    change(make, admin, ana.id, nickname="second")
    change(make, admin, bo.id, nickname="other")
    run_jobs()
    clock.forward(seconds=12)
    run_jobs()
    arrived = [told["data"]["after"]["nickname"] for told in receiver.got]
    assert "other" in arrived
    assert "second" not in arrived
    receiver.mood = lambda count, told: 200
    clock.forward(minutes=3)
    run_jobs()
    arrived = [told["data"]["after"]["nickname"] for told in receiver.got]
    assert arrived[-2:] == ["first", "second"]


def test_after_the_last_try_an_event_is_dead_and_the_next_one_goes(
    make: Make, admin: Any, hook: Any, run_jobs: Jobs, receiver: Receiver, clock: Clock
) -> None:
    hook_id, _secret = hook("contact.updated")
    ana = make.contact()
    change(make, admin, ana.id, nickname="poison")
    change(make, admin, ana.id, nickname="food")
    receiver.mood = lambda count, told: 500 if told["data"]["after"]["nickname"] == "poison" else 200
    for _ in range(14):
        run_jobs()
        clock.forward(hours=14)
        system = make.ctx()
        with system.unit():  # somebody looks after it: it is not switched off meanwhile
            found = system.session.get(Webhook, hook_id)
            assert found is not None
            found.failing_since = None
    run_jobs()
    assert states(make) == [("contact.updated", "dead", 11), ("contact.updated", "delivered", 1)]
    receiver.mood = lambda count, told: 200
    assert webhooks_log.replay_dead(make.ctx(admin), hook_id) == 1
    run_jobs()
    assert len({told["id"] for told in receiver.got if told["data"]["after"]["nickname"] == "poison"}) == 1
    assert [state for _t, state, _n in states(make)] == ["delivered", "delivered"]


def test_a_sender_that_died_leaves_its_message_to_the_next(
    make: Make, admin: Any, hook: Any, run_jobs: Jobs, receiver: Receiver, clock: Clock
) -> None:
    hook_id, _secret = hook("contact.created")
    make.contact()
    claim = webhooks_queue.take(make.ctx(), hook_id)
    assert claim is not None
    assert webhooks_queue.take(make.ctx(), hook_id) is None
    run_jobs()
    assert receiver.got == []
    clock.forward(seconds=90)
    run_jobs()
    assert len(receiver.got) == 1
    late = webhooks_queue.Outcome(error="too late", status=500)
    assert webhooks_queue.settle(make.ctx(), claim, late) is None
    assert states(make) == [("contact.created", "delivered", 1)]


def test_one_receiver_that_fails_does_not_hold_up_another(
    make: Make, admin: Any, hook: Any, run_jobs: Jobs, receiver: Receiver
) -> None:
    hook(name="Bad")
    good, _secret = hook(name="Good")
    uid = make.ctx().session.get_one(Webhook, good).uid
    for _ in range(5):
        make.contact()
    receiver.mood = lambda count, told: 200
    run_jobs()
    assert uid
    assert len(receiver.got) == 10
