"""What was typed is kept until it was saved, and is gone then, however fast somebody goes on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import Visit

pytestmark = pytest.mark.browser
SAVED = re.compile(r"/contacts/\d+$")


def save(page: Page, line: str) -> None:
    """Write somebody down, also when Kith asks whether it is somebody who is there already."""
    page.fill("#line", line)
    page.get_by_role("button", name="Save contact").click()
    expect(page).to_have_url(SAVED)


def nothing_comes_back(page: Page) -> None:
    """Assert that the next new contact begins empty."""
    page.goto("/contacts/new")
    expect(page.locator("#line")).to_have_value("")
    expect(page.locator(".draft")).to_have_count(0)


def test_a_draft_goes_when_a_preview_was_still_under_way(visit: Visit) -> None:
    page = visit("/contacts/new")
    waiting: list[Route] = []
    page.route("**/contacts/new/preview*", lambda route: waiting.append(route))  # noqa: PLW0108
    with page.expect_request("**/contacts/new/preview*"):
        page.fill("#line", "Zita Preview")
    save(page, "Zita Preview")
    page.unroute("**/contacts/new/preview*")
    nothing_comes_back(page)


def test_a_draft_goes_when_the_saved_page_was_left_before_its_script_ran(visit: Visit) -> None:
    page = visit("/contacts/new")
    page.route("**/kith*.js*", lambda route: route.abort())
    save(page, "Zita Hurry")
    page.unroute("**/kith*.js*")
    page.locator(".tabbar a[href='/contacts']").click()
    expect(page.locator("#rows")).to_be_visible()
    nothing_comes_back(page)


def test_a_draft_stays_when_nothing_was_saved(visit: Visit) -> None:
    page = visit("/contacts/new")
    page.route("**/contacts/new", lambda route: route.abort())
    page.fill("#line", "Zita Offline")
    page.get_by_role("button", name="Save contact").click()
    page.unroute("**/contacts/new")
    page.goto("/contacts")
    page.goto("/contacts/new")
    expect(page.locator("#line")).to_have_value("Zita Offline")
