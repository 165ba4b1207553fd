"""Acceptance: on a phone, with and without a script, the two things people do all day take at most three taps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.models import Contact, Interaction, InteractionLink, Task, TaskLink
from app.services import tasks
from app.services.context import as_system
from tests.journeys.conftest import Visit
from tests.journeys.thumb import Thumb

pytestmark = pytest.mark.browser
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
PHONE = {"viewport": {"width": 390, "height": 844}}
AsThumb = Callable[..., Thumb]


@pytest.fixture
def database(demo: Flask) -> Iterator[Any]:
    """What is stored at the moment, seen by the system."""

    def now() -> Any:
        session = as_system("test").session
        session.rollback()
        return session

    with demo.app_context():
        yield now


@pytest.fixture
def somebody(database: Any) -> tuple[int, str]:
    """A contact of Priya's with a name that nobody else has, and nothing planned yet."""
    session = database()
    rows = session.query(Contact).filter(Contact.owner_id == 3).order_by(Contact.id).all()
    names = [c.formatted_name for c in session.query(Contact)]
    planned = {link.record_id for link in session.query(TaskLink).filter_by(entity="contact")}
    free = (c for c in rows if names.count(c.formatted_name) == 1 and c.id not in planned)
    return next((c.id, c.formatted_name) for c in free)


def last_call(database: Any, contact: int) -> tuple[Interaction, Task]:
    """The newest interaction of a contact and the task that came with it."""
    session = database()
    made = session.query(Interaction).order_by(Interaction.id.desc()).first()
    assert (
        session.query(InteractionLink).filter_by(interaction_id=made.id, entity="contact").one().record_id
        == contact
    )
    task = session.query(Task).filter_by(interaction_id=made.id).one()
    assert session.query(TaskLink).filter_by(task_id=task.id).one().record_id == contact
    return made, task


@SCRIPT
def test_find_somebody_and_log_a_call_with_a_follow_up(
    thumb: AsThumb, somebody: tuple[int, str], database: Any, script: bool
) -> None:
    contact, name = somebody
    at = thumb("/search", script=script, **PHONE)
    at.type("#gs", name, go=not script)

    at.tap(f"text=Log a call with {name}")
    at.tap(".follow label:has-text('In 3 days')")
    at.tap(".outcomes button:has-text('Connected')")

    expect(at.page.locator("#toasts")).to_contain_text("Logged. Follow-up:")
    expect(at.page.locator("#timeline > li").nth(1)).to_contain_text("Connected")
    expect(at.page.locator("#nudge")).to_contain_text(f"Follow up with {name}")
    made, task = last_call(database, contact)
    assert (made.kind, made.outcome) == ("call", "connected")
    assert task.due_on == (tasks.today(as_system("test")) + timedelta(days=3)).isoformat()
    assert at.taps <= 3, at.trace


@SCRIPT
def test_log_from_a_contact_in_two_taps(
    thumb: AsThumb, somebody: tuple[int, str], database: Any, script: bool
) -> None:
    at = thumb(f"/contacts/{somebody[0]}", script=script, **PHONE)

    at.tap("#log .seg label:has-text('Call')")
    at.tap(".outcomes button:has-text('No answer')")

    expect(at.page.locator("#toasts")).to_contain_text("Logged")
    assert database().query(Interaction).order_by(Interaction.id.desc()).first().outcome == "no_answer"
    assert at.taps == 2


@SCRIPT
def test_add_a_contact(thumb: AsThumb, database: Any, script: bool) -> None:
    at = thumb("/", script=script, **PHONE)
    name, mail, phone = ("Ines Costa", "ines", "678") if script else ("Rui Vale", "rui", "901")

    at.tap(".tabbar .add")
    at.tap("#add a:has-text('Contact')")
    at.page.wait_for_load_state()
    at.type("#line", f"{name}, CFO at Harbour Works, {mail}@harbour.example, +351 912 345 {phone}")
    at.tap("main form button:has-text('Save contact')")

    expect(at.page.locator("h1")).to_have_text(name)
    assert database().query(Contact).filter_by(formatted_name=name).count() == 1
    assert at.taps <= 3, at.trace


@SCRIPT
def test_from_anywhere_the_kind_comes_first(
    thumb: AsThumb, somebody: tuple[int, str], database: Any, script: bool
) -> None:
    at = thumb("/companies", script=script, **PHONE)

    at.tap(".tabbar .add")
    at.tap("#add a:has-text('Note')")
    at.page.wait_for_load_state()
    at.type("#who", somebody[1], go=not script)
    at.tap(f"#hits .hit:has-text('{somebody[1]}')")
    at.type("#log-t", "Prefers mornings.")
    at.tap("#log footer .pri")

    expect(at.page.locator("h1")).to_have_text(somebody[1])
    expect(at.page.locator("#timeline")).to_contain_text("Prefers mornings.")


def test_the_same_by_keyboard_alone(
    visit: Visit, somebody: tuple[int, str], database: Any, complaints: list[str]
) -> None:
    contact, name = somebody
    page = visit("/", viewport={"width": 1440, "height": 900}, is_mobile=False, has_touch=False)
    keys = page.keyboard

    keys.press("/")
    expect(page.locator("#pq")).to_be_focused()
    keys.type(name)
    expect(page.get_by_text(f"Log a call with {name}")).to_be_visible()
    while not page.locator("[aria-selected=true]", has_text="Log a call").count():
        keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.locator("#log")).to_be_visible()
    tab_to(page, "#log [name=kind]")
    keys.press("ArrowLeft")
    expect(page.locator("#log [value=note]")).to_be_checked()
    keys.press("ArrowRight")
    tab_to(page, "#log-t")
    keys.type("Board meets on Friday.")
    tab_to(page, "#log [name=follow]")
    keys.press("ArrowRight")
    tab_to(page, "#log-m")
    keys.type("12")
    keys.press("Enter")

    expect(page.locator("#timeline")).to_contain_text("Board meets on Friday.")
    expect(page.locator("#log-t")).to_have_value("")
    made, task = last_call(database, contact)
    assert (made.kind, made.duration_s, made.body) == ("call", 720, "Board meets on Friday.")
    assert task.due_on == (tasks.today(as_system("test")) + timedelta(days=1)).isoformat()
    assert complaints == []


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something has the focus."""
    for _press in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached")


def test_what_was_typed_survives_a_closed_page_and_goes_when_it_is_logged(
    thumb: AsThumb, somebody: tuple[int, str]
) -> None:
    at = thumb(f"/contacts/{somebody[0]}", **PHONE)
    at.type("#log-t", "Half a thought")
    at.page.goto("/contacts")
    at.page.goto(f"/contacts/{somebody[0]}")
    expect(at.page.locator("#log-t")).to_have_value("Half a thought")

    at.tap("#log footer .pri")
    expect(at.page.locator("#timeline")).to_contain_text("Half a thought")
    at.page.goto(f"/contacts/{somebody[0]}")

    expect(at.page.locator("#log-t")).to_have_value("")
    expect(at.page.locator(".draft")).to_have_count(0)


def test_an_error_keeps_text_and_focus_in_place(thumb: AsThumb, somebody: tuple[int, str]) -> None:
    at = thumb(f"/contacts/{somebody[0]}?log=call", **PHONE)
    at.tap("#log .further summary")
    at.type("#log-t", "Talked about the roof")
    at.page.locator("#log-m").fill("a while")
    at.tap("#log footer .pri")

    expect(at.page.locator("#log [role=alert]")).to_be_focused()
    expect(at.page.locator("#log-t")).to_have_value("Talked about the roof")
    expect(at.page.locator("#log-m")).to_have_attribute("aria-invalid", "true")


@SCRIPT
def test_somebody_else_is_added_to_an_entry(
    thumb: AsThumb, somebody: tuple[int, str], database: Any, script: bool
) -> None:
    other = next(
        c
        for c in database().query(Contact).filter_by(owner_id=3).order_by(Contact.id)
        if c.id != somebody[0] and len(c.formatted_name) > 9
    )
    wanted = (other.id, other.formatted_name)
    at = thumb(f"/contacts/{somebody[0]}?log=meeting", script=script, **PHONE)
    at.tap("#log .further summary")
    at.type("#log-who", wanted[1])
    if not script:
        at.tap("#log button:has-text('Find')")
    at.tap(f"label:has([name=with][value='contact:{wanted[0]}'])")
    at.tap(".outcomes button:has-text('Held')")
    expect(at.page.locator("#toasts")).to_contain_text("Logged")

    made = database().query(Interaction).order_by(Interaction.id.desc()).first()
    found = {
        r.record_id
        for r in database().query(InteractionLink).filter_by(interaction_id=made.id, entity="contact")
    }
    assert found == {somebody[0], wanted[0]}


@SCRIPT
def test_a_follow_up_is_done_on_today_and_taken_back(thumb: AsThumb, script: bool) -> None:
    at = thumb("/", script=script, **PHONE)
    first = at.page.locator("#due a.hit").first.inner_text().split("\n")[0]
    count = at.page.locator("#due li").count()

    at.tap(at.page.locator("#due .tick").first)
    expect(at.page.locator("#toasts")).to_contain_text(f"Done: {first}")
    at.tap("#toasts button:has-text('Undo')")

    expect(at.page.locator("#due li")).to_have_count(count)
