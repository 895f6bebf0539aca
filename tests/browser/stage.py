"""The site, the browser's page and the clock of one test.  People and bookings: ``factories``."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core import mail
from playwright.sync_api import ConsoleMessage, Page, Response

from tests import factories
from tests.policies import at
from uketori import clock
from uketori.bureaus.policies import policy_at
from uketori.intermediaries.models import CertificateClaim, MailProof
from uketori.intermediaries.proof import act
from uketori.outbox.worker import run_once
from uketori.reservations.cases.typed import DraftRow
from uketori.rules.policy import ApplicationType, BureauPolicy, ReceiptCategory

AOKI = "aoki@example.jp"
THURSDAY_TEN = at("2026-06-11 10:00")
FRIDAY_NINE = at("2026-06-12 09:00")
MONDAY_NINE = at("2026-06-15 09:00")


class Watch:
    """What a page complains of on its console."""

    def __init__(self, page: Page) -> None:
        self._messages: list[ConsoleMessage] = []
        self._errors: list[str] = []
        self._answered: set[str] = set()
        page.on("console", lambda message: self._messages.append(message))  # noqa: PLW0108 - playwright refuses the bare method
        page.on("pageerror", lambda error: self._errors.append(str(error)))
        page.on("response", self._note)

    def _note(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self._answered.add(response.url)

    def errors(self, forgiven: list[str]) -> list[str]:
        """Return what is the page's own fault."""
        told = [
            f"{one.text} ({one.location['url']})"
            for one in self._messages
            if one.type in {"error", "warning"} and not self._is_no_fault(one, forgiven)
        ]
        return [*self._errors, *told]

    def _is_no_fault(self, message: ConsoleMessage, forgiven: list[str]) -> bool:
        """Tell a page that was itself answered with 4xx or 5xx, and what axe tries, from faults."""
        address = message.location["url"]
        failed = message.text.startswith("Failed to load resource: the server responded")
        answered = address in self._answered or address.endswith(("/favicon.ico", *forgiven))
        return address == "" or (failed and answered)


class Stage:
    """Lets a test say who stands where before a page is looked at."""

    def __init__(
        self, root: str, page: Page, monkeypatch: pytest.MonkeyPatch, bureau: str = "osaka"
    ) -> None:
        self.root = root
        self.page = page
        self.monkeypatch = monkeypatch
        self.bureau = bureau

    def set_clock(self, words: str) -> None:
        """Let it be this moment on the bureau's clock and stand still.

        Only our own clock: the browser's driver would wait for ever if the machine's stood still.
        """
        moment = at(words)
        self.monkeypatch.setattr(clock, "now", lambda: moment)

    @property
    def policy(self) -> BureauPolicy:
        """The bureau's policy of today."""
        return policy_at(self.bureau, clock.now().date())

    def url(self, path: str) -> str:
        """Return the whole address of a page of the bureau's."""
        return f"{self.root}/{self.bureau}/{path}"

    def go(self, path: str) -> Page:
        """Open a page of the bureau's."""
        self.page.goto(self.url(path))
        return self.page

    def press(self, name: str) -> None:
        """Press the button of this name in the page's main part."""
        self.page.locator("main").get_by_role("button", name=name, exact=True).click()

    def newest_link(self) -> str:
        """Let the worker send what waits; return the link of the newest mail."""
        run_once(clock.now())
        found = re.findall(rf"{re.escape(self.root)}/\S+/entry/\S+", str(mail.outbox[-1].body))
        assert len(found) == 1
        return str(found[0])

    def sign_in(self, address: str = AOKI, page: Page | None = None) -> MailProof:
        """Open a session of the address in the browser, as the link would."""
        proof = factories.proof(address)
        assert act.spend(proof=proof, device_digest="", at=clock.now())
        session = SessionStore()
        session["proofs"] = {self.bureau: proof.pk}
        session.save()
        cookie = {
            "name": settings.SESSION_COOKIE_NAME,
            "value": str(session.session_key),
            "url": self.root,
        }
        (page or self.page).context.add_cookies([cookie])  # type: ignore[list-item]
        return proof

    def signed_in(self, **facts: Any) -> CertificateClaim:
        """Return 青木 花子, whose session is open in the browser."""
        made = factories.claim(AOKI, number="大取第10234号", **facts)
        self.sign_in()
        return made

    def open_draft(self, claim: CertificateClaim, *typed: Any, **changes: Any) -> Page:
        """Open the booking page of a new draft."""
        return self.go(f"reservations/drafts/{factories.draft(claim, *typed, **changes).key}")

    def open_checked(self, claim: CertificateClaim, *typed: Any, **changes: Any) -> Page:
        """Open the booking page of a new draft that was sent back from ④."""
        draft = factories.draft(claim, *typed, **changes)
        return self.go(f"reservations/drafts/{draft.key}?check=1")

    def open_confirmation(self, claim: CertificateClaim, *typed: Any, **changes: Any) -> Page:
        """Open ④ of a new draft."""
        draft = factories.draft(claim, *typed, **changes)
        return self.go(f"reservations/drafts/{draft.key}/confirmation")

    def declare_all(self, page: Page | None = None) -> None:
        """Check every declaration and the notice."""
        for box in (page or self.page).locator("main input[type=checkbox]").all():
            box.check()


def mixed_rows() -> tuple[DraftRow, ...]:
    """Fifteen cases of every type and of the three categories of an organisation's staff."""
    types = list(ApplicationType)
    categories = [ReceiptCategory.OWN, ReceiptCategory.SAME_ORG, ReceiptCategory.ORG_RECEIVE_ONLY]
    return tuple(
        DraftRow(
            number=number,
            type=types[index % len(types)],
            category=categories[index % len(categories)],
            with_reentry_permit=index % 4 == 0,
        )
        for index, number in enumerate(factories.numbers(15))
    )


def cell(starts_at: datetime) -> str:
    """Return what the cell of this hour sends."""
    return f"{starts_at:%Y-%m-%dT%H:%M}"
