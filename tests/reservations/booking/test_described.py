"""What is marked as wrong says why: each such control has its sentence, tied to it."""

from html.parser import HTMLParser

import pytest
from django.urls import reverse

from tests import factories, situations
from tests.answers import Answer
from tests.policies import at
from tests.reservations.changing.steps import names, path, wish
from tests.reservations.walking import confirm, draft_path
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.cases.typed import DraftRow

pytestmark = pytest.mark.django_db

THURSDAY_TEN = at("2026-06-11 10:00")
UNTICKED = "チェックがありません。あてはまることを確かめて、チェックを入れてください。"
MENDED = {"type": "study", "category": "stranger"}
"""Neither is on the page."""


class Wrong(HTMLParser):
    """The controls that are marked as wrong, each with the ids that describe it or its group."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.controls: dict[str, list[str]] = {}
        self.groups: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.ids.add(named.get("id") or "")
        told = named.get("aria-describedby") or ""
        if tag == "fieldset":
            self.groups.append(told)
        if named.get("aria-invalid") == "true":
            self.controls[named.get("id") or named.get("name") or ""] = " ".join(
                [told, *self.groups]
            ).split()

    def handle_endtag(self, tag: str) -> None:
        if tag == "fieldset":
            self.groups.pop()

    def undescribed(self) -> list[str]:
        return [
            name for name, told in self.controls.items() if not told or not set(told) <= self.ids
        ]


def wrong_on(page: Answer) -> Wrong:
    return Wrong(page.content.decode())


def test_fourth_step__nothing_ticked__each_declaration_says_so(aoki: CertificateClaim) -> None:
    draft = factories.draft(aoki, THURSDAY_TEN, 1)

    page = confirm(situations.signed_in_client(aoki), draft, declared=[], notice="")

    wrong = wrong_on(page)
    assert len(wrong.controls) == len(factories.DECLARED) + 1
    assert wrong.undescribed() == []
    assert page.content.decode().count(UNTICKED) == len(wrong.controls)


def test_telephone__nothing_ticked__each_declaration_says_so(aoki: CertificateClaim) -> None:
    sent = {
        "key": "0b0f6f6e-0000-4000-8000-000000000001",
        "slot": "2026-06-11T10:00",
        "number-1": "阪労一E07001",
        "category-all": "own",
        "do": "book",
    }

    page = situations.staff_client().post(
        reverse("counter:book_for_claim", args=["osaka", aoki.pk]), sent
    )

    wrong = wrong_on(page)
    assert len(wrong.controls) == len(factories.DECLARED) + 1
    assert wrong.undescribed() == []


def test_draft__nothing_chosen__number_type_and_category_say_why(aoki: CertificateClaim) -> None:
    rows = (DraftRow("阪労一E07001"), DraftRow("", **MENDED), DraftRow("？"))
    draft = factories.draft(aoki, THURSDAY_TEN, rows=rows, category_for_all="")

    page = situations.signed_in_client(aoki).get(f"{draft_path(draft)}?check=1")

    wrong = wrong_on(page)
    assert {"type-2", "number-2", "category-all_0"} <= set(wrong.controls)
    assert wrong.undescribed() == []


def test_change__a_type_and_a_category_that_are_none__say_why(aoki: CertificateClaim) -> None:
    made = factories.reservation(aoki, THURSDAY_TEN, 2)
    visitor = situations.signed_in_client(aoki)
    typed = {names(made, field)[0]: value for field, value in MENDED.items()}

    page = visitor.post(path(made), wish(visitor, made, "review", **typed))

    wrong = wrong_on(page)
    assert len(wrong.controls) == 2
    assert wrong.undescribed() == []
