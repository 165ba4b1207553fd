"""Follow-ups by thumb: written down, done and followed by the next, put off, all that is overdue moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from app.models import Contact, Task, TaskLink
from app.services import tasks
from app.services.context import as_system
from tests.journeys.conftest import Visit
from tests.journeys.thumb import Thumb

pytestmark = pytest.mark.browser
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
PHONE = {"viewport": {"width": 390, "height": 844}}
AsThumb = Callable[..., Thumb]


@pytest.fixture
def stored(demo: Any) -> Any:
    """What is stored at the moment: `stored("Call Bo")` are the tasks of that name, oldest first."""

    def find(summary: str) -> list[Task]:
        session = as_system("test").session
        session.rollback()
        return list(session.query(Task).filter(Task.summary == summary).order_by(Task.id))

    with demo.app_context():
        yield find


def ahead(days: int) -> str:
    return (tasks.today(as_system("test")) + timedelta(days=days)).isoformat()


def add(summary: str, days: int, about: int = 0) -> Task:
    """A follow-up of Priya's."""
    from app.services.context import for_user

    ctx = for_user(3)
    values = {"summary": summary, "due_on": (tasks.today(ctx) + timedelta(days=days)).isoformat()}
    return tasks.create(ctx, values, about=[("contact", about)] if about else [])


@SCRIPT
def test_a_follow_up_for_a_contact(thumb: AsThumb, stored: Any, script: bool) -> None:
    contact = (
        as_system("test").session.query(Contact).filter(Contact.owner_id == 3).order_by(Contact.id).first()
    )
    assert contact is not None
    at = thumb(f"/contacts/{contact.id}", script=script, **PHONE)

    at.tap(".follow-up")
    at.page.wait_for_load_state()
    at.type("#line", f"Send drawings {script} tomorrow !high")
    if script:
        expect(at.page.locator("#understood")).to_contain_text("Tomorrow")
    at.tap(at.page.locator("#edit button:has-text('Save follow-up')").first)

    expect(at.page.locator("#toasts")).to_contain_text("Follow-up: Tomorrow")
    (made,) = stored(f"Send drawings {script}")
    assert (made.due_on, made.priority, made.assignee_id) == (ahead(1), 1, 3)
    link = as_system("test").session.query(TaskLink).filter_by(task_id=made.id).one()
    assert (link.entity, link.record_id) == ("contact", contact.id)
    assert at.taps <= 3, at.trace


@SCRIPT
def test_done_and_the_next_in_two_taps(thumb: AsThumb, stored: Any, script: bool) -> None:
    name = f"Ring the harbour {script}"
    add(name, -30)
    at = thumb("/", script=script, **PHONE)

    at.tap(f"#due li:has-text('{name}') .tick")
    at.tap("#strip button:has-text('In a week')")

    expect(at.page.locator("#toasts")).to_contain_text("Follow-up:")
    assert [(t.status, t.due_on) for t in stored(name)][1:] == [("todo", ahead(7))]
    assert stored(name)[0].status == "done"
    assert at.taps == 2


@SCRIPT
def test_put_off_until_tomorrow_in_one_tap_and_anywhere_in_two(
    thumb: AsThumb, stored: Any, script: bool
) -> None:
    near, far = f"Near {script}", f"Far {script}"
    add(near, -40)
    add(far, -39)
    at = thumb("/", script=script, **PHONE)

    at.tap(f"#due li:has-text('{near}') button[name=to]")
    expect(at.page.locator("#toasts")).to_contain_text("Moved: Tomorrow")
    assert stored(near)[0].due_on == ahead(1)
    assert at.taps == 1
    at.tap(f"#due a.hit:has-text('{far}')")
    at.page.wait_for_load_state()
    at.tap(at.page.locator("main button:has-text('In a week')").first)

    expect(at.page.locator("#toasts")).to_contain_text("Moved: ")
    assert stored(far)[0].due_on == ahead(7)
    assert at.taps == 3


@SCRIPT
def test_all_that_is_overdue_is_moved_in_two_taps_and_comes_back_with_one(
    thumb: AsThumb, stored: Any, script: bool
) -> None:
    name = f"Long overdue {script}"
    add(name, -50)
    add(f"{name} too", -50)
    at = thumb("/", script=script, **PHONE)

    at.tap("#due a:has-text('Move overdue')")
    at.page.wait_for_load_state()
    at.tap("main button.pri")
    expect(at.page.locator("#toasts")).to_contain_text("moved")
    assert stored(name)[0].due_on > ahead(0)
    at.tap("#toasts button:has-text('Undo')")

    expect(at.page.locator("#toasts")).to_contain_text("back")
    assert stored(name)[0].due_on == ahead(-50)
    assert at.taps == 3
    for one in (*stored(name), *stored(f"{name} too")):
        tasks.finish(as_system("test"), one.id)


@SCRIPT
def test_the_calendar_is_walked_by_links(thumb: AsThumb, stored: Any, script: bool) -> None:
    add(f"In the calendar {script}", 0)
    at = thumb("/tasks/calendar", script=script, **PHONE)

    expect(at.page.locator("#day")).to_contain_text(f"In the calendar {script}")
    at.tap("a[rel=next]")
    at.page.wait_for_load_state()
    at.tap("main a:has-text('Today')")

    expect(at.page.locator(".cal [aria-current=date]")).to_have_count(1)


def test_the_agenda_by_keyboard_alone(visit: Visit, stored: Any, complaints: list[str]) -> None:
    add("By keyboard", -60)
    page = visit("/tasks/agenda", viewport={"width": 1440, "height": 900}, is_mobile=False, has_touch=False)

    page.locator("#line").focus()
    page.keyboard.type("Typed in the agenda tomorrow 15:00")
    expect(page.locator("#understood")).to_contain_text("Tomorrow")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Follow-up: Tomorrow")
    tick = page.locator("#agenda li:has-text('By keyboard') .tick")
    tick.focus()
    page.keyboard.press("Enter")

    expect(page.locator("#strip")).to_contain_text("Done: By keyboard")
    assert stored("By keyboard")[0].status == "done"
    assert stored("Typed in the agenda")[0].due_clock == "15:00"
    assert complaints == []


def test_a_size_that_was_drawn_on_the_page_is_not_carried_into_what_is_fetched(
    visit: Visit, stored: Any, complaints: list[str]
) -> None:
    add("Draw a line", 0)
    page = visit("/")
    page.evaluate("document.querySelector('#line').style.inlineSize = '9rem'")
    page.locator("#due button.tick").first.click()
    page.locator(".toast").first.wait_for()
    assert complaints == []
