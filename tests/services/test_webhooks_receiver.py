"""Webhooks against a receiver that is really there: a server on this machine that goes away, comes back, dawdles, fails.

The clock is turned by hand, so hours of the ladder pass at once; what goes over the line is real.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.house import house
from app.models import WebhookDelivery
from app.services import records, safe_fetch, webhooks_sending
from app.testing.clock import Clock
from app.testing.factories import Make
from tests.services.webhook_kit import set_up

PATIENCE_S = 0.5
"""So long an answer is waited for here, in place of ten seconds."""


class Shop:
    """A receiver: takes messages, checks their signatures by itself, and answers as it feels."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.secret, self.port = b"", 0
        self.mood: Callable[[], int | str] = lambda: 200
        self.over = threading.Event()
        self.server: ThreadingHTTPServer | None = None

    def open(self) -> None:
        """Begin to listen, after a restart at the same port as before."""
        shop = self

        class Counter(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                shop.take(self)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Counter)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        """Go away: nothing listens any more."""
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def take(self, asked: BaseHTTPRequestHandler) -> None:
        """Take a message and answer it; "slow" took it, but does not get round to an answer in time."""
        body = asked.rfile.read(int(asked.headers["Content-Length"]))
        told = json.loads(body)
        assert self.is_signed(asked.headers, body)
        assert asked.headers["webhook-id"] == told["id"]
        answer = self.mood()
        if answer != 500:
            self.got.append(told)
        if answer == "slow":
            self.over.wait(60)
            return
        asked.send_response(int(answer))
        asked.send_header("Content-Length", "0")
        asked.end_headers()

    def is_signed(self, headers: Any, body: bytes) -> bool:
        """Check a signature as Standard Webhooks describes it, by no code of Kith."""
        stamp = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode()
        mac = base64.b64encode(hmac.new(self.secret, stamp + body, hashlib.sha256).digest()).decode()
        return f"v1,{mac}" in headers["webhook-signature"].split()


@pytest.fixture
def shop(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A receiver that is open, and that Kith may reach."""
    made = Shop()
    made.open()
    kith = house(app)
    allowed = (f"127.0.0.1:{made.port}",)
    monkeypatch.setattr(kith, "config", replace(kith.config, outgoing_allow=allowed))
    monkeypatch.setattr(webhooks_sending, "transport", partial(safe_fetch.fetch, seconds=PATIENCE_S))
    yield made
    made.over.set()
    made.close()


def orders(received: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Of each record the ids of its messages, in the order in which each came first."""
    found: dict[str, list[str]] = {}
    for told in received:
        mine = found.setdefault(told["data"]["uid"], [])
        if told["id"] not in mine:
            mine.append(told["id"])
    return found


def sent(make: Make) -> list[WebhookDelivery]:
    """What was planned, in the order in which it happened."""
    query = select(WebhookDelivery).order_by(WebhookDelivery.id)
    rows = make.ctx().session.execute(query, execution_options={"populate_existing": True})
    return list(rows.scalars())


def test_every_event_arrives_in_order_whatever_becomes_of_the_receiver(
    make: Make, run_jobs: Callable[[], int], clock: Clock, shop: Shop
) -> None:
    """Acceptance 7: down for an hour, restarted, slow, answering 500."""
    clock.set("2026-03-02 09:00")
    admin = make.user("admin")
    url = f"http://127.0.0.1:{shop.port}/hook"
    _hook, secret = set_up(make, admin, "contact.updated", url=url)
    shop.secret = base64.b64decode(secret.removeprefix("whsec_"))
    people = [make.contact(given_name=f"P{n}").id for n in range(3)]
    chance = random.Random(11)
    made = 0

    def change(record_id: int) -> None:
        nonlocal made
        made += 1
        records.update(make.ctx(admin), "contact", record_id, {"nickname": f"n{made}"})

    shop.close()
    for _ in range(6):
        for record_id in people:
            change(record_id)
        run_jobs()
        clock.forward(minutes=10)
    assert shop.got == []

    shop.open()
    for mood in ("slow", 500, 200, 500, "slow", 500, 200, 200):
        shop.mood = lambda mood=mood: mood  # type: ignore[misc]
        change(chance.choice(people))
        clock.forward(hours=chance.choice([0.2, 1, 3]))
        run_jobs()
    assert shop.got, "it takes messages again"

    shop.close()
    change(people[0])
    clock.forward(hours=3)
    run_jobs()
    shop.open()
    shop.mood = lambda: 200
    for _ in range(20):
        clock.forward(hours=3)
        run_jobs()

    rows = sent(make)
    assert len(rows) == made
    assert {row.state for row in rows} == {"delivered"}
    assert {told["id"] for told in shop.got} == {row.uid for row in rows}
    assert len(shop.got) > made, "what nobody answered in time came again, by the same id"
    happened: dict[int | None, list[str]] = {}
    for row in rows:
        happened.setdefault(row.record_id, []).append(row.uid)
    assert sorted(orders(shop.got).values()) == sorted(happened.values())
    for told in shop.got:
        same = [other for other in shop.got if other["id"] == told["id"]]
        assert all(other == told for other in same)
