"""Somebody without a mouse: what a thumb taps is reached with Tab or the arrows and pressed with Enter."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import ElementHandle, Locator, expect

from tests.journeys.thumb import Thumb

FAR = 250
"""No page may ask for more presses of Tab than this."""

THERE = "e => document.activeElement == e"
IN_GROUP = "e => document.activeElement.type == 'radio' && document.activeElement.name == e.name"


@dataclass
class Keys(Thumb):
    """Presses on a page, by the same words as a thumb: a walk written for the one is a walk for the other."""

    def tap(self, target: str | Locator) -> None:
        """Reach what is visible and press it."""
        found = self.page.locator(target) if isinstance(target, str) else target
        expect(found).to_be_visible()
        self.trace.append(str(found))
        self.taps += 1
        if found.get_attribute("role") == "option":
            self._press("ArrowDown", found.element_handle(), "e => e.ariaSelected == 'true'")
            self.page.keyboard.press("Enter")
            return
        control = found.evaluate_handle("e => e.control ?? e").as_element()
        assert control is not None
        if control.get_attribute("type") == "radio":
            self._press("Tab", control, IN_GROUP)
            self._press("ArrowRight", control, "e => e.checked")
        else:
            self._press("Tab", control, THERE)
            self.page.keyboard.press("Enter")

    def type(self, target: str, text: str, *, go: bool = False) -> None:
        """Type into a field that has the focus already or is reached now; `go` presses Enter."""
        found = self.page.locator(target)
        expect(found).to_be_visible()
        self._press("Tab", found.element_handle(), THERE)
        self.page.keyboard.type(text)
        if go:
            self.page.keyboard.press("Enter")
            self.page.wait_for_load_state()

    def _press(self, key: str, control: ElementHandle, until: str) -> None:
        for _press in range(FAR):
            if control.evaluate(until):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{self.trace[-1:]} cannot be reached with {key}")
