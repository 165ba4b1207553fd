"""Acceptance: from anywhere somebody is found by typing and opened with two taps or two keys, with or without a script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.models import Contact
from app.services.context import as_system
from tests.face.chromium import DESKTOP, violations
from tests.journeys.conftest import Visit
from tests.journeys.thumb import Thumb

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}}
DESK = {**DESKTOP, "is_mobile": False, "has_touch": False}
SELECTED = "#palette [aria-selected=true]"
AsThumb = Callable[..., Thumb]


@pytest.fixture
def name(demo: Flask) -> str:
    """The name of a contact of Priya's that nobody else bears."""
    with demo.app_context():
        names = [c.formatted_name for c in as_system("test").session.query(Contact).order_by(Contact.id)]
    return next(name for name in names if names.count(name) == 1)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_two_taps_on_a_phone(thumb: AsThumb, name: str, script: bool) -> None:
    at = thumb("/", script=script, **PHONE)
    at.tap(".bar a[href='/search']")
    at.page.wait_for_load_state()
    at.type("#pq" if script else "#gs", name, go=not script)
    at.tap(
        at.page.locator(
            "#found [role=option]" if script else "#hits a.hit[href^='/contacts/']:not([href*=log])",
            has_text=name,
        ).first
    )
    expect(at.page.locator("h1")).to_have_text(name)
    assert at.taps == 2


def test_two_keys_on_a_desk_and_a_fast_hand_opens_what_it_typed(visit: Visit, name: str) -> None:
    page = visit("/companies", **DESK)
    page.keyboard.press("/")
    expect(page.locator(SELECTED)).to_be_visible()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)


def test_the_box_keeps_the_focus_and_tells_where_one_is(
    visit: Visit, name: str, complaints: list[str]
) -> None:
    page = visit("/contacts", **DESK)
    page.locator("#q").focus()
    page.keyboard.press("Control+k")
    expect(page.locator(SELECTED)).to_be_visible()
    page.keyboard.type(name[:4])
    expect(page.locator(SELECTED)).to_have_id("po-0")
    expect(page.locator("#palette [role=status]")).to_contain_text("result")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#pq")).to_have_attribute("aria-activedescendant", "po-1")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator(SELECTED)).to_have_text(page.locator("#palette [role=option]").last.inner_text())
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.locator("#q")).to_be_focused()
    assert complaints == []


def test_a_hit_opens_beside_the_page(visit: Visit, name: str) -> None:
    page = visit("/", **DESK)
    page.keyboard.press("/")
    expect(page.locator(SELECTED)).to_be_visible()
    page.keyboard.type(name)
    expect(page.locator(SELECTED)).to_contain_text(name)
    with page.context.expect_page() as opened:
        page.keyboard.press("Control+Enter")
    expect(opened.value.locator("h1")).to_have_text(name)
    expect(page.locator("#palette")).to_be_visible()


def test_what_was_opened_and_looked_for_is_offered_again_until_it_is_forgotten(
    visit: Visit, name: str
) -> None:
    page = visit("/", **DESK)
    page.keyboard.press("/")
    expect(page.locator(SELECTED)).to_be_visible()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(name)
    page.keyboard.press("/")
    expect(page.locator(SELECTED)).to_contain_text(name)
    page.locator("#found [data-fill]").first.click()
    expect(page.locator("#pq")).to_have_value(name)
    expect(page.locator("#found > div")).to_have_attribute("data-q", name)
    page.locator("#pq").fill("")
    expect(page.locator("#found > div")).to_have_attribute("data-q", "")
    page.get_by_role("option", name="Forget what I looked for").click()
    expect(page.locator("#found")).not_to_contain_text(name)


def test_enter_before_the_script_has_come_leads_to_the_search_page(visit: Visit, name: str) -> None:
    page = visit("/", **DESK)
    page.route("**/palette.js*", lambda route: route.abort())
    page.keyboard.press("/")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.locator("#gs")).to_have_value(name)


def test_without_the_server_it_says_so(visit: Visit) -> None:
    page = visit("/", **DESK)
    page.keyboard.press("/")
    expect(page.locator(SELECTED)).to_be_visible()
    page.context.set_offline(True)
    page.keyboard.type("anna")
    expect(page.locator("#found")).to_contain_text("Could not reach the server")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_accessible_and_fits(visit: Visit, name: str, theme: str) -> None:
    page = visit("/", viewport={"width": 320, "height": 640}, color_scheme=theme)
    page.locator(".bar a[href='/search']").tap()
    for text in ("", name, "zzzzzzzzzz"):
        page.locator("#pq").fill(text)
        expect(page.locator("#found > div")).to_have_attribute("data-q", text)
        assert violations(page) == []
        assert _wrong(page) == []


def _wrong(page: Page) -> list[str]:
    """Return the controls of the palette that a thumb would miss, or that stick out."""
    found: list[str] = page.evaluate(
        """[...document.querySelectorAll('#palette :is(input, button, a)')].filter(e => {
          const box = e.getBoundingClientRect();
          return box.height < 44 || box.left < 0 || box.right > innerWidth;
        }).map(e => e.outerHTML.slice(0, 140))"""
    )
    return found
