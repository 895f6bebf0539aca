"""The ledger: who changed what from what to what, when.  R-33."""

import hashlib
import hmac
from itertools import product
from typing import Any

import pytest

from tests import factories, situations
from tests.changes import added, cancel, change, numbers_of, take_out
from tests.journeys.reading import Page
from tests.policies import at
from uketori.audit.models import Event
from uketori.intermediaries.proof import act
from uketori.reservations.changing.edits import facts_seen
from uketori.reservations.confirmation.ledger import LedgerEntry, ledger_of
from uketori.reservations.models import CaseChange, Reservation
from uketori.rules.number_key import compare_key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.fixture
def reservation() -> Reservation:
    """Three cases of 青木's on Thursday at ten."""
    return factories.reservation(situations.aoki(), at("2026-06-11 10:00"), factories.numbers(3))


def test_ledger__nothing_changed__empty(reservation: Reservation) -> None:
    assert ledger_of(reservation) == []


def test_ledger__each_kind__in_words_and_in_order(reservation: Reservation) -> None:
    one, two, _three = numbers_of(reservation)
    change(
        reservation,
        withdrawn=[1],
        corrected={2: added("阪労一C09002", type="change")},
        at=at("2026-06-08 10:30"),
    )
    change(reservation, put_back=["阪労一E09001"], at=at("2026-06-09 09:05"))

    assert ledger_of(reservation) == [
        LedgerEntry(
            moment="6月8日（月）10時30分",
            who="ご本人",
            kind="取り消した",
            before=f"{one}　在留期間更新　ア",
            after="",
        ),
        LedgerEntry(
            moment="6月8日（月）10時30分",
            who="ご本人",
            kind="なおした",
            before=f"{two}　在留期間更新　ア",
            after="阪労一C09002　在留資格変更　ア",
        ),
        LedgerEntry(
            moment="6月9日（火）9時5分",
            who="ご本人",
            kind="戻した",
            before="",
            after="阪労一E09001　在留期間更新　ア",
        ),
    ]


def test_ledger__reentry_alone_was_corrected__says_so(reservation: Reservation) -> None:
    number = numbers_of(reservation)[0]
    change(reservation, corrected={1: added(number, with_reentry_permit=True)})
    (entry,) = ledger_of(reservation)
    assert entry.before == f"{number}　在留期間更新　ア"
    assert entry.after == f"{number}　在留期間更新・再入国　ア"


def test_ledger__change_from_the_person_s_other_address__says_which(
    reservation: Reservation,
) -> None:
    """By each of two addresses that share a certificate; the old one of a moved person, too."""
    elsewhere = factories.proof("office@example.jp")
    assert act.spend(proof=elsewhere, device_digest="", at=at("2026-06-08 10:00"))
    here = factories.proof("aoki@example.jp")
    assert act.spend(proof=here, device_digest="", at=at("2026-06-08 10:00"))
    change(reservation, withdrawn=[1], actor=f"mail:{elsewhere.pk}")
    change(reservation, withdrawn=[1], actor=f"mail:{here.pk}", at=at("2026-06-08 11:00"))

    assert [one.who for one in ledger_of(reservation)] == ["ご本人（o…@example.jpから）", "ご本人"]


def test_ledger__change_by_the_bureau__says_so(reservation: Reservation) -> None:
    change(reservation, withdrawn=[1])
    CaseChange.objects.update(actor="staff:1")
    (entry,) = ledger_of(reservation)
    assert entry.who == "窓口"


def test_ledger__shown_to_its_owner_also_when_cancelled(reservation: Reservation) -> None:
    gone = numbers_of(reservation)[0]
    change(reservation, withdrawn=[1])
    cancel(reservation)
    visitor = situations.signed_in_client(reservation.claim)
    page = Page(visitor.get(f"/osaka/reservations/{reservation.reference}").content.decode())
    assert "変更の記録" in page.text
    assert f"取り消した {gone}" in " ".join(page.text.split())


def test_ledger__erased__the_cases_and_events_stand(reservation: Reservation) -> None:
    """D23: the values can go, the rest stays."""
    change(reservation, withdrawn=[1])
    CaseChange.objects.all().delete()
    reservation.refresh_from_db()
    assert ledger_of(reservation) == []
    assert len(numbers_of(reservation)) == 2


def test_facts_seen__of_each_revision__as_it_was_shown(reservation: Reservation) -> None:
    before = numbers_of(reservation)
    change(reservation, corrected={1: "阪労一E09001"})
    change(reservation, corrected={1: "阪労一E09002", 2: "阪労一E09012"})
    change(reservation, withdrawn=[3])
    changed = Reservation.objects.get()
    cases = list(changed.cases.filter(withdrawn_at=None).order_by("order"))

    def seen(revision: int) -> list[str]:
        return [one.number for one in facts_seen(changed, cases, revision).values()]

    assert seen(1) == before[:2]
    assert seen(2) == ["阪労一E09001", before[1]]
    assert seen(3) == seen(4) == ["阪労一E09002", "阪労一E09012"]


def digests_in_events() -> set[str]:
    """Whatever the events of changes hold for a number."""
    kept = Event.objects.filter(kind__in=("reservation_changed", "case_taken_out"))
    lines = [line for event in kept for line in event.facts["changes"]]
    return {line[name] for line in lines for name in ("before", "after") if name in line}


def guesses_of(number: str) -> set[str]:
    """What whoever reads the events, but not the server's secret, would try for a number."""
    spellings = {number, compare_key(number), number.removeprefix("阪労一"), number[-5:]}
    purposes = ("", "case", "case ", "case:", "case\0", "uketori case ", "uketori token ")
    texts = [f"{purpose}{one}".encode() for purpose, one in product(purposes, spellings)]
    plain = {
        digest(text).hexdigest()
        for digest in (hashlib.sha256, hashlib.sha3_256, hashlib.blake2s)
        for text in texts
    }
    keys = [purpose.encode() for purpose in purposes]
    return plain | {hmac.new(key, one, hashlib.sha256).hexdigest() for key in keys for one in texts}


def changed_and_taken_out(reservation: Reservation) -> list[str]:
    """Change two cases and take one out; return each number that stood or stands."""
    before = numbers_of(reservation)
    change(reservation, withdrawn=[1], corrected={2: "阪労一E09001"})
    change(reservation, put_back=["阪労一E09002"])
    take_out(reservation, 1)
    return [*before[:2], "阪労一E09001", "阪労一E09002"]


def test_events__digests__not_to_be_guessed_without_the_secret(reservation: Reservation) -> None:
    """D23: an application number has few digits; unkeyed, its digest is found by counting."""
    numbers = changed_and_taken_out(reservation)

    kept = digests_in_events()
    assert len(kept) == len(numbers)
    assert {len(one) for one in kept} == {64}
    for number in numbers:
        assert not kept & guesses_of(number)


def test_events__digests__other_under_another_secret(
    reservation: Reservation, settings: Any
) -> None:
    change(reservation, corrected={1: "阪労一E09001"})
    change(reservation, corrected={1: "阪労一E09002"})
    settings.SECRET_KEY = f"another {settings.SECRET_KEY}"
    change(reservation, corrected={1: "阪労一E09003"})

    kept = Event.objects.filter(kind="reservation_changed").order_by("pk")
    first, second, elsewhere = (event.facts["changes"][0] for event in kept)
    assert second["before"] == first["after"]
    assert elsewhere["before"] != second["after"]
