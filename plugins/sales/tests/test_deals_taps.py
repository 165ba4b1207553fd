"""What is done all day takes few taps, by plain links, forms and buttons: nothing here needs a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.sdk.models import InteractionLink
from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..deals import service, stages
from ..deals.models import Deal

AsRole = Callable[..., Person]


class Thumb:
    """Presses what a page shows, and counts."""

    def __init__(self, person: Person, url: str) -> None:
        self.person, self.taps = person, 0
        self.page: Any = soup(person.get(url))

    def follow(self, text: str) -> None:
        """Press a link."""
        link = next(a for a in self.page.select("main a[href]") if text in a.get_text())
        self.taps += 1
        self.page = soup(self.person.get(str(link["href"])))

    def unfold(self, selector: str) -> Any:
        """Press a button that opens a menu, and return the menu."""
        button = self.page.select_one(selector)
        self.taps += 1
        return self.page.select_one(f"#{button['popovertarget']}")

    def choose(self, name: str, value: str) -> Any:
        """Press a radio button, and return its form."""
        box = self.page.select_one(f'input[type=radio][name="{name}"][value="{value}"]')
        self.taps += 1
        return box.find_parent("form")

    def press(self, form: Any, button: Any, **chosen: str) -> Any:
        """Press a button of a form: what it holds is sent as a browser does."""
        self.taps += 1
        sent = {
            i["name"]: i.get("value", "")
            for i in form.select("input[name]")
            if i.get("type") in (None, "text", "hidden", "number", "date")
        }
        for one in form.select("select"):
            option = one.select_one("option[selected]") or one.select_one("option")
            sent[one["name"]] = option.get("value", "")
        sent |= {"body": ""} if form.select_one("textarea[name=body]") else {}
        sent |= chosen | ({button["name"]: button["value"]} if button.get("name") else {})
        answer = self.person.post(str(button.get("formaction") or form["action"]), sent)
        assert answer.status_code == 303, answer.text
        self.page = soup(self.person.get(answer.headers["Location"]))
        return answer


@pytest.fixture
def deal(make: Make) -> Deal:
    ctx = make.ctx()
    return service.open_deal(
        ctx, {"name": "Roof", "contact_id": make.contact().id, "checked": ["The need is understood"]}
    )


def test_a_deal_is_opened_from_a_contact_in_three_taps(make: Make, as_role: AsRole) -> None:
    ana = make.contact(given_name="Ana", family_name="Lima")
    thumb = Thumb(as_role("admin"), f"/contacts/{ana.id}")
    menu = thumb.unfold('button[popovertarget="rec-menu"]')
    assert "New deal" in menu.get_text()
    thumb.follow("New deal")
    form = thumb.page.select_one("#new-deal")
    thumb.press(form, form.select_one("button.pri"))
    assert thumb.page.select_one("h1").get_text(strip=True) == "Deal with Ana Lima"
    assert thumb.taps == 3


def test_a_stage_is_changed_in_two_taps_on_the_board_and_one_on_the_page(
    make: Make, as_role: AsRole, deal: Deal
) -> None:
    person, ctx = as_role("admin"), make.ctx()
    to = next(s for s in stages.known(ctx).stages if s.name == "Needs analysed")
    thumb = Thumb(person, "/sales/board")
    menu = thumb.unfold(f"#d{deal.id} button[popovertarget]")
    thumb.press(menu, next(b for b in menu.select("button") if b["value"] == str(to.id)))
    assert thumb.page.select_one(f"#st{to.id} #d{deal.id}") is not None
    assert thumb.taps == 2

    thumb = Thumb(person, f"/sales/deals/{deal.id}")
    steps = thumb.page.select_one("form.steps")
    thumb.press(steps, steps.select_one("button"))
    assert "is in “Qualifying” now" in thumb.page.get_text()
    assert thumb.taps == 1


def test_a_call_is_logged_on_a_deal_in_two_taps(make: Make, as_role: AsRole, deal: Deal) -> None:
    thumb = Thumb(as_role("admin"), f"/sales/deals/{deal.id}")
    form = thumb.choose("kind", "call")
    thumb.press(form, form.select_one('button[name="outcome_now"][value="connected"]'), kind="call")
    assert thumb.taps == 2
    tied = select(InteractionLink.record_id).where(InteractionLink.entity == "sales.deal")
    assert make.ctx().session.execute(tied).scalars().all() == [deal.id]
