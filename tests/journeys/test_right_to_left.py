"""Every page as somebody who reads from right to left meets it: mirrored, inside a narrow window, nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.web import shell
from tests.face import chromium
from tests.journeys.conftest import Visit
from tests.journeys.samples import Sample, shown
from tests.journeys.walking import WIDE, opened

pytestmark = pytest.mark.browser
OF_OTHERS = ("/sales/offer/", "/sales/form/", "/sales/quotes/<int:record_id>/print")
"""Pages in the language of the customer whom they are for."""

NARROW = {"viewport": {"width": 320, "height": 640}}

CUT_OFF = """() => {
  const open = p => p && p != document.body && p != document.documentElement;
  const clips = e => /auto|scroll|hidden|clip/.test(getComputedStyle(e).overflowX);
  const boxed = e => { for (let p = e.parentElement; open(p); p = p.parentElement) if (clips(p)) return true };
  const name = e => `${e.localName}.${e.className} “${(e.textContent || e.name || "").trim().slice(0, 40)}”`;
  return [...document.querySelectorAll("a, button, input, select, textarea, summary, h1, h2, h3, p, label, time, td")]
    .filter(e => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .filter(e => {
      const r = e.getBoundingClientRect();
      if (r.width < 2 || r.height < 2) return false;
      const hides = clips(e) && e.matches("a, button, h1, h2, h3, summary, label");
      const cut = hides && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).textOverflow != "ellipsis";
      return cut || (r.left < -1 || r.right > innerWidth + 1) && !boxed(e);
    })
    .map(name).slice(0, 5);
}"""
"""What sticks out of the window, and words of which a part is hidden without a sign."""


@pytest.fixture(scope="module")
def mirrored(demo: Flask) -> Iterator[list[Sample]]:
    """All pages, in English written from right to left: a language that nobody has to know to see the layout."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shell, "RTL", {*shell.RTL, "en"})
        with shown(demo) as found:
            yield found


def test_every_page_fits_a_narrow_window_from_right_to_left(visit: Visit, mirrored: list[Sample]) -> None:
    browsers: dict[str | None, Page] = {
        who: visit("/login", who=who, **NARROW) for who in {sample.who for sample in mirrored}
    }
    wrong: list[str] = []
    for sample in mirrored:
        page = browsers[sample.who]
        if sample.rule.startswith(OF_OTHERS) or not opened(page, sample):
            continue
        assert page.evaluate("document.documentElement.dir") == "rtl", sample.path
        found = [*page.evaluate(CUT_OFF), *(["sticks out"] if page.evaluate(WIDE) else [])]
        wrong += [f"{sample.path}: {one}" for one in found]

    assert not wrong, "\n".join(wrong)


def test_a_desk_is_mirrored(visit: Visit, mirrored: list[Sample]) -> None:
    page = visit("/contacts", **{**chromium.DESKTOP, "is_mobile": False, "has_touch": False})
    left = "s => document.querySelector(s).getBoundingClientRect().left"
    assert page.evaluate(left, "nav") > page.evaluate(left, "main")
    assert page.evaluate(left, "thead .pick, thead th") > page.evaluate(left, "thead th:last-child")
