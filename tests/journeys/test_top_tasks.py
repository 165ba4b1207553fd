"""Acceptance: the twenty tasks of docs/top-tasks.md, each in at most three taps from Today, and by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.services import accounts, notifications, records, views
from app.services.context import as_system
from app.services.listing_state import State
from tests.face import chromium
from tests.journeys.conftest import token
from tests.journeys.day import PHONE, Day
from tests.journeys.keys import Keys
from tests.journeys.thumb import Thumb

pytestmark = pytest.mark.browser
LIST = Path(__file__).parents[2] / "docs" / "top-tasks.md"
MOST = 3
"""Taps from Today; typing is none."""


# ---------------------------------------------------------------- the twenty


def find_a_contact(day: Day) -> None:
    day.somebody()
    day.open()


def call_a_contact(day: Day) -> None:
    day.somebody(phones=[PHONE])
    day.open()
    call = day.page.locator("main a.pri:has-text('Call')")
    expect(call).to_have_attribute("href", re.compile(r"tel:\+351.?912.?345.?678"))
    call.evaluate("e => e.href = '#rings'")
    day.tap(call)
    expect(day.page).to_have_url(re.compile("#rings$"))


def log_a_call(day: Day) -> None:
    day.somebody()
    day.search(day.name, f"Log a call with {day.name}")
    day.tap(".outcomes button:has-text('Connected')")
    day.sees("#toasts", "Logged")
    day.sees("#timeline", "Connected")


def log_a_call_and_plan_the_next(day: Day) -> None:
    day.cold(40)
    day.start()
    day.tap(f"main a[aria-label='Log a call with {day.name}']")
    day.tap(".follow label:has-text('In 3 days')")
    day.tap(".outcomes button:has-text('Connected')")
    day.sees("#toasts", "Logged. Follow-up:")


def note_what_was_said(day: Day) -> None:
    day.somebody()
    day.open()
    day.hand.type("#log-t", "Prefers mornings.")
    day.tap("#log footer .pri")
    day.sees("#timeline", "Prefers mornings.")


def add_a_contact_from_one_line(day: Day) -> None:
    day.tap(".tabbar .add")
    day.tap("#add a:has-text('Contact')")
    day.hand.type("#line", f"{day.name}, CFO at {day.name.split()[-1]} Works")
    day.tap("main form button:has-text('Save contact')")
    day.sees("h1", day.name)


def see_the_timeline_of_a_company(day: Day) -> None:
    firm = records.create(day.ctx, "company", {"name": f"Aa {day.name}", "owner_id": day.user}).id
    day.said({"kind": "note", "body": "Wants a second roof"}, about=[("company", firm)])
    day.start()
    day.tap(".tabbar a[href='/companies']")
    day.tap(f"#rows a.hit:has-text('Aa {day.name}')")
    day.sees("#timeline", "Wants a second roof")


def mark_a_task_done(day: Day) -> None:
    summary = day.task(0)
    day.start()
    day.tap(f"#due button[aria-label='Done: {summary}']")
    day.sees("#toasts", f"Done: {summary}")


def put_a_task_off_till_tomorrow(day: Day) -> None:
    summary = day.task(0)
    day.start()
    day.tap(f"#due button[aria-label='Move to tomorrow: {summary}']")
    expect(day.page.locator(f"#due button[aria-label='Done: {summary}']")).to_have_count(0)


def move_all_that_is_overdue(day: Day) -> None:
    day.task(-2)
    day.task(-1)
    day.start()
    day.tap("main a[href='/tasks/move']")
    day.tap("main button.pri:has-text('Move')")
    day.sees("#toasts", "moved")
    expect(day.page.locator("main a[href='/tasks/move']")).to_have_count(0)


def add_a_task(day: Day) -> None:
    day.hand.type("#line", f"Call {day.name} today")
    day.tap("main form button:has-text('Add')")
    day.sees("#due", f"Call {day.name}")


def see_who_is_going_cold(day: Day) -> None:
    day.cold(20)
    day.start()
    day.tap("main a[href='/keep-in-touch']")
    expect(day.page.locator("main .list")).to_contain_text(day.name)


def filter_contacts_to_mine(day: Day) -> None:
    day.somebody()
    day.tap(".tabbar a[href='/contacts']")
    day.tap(".chips .chip:has-text('Mine')")
    day.sees(".chip.on", "Owner is me")
    day.sees("#rows", "Odalys")


def open_a_saved_view(day: Day) -> None:
    views.create(day.ctx, "contact", views.Wanted(name=f"View of {day.name}", state=State()))
    day.tap(".tabbar a[href='/contacts']")
    day.tap("button[popovertarget=views]")
    day.tap(f"#views a:has-text('View of {day.name}')")
    day.sees("h1", f"View of {day.name}")


def sort_a_list(day: Day) -> None:
    day.tap(".tabbar a[href='/contacts']")
    day.tap("button[popovertarget=display]")
    day.tap("#display a:has-text('Last contact')")
    expect(day.page.locator("th[aria-sort]")).to_contain_text("Last contact")


def change_a_phone_number(day: Day) -> None:
    day.somebody(phones=[PHONE])
    day.open()
    day.tap("main a.edit[aria-label='Edit Phone']")
    day.retype("#f-phones-0-value", "+351 913 000 111")
    expect(day.page.locator("main dl a.plain[href^='tel:']:visible").first).to_contain_text("913 000 111")


def add_a_tag(day: Day) -> None:
    day.somebody()
    day.open()
    day.tap("main a.edit[aria-label='Edit Tags']")
    day.hand.type("#f-tags", "Installer", go=True)
    expect(day.page.locator("#f-tags")).to_have_count(0)
    day.sees("main", "Installer")


def take_back_what_was_done_last(day: Day) -> None:
    day.somebody()
    day.tap(".tabbar button[popovertarget=more-apps]")
    day.tap("#more-apps a:has-text('Recent operations')")
    day.tap(day.page.locator("main li", has_text=day.name).get_by_role("button", name="Undo"))
    day.sees("main", "Taken back")


def find_what_was_said(day: Day) -> None:
    contact = day.somebody()
    word = "zwetschge" + day.name[-1]
    day.said({"kind": "note", "body": f"They like {word} cake"}, contacts=[contact])
    day.search(word, word)
    day.sees("main", word)


def read_a_notification(day: Day) -> None:
    with (ctx := as_system("test")).unit():
        notifications.send(ctx, [day.user], "mention", f"About {day.name}")
    day.tap(".bar a[href='/notifications']")
    day.sees("main", f"About {day.name}")


TASKS: Mapping[str, Callable[[Day], None]] = {
    walk.__name__.replace("_", " "): walk
    for walk in (
        find_a_contact,
        call_a_contact,
        log_a_call,
        log_a_call_and_plan_the_next,
        note_what_was_said,
        add_a_contact_from_one_line,
        see_the_timeline_of_a_company,
        mark_a_task_done,
        put_a_task_off_till_tomorrow,
        move_all_that_is_overdue,
        add_a_task,
        see_who_is_going_cold,
        filter_contacts_to_mine,
        open_a_saved_view,
        sort_a_list,
        change_a_phone_number,
        add_a_tag,
        take_back_what_was_done_last,
        find_what_was_said,
        read_a_notification,
    )
}
EACH = pytest.mark.parametrize("task", TASKS)

# ---------------------------------------------------------------- the hands


@pytest.fixture(scope="module")
def walker(demo: Flask) -> int:
    """Somebody whose day has only what the walks put there."""
    with demo.app_context():
        return accounts.create_user(
            as_system("test"), "Wanda Walker", "wanda@northlight.example", roles=("manager",)
        )


@pytest.fixture(scope="module")
def pages(demo: Flask, site: str, browser: Browser, walker: int) -> Iterator[Callable[[bool], Page]]:
    """The phone of the walker, with a script or without one: one of each for all tasks."""
    cookie = token(demo, "wanda")
    made: dict[bool, Page] = {}

    def page(script: bool) -> Page:
        if script not in made:
            context = browser.new_context(
                **chromium.PHONE, base_url=site, locale="en-US", java_script_enabled=script
            )
            context.add_cookies([{"name": "kith", "value": cookie, "url": site}])
            context.set_default_timeout(10_000)
            made[script] = context.new_page()
        return made[script]

    yield page
    for one in made.values():
        one.context.close()


NUMBERS = count()


@pytest.fixture
def begin(demo: Flask, walker: int, pages: Callable[[bool], Page]) -> Iterator[Callable[..., Day]]:
    """Open Today with a hand: `begin(Thumb, script=False)`."""

    def at_today(hand: type[Thumb], *, script: bool = True) -> Day:
        ending = "".join("abcdefghij"[int(digit)] for digit in f"{next(NUMBERS):02}")
        day = Day(hand(pages(script)), walker, f"Odalys Quarn{ending}", script)
        day.start()
        return day

    with demo.app_context():
        yield at_today


@EACH
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_task_takes_three_taps_at_most(begin: Callable[..., Day], task: str, script: bool) -> None:
    day = begin(Thumb, script=script)
    TASKS[task](day)
    assert 0 < day.hand.taps <= MOST, day.hand.trace


@EACH
def test_a_task_is_done_by_keyboard_alone(begin: Callable[..., Day], task: str) -> None:
    TASKS[task](begin(Keys))


def test_a_list_is_exported_in_three_taps(begin: Callable[..., Day]) -> None:
    day = begin(Thumb)
    day.tap(".tabbar a[href='/contacts']")
    day.tap("button[popovertarget=list-menu]")
    with day.page.expect_download() as file:
        day.tap("#list-menu a:has-text('Export as CSV')")
    assert file.value.suggested_filename.endswith(".csv")
    assert day.hand.taps <= MOST


def test_the_list_names_the_same_tasks() -> None:
    listed = re.findall(r"^\d+\. \*\*(.+?)\*\*", LIST.read_text(), re.MULTILINE)
    assert [name.lower() for name in listed] == list(TASKS)
    assert len(listed) == 20
