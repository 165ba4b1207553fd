"""Kith as people meet it: the application with demonstration data on a loopback port, and a Chromium."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page
from sqlalchemy import select
from waitress.server import create_server

from app.house import house
from app.models import User
from app.services import sessions
from app.services.context import as_system
from tests.face import chromium
from tests.journeys.samples import Sample, shown
from tests.journeys.thumb import Thumb

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application with demonstration data in a database of its own."""
    from app import create_app
    from app.demo import build

    folder = tmp_path_factory.mktemp("journeys")
    app = create_app(
        env="test",
        data_dir=str(folder),
        database_url=f"sqlite:///{folder / 'kith.db'}",
        secret_key="a secret for tests that nobody else has",
        worker=False,
        backup_at="",
    )
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "CONTACTS", 120)
        house(app).host.migrations.upgrade_all()
        build.build(as_system("demo", source="demo"))
    yield app
    from app.extensions import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def pages(demo: Flask) -> Iterator[list[Sample]]:
    """All pages with records that have much to show."""
    with shown(demo) as found:
        yield found


@pytest.fixture(scope="session")
def site(demo: Flask) -> Iterator[str]:
    """The address of the running application, without a slash at the end."""
    server = create_server(demo, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    server.task_dispatcher.shutdown()
    thread.join(5)


@pytest.fixture
def complaints() -> list[str]:
    """What the console of the visited pages called an error, script errors and refused content included."""
    return []


@pytest.fixture
def visit(demo: Flask, site: str, browser: Browser, complaints: list[str]) -> Iterator[Visit]:
    """Open a page as somebody of the demonstration who has signed in; `who=None` is somebody who has not."""
    contexts = []

    def heard(said: ConsoleMessage) -> None:
        if said.type == "error" and "the server responded with a status of" not in said.text:
            complaints.append(f"{said.page.url if said.page else ''}: {said.text}")

    def open_page(path: str = "/", *, who: str | None = "priya", **options: Any) -> Page:
        context = browser.new_context(**{**chromium.PHONE, **options}, base_url=site, locale="en-US")
        contexts.append(context)
        if who is not None:
            context.add_cookies([{"name": "kith", "value": token(demo, who), "url": site}])
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def thumb(visit: Visit) -> Callable[..., Thumb]:
    """Open a page on a phone and count the taps: `thumb("/search", script=False)`."""
    return lambda path="/", script=True, **more: Thumb(visit(path, java_script_enabled=script, **more))


def token(app: Flask, who: str) -> str:
    """Return the cookie of a new session."""
    with app.app_context():
        ctx = as_system("test")
        user = ctx.session.scalars(select(User).where(User.email.startswith(who))).one()
        return sessions.start(ctx, user.id, sessions.FULL, house(app).config)
