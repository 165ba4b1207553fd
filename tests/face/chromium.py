"""A headless Chromium for browser tests: KITH_TEST_CHROMIUM or one on the PATH."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def path() -> str | None:
    """Return the Chromium to use, or None when there is none."""
    found = [os.environ.get("KITH_TEST_CHROMIUM"), *map(shutil.which, NAMES)]
    return next((one for one in found if one), None)


@contextmanager
def launch(executable: str) -> Iterator[Browser]:
    """Start a browser and stop it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


def violations(page: Page, rules: Sequence[str] = RULES) -> list[str]:
    """Return what axe finds, with the whole page in view so that sticky bars cover nothing.

    `rules` are tags of axe, or names of single rules.
    """
    from axe_playwright_python.sync_playwright import Axe

    size = page.viewport_size or DESKTOP["viewport"]
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})
    found = (
        Axe()
        .run(page, options={"runOnly": {"type": "tag" if rules is RULES else "rule", "values": list(rules)}})
        .response["violations"]
    )
    page.set_viewport_size(size)
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]
