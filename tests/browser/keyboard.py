"""A user who has only a keyboard: moves with Tab, answers with arrows, space and letters."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

MOST_STEPS = 600

_WHERE = """selector => {
  let goal = document.querySelector(selector);
  if (!goal) return { missing: true };
  const at = document.activeElement;
  if (goal.type === 'radio') {
    // Tab stops once in a group of radio buttons, wherever it finds the chosen one.
    const group = [...document.getElementsByName(goal.name)];
    if (group.includes(at)) return { there: true };
    goal = group.find(each => each.checked) || goal;
  }
  if (goal === at) return { there: true };
  let fold = null;
  for (let up = goal.parentElement; up; up = up.parentElement) {
    if (up.nodeName === 'DETAILS' && !up.open && goal !== up.querySelector('summary')) fold = up;
  }
  const next = fold ? fold.querySelector('summary') : goal;
  if (next === at) return { fold: true };
  return { back: !!(next.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING) };
}"""


def field(name: str) -> str:
    """The selector of a field of the case."""
    return f'#case [name="{name}"]'


class Keyboard:
    """The keyboard before one page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.steps = 0
        """Keys pressed to move about."""

    def press(self, key: str) -> None:
        self._page.keyboard.press(key)

    def reach(self, selector: str) -> None:
        """Move to an element, opening what is folded on the way."""
        for _ in range(MOST_STEPS):
            where = self._page.evaluate(_WHERE, selector)
            if where.get("there"):
                return
            assert not where.get("missing"), f"there is no {selector}"
            self.steps += 1
            if where.get("fold"):
                self.press("Enter")
            else:
                self.press("Shift+Tab" if where["back"] else "Tab")
        at = self._page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        raise AssertionError(f"{selector} is not reached; the focus is at {at}")

    def has(self, name: str) -> bool:
        return self._page.locator(field(name)).count() > 0

    def is_text(self, name: str) -> bool:
        return self._page.locator(f'{field(name)}[type="text"]').count() > 0

    def write(self, name: str, text: str) -> None:
        """Type into a field, in the place of what stands there."""
        self.reach(field(name))
        self.press("Control+A")
        self._page.keyboard.type(text)
        self.press("Tab")
        self.settle()

    def choose(self, name: str, value: str) -> None:
        """Choose in a list or a group of radio buttons."""
        self.reach(field(name))
        if self._active("at.value") == value and self._active("at.type") == "radio":
            self.press("Space")
        for _ in range(60):
            if self._active("at.value") == value and self._active("at.checked !== false"):
                break
            self.press("ArrowDown")
        else:
            raise AssertionError(f"{name} does not offer {value}")
        self.settle()
        # Renewing the page has not taken the user's place.
        assert self._active("at.name") == name
        assert self._active("at.value") == value

    def _active(self, what: str) -> Any:
        return self._page.evaluate(f"(at => {what})(document.activeElement)")

    def settle(self) -> None:
        """Wait until the page has renewed itself."""
        self._page.wait_for_timeout(90)
        # (The policy of the pages forbids to wait with a script of ours.)
        self._page.locator("[aria-busy=true]").wait_for(state="detached")
