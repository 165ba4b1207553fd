"""A thumb on a phone: every tap is counted, and must hit something that is in view and large enough."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect


@dataclass
class Thumb:
    """Taps on a page; typing and the keyboard's own "go" are no taps."""

    page: Page
    taps: int = 0
    trace: list[str] = field(default_factory=list)

    def tap(self, target: str | Locator) -> None:
        """Tap what is visible."""
        found = self.page.locator(target) if isinstance(target, str) else target
        expect(found).to_be_visible()
        self.trace.append(str(found))
        self.taps += 1
        found.tap()

    def type(self, target: str, text: str, *, go: bool = False) -> None:
        """Type into a field that has the focus already or gets it now; `go` presses the keyboard's enter key."""
        box = self.page.locator(target)
        box.press_sequentially(text)
        if go:
            box.press("Enter")
            self.page.wait_for_load_state()


SMALL = """() => {
  const inline = e => getComputedStyle(e).display == 'inline' && e.parentElement.textContent.trim() != e.textContent.trim();
  const listed = e => e.closest('svg') && [...document.querySelectorAll('a[href]')].some(o => !o.closest('svg') && o.getAttribute('href') == e.getAttribute('href'));
  const grown = (e, side) => { const s = getComputedStyle(e, '::after');
    return s.content == 'none' || s.position != 'absolute' ? 0 : Math.max(0, -parseFloat(s[side]) || 0) };
  const ours = (e, x, y) => { const hit = document.elementFromPoint(x, y); return hit && (e.contains(hit) || hit.closest('label')?.control == e || hit.closest('label') == e) };
  return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(e => e.checkVisibility({opacityProperty: false}) && !e.closest('.sr, .skip, [inert], .cards thead') && !listed(e) && !inline(e) && !e.disabled)
    .map(e => e.matches('input[type=radio], input[type=checkbox]') && e.closest('label') || e)
    .filter(e => { const r = e.getBoundingClientRect(); if (!r.width || !r.height || r.right < 0 || r.left > innerWidth) return false;
      const high = r.height + grown(e, 'top') + grown(e, 'bottom'), x = (Math.max(r.left, 0) + Math.min(r.right, innerWidth)) / 2, y = r.top + r.height / 2;
      return high < 43.5 && !(ours(e, x, y - 21) && ours(e, x, y + 21)) })
    .map(e => `${Math.round(e.getBoundingClientRect().height)} px: ${e.outerHTML.slice(0, 140)}`)
}"""
"""Returns what is lower than 44 px, its grown area included; links within a sentence may be (WCAG 2.5.8), and shapes of a
drawing when the same page has a link to the same address outside of it."""


def too_small(page: Page) -> list[str]:
    """Return the controls of a page that a thumb would miss, with the whole page in view."""
    size = page.viewport_size or {"width": 390, "height": 844}
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})
    found: list[str] = page.evaluate(SMALL)
    page.set_viewport_size(size)
    return found
