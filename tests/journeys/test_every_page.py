"""Every page on a phone: accessible, inside the window at 320 px, large enough for a thumb, quiet on the console."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.face import chromium
from tests.journeys.conftest import Visit
from tests.journeys.samples import Sample
from tests.journeys.thumb import too_small
from tests.journeys.walking import WIDE, by_person, opened

pytestmark = pytest.mark.browser


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


def styled(page: Page) -> list[str]:
    """Return the elements that carry a style of their own, which the content security policy refuses."""
    found = page.evaluate(
        "[...document.querySelectorAll('[style], style')].map(e => e.outerHTML.slice(0, 120))"
    )
    return [f"styled: {one}" for one in found]
