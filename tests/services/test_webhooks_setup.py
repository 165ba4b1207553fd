"""Webhooks are set up, switched off when their receivers fail, sent again, forgotten; their secrets are sealed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from app.kernel.errors import Invalid, NotAllowed
from app.models import Notification, Setting, Webhook
from app.services import settings, tidying, webhooks, webhooks_log
from app.services.webhooks import Wanted
from app.services.webhooks_signing import Unsigned
from app.testing.clock import Clock
from app.testing.factories import Make
from tests.services.webhook_kit import URL, Receiver, set_up, signed, states

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


# ---------------------------------------------------------------- switched off


def test_days_of_failures_switch_it_off_and_its_owner_is_told(
    make: Make, admin: Any, hook: Any, run_jobs: Jobs, receiver: Receiver, clock: Clock
) -> None:
    hook_id, _secret = hook("contact.created")
    make.contact()
    receiver.mood = lambda count, told: "down"
    for _ in range(12):
        run_jobs()
        clock.forward(hours=12)
        make.contact()
    run_jobs()
    system = make.ctx()
    found = system.session.get(Webhook, hook_id, populate_existing=True)
    assert found is not None
    assert (found.active, found.off_reason) == (False, "failing")
    told = system.session.execute(select(Notification.user_id, Notification.topic)).all()
    assert [tuple(row) for row in told] == [(admin.id, "webhook")]
    waiting = len(states(make))
    make.contact()
    assert len(states(make)) == waiting
    receiver.mood = lambda count, told: 200
    webhooks.switch(make.ctx(admin), hook_id, on=True)
    webhooks_log.send_now(make.ctx(admin), hook_id)
    run_jobs()
    assert receiver.got


def test_a_receiver_that_is_gone_is_left_alone_at_once(
    make: Make, admin: Any, hook: Any, run_jobs: Jobs, receiver: Receiver, clock: Clock
) -> None:
    hook_id, _secret = hook()
    receiver.mood = lambda count, told: 410
    make.contact()
    run_jobs()
    clock.forward(days=1)
    run_jobs()
    assert receiver.asked == 1
    assert make.ctx().session.get_one(Webhook, hook_id).off_reason == "gone"


def test_the_owner_has_left(
    make: Make, admin: Any, hook: Any, run_jobs: Jobs, receiver: Receiver, clock: Clock
) -> None:
    rep = make.user("rep")
    hook(user_id=rep.id)
    make.contact(owner=rep)
    system = make.ctx()
    with system.unit():
        system.session.merge(rep).active = False
        settings.bump(system, "permissions")
    run_jobs()
    assert receiver.got == []
    assert {state for _t, state, _n in states(make)} == {"dead"}


# ---------------------------------------------------------------- setting up


def test_secrets_are_sealed_and_two_are_valid_for_a_day_after_a_change(
    make: Make, admin: Any, hook: Any, run_jobs: Jobs, receiver: Receiver, clock: Clock
) -> None:
    hook_id, old = hook()
    new = webhooks.rotate(make.ctx(admin), hook_id)
    stored = str(make.ctx().session.execute(select(Setting.value)).all())
    assert old not in stored
    assert new not in stored
    make.contact()
    run_jobs()
    for secret in (old, new):
        assert signed([secret], receiver.heads[-1], receiver.got[-1], clock.now)
    clock.forward(days=2)
    make.contact()
    run_jobs()
    assert signed([new], receiver.heads[-1], receiver.got[-1], clock.now)
    with pytest.raises(Unsigned):
        signed([old], receiver.heads[-1], receiver.got[-1], clock.now)


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"name": " "}, "name"),
        ({"url": "ftp://example.org"}, "url"),
        ({"url": "https://user:word@example.org/"}, "url"),
        ({"topics": ""}, "topics"),
        ({"topics": "contact.exploded"}, "topics"),
        ({"filter": "name ="}, "filter"),
        ({"entity": "contact", "filter": "nothing = 1"}, "filter"),
        ({"entity": "spaceship"}, "entity"),
        ({"user_id": 10**9}, "user"),
    ],
)
def test_what_is_wrong_is_told_by_field(hook: Any, values: dict[str, Any], wrong: str) -> None:
    with pytest.raises(Invalid) as caught:
        hook(**values)
    assert list(caught.value.problems) == [wrong]


def test_only_who_may_sets_webhooks_up(make: Make, admin: Any) -> None:
    rep = make.user("rep")
    with pytest.raises(NotAllowed):
        webhooks.create(make.ctx(rep), Wanted(name="x", url=URL, topics="*", user_id=rep.id))
    with pytest.raises(NotAllowed):
        webhooks.every(make.ctx(rep))


def test_a_test_message_and_a_replay_have_the_id_of_their_row(
    make: Make, admin: Any, hook: Any, run_jobs: Jobs, receiver: Receiver
) -> None:
    hook_id, _secret = hook()
    sent = webhooks_log.test(make.ctx(admin), hook_id)
    uid, number = sent.uid, sent.id
    run_jobs()
    webhooks_log.replay(make.ctx(admin), hook_id, number)
    run_jobs()
    assert [(told["type"], told["id"]) for told in receiver.got] == [("webhook.test", uid)] * 2


def test_the_log_goes_on_by_key_and_is_forgotten_after_a_month(
    make: Make, admin: Any, hook: Any, run_jobs: Jobs, receiver: Receiver, clock: Clock
) -> None:
    hook_id, _secret = hook("contact.created")
    for _ in range(5):
        make.contact()
    run_jobs()
    first = webhooks_log.page(make.ctx(admin), hook_id, limit=3)
    rest = webhooks_log.page(make.ctx(admin), hook_id, before=first[-1].id, limit=3)
    assert [row.id for row in (*first, *rest)] == sorted((row.id for row in (*first, *rest)), reverse=True)
    assert len(rest) == 2
    assert len(webhooks_log.page(make.ctx(admin), hook_id, state="dead")) == 0
    clock.forward(days=31)
    tidying.tidy(make.ctx(), {})
    assert states(make) == []


def test_a_webhook_goes_with_its_secrets_and_its_log(
    make: Make, admin: Any, hook: Any, run_jobs: Jobs, receiver: Receiver
) -> None:
    hook_id, _secret = hook()
    make.contact()
    run_jobs()
    webhooks.remove(make.ctx(admin), hook_id)
    make.contact()
    run_jobs()
    assert states(make) == []
    kept = make.ctx().session.execute(select(Setting.key).where(Setting.owner == "webhook")).scalars().all()
    assert kept == ["topics"]
