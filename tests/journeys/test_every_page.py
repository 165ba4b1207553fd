"""Every page: accessible, inside the window at 320 px, large enough for a thumb, without a word on the console."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, template_rendered
from playwright.sync_api import Page

from tests.face import chromium
from tests.journeys.conftest import Visit
from tests.journeys.samples import Sample, shown
from tests.journeys.thumb import too_small

pytestmark = pytest.mark.browser

DESK = {
    **chromium.DESKTOP,
    "color_scheme": "light",
    "reduced_motion": "reduce",
    "is_mobile": False,
    "has_touch": False,
}
COLOURS = ["color-contrast", "link-in-text-block"]
"""Rules of axe that a theme may break; the others do not depend on it."""

WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
"""Whether a page can be scrolled sideways; a phone that is emulated makes its window as wide as what sticks out."""


@pytest.fixture(scope="module")
def pages(demo: Flask) -> Iterator[list[Sample]]:
    """All pages with records that have much to show."""
    with shown(demo) as found:
        yield found


def opened(page: Page, sample: Sample) -> bool:
    """Open a page; False for what is no page (a redirect to another one, a download)."""
    answer = page.goto(sample.path)
    assert answer is not None
    assert answer.status in {200, 404, 410}, f"{sample.path}: {answer.status}"
    return answer.headers.get("content-type", "").startswith("text/html") and "<html" in answer.text()


def by_person(visit: Visit, pages: list[Sample], **options: Any) -> dict[str | None, Page]:
    """A browser for each of those who open the pages."""
    return {who: visit("/login", who=who, **options) for who in {sample.who for sample in pages}}


def test_every_page_on_a_light_phone(visit: Visit, pages: list[Sample], complaints: list[str]) -> None:
    browsers = by_person(visit, pages, color_scheme="light", reduced_motion="reduce")
    wrong: list[str] = []
    for sample in pages:
        page = browsers[sample.who]
        if not opened(page, sample):
            continue
        found = [*chromium.violations(page), *too_small(page), *styled(page)]
        for width in (320, 360):
            page.set_viewport_size({"width": width, "height": 640})
            if page.evaluate(WIDE):
                found.append(f"sticks out at {width} px")
        page.set_viewport_size(chromium.PHONE["viewport"])
        wrong += [f"{sample.path}: {one}" for one in found]

    assert not wrong, "\n".join(wrong)
    assert complaints == []
    assert len(pages) > 50


def test_every_template_on_a_desk_and_in_the_dark(
    demo: Flask, visit: Visit, pages: list[Sample], complaints: list[str]
) -> None:
    browsers = by_person(visit, pages, **DESK)
    seen: set[str] = set()
    wrong: list[str] = []
    for sample in pages:
        page = browsers[sample.who]
        with used(demo) as names:
            is_page = opened(page, sample)
        if is_page and names[-1] not in seen:
            seen.add(names[-1])
            wrong += [f"{sample.path}: {one}" for one in [*chromium.violations(page), *in_the_dark(page)]]

    assert not wrong, "\n".join(wrong)
    assert complaints == []


def styled(page: Page) -> list[str]:
    """Return the elements that carry a style of their own, which the content security policy refuses."""
    found = page.evaluate(
        "[...document.querySelectorAll('[style], style')].map(e => e.outerHTML.slice(0, 120))"
    )
    return [f"styled: {one}" for one in found]


def in_the_dark(page: Page) -> list[str]:
    """Return what is wrong with the colours of an open page in the dark, on a desk and on a phone."""
    page.emulate_media(color_scheme="dark")
    found = [f"dark: {one}" for one in chromium.violations(page, COLOURS)]
    page.set_viewport_size(chromium.PHONE["viewport"])
    found += [f"dark phone: {one}" for one in chromium.violations(page, COLOURS)]
    page.set_viewport_size(chromium.DESKTOP["viewport"])
    page.emulate_media(color_scheme="light")
    return found


class used:
    """The names of the templates that are rendered meanwhile."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.names: list[str] = []

    def __enter__(self) -> list[str]:
        template_rendered.connect(self._note, self._app)
        return self.names

    def __exit__(self, *error: object) -> None:
        template_rendered.disconnect(self._note, self._app)

    def _note(self, sender: Flask, template: Any, **more: Any) -> None:
        self.names.append(str(template.name))
