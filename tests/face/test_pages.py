"""Every kind of page: accessible, inside the window, within the content policy, in both themes and directions."""

from __future__ import annotations

import pytest

from tests.face.chromium import DESKTOP, PHONE, violations
from tests.face.conftest import Open

pytestmark = pytest.mark.browser
PAGES = ["contacts", "contact", "form", "search", "components", "import", "login", "errors/404", "errors/500"]
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def unexpected(complaints: list[str]) -> list[str]:
    """What the console said except for the status that an error page has on purpose."""
    return [said for said in complaints if "the server responded with a status of" not in said]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_on_a_phone(visit: Open, complaints: list[str], name: str) -> None:
    page = visit(name, color_scheme="light", **PHONE)
    assert violations(page) == []
    for width in (320, 360):
        page.set_viewport_size({"width": width, "height": 640})
        assert not page.evaluate(WIDE), f"sticks out at {width} px"
    assert unexpected(complaints) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_on_a_dark_desktop(visit: Open, complaints: list[str], name: str) -> None:
    page = visit(name, color_scheme="dark", **DESKTOP)
    assert violations(page) == []
    assert unexpected(complaints) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_beats_the_system(visit: Open, theme: str) -> None:
    page = visit(f"contact?theme={theme}", color_scheme="light" if theme == "dark" else "dark")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == theme
    assert violations(page) == []


def test_right_to_left_mirrors_the_frame(visit: Open) -> None:
    page = visit("contact?dir=rtl")
    rail = page.locator(".rail").bounding_box()
    assert rail
    assert rail["x"] > 1000
    assert not page.evaluate(WIDE)
    assert violations(page) == []


def test_targets_are_large_enough_for_a_thumb(visit: Open) -> None:
    page = visit("contact", **PHONE)
    small = page.evaluate(
        """[...document.querySelectorAll('.btn, .tabbar > *, .seg > *, .tabs a, .props .edit, .more')]
        .filter(e => e.checkVisibility()).filter(e => {
          const box = e.getBoundingClientRect(), grown = getComputedStyle(e, '::after');
          const more = grown.content == 'none' ? 0 : -2 * (parseFloat(grown.insetBlockStart) || 0);
          return box.height + Math.max(0, more) < 44;
        }).map(e => e.outerHTML.slice(0, 90))"""
    )
    assert small == []


def test_print_shows_the_record_and_hides_the_frame(visit: Open) -> None:
    page = visit("contact")
    page.emulate_media(media="print")
    assert page.locator(".tl").is_visible()
    assert not any(page.locator(frame).is_visible() for frame in (".rail", ".tabbar", ".composer", ".quick"))


def test_panels_in_the_header_stand_side_by_side_below_the_name(visit: Open) -> None:
    page = visit("contact", **DESKTOP)
    boxes = page.evaluate(
        """() => {
          const slot = document.querySelector('.rec-h').appendChild(document.createElement('div'));
          slot.className = 'slot';
          slot.innerHTML = '<div class="slot-i"><p>Points</p></div><div class="slot-i"><p>A long text about a tier</p></div>';
          return ['.who', ...[1, 2].map(n => `.slot-i:nth-child(${n})`)].map(s => {
            const {x, y, width} = document.querySelector(`.rec-h ${s}`).getBoundingClientRect();
            return [x, y, width];
          });
        }"""
    )
    (_, name_y, _), (first_x, first_y, first_w), (second_x, second_y, second_w) = boxes
    assert first_y == second_y > name_y
    assert second_x > first_x
    assert abs(first_w - second_w) < 1


def test_tab_goes_from_the_closed_composer_into_what_opened(visit: Open) -> None:
    page = visit("contact", **DESKTOP)
    page.locator(".composer textarea").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('.composer .open')")
