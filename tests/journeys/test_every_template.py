"""Every template on a desk and in the dark: accessible in each theme. A file of its own, so that two walks go at once."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, template_rendered
from playwright.sync_api import Page

from tests.face import chromium
from tests.journeys.conftest import Visit
from tests.journeys.samples import Sample
from tests.journeys.walking import by_person, opened

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

    def _note(self, sender: Flask, template: Any, **more: object) -> None:
        self.names.append(str(template.name))
