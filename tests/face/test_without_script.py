"""The same pages with JavaScript switched off."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.face.chromium import PHONE
from tests.face.conftest import Open

pytestmark = pytest.mark.browser


def test_sheets_open_and_lead_on(visit: Open) -> None:
    page = visit("contacts", java_script_enabled=False, **PHONE)
    page.get_by_role("button", name="Add").tap()
    page.get_by_role("link", name="Call").tap()
    page.wait_for_url("**/contact#log")
    expect(page.get_by_role("button", name="Log it")).to_be_visible()
    page.get_by_role("button", name="More", exact=True).tap()
    expect(page.get_by_role("link", name="Interactions")).to_be_visible()


def test_an_interaction_is_logged_and_its_kind_has_its_fields(visit: Open) -> None:
    page = visit("contact", java_script_enabled=False, **PHONE)
    expect(page.get_by_label("Minutes")).to_be_hidden()
    page.locator(".composer label", has_text="Call").first.tap()
    expect(page.get_by_label("Minutes")).to_be_visible()
    page.fill("#what", "Spoke about the roof")
    page.get_by_role("button", name="Log it").tap()
    page.wait_for_url("**/contacts**")
    expect(page.locator(".toast")).to_contain_text("Call logged")
    expect(page.get_by_role("button", name="Dismiss message")).to_be_hidden()


def test_selecting_a_row_shows_what_can_be_done(visit: Open) -> None:
    page = visit("contacts", java_script_enabled=False)
    expect(page.locator(".bulk")).to_be_hidden()
    page.get_by_role("checkbox").first.check(force=True)
    expect(page.locator(".bulk")).to_be_visible()


def test_editing_a_value_and_the_next_rows_are_plain_links(visit: Open) -> None:
    page = visit("contact", java_script_enabled=False)
    for name in ("Edit Mobile", "Show earlier activity"):
        href = page.get_by_role("link", name=name).get_attribute("href")
        assert href
        assert href.startswith("/")


def test_what_waits_for_a_script_is_a_link_without_one(visit: Open) -> None:
    lazy = "[data-slot='contact.side'] #p-1"
    page = visit("components", java_script_enabled=False)
    expect(page.locator(f"{lazy} .ghost-l")).to_be_hidden()
    expect(page.locator(f"{lazy} a.more")).to_be_visible()
    expect(page.locator(".ghost-l").last).to_be_hidden()
    expect(visit("components").locator(".ghost-l").last).to_be_visible()
