"""A list made one's own: columns, a view under a name, a link for others, a value changed in its cell."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.face import chromium
from tests.journeys.conftest import Visit
from tests.journeys.thumb import Thumb, too_small

pytestmark = pytest.mark.browser
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
DESK = {**chromium.DESKTOP, "is_mobile": False, "has_touch": False}
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
AsThumb = Callable[..., Thumb]


def heads(page: Page) -> list[str]:
    """The headings of the columns, without the first, which is for choosing rows."""
    return [text.strip() for text in page.locator("thead th").all_text_contents()[1:]]


@SCRIPT
def test_a_view_is_made_with_a_thumb_and_shown_to_somebody_else(
    thumb: AsThumb, visit: Visit, script: bool
) -> None:
    at = thumb("/contacts", script=script)
    at.tap(".chips .chip:has-text('Customer')")
    expect(at.page.locator(".said")).to_contain_text("entries")
    at.tap("#list a:has-text('Save as view')")
    name = f"Customers {'with' if script else 'without'} script"
    at.type("#name", name)
    at.tap("form.editing button:has-text('Save')")

    expect(at.page.locator("h1")).to_have_text(name)
    rows = at.page.locator("#rows .hit").all_text_contents()
    assert rows
    link = at.page.locator("#views a[data-copy]").get_attribute("href")
    other = visit(str(link), who="amina")
    expect(other.locator(".chip.on")).to_contain_text("Customer")
    assert set(rows) <= set(other.locator("#rows .hit").all_text_contents())


@SCRIPT
def test_columns_are_chosen_and_moved(visit: Visit, script: bool) -> None:
    page = visit("/companies", who="jonas", java_script_enabled=script, **DESK)
    before = heads(page)
    page.click("button[popovertarget=display]")
    page.click("#display a:has-text('Columns')")
    page.check("input[value=created_at]")
    page.click("button[aria-label='Move Owner up']")
    expect(page.locator("input[name=col]:checked").nth(len(before) - 3)).to_have_value("owner_id")
    if script:
        expect(page.locator("button[aria-label='Move Owner up']")).to_be_focused()
    page.click("button:has-text('Show these columns')")
    expect(page.locator("thead")).to_contain_text("Created")
    assert heads(page) == [*before[:-2], "Owner", before[-2], "Created"]
    page.goto("/companies")
    assert heads(page)[-1] == "Created"
    page.goto("/list/companies/columns".replace("companies", "company"))
    page.click("button:has-text('Back to the usual ones')")
    expect(page.locator("thead")).not_to_contain_text("Created")


def test_a_cell_is_changed_by_keyboard_alone(visit: Visit, complaints: list[str]) -> None:
    page = visit("/contacts", **DESK)
    row = page.locator("#rows tr").first
    row.locator(".hit").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(row.locator("select")).to_be_focused()
    page.keyboard.press("Escape")
    expect(row.locator(".edit").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(row.locator("select")).to_be_focused()
    row.locator("select").select_option("former")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(row.locator(".tag")).to_have_text("Former")
    expect(row.locator(".edit").first).to_be_focused()
    page.reload()
    expect(page.locator("#rows tr").first.locator(".tag")).to_have_text("Former")
    assert complaints == []


@pytest.mark.parametrize("wide", [True, False], ids=["desk", "phone"])
def test_a_row_is_opened_wherever_it_is_pressed(visit: Visit, wide: bool) -> None:
    page = visit("/contacts", **(DESK if wide else {}))
    row = page.locator("#rows tr").nth(1)
    name = str(row.locator(".hit").text_content())
    row.locator(".tag").click(force=True)
    expect(page.locator("h1")).to_contain_text(name)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_groups_and_panels_are_for_everybody(visit: Visit, theme: str, complaints: list[str]) -> None:
    page = visit(
        "/contacts?group=lifecycle_stage&sort=owner_id,-name", color_scheme=theme, reduced_motion="reduce"
    )
    for press in ("Columns", "Order and groups"):
        page.click("button[popovertarget=display]")
        page.click(f"#display a:has-text('{press}')")
        expect(page.locator("#setup .panel")).to_contain_text(press[:5])
        assert [*chromium.violations(page), *too_small(page)] == []
        page.set_viewport_size({"width": 320, "height": 640})
        assert not page.evaluate(WIDE)
        page.set_viewport_size({"width": 390, "height": 844})
    rows = page.locator("#rows tr:not(.grp)")
    many = rows.count()
    page.click("tr.grp a >> nth=0")
    expect(page.locator("tr.grp a").first).to_have_attribute("aria-expanded", "false")
    assert rows.count() != many or many == 50
    assert complaints == []


def test_what_is_typed_stays_when_a_chip_is_tapped(thumb: AsThumb) -> None:
    at = thumb("/contacts")
    at.type("main input[type=search]", "an")
    expect(at.page.locator(".said")).to_contain_text("Save as view")
    with at.page.expect_navigation():
        at.tap(".chips .chip:has-text('Customer')")
    expect(at.page.locator("main input[type=search]")).to_have_value("an")
    expect(at.page.locator(".chip.on")).to_contain_text("Customer")
