"""Every form on every page of the staff, filled in and sent as a browser does."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.test import Client
from django.urls import resolve

from tests import factories
from tests.answers import Answer
from tests.hostile.trial import page_of
from tests.journeys.reading import Control, Form, Page
from tests.policies import at
from tests.repository.test_urls import OF_STAFF, VIEWS
from tests.situations import beppu, chinen
from tests.staff.conftest import PASSWORD
from tests.staff.test_permissions import path_of
from uketori.intermediaries.address.by_staff import MoveReason, ask_for
from uketori.staff.form_pages import PAGE

TEN, TEN_TWENTY, IDLE = (at(f"2026-06-11 {clock}") for clock in ("10:00", "10:20", "10:50"))
OF_THE_STAFF = {pattern: view for pattern, view in VIEWS.items() if pattern.startswith("staff/")}
PAGES = sorted(
    pattern
    for pattern, view in OF_THE_STAFF.items()
    if pattern.startswith(OF_STAFF) and not hasattr(view, PAGE)
)
ONLY_POST = sorted(
    pattern
    for pattern, view in OF_THE_STAFF.items()
    if pattern.startswith(OF_STAFF) and hasattr(view, PAGE)
)
UNREADABLE = "ぬ"
"""No time of day, no number, nobody's name: what asks for one of these refuses it."""
CHOSEN = {"checkbox", "radio"}
SIGN_OUT = "/staff/sign-out"
"""A locked session may still be ended: nothing is typed into this form."""


def samples(first: dict[str, str]) -> list[dict[str, str]]:
    """What stands in the addresses: visits in the states in which they have other buttons."""
    claim = beppu()
    claim.proved_at = TEN
    claim.save()
    factories.claim("rival2@example.com", number=claim.number, place=2)
    proved = factories.reservation(claim, TEN, 2)
    late = factories.reservation(chinen(), TEN, 1, late_at=TEN_TWENTY)
    ask_for(
        claim=claim,
        new_address="beppu@new.example.jp",
        reason=MoveReason.GONE,
        policy=factories.policy(TEN),
        actor="staff:1",
        at=TEN_TWENTY,
    )
    return [
        first,
        {**first, "reference:reference": proved.reference, "int:claim_id": str(claim.pk)},
        {**first, "reference:reference": late.reference},
    ]


@dataclass(frozen=True)
class Sending:
    """One button of one form on one page, with everything filled in."""

    page: str
    action: str
    button: str
    data: dict[str, list[str]]
    typed: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    @property
    def pattern(self) -> str:
        """The pattern of the address that takes it."""
        return resolve(self.action).route

    def send(self, client: Client) -> Answer:
        """Send it from its page."""
        return client.post(
            self.action, self.data, headers={"referer": f"http://testserver{self.page}"}
        )


def addresses(patterns: list[str], samples: list[dict[str, str]]) -> list[str]:
    """Every address of these pages, each once."""
    found = dict.fromkeys(path_of(one, sample) for one in patterns for sample in samples)
    lists = [one for one in found if one.endswith(samples[0]["day:day"])]
    return [*found, *(f"{one}?view=numbers" for one in lists)]


def sendings(page: str, html: str) -> Iterator[Sending]:
    """Every way to send a form of this page."""
    for form in page_of(html).forms:
        for button in form.buttons:
            action = button.action or form.action
            if form.method == "post" and action != SIGN_OUT:
                yield _filled(page, action, form, button)


def stands_on(page: Page, one: Sending) -> bool:
    """Whether what was typed stands in the form that sends it, or in a form of the same fields."""
    names = {name for name, _value in one.typed}
    forms = [form for form in page.forms if names <= form.names and form.method == "post"]
    return not names or any(one.typed <= set(form.pairs) for form in forms)


def lock_and_unlock(client: Client, one: Sending) -> Answer:
    """Send to the locked session, type the password, and follow to where it leads."""
    locked = one.send(client)
    assert locked.headers["Location"].startswith("/staff/unlock?next="), locked.headers
    asked = page_of(client.get(locked.headers["Location"]).content.decode())
    wanted = asked.form_with("password").value("next") or ""
    unlocked = client.post("/staff/unlock", {"password": PASSWORD, "next": wanted})
    assert unlocked.headers["Location"] == wanted
    answer: Answer = client.get(wanted)
    return answer


def _filled(page: str, action: str, form: Form, button: Control) -> Sending:
    data: dict[str, list[str]] = {}
    typed: dict[str, set[str]] = {}
    for one in form.controls:
        if one.kind in {"submit", "file"} or not one.name:
            continue
        value = _value(one)
        if one.kind == "checkbox":
            data.setdefault(one.name, []).append(value)
            typed.setdefault(one.name, set()).add(value)
        else:
            data[one.name] = [value]
            typed[one.name] = {value}
    for hidden in (one.name for one in form.controls if one.kind == "hidden"):
        typed.pop(hidden, None)
    if button.name:
        data[button.name] = [button.value]
    pairs = {(name, value) for name, values in typed.items() for value in values}
    return Sending(page, action, button.label, data, frozenset(pairs))


def _value(control: Control) -> str:
    if control.kind == "select":
        return list(control.options.values())[-1]
    if control.kind in CHOSEN or control.kind == "hidden":
        return control.value
    if control.name == "paste":
        return "見本一E07777"  # what holds no number is not kept: it could be a name (D05)
    return control.value or UNREADABLE
