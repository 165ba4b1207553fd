"""What the walks through the tasks of a day need: a hand, records of their own, the ways that many begin with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect

from app.kernel.context import Context
from app.services import interactions, keep_in_touch_upkeep, records, tasks
from app.services.context import as_system, for_user
from app.services.interactions import Entry
from tests.journeys.thumb import Thumb

PHONE = {"value": "+351 912 345 678", "kind": "cell"}


@dataclass
class Day:
    """A walk through one task: by whose hand, as which user, and a name that nobody else bears."""

    hand: Thumb
    user: int
    name: str
    script: bool

    @property
    def page(self) -> Page:
        return self.hand.page

    @property
    def ctx(self) -> Context:
        return for_user(self.user)

    def tap(self, target: str | Locator) -> None:
        self.hand.tap(target)

    def start(self) -> None:
        """Open Today, where every task begins, once the page before is done: then its script has forgotten the draft."""
        self.page.wait_for_load_state()
        self.page.goto("/")

    def somebody(self, **values: Any) -> int:
        """A contact of this walk alone."""
        given, family = self.name.split()
        made: int = records.create(
            self.ctx, "contact", {"given_name": given, "family_name": family, "owner_id": self.user, **values}
        ).id
        return made

    def cold(self, days: int) -> None:
        """A contact who should have heard from us weekly, and last did so many days ago."""
        contact = self.somebody(keep_in_touch_days=7, phones=[PHONE])
        self.said({"kind": "call", "occurred_at": self.ctx.now - timedelta(days=days)}, contacts=[contact])
        keep_in_touch_upkeep.refresh(as_system("test"), {})

    def said(self, values: dict[str, Any], **who: Any) -> None:
        """Something that was said: `contacts=[…]` took part, or it was `about=[(entity, id)]`."""
        interactions.log(self.ctx, Entry(values=values, users=[self.user], **who))

    def task(self, days: int) -> str:
        """A follow-up due so many days from now."""
        due = (tasks.today(self.ctx) + timedelta(days=days)).isoformat()
        summary = f"Write to {self.name}"
        tasks.create(self.ctx, {"summary": summary, "due_on": due, "assignee_id": self.user})
        return summary

    def search(self, text: str, hit: str) -> None:
        """From Today to a hit of the search: two taps."""
        self.tap(".bar a[href='/search']")
        box, hits = ("#pq", "#found [role=option]") if self.script else ("#gs", "#hits a.hit")
        self.hand.type(box, text, go=not self.script)
        found = self.page.locator(hits).filter(has_text=hit)
        self.tap((found if "Log a call" in hit else found.filter(has_not_text="Log a call")).first)

    def open(self) -> None:
        """From Today to the contact of this walk: two taps."""
        self.search(self.name, self.name)
        self.sees("h1", self.name)

    def retype(self, box: str, text: str) -> None:
        """Type over what stands in a field, and send it with the keyboard."""
        self.hand.type(box, "")
        self.page.keyboard.press("Control+a")
        self.hand.type(box, text, go=True)

    def sees(self, where: str, text: str) -> None:
        expect(self.page.locator(where).first).to_contain_text(text)
