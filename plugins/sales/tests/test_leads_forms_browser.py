"""The form for strangers in a real browser: with a script it works a moment before it sends, without one it sends as well."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from waitress.server import create_server

from app.testing.factories import Make

from ..leads import stamps
from ..leads.models import Lead, LeadForm, Submission

pytestmark = pytest.mark.browser


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of the application on a loopback port."""
    server = create_server(app, host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    server.task_dispatcher.shutdown()
    thread.join(5)


@pytest.fixture
def form(make: Make, monkeypatch: pytest.MonkeyPatch) -> LeadForm:
    """A form that asks for the work, of people who need no time to read it."""
    monkeypatch.setattr(stamps, "EARLIEST", timedelta(0))
    made: LeadForm = make("sales.lead_form", name="Roof", token="roof-of-the-browser")
    ctx = make.ctx()
    with ctx.unit():
        ctx.session.get_one(LeadForm, made.id).proof = True
    return made


@pytest.fixture
def stranger(browser: Browser, site: str, form: LeadForm) -> Iterator[Callable[..., Page]]:
    """Open the form, write into it and send it: `stranger(script=False)`; returns the page that answers."""
    contexts: list[Any] = []

    def send(*, script: bool) -> Page:
        context = browser.new_context(java_script_enabled=script, base_url=site)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"/sales/form/{form.token}")
        page.fill("#f-person", "Eva Brandt")
        page.fill("#f-email", "eva@brandt.example")
        page.click("main button.pri")
        page.wait_for_url("**/thanks")
        return page

    yield send
    for context in contexts:
        context.close()


def sent(make: Make) -> tuple[list[str], list[str]]:
    """Return the states of what was sent, and the names of the leads that it made."""
    session = make.ctx().session
    session.rollback()  # what this test has seen so far is older than what the browser sent
    states = list(session.execute(select(Submission.state).order_by(Submission.id)).scalars())
    return states, list(session.execute(select(Lead.name).order_by(Lead.id)).scalars())


def test_a_browser_works_a_moment_and_the_lead_is_there(stranger: Callable[..., Page], make: Make) -> None:
    assert stranger(script=True).locator("h1").inner_text() == "Thank you"
    assert sent(make) == (["taken"], ["Eva Brandt"])


def test_without_a_script_it_is_sent_and_kept_until_somebody_has_looked_at_it(
    stranger: Callable[..., Page], make: Make
) -> None:
    assert stranger(script=False).locator("h1").inner_text() == "Thank you"
    assert sent(make) == (["held"], [])
