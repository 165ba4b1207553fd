"""What the script adds to pages that work without it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.face.conftest import Open

pytestmark = pytest.mark.browser
FOCUS = "document.activeElement.textContent.trim()"


def draft_of(page: Page) -> str:
    """All drafts kept on the device, as text."""
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    return str(page.evaluate("JSON.stringify(localStorage)"))


def test_a_draft_survives_a_closed_tab_and_goes_when_it_is_logged(visit: Open) -> None:
    page = visit("contact")
    page.fill("#what", "She wants two decisions")
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    again = page.context.new_page()
    page.close()
    again.goto(page.url)
    expect(again.locator("#what")).to_have_value("She wants two decisions")
    expect(again.locator(".draft")).to_be_visible()
    again.get_by_role("button", name="Log it").click()
    expect(again.locator("#new")).to_contain_text("She wants two decisions")
    expect(again.locator("#what")).to_have_value("")
    assert "decisions" not in draft_of(again)


def test_a_draft_can_be_discarded(visit: Open) -> None:
    page = visit("contact")
    page.fill("#what", "Nothing of worth")
    page.reload()
    page.get_by_role("button", name="Discard it").click()
    expect(page.locator("#what")).to_have_value("")
    assert "worth" not in draft_of(page)


def test_a_draft_stays_while_the_server_refuses_the_form_and_goes_when_it_accepts(visit: Open) -> None:
    page = visit("form")
    page.fill("#fn", "Ana Lima")
    page.get_by_role("button", name="Save contact").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert "Ana Lima" in draft_of(page)
    page.goto(page.url.replace("/bad", "/form?to=save"))
    expect(page.locator("#fn")).to_have_value("Ana Lima")
    page.get_by_role("button", name="Save contact").click()
    page.wait_for_url("**/contacts**")
    assert "Ana Lima" not in draft_of(page)


def test_signing_out_clears_all_drafts(visit: Open) -> None:
    page = visit("contact")
    page.fill("#what", "For my eyes only")
    assert "eyes" in draft_of(page)
    page.get_by_role("button", name="Amina Farouk").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login**")
    assert "eyes" not in draft_of(page)


def test_another_user_never_sees_a_draft(visit: Open) -> None:
    page = visit("contact")
    page.fill("#what", "Hers")
    page.goto(page.url + "?user=2")
    expect(page.locator("#what")).to_have_value("")


def test_a_lost_connection_is_said_and_the_text_is_kept(visit: Open) -> None:
    page = visit("contact")
    page.fill("#what", "Roof first")
    page.context.set_offline(True)
    page.get_by_role("button", name="Log it").click()
    expect(page.locator("#toasts")).to_contain_text("Could not reach the server")
    expect(page.locator("#what")).to_have_value("Roof first")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#new")).to_contain_text("Roof first")


def test_an_error_page_never_lands_inside_the_page(visit: Open) -> None:
    page = visit("contact")
    page.evaluate("document.querySelector('.more').setAttribute('hx-get', '/errors/503')")
    page.locator("#more .more").click()
    expect(page.locator("#toasts")).to_contain_text("Reload this page in a minute")
    expect(page.locator("main")).to_have_count(1)


def test_htmx_proves_where_a_change_comes_from(visit: Open) -> None:
    page = visit("contact")
    page.fill("#what", "Hello")
    with page.expect_request("**/log") as sent:
        page.get_by_role("button", name="Log it").click()
    assert sent.value.headers["x-csrf-token"] == "token-1"


def test_a_dangerous_form_asks_first_and_is_sent_once(visit: Open) -> None:
    page = visit("components")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.click("#del")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.locator("#del")).to_be_focused()
    assert sent == []
    page.click("#del")
    page.get_by_role("dialog").get_by_role("button", name="Delete 3 contacts").click()
    page.wait_for_url("**/contacts**")
    assert len(sent) == 1


def test_pressing_twice_sends_once(visit: Open) -> None:
    page = visit("form?to=save")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.evaluate("const f = document.querySelector('#new'); f.requestSubmit(); f.requestSubmit()")
    page.wait_for_url("**/contacts**")
    assert len(sent) == 1


def test_more_rows_move_the_focus_to_the_first_new_one(visit: Open) -> None:
    page = visit("contacts")
    page.locator(".more").press("Enter")
    expect(page.get_by_role("link", name="Zora Šimić")).to_be_focused()
    expect(page.locator(".more")).to_have_count(0)


def test_a_value_is_edited_by_keyboard_and_escape_gives_it_back(visit: Open) -> None:
    page = visit("contact")
    page.get_by_role("link", name="Edit Mobile").press("Enter")
    field = page.get_by_label("Mobile", exact=True)
    expect(field).to_be_focused()
    field.press("Escape")
    expect(page.get_by_role("link", name="Edit Mobile")).to_be_focused()
    page.get_by_role("link", name="Edit Mobile").press("Enter")
    field.fill("+36 1 1234")
    field.press("Enter")
    expect(page.locator("#details")).to_contain_text("+36 1 1234")
    expect(page.get_by_role("link", name="Edit Mobile")).to_be_focused()


def test_results_are_walked_with_the_arrows(visit: Open) -> None:
    page = visit("search")
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#gs")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert str(page.evaluate(FOCUS)).startswith("Bálint Tóth")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#gs")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=")


def test_letters_typed_into_a_field_are_letters(visit: Open) -> None:
    page = visit("contact")
    page.locator("#what").press_sequentially("see e/mail")
    expect(page.locator("#what")).to_have_value("see e/mail")
    page.locator("h1").click()
    page.keyboard.press("e")
    page.wait_for_url("**/form")


def test_single_keys_can_be_switched_off(visit: Open) -> None:
    page = visit("contact?keys=off")
    page.locator("h1").click()
    page.keyboard.press("e")
    page.keyboard.press("/")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.locator("#pq")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_a_range_of_rows_is_selected_with_shift(visit: Open) -> None:
    page = visit("contacts")
    boxes = page.get_by_role("checkbox")
    boxes.nth(1).check(force=True)
    boxes.nth(3).click(force=True, modifiers=["Shift"])
    expect(page.locator(".pick :checked")).to_have_count(3)
    expect(page.locator(".bulk")).to_be_visible()


def test_a_panel_of_a_plugin_arrives_when_it_is_seen(visit: Open) -> None:
    page = visit("components")
    page.locator("#p-1").scroll_into_view_if_needed()
    expect(page.locator("#p-1")).to_contain_text("Two orders.")
