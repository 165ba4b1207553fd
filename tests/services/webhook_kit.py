"""A receiver of webhooks for tests: it notes what arrives and answers as it is told, without any network."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.models import WebhookDelivery
from app.services import webhooks, webhooks_sending, webhooks_signing
from app.services.safe_fetch import Answer, Unreachable
from app.services.webhooks import Wanted
from app.testing.factories import Make

URL = "https://receiver.example/hook"


@dataclass
class Receiver:
    """What arrived, in order; `mood` decides how each message is answered: a status, "down" or "slow"."""

    mood: Callable[[int, Mapping[str, Any]], Any] = lambda count, body: 200
    asked: int = 0
    got: list[dict[str, Any]] = field(default_factory=list)
    heads: list[Mapping[str, str]] = field(default_factory=list)

    def __call__(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
        """Take a message; "slow" means that it arrived and that nobody waited for the answer."""
        self.asked += 1
        told = json.loads(body)
        answer = self.mood(self.asked, told)
        if answer == "down":
            raise Unreachable("Nothing listens at this address.")
        self.got.append(told)
        self.heads.append(headers)
        assert (method, headers["webhook-id"]) == ("POST", told["id"])
        if answer == "slow":
            raise Unreachable("There was no whole answer in time.")
        return Answer(status=answer, headers={}, body=b"well")

    def install(self, monkeypatch: Any) -> Receiver:
        """Stand in the way of every message from now on."""
        monkeypatch.setattr(webhooks_sending, "transport", self)
        return self

    @property
    def topics(self) -> list[str]:
        """What arrived, by topic."""
        return [told["type"] for told in self.got]


def signed(secrets: list[str], headers: Mapping[str, str], told: Mapping[str, Any], now: Any) -> str:
    """Check a message as a receiver does, and return its id."""
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return webhooks_signing.verified(secrets, headers, body, now)


def set_up(make: Make, admin: Any, topics: str = "contact.*", **more: Any) -> tuple[int, str]:
    """Set a webhook up as an administrator and return its id and secret."""
    wanted = Wanted(**{"name": "Shop", "url": URL, "topics": topics, "user_id": admin.id} | more)
    found, secret = webhooks.create(make.ctx(admin), wanted)
    return found.id, secret


def states(make: Make) -> list[tuple[str, str, int]]:
    """All deliveries: topic, state, tries."""
    query = select(WebhookDelivery).order_by(WebhookDelivery.id)
    rows = make.ctx().session.execute(query, execution_options={"populate_existing": True}).scalars()
    return [(row.topic, row.state, row.attempts) for row in rows]
