"""The gallery on a loopback port, and one Chromium for all browser tests of the face."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.face import chromium
from tests.face.gallery import serve

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def gallery() -> Iterator[str]:
    """The address of the gallery, without a slash at the end."""
    server = serve()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def complaints() -> list[str]:
    """What the console of the visited pages called an error, script errors included."""
    return []


@pytest.fixture
def visit(gallery: str, browser: Browser, complaints: list[str]) -> Iterator[Open]:
    """Open a page of the gallery in a fresh context."""
    contexts = []

    def heard(said: ConsoleMessage) -> None:
        if said.type == "error":
            complaints.append(said.text)

    def open_page(address: str, **options: Any) -> Page:
        context = browser.new_context(**{**chromium.DESKTOP, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{gallery}/{address}")
        return page

    yield open_page
    for context in contexts:
        context.close()
