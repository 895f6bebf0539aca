"""Two screens of the counter at once, and the counter against the person.  R-39, D03."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests import factories
from tests.changes import cancel, edits
from tests.concurrency.controls import replaced, slowed, without_transaction
from tests.concurrency.crowd import Outcome, assert_nothing_broke, at_once, people
from tests.policies import at
from uketori.counter.models import VisitEntry
from uketori.counter.telephone import calls
from uketori.counter.telephone.calls import Noted
from uketori.counter.visit import certificate, check_in, outcomes
from uketori.counter.visit.facts import ending_of
from uketori.counter.visit.stale_page import PageState
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.cancelling import act as cancelling_act
from uketori.reservations.changing import act as changing_act
from uketori.reservations.models import Reservation
from uketori.rules.refusals import Refusal
from uketori.rules.visit import NotIssued

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 4
TEN, TEN_TWENTY = at("2026-06-11 10:00"), at("2026-06-11 10:20")


def visit() -> Reservation:
    """Somebody's hour of Thursday with two cases; it can still be cancelled on that day."""
    return factories.reservation(people(1)[0], TEN, 2, change_closes_at=at("2026-06-11 12:00"))


def told(**facts: Any) -> dict[str, Any]:
    return {"policy": factories.policy(TEN), "actor": "staff:1", "at": TEN_TWENTY, **facts}


def records(one: Reservation, *, but_the_first: NotIssued | None = None) -> Callable[[], Any]:
    """The act of a screen that was opened before anything was recorded."""
    first = one.cases.get(order=1).pk
    exceptions = {first: but_the_first} if but_the_first else {}
    shown = PageState(entry=0, revision=1)
    return lambda: outcomes.record_outcome(
        reservation=one, exceptions=exceptions, **told(shown=shown)
    )


def two_outcomes() -> tuple[Reservation, Outcome[Any]]:
    one = visit()
    return one, at_once(records(one), records(one, but_the_first=NotIssued.PAPER_MISSING))


def test_two_different_outcomes_at_once__one_stands_and_the_other_is_told() -> None:
    for _ in range(ROUNDS):
        one, outcome = two_outcomes()

        assert_nothing_broke(outcome)
        assert len(outcome.done) == 1
        assert outcome.codes == [Refusal.RESERVATION_CHANGED]
        assert VisitEntry.objects.filter(reservation=one, step="served").count() == 1


def test_two_equal_outcomes_at_once__both_are_calm_and_one_is_written() -> None:
    for _ in range(ROUNDS):
        one = visit()
        outcome = at_once(records(one), records(one))

        assert_nothing_broke(outcome)
        assert len(outcome.done) == 2
        assert VisitEntry.objects.filter(reservation=one, step="served").count() == 1


def test_two_outcomes__control__without_the_lock_both_are_written() -> None:
    met = 0
    with (
        without_transaction(outcomes, "record_outcome"),
        slowed(outcomes, "_write_cases"),
    ):
        for _ in range(ROUNDS):
            one, _outcome = two_outcomes()
            met += VisitEntry.objects.filter(reservation=one, step="served").count() > 1
    assert met


def arrival_against_cancelling() -> Reservation:
    one = visit()
    outcome = at_once(
        lambda: check_in.check_in(reservation=one, **told()),
        lambda: cancel(one, at=TEN_TWENTY),
    )
    assert_nothing_broke(outcome)
    one.refresh_from_db()
    return one


def test_arrival_against_cancelling__never_both() -> None:
    for _ in range(ROUNDS):
        one = arrival_against_cancelling()
        assert (one.arrived_at is None) is not (one.cancelled_at is None)


def test_arrival_against_cancelling__control__without_the_lock_both() -> None:
    met = 0
    with (
        without_transaction(check_in, "check_in"),
        without_transaction(cancelling_act, "cancel"),
        slowed(check_in, "refuse_arrival"),
        slowed(cancelling_act, "refuse_cancellation"),
    ):
        for _ in range(ROUNDS):
            one = arrival_against_cancelling()
            met += one.arrived_at is not None and one.cancelled_at is not None
    assert met


def outcome_against_cancelling() -> tuple[Reservation, Outcome[Any]]:
    one = visit()
    outcome = at_once(records(one), lambda: cancel(one, at=TEN_TWENTY))
    one.refresh_from_db()
    return one, outcome


def test_outcome_against_cancelling__one_ending() -> None:
    for _ in range(ROUNDS):
        one, outcome = outcome_against_cancelling()

        assert_nothing_broke(outcome)
        assert len(outcome.done) == 1
        assert set(outcome.codes) <= {Refusal.RESERVATION_CANCELLED, Refusal.RESERVATION_ENDED}
        assert ending_of(one) is not None


def outcome_against_telephone() -> tuple[Reservation, Outcome[Any]]:
    """A clerk presses Z while a colleague corrects a number for a caller."""
    one = visit()
    noted = Noted(called_at=TEN_TWENTY, caller="", note="", key=uuid4())
    changed = {"edits": edits(one, corrected={1: "阪労一E07777"}), "noted": noted}
    return one, at_once(
        records(one),
        lambda: calls.change_for(reservation=one, **changed, actor="staff:2", at=TEN_TWENTY),
    )


def test_outcome_against_telephone__no_number_is_issued_that_the_page_did_not_show() -> None:
    for _ in range(ROUNDS):
        one, outcome = outcome_against_telephone()

        assert_nothing_broke(outcome)
        assert len(outcome.done) == 1
        one.refresh_from_db()
        is_changed = one.revision == 2
        code = Refusal.RESERVATION_CHANGED if is_changed else Refusal.RESERVATION_ENDED
        assert outcome.codes == [code]
        assert (one.served_at is None) is is_changed


def test_outcome_against_telephone__control__without_the_lock_both() -> None:
    met = 0
    with (
        without_transaction(outcomes, "record_outcome"),
        without_transaction(calls, "change_for"),
        slowed(outcomes, "_write_cases"),
        slowed(changing_act, "write_changes"),
    ):
        for _ in range(ROUNDS):
            met += len(outcome_against_telephone()[1].done) == 2
    assert met


def two_certificates_seen() -> Outcome[Any]:
    """Two people with one number stand at two desks."""
    first = people(1)[0]
    second = people(1)[0]
    CertificateClaim.objects.filter(pk=second.pk).update(certificate=first.certificate, place=2)
    second.refresh_from_db()
    visits = [factories.reservation(one, TEN, 1, arrived_at=TEN) for one in (first, second)]

    def sees(one: Reservation) -> Callable[[], Any]:
        return lambda: certificate.see_certificate(reservation=one, **told())

    return at_once(*[sees(one) for one in visits])


def test_two_certificates_of_one_number__one_is_proved() -> None:
    for _ in range(2):
        outcome = two_certificates_seen()

        assert_nothing_broke(outcome)
        assert len(outcome.done) == 1
        assert outcome.codes == [Refusal.CERTIFICATE_OF_ANOTHER]


def test_two_certificates__control__without_the_lock_the_constraint_is_met() -> None:
    met = 0
    with (
        without_transaction(certificate, "see_certificate"),
        replaced(certificate, "prove", certificate.prove.__wrapped__),  # type: ignore[attr-defined]  # of atomic
        slowed(CertificateClaim.objects.none().__class__, "update"),
    ):
        for _ in range(2):
            met += bool(two_certificates_seen().broken)
    assert met
