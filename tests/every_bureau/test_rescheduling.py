"""The act of exchanging the hour: refused at Osaka, done at みなと; whole or not at all.  D07."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from tests import factories
from tests.changes import cancel, change, reschedule
from tests.concurrency.crowd import disagreements
from tests.policies import at
from tests.reservations.recording import added, everything, nothing_written
from uketori.audit.models import Event
from uketori.bureaus.models import Slot
from uketori.bureaus.slots import stop_hour
from uketori.intermediaries.certificates.settling import prove, settle
from uketori.intermediaries.models import CertificateClaim
from uketori.outbox.models import OutgoingMail
from uketori.reservations.hour_models import HourChange
from uketori.reservations.models import Reservation
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Refusal, Refused

pytestmark = pytest.mark.django_db(transaction=True)

WEDNESDAY, THURSDAY, FRIDAY = (at(f"2026-06-{day} 08:00") for day in (10, 11, 12))
"""The three days that みなと displays on Mon 2026-06-08 at ten."""
THURSDAY_CLOSES = at("2026-06-09 18:00")
AN_INSTANT = timedelta(microseconds=1)


def refuses(reservation: Reservation, starts_at: datetime | None, **how: Any) -> list[str]:
    """The reasons; nothing at all is written."""
    with nothing_written(), pytest.raises(Refused) as refused:
        reschedule(reservation, starts_at, **how)
    return list(refused.value.codes)


def places(starts_at: datetime) -> tuple[int, int]:
    slot = Slot.objects.get(starts_at=starts_at)
    return slot.booked_reservations, slot.booked_cases


def test_move__at_every_bureau__as_its_policy_says(
    monday_morning: datetime, policy: BureauPolicy
) -> None:
    factories.first_notice()
    first, *_between, last = factories.displayed_hours(monday_morning)
    made = factories.reservation(factories.claim(), last, 1)

    if not policy.allow_reschedule:
        assert refuses(made, first) == [Refusal.RESCHEDULING_NOT_ALLOWED]
        return
    assert reschedule(made, first).starts_at == first


def test_move__everything_it_writes(reservation: Reservation) -> None:
    before = everything()
    moved = reschedule(reservation, FRIDAY)

    assert (moved.starts_at, moved.visit_day) == (FRIDAY, date(2026, 6, 12))
    assert moved.slot.starts_at == FRIDAY
    assert (moved.revision, moved.revised_at) == (2, at("2026-06-08 10:00"))
    assert moved.change_closes_at == at("2026-06-10 18:00")
    assert (places(THURSDAY), places(FRIDAY)) == ((0, 0), (1, 3))
    assert disagreements() == []
    told = {"HourChange": 1, "Event": 1, "OutgoingMail": 1}
    assert added(before) == {**told, "Slot": 1}, "the row of the new hour is made, too"


def test_move__what_stays(reservation: Reservation) -> None:
    reservation.cases.filter(order=1).update(ahead_mark="not_ready")
    cases = list(reservation.cases.order_by("pk").values())
    moved = reschedule(reservation, FRIDAY)

    assert list(moved.cases.order_by("pk").values()) == cases
    kept = ("reference", "first_case_count", "live_case_count", "booked_at", "declarations")
    kept += ("policy_effective_from", "notice_version", "claim_id", "holder_name")
    assert [getattr(moved, one) for one in kept] == [getattr(reservation, one) for one in kept]


def test_move__history_and_event__references_and_moments_only(reservation: Reservation) -> None:
    reschedule(reservation, FRIDAY)
    entry, event = HourChange.objects.get(), Event.objects.get()

    assert (entry.old_starts_at, entry.new_starts_at) == (THURSDAY, FRIDAY)
    assert (entry.actor, entry.revision) == ("mail:1", 2)
    assert entry.moved_at == at("2026-06-08 10:00")
    assert (event.kind, event.subject) == ("reservation_rescheduled", reservation.reference)
    assert set(event.facts) == {"revision", "cases", "old_starts_at", "new_starts_at"}
    mail = OutgoingMail.objects.get()
    assert (mail.event, mail.revision) == ("reservation_rescheduled", 2)


def test_quota__one_hour_allowed_and_held__moves_within_the_window(
    reservation: Reservation,
) -> None:
    """`max_slots_in_window` is 1 at みなと: counted after the release."""
    assert reschedule(reservation, at("2026-06-11 09:00")).starts_at == at("2026-06-11 09:00")
    assert reschedule(reservation, WEDNESDAY).starts_at == WEDNESDAY
    assert disagreements() == []


def test_quota__another_one_held_by_an_act_of_the_bureau__refused(
    reservation: Reservation, claim: CertificateClaim
) -> None:
    factories.reservation(claim, WEDNESDAY, ["湊K00009"])
    assert refuses(reservation, FRIDAY) == [Refusal.TOO_MANY_SLOTS]
    assert refuses(reservation, WEDNESDAY) == [Refusal.TOO_MANY_SLOTS, Refusal.SAME_HOUR_TWICE]


def test_full__the_old_hour_is_kept_and_the_last_place_can_be_won(
    reservation: Reservation,
) -> None:
    factories.slot(FRIDAY, booked_reservations=F("capacity_reservations"))
    assert refuses(reservation, FRIDAY) == [Refusal.SLOT_FULL]
    assert places(THURSDAY) == (1, 3)

    factories.slot(FRIDAY, booked_reservations=F("capacity_reservations") - 1)
    assert reschedule(reservation, FRIDAY).starts_at == FRIDAY


@pytest.mark.parametrize(("left", "refused"), [(3, False), (2, True)])
def test_room__for_all_cases_or_none(reservation: Reservation, left: int, refused: bool) -> None:
    factories.slot(FRIDAY, booked_cases=F("capacity_cases") - left)
    if refused:
        assert refuses(reservation, FRIDAY) == [Refusal.TOO_FEW_CASES_LEFT]
        return
    assert reschedule(reservation, FRIDAY).starts_at == FRIDAY


def test_stopped__the_new_hour_refused_the_old_one_can_be_left(
    reservation: Reservation, minato: BureauPolicy, monday_morning: datetime
) -> None:
    for starts_at in (FRIDAY, THURSDAY):
        stop_hour(policy=minato, starts_at=starts_at, actor="staff:1", at=monday_morning)
    assert refuses(reservation, FRIDAY) == [Refusal.SLOT_STOPPED]
    assert reschedule(reservation, at("2026-06-12 09:00")).starts_at == at("2026-06-12 09:00")


def test_deadline__the_last_instant_and_the_first_refused_one(reservation: Reservation) -> None:
    assert reservation.change_closes_at == THURSDAY_CLOSES
    assert refuses(reservation, FRIDAY, at=THURSDAY_CLOSES) == [Refusal.CHANGE_CLOSED]
    assert reschedule(reservation, FRIDAY, at=THURSDAY_CLOSES - AN_INSTANT).starts_at == FRIDAY


def test_deadline__after_the_move__is_the_new_one(reservation: Reservation) -> None:
    reschedule(reservation, WEDNESDAY)
    closes_at = at("2026-06-08 18:00")
    assert refuses(reservation, FRIDAY, at=closes_at) == [Refusal.CHANGE_CLOSED]
    assert reschedule(reservation, FRIDAY, at=closes_at - AN_INSTANT).starts_at == FRIDAY


def test_moved__the_count_can_never_grow_beyond_the_first(
    reservation: Reservation,
) -> None:
    moved = reschedule(reservation, FRIDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reservation.objects.filter(pk=moved.pk).update(live_case_count=4)
    assert moved.first_case_count == 3


def test_stale__changed_in_another_tab__refused_and_nothing_moves(
    reservation: Reservation,
) -> None:
    change(reservation, corrected={1: "湊K00099"})
    assert refuses(reservation, FRIDAY, revision=1) == [Refusal.RESERVATION_CHANGED]
    assert reschedule(reservation, FRIDAY, revision=2).revision == 3


def test_same_form__twice__moved_once(reservation: Reservation) -> None:
    reschedule(reservation, FRIDAY, revision=1)
    with nothing_written():
        again = reschedule(reservation, FRIDAY, revision=1)
    assert (again.revision, again.starts_at) == (2, FRIDAY)
    assert refuses(reservation, WEDNESDAY, revision=1) == [Refusal.RESERVATION_CHANGED]


def test_same_form__after_the_new_deadline__still_done(reservation: Reservation) -> None:
    moved = reschedule(reservation, WEDNESDAY, revision=1)
    with nothing_written():
        reschedule(reservation, WEDNESDAY, revision=1, at=moved.change_closes_at)


def test_cancelled__refused_whatever_was_sent_before(reservation: Reservation) -> None:
    reschedule(reservation, FRIDAY, revision=1)
    cancel(reservation)
    for revision in (1, 3):
        codes = refuses(reservation, WEDNESDAY, revision=revision)
        assert codes == [Refusal.RESERVATION_CANCELLED]
    assert refuses(reservation, FRIDAY, revision=1) == [Refusal.RESERVATION_CANCELLED]


@pytest.mark.parametrize("ending", ["arrived_at", "served_at", "no_show_at"])
def test_over__refused(reservation: Reservation, ending: str) -> None:
    Reservation.objects.filter(pk=reservation.pk).update(**{ending: THURSDAY})
    assert refuses(reservation, FRIDAY) == [Refusal.RESERVATION_ENDED]


def test_suspended__refused(reservation: Reservation, claim: CertificateClaim) -> None:
    factories.suspension(claim.intermediary, date(2026, 6, 1), date(2026, 6, 30))
    assert refuses(reservation, FRIDAY) == [Refusal.SUSPENDED]


def test_certificate__ends_the_day_before__refused_until_it_is_renewed(
    reservation: Reservation, claim: CertificateClaim
) -> None:
    ends = {"expires_on": date(2026, 6, 11)}
    CertificateClaim.objects.filter(pk=claim.pk).update(**ends)
    Reservation.objects.filter(pk=reservation.pk).update(certificate_expires_on=ends["expires_on"])
    assert refuses(reservation, FRIDAY) == [Refusal.CERTIFICATE_EXPIRES_BEFORE_VISIT]
    assert reschedule(reservation, WEDNESDAY).claim == claim

    renewed = factories.claim(person=claim.intermediary, number="大取第90001号")
    moved = reschedule(reservation, FRIDAY)

    assert (moved.claim, moved.certificate_number) == (renewed, "大取第90001号")
    assert moved.certificate_expires_on == renewed.expires_on


@pytest.fixture
def shown(claim: CertificateClaim, reservation: Reservation, monday_morning: datetime) -> None:
    """Somebody else has shown the certificate of 青木's number to a clerk."""
    other = factories.claim(
        "rival@example.jp",
        person=factories.intermediary("蒼木 華子"),
        number=claim.number,
        place=2,
    )
    prove(claim=other, actor="staff:1", at=monday_morning)


@pytest.mark.usefixtures("shown")
@pytest.mark.parametrize("is_settled", [False, True])
def test_certificate__shown_by_another__keeps_the_hour(
    reservation: Reservation, minato: BureauPolicy, monday_morning: datetime, *, is_settled: bool
) -> None:
    if is_settled:
        settle(rival=reservation.claim, policy=minato, actor="staff:2", at=monday_morning)
    assert refuses(reservation, FRIDAY) == [Refusal.CERTIFICATE_SHOWN_BY_ANOTHER]


@pytest.mark.usefixtures("shown")
def test_certificate__shown_by_another_and_corrected__moved_with_the_right_one(
    reservation: Reservation, claim: CertificateClaim
) -> None:
    corrected = factories.claim(person=claim.intermediary, number="大取第90002号")
    moved = reschedule(reservation, FRIDAY)
    assert (moved.claim, moved.certificate_number) == (corrected, "大取第90002号")


def test_certificate__renewed_and_the_old_one_lasts__moved_with_the_old_one(
    reservation: Reservation, claim: CertificateClaim
) -> None:
    factories.claim(person=claim.intermediary, number="大取第90003号", expires_on=date(2030, 3, 31))
    assert reschedule(reservation, FRIDAY).claim == claim


def test_booked_once__a_type_no_longer_offered__is_not_judged_anew(
    reservation: Reservation,
) -> None:
    """みなと takes no permanent residence: what stands is moved as it is."""
    reservation.cases.update(type="permanent")
    assert reschedule(reservation, FRIDAY).starts_at == FRIDAY


# the table of the exchanges


def a_move(reservation: Reservation, **changes: Any) -> HourChange:
    values = {"reservation": reservation, "old_starts_at": THURSDAY, "new_starts_at": FRIDAY}
    values |= {"actor": "mail:1", "revision": 2, "moved_at": at("2026-06-08 10:00"), **changes}
    return HourChange.objects.create(**values)


def test_hour_change__leads_to_another_hour(reservation: Reservation) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        a_move(reservation, new_starts_at=THURSDAY)
    a_move(reservation)


def test_hour_change__makes_a_revision_of_its_own(reservation: Reservation) -> None:
    a_move(reservation)
    with pytest.raises(IntegrityError), transaction.atomic():
        a_move(reservation, new_starts_at=WEDNESDAY)
    a_move(reservation, revision=3)
