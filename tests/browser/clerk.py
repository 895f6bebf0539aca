"""A clerk with a keyboard and a reader, on a page whose clock the test turns.

How presses are counted: each press of a key by the clerk is one, also one that only moves the
focus.  What a reader types is no press, but its Enter at the end counts as one.
"""

from dataclasses import dataclass

from playwright.sync_api import Page

PAUSE = 200
"""So many milliseconds after a key nothing belongs to it any more."""


@dataclass
class Clerk:
    """Somebody who presses keys one after the other, and a reader that types in a hurry."""

    page: Page
    presses: int = 0

    def press(self, *keys: str) -> None:
        """Press one key after the other, as slowly as people do."""
        self.page.wait_for_load_state()
        for key in keys:
            self.page.keyboard.press(key)
            self.page.clock.run_for(PAUSE)
            self.presses += 1

    def read(self, signs: str, *, every: int = 10, end: str = "") -> None:
        """Let the reader type signs, so many milliseconds apart, wherever the focus is.

        The page's clock stands still between them, so that a busy machine makes no difference.
        """
        self.page.wait_for_load_state()
        for sign in signs:
            self.page.keyboard.press(sign)
            self.page.clock.run_for(every)
        if end:
            self.page.keyboard.press(end)

    def scan(self, reference: str) -> None:
        """Read a reference with the Enter at its end, and wait for its page."""
        self.read(reference, end="Enter")
        self.presses += 1
        self.page.wait_for_url(f"**/counter/{reference}")
        self.page.locator("[data-opened]").wait_for()

    def finish(self, key: str = "z") -> None:
        """Press the key that ends the visit, and wait for the board."""
        self.press(key)
        self.page.wait_for_url("**/counter/")
        self.page.locator("#how").wait_for()
