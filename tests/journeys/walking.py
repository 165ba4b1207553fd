"""What walks over all pages share: the pages, a browser for each of those who open them, what is wide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page

from tests.journeys.conftest import Visit
from tests.journeys.samples import Sample

WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
"""Whether a page can be scrolled sideways; a phone that is emulated makes its window as wide as what sticks out."""


def opened(page: Page, sample: Sample) -> bool:
    """Open a page; False for what is no page (a redirect to another one, a download)."""
    answer = page.goto(sample.path)
    assert answer is not None
    assert answer.status in {200, 404, 410}, f"{sample.path}: {answer.status}"
    return answer.headers.get("content-type", "").startswith("text/html") and "<html" in answer.text()


def by_person(visit: Visit, pages: Sequence[Sample], **options: Any) -> dict[str | None, Page]:
    """A browser for each of those who open the pages."""
    return {who: visit("/login", who=who, **options) for who in {sample.who for sample in pages}}
