"""What other programs tell: signed, taken once, made into a record by the mapping, answered for programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.models import Contact, Receipt, WebhookInbox
from app.services import (
    context,
    settings,
    throttle,
    tidying,
    webhooks_inboxes,
    webhooks_receiving,
    webhooks_signing,
)
from app.services.webhooks_inboxes import Wanted
from app.testing.clients import Person, soup
from app.testing.factories import Make

MAPPING = """
$.customer.name = name
customer.email = emails
customer.tags = tags
order["x"] = note
""".replace('order["x"]', "order.items[0].title")
ORDER = {
    "customer": {"name": "Ana Lima", "email": "ana@example.org", "tags": ["shop", "vip"]},
    "order": {"items": [{"title": "Tulips"}]},
}


class Sender:
    """A program that knows the secret of an inbox."""

    def __init__(self, app: Flask, make: Make, user: Any, **values: Any) -> None:
        wanted: dict[str, Any] = {"name": "Shop", "entity": "contact", "mapping": MAPPING, "user_id": user.id}
        self.inbox, self.secret = webhooks_inboxes.create(make.ctx(user), Wanted(**wanted | values))
        self.path, self.client, self.number = f"/hooks/in/{self.inbox.uid}", app.test_client(), 0

    def send(self, message: Any, *, key: str = "", at: Any = None, **headers: str) -> TestResponse:
        """Send a message; `headers` stand in place of the right ones."""
        self.number += 1
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        signed = webhooks_signing.headers_of(
            [self.secret], key or f"msg_{self.number}", at or context.clock(), body
        )
        told = {
            "Content-Type": "application/json",
            **signed,
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        return self.client.post(self.path, data=body, headers=told)


@pytest.fixture
def sender(app: Flask, make: Make) -> Callable[..., Sender]:
    """`sender(match=["email"])`: a webhook in of an administrator, and who sends to it."""
    return lambda **values: Sender(app, make, make.user("admin"), **values)


def people(make: Make) -> list[str]:
    """Who is there, by name."""
    return list(make.ctx().session.execute(select(Contact.formatted_name).order_by(Contact.id)).scalars())


def receipts(make: Make) -> list[tuple[str, str, bool]]:
    """Key, state and whether there is a record, of every receipt of a webhook."""
    query = select(Receipt).where(Receipt.channel.like("hook:%")).order_by(Receipt.id)
    rows = make.ctx().session.execute(query, execution_options={"populate_existing": True}).scalars()
    return [(row.key, row.state, row.record_id is not None) for row in rows]


def test_a_message_becomes_a_record_and_the_next_one_changes_it(
    sender: Callable[..., Sender], make: Make
) -> None:
    shop = sender(match=["email"])
    first = shop.send(ORDER)
    assert first.status_code == 200, first.text
    assert first.json is not None
    assert (first.json["state"], first.json["entity"], first.json["again"]) == ("accepted", "contact", False)
    made = make.ctx().session.execute(select(Contact)).scalar_one()
    assert (made.uid, made.formatted_name, made.note) == (first.json["uid"], "Ana Lima", "Tulips")
    assert made.owner_id == shop.inbox.user_id
    more = {"customer": {"name": "Ana", "email": "ANA@example.org"}, "order": {"items": [{"title": "Roses"}]}}
    second = shop.send(more)
    assert second.json is not None
    assert (second.json["state"], second.json["uid"]) == ("merged", made.uid)
    assert people(make) == ["Ana Lima"]
    assert receipts(make) == [("msg_1", "accepted", True), ("msg_2", "merged", True)]


def test_a_message_that_comes_again_is_taken_once(sender: Callable[..., Sender], make: Make) -> None:
    shop = sender(duplicates="create")
    for again in (False, True, True):
        answer = shop.send(ORDER, key="evt_1")
        assert answer.json is not None
        assert (answer.status_code, answer.json["again"]) == (200, again)
    assert people(make) == ["Ana Lima"]
    assert len(receipts(make)) == 1


def test_the_sender_s_own_id_finds_the_record_again(sender: Callable[..., Sender], make: Make) -> None:
    shop = sender(mapping="id = uid\nname = name", match=["uid"], duplicates="replace")
    shop.send({"id": 7, "name": "Ana Lima"})
    shop.send({"id": 7, "name": "Ana Souza"})
    shop.send({"id": 8, "name": "Ana Souza"})
    assert people(make) == ["Ana Souza", "Ana Souza"]


@pytest.mark.parametrize(
    "headers",
    [
        {"webhook_signature": ""},
        {"webhook_signature": "v1,AAAA"},
        {"webhook_signature": "v1a,AAAA v2,BBBB"},
        {"webhook_id": "other"},
        {"webhook_id": ""},
        {"webhook_timestamp": "0"},
        {"webhook_timestamp": "soon"},
    ],
)
def test_what_is_not_signed_is_not_taken(
    sender: Callable[..., Sender], make: Make, headers: dict[str, str]
) -> None:
    answer = sender().send(ORDER, **headers)
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert people(make) == []
    assert receipts(make) == []


def test_a_message_is_good_for_five_minutes(sender: Callable[..., Sender], make: Make) -> None:
    shop, now = sender(), context.clock()
    for minutes, status in ((-6, 401), (6, 401), (-4, 200)):
        assert shop.send(ORDER, at=now + timedelta(minutes=minutes)).status_code == status
    other = sender()
    body = json.dumps(ORDER).encode()
    stolen = webhooks_signing.headers_of([shop.secret], "x", now, body)
    told = {"Content-Type": "application/json", **stolen}
    assert other.client.post(other.path, data=body, headers=told).status_code == 401


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (b"no json", 400),
        (b"\xff\xfe", 400),
        (b'{"customer": {"name": "\\ud800"}}', 400),
        (b"[" * 100_000, 400),
        (b"x" * (256 * 1024 + 1), 413),
        ([], 422),
        ({}, 422),
        ({"customer": {"name": {"first": "Ana"}}}, 422),
        ({"customer": {"tags": [[1]]}}, 422),
    ],
)
def test_what_cannot_be_used_is_told_and_changes_nothing(
    sender: Callable[..., Sender], make: Make, message: Any, status: int
) -> None:
    answer = sender().send(message)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.text
    assert people(make) == []
    assert all(state == "failed" for _key, state, _there in receipts(make))


def test_one_that_failed_may_come_again(sender: Callable[..., Sender], make: Make) -> None:
    shop = sender()
    assert shop.send({}, key="evt_1").status_code == 422
    assert receipts(make) == [("evt_1", "failed", False)]
    assert shop.send(ORDER, key="evt_1").status_code == 200
    assert receipts(make) == [("evt_1", "accepted", True)]


def test_marks_from_outside_are_texts(sender: Callable[..., Sender], make: Make) -> None:
    shop = sender(mapping="name = name\nnote = note\nmail = emails")
    assert shop.send({"name": "Ana", "note": 'json:{"a": 1}'}).status_code == 200
    assert make.ctx().session.execute(select(Contact.note)).scalar_one() == 'json:{"a": 1}'
    assert shop.send({"name": "Bea", "mail": 'json:[{"value": "bea@example.org"}]'}).status_code == 422
    assert people(make) == ["Ana"]


def test_it_does_no_more_than_the_account_may(app: Flask, make: Make) -> None:
    admin, reader = make.user("admin"), make.user("readonly")
    shop = Sender(app, make, admin, user_id=reader.id)
    assert shop.send(ORDER).status_code == 422
    assert people(make) == []
    ctx = make.ctx()
    with ctx.unit():
        ctx.session.get_one(type(reader), reader.id).active = False
        settings.bump(ctx, "permissions")
    assert shop.send(ORDER).status_code == 409


def test_a_former_secret_counts_for_a_day(
    sender: Callable[..., Sender], make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, now = sender(), context.clock()
    webhooks_inboxes.rotate(make.ctx(make.user("admin")), shop.inbox.id)
    assert shop.send(ORDER).status_code == 200
    monkeypatch.setattr(context, "clock", lambda: now + timedelta(days=1, minutes=1))
    assert shop.send(ORDER).status_code == 401


def test_a_sender_has_its_pace_and_guesses_have_theirs(
    sender: Callable[..., Sender], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = sender()
    monkeypatch.setattr(webhooks_receiving, "PACE", throttle.Limit("inbox", 2, timedelta(minutes=1)))
    assert [shop.send(ORDER).status_code for _n in range(3)] == [200, 200, 429]
    monkeypatch.setattr("app.web.hooks.WRONG", throttle.Limit("inbox-wrong", 1, timedelta(minutes=1)))
    codes = [shop.send(ORDER, webhook_signature="v1,x").status_code for _n in range(2)]
    assert codes == [401, 429]


def test_one_that_is_off_or_removed_is_not_there(sender: Callable[..., Sender], make: Make) -> None:
    shop, admin = sender(), make.user("admin")
    webhooks_inboxes.switch(make.ctx(admin), shop.inbox.id, on=False)
    assert shop.send(ORDER).status_code == 404
    webhooks_inboxes.switch(make.ctx(admin), shop.inbox.id, on=True)
    assert shop.send(ORDER).status_code == 200
    webhooks_inboxes.remove(make.ctx(admin), shop.inbox.id)
    assert shop.send(ORDER).status_code == 404
    assert receipts(make) == []


def test_receipts_are_forgotten_after_a_month(
    sender: Callable[..., Sender], make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender().send(ORDER)
    now = context.clock()
    monkeypatch.setattr(context, "clock", lambda: now + timedelta(days=31))
    tidying.tidy(context.as_system("test"), {})
    assert receipts(make) == []


# ---------------------------------------------------------------- pages


def fill(admin: Person, path: str = "/admin/webhooks/in/new", **values: Any) -> Any:
    """Fill in the form; the account is the one that is chosen in it."""
    chosen = soup(admin.get(path)).select_one("select[name=user] option[selected]")
    assert chosen is not None
    given = {"name": "Shop", "entity": "contact", "mapping": "name = name", "duplicates": "fill"}
    return admin.post(path, {**given, "user": str(chosen["value"]), **values})


def test_an_administrator_sets_one_up_and_reads_what_came(
    app: Flask, as_role: Callable[..., Person], make: Make
) -> None:
    admin = as_role("admin")
    made = fill(admin, match=["email", "name"])
    assert made.headers["Cache-Control"] == "no-store"
    assert "whsec_" in made.text
    inbox = make.ctx().session.execute(select(WebhookInbox)).scalar_one()
    assert f"/hooks/in/{inbox.uid}" in made.text
    assert inbox.match == "email,name"
    here = f"/admin/webhooks/in/{inbox.id}"
    assert fill(admin, f"{here}/edit", name="Form", mapping="a.b = name").status_code == 303
    shown = admin.get(here).text
    assert "Form" in shown
    assert "whsec_" not in shown
    for role in ("manager", "rep"):
        assert as_role(role).get("/admin/webhooks/in").status_code == 403
        assert as_role(role).get(here).status_code == 403
        assert as_role(role).post(f"{here}/remove").status_code == 403
    assert admin.post(f"{here}/remove").status_code == 303
    assert "No webhooks in yet" in admin.get("/admin/webhooks/in").text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"mapping": "name"}, "is no line like"),
        ({"mapping": "= name"}, "is no line like"),
        ({"mapping": "a..b = name"}, "is no line like"),
        ({"mapping": "a[x] = name"}, "is no line like"),
        ({"mapping": "a = nothing"}, "There is no field"),
        ({"mapping": "a = version"}, "There is no field"),
    ],
)
def test_a_mapping_that_is_none_is_told(
    as_role: Callable[..., Person], values: dict[str, str], said: str
) -> None:
    answer = fill(as_role("admin"), **values)
    assert answer.status_code == 422
    assert said in answer.text
