"""A situation for every registered mail: somebody to whom it is told, and its row in the outbox."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from tests import factories
from tests.changes import cancel, change, take_out
from tests.intermediaries.sharing.steps import asks
from uketori.intermediaries.address import by_person, by_staff
from uketori.intermediaries.certificates import claims, settling
from uketori.intermediaries.models import AddressChange, CertificateClaim, ClaimRequest
from uketori.intermediaries.proof import act as proof_act
from uketori.intermediaries.sharing import answering
from uketori.intermediaries.suspension.mails import (
    Ground,
    tell_suspended,
    tell_suspension_ended,
)
from uketori.outbox.models import OutgoingMail
from uketori.outbox.registry import Rendered, renderer_of
from uketori.reservations.mails.again import send_again
from uketori.reservations.mails.reminders import tell, visit_of
from uketori.reservations.mails.telling import (
    BureauReason,
    CallResult,
    tell_call,
    tell_cancelled_by_bureau,
    tell_moved_by_bureau,
    tell_not_ready,
    tell_number_unknown,
    tell_rescheduled,
)
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.policy import BureauPolicy
from uketori.rules.reminders import Reminder, reminds_at
from uketori.rules.taking_out import NotHere

AOKI, ELSEWHERE = "aoki@example.jp", "beppu@office.example.jp"
NUMBERS = ["阪労一E01234", "阪労一E01235", "阪労一C00077"]
A_MINUTE = timedelta(minutes=1)


@dataclass
class Stage:
    """青木 and the last displayed hour of the bureau; ``now`` is when the mail leaves."""

    policy: BureauPolicy
    now: datetime
    name: str = "青木 花子"
    organisation: str = "株式会社あおぞら製作所"
    certificate: str = "大取第10234号"
    is_proved: bool = False

    @cached_property
    def claim(self) -> CertificateClaim:
        person = factories.intermediary(self.name, organisation=self.organisation)
        return factories.claim(
            AOKI, person=person, number=self.certificate, is_proved=self.is_proved
        )

    @cached_property
    def reservation(self) -> Reservation:
        """Three cases: an own one, a colleague's with a re-entry permit, another type."""
        made = factories.reservation(
            self.claim,
            factories.displayed_hours(self.now)[-1],
            NUMBERS,
            reference="ABC2-DEF3",
            booked_at=self.now,
        )
        made.cases.filter(order=2).update(category="same_org", with_reentry_permit=True)
        made.cases.filter(order=3).update(type="change")
        return made

    def cases(self, *orders: int) -> list[ReservedCase]:
        return list(self.reservation.cases.filter(order__in=orders))

    def mark(self, mark: str, *orders: int) -> None:
        """What a clerk saw ahead; who was told of it is of no account here."""
        self.reservation.cases.filter(order__in=orders).update(ahead_mark=mark)

    def happens_to(self, **columns: object) -> Reservation:
        """The bureau's act writes the row; the next revision of it."""
        values = {"revision": 2, "revised_at": self.now, **columns}
        Reservation.objects.filter(pk=self.reservation.pk).update(**values)
        self.reservation.refresh_from_db()
        return self.reservation

    def rendered(self, mail: OutgoingMail) -> Rendered:
        outcome = renderer_of(mail.event)(mail, self.now)
        assert isinstance(outcome, Rendered), outcome
        return outcome


Act = Callable[[Stage], object]
ACTS: dict[str, Act] = {}
"""What happens before each mail, by the mail's event, and after a dot which of its cases it is."""


def before(event: str) -> Callable[[Act], Act]:
    def decorate(act: Act) -> Act:
        ACTS[event] = act
        return act

    return decorate


def mail_after(event: str, stage: Stage) -> OutgoingMail:
    """Let happen what is told, and return the mail that tells it."""
    ACTS[event](stage)
    event = event.partition(".")[0]
    return OutgoingMail.objects.filter(event=event).order_by("-pk")[0]


@before("verification")
def _verification(stage: Stage) -> None:
    proof_act.request_proof(policy=stage.policy, address=AOKI, at=stage.now)


@before("reservation_booked")
def booked(stage: Stage) -> None:
    send_again(reservation=stage.reservation, recipient=AOKI, actor="mail:1", at=stage.now)


@before("reservation_changed")
def _changed(stage: Stage) -> None:
    change(stage.reservation, corrected={1: "阪労一E99999"}, at=stage.now)


@before("reservation_rescheduled")
def _rescheduled(stage: Stage) -> None:
    """At Osaka nobody is told so, and would be told in these words."""
    new, old = stage.reservation.starts_at, factories.displayed_hours(stage.now)[0]
    tell_rescheduled(reservation=stage.happens_to(starts_at=new), old_starts_at=old, at=stage.now)


@before("reservation_cancelled")
def _cancelled(stage: Stage) -> None:
    cancel(stage.reservation, at=stage.now)


@before("reservation_cancelled_by_bureau")
def _cancelled_by_bureau(stage: Stage) -> None:
    row = stage.happens_to(cancelled_at=stage.now, ended_by="staff:1")
    tell_cancelled_by_bureau(reservation=row, reason=BureauReason.CLOSURE, at=stage.now)


@before("reservation_cancelled_by_bureau.not_here")
def _not_here(stage: Stage) -> None:
    take_out(stage.reservation, 1, 2, 3, because=NotHere.OTHER_COUNTER, at=stage.now)


@before("case_taken_out")
def _taken_out(stage: Stage) -> None:
    take_out(stage.reservation, 2, at=stage.now)


@before("reservation_moved_by_bureau")
def _moved_by_bureau(stage: Stage) -> None:
    new, old = stage.reservation.starts_at, factories.displayed_hours(stage.now)[0]
    row = stage.happens_to(starts_at=new)
    reason = BureauReason.FAULT
    tell_moved_by_bureau(reservation=row, old_starts_at=old, reason=reason, at=stage.now)


@before("telephone_cancelled")
def _telephone_cancelled(stage: Stage) -> None:
    row = stage.happens_to(cancelled_at=stage.now, ended_by="staff:1")
    tell_call(reservation=row, result=CallResult.CANCELLED, at=stage.now)


@before("telephone_changed")
def _telephone_changed(stage: Stage) -> None:
    tell_call(reservation=stage.happens_to(), result=CallResult.CHANGED, at=stage.now)


@before("telephone_late")
def _telephone_late(stage: Stage) -> None:
    tell_call(reservation=stage.reservation, result=CallResult.LATE, at=stage.now)


@before("case_not_ready")
def not_ready(stage: Stage) -> None:
    cases = stage.cases(1, 3)
    stage.reservation.cases.filter(pk__in=[one.pk for one in cases]).update(ahead_mark="not_ready")
    tell_not_ready(reservation=stage.reservation, cases=cases, at=stage.now)


@before("case_number_unknown")
def _number_unknown(stage: Stage) -> None:
    stage.reservation.cases.filter(order=2).update(ahead_mark="wrong_number")
    tell_number_unknown(reservation=stage.reservation, cases=stage.cases(2), at=stage.now)


@before("reminder_first")
def _first(stage: Stage) -> None:
    remind(stage, Reminder.FIRST)


@before("reminder_second")
def _second(stage: Stage) -> None:
    remind(stage, Reminder.SECOND)


def remind(stage: Stage, reminder: Reminder) -> None:
    """The mail leaves when it is due: two minutes later."""
    facts = factories.facts(stage.now)
    moment = reminds_at(reminder, visit_of(stage.reservation), facts)
    assert moment is not None
    assert tell(reservation=stage.reservation, reminder=reminder, at=moment)
    stage.now = moment + 2 * A_MINUTE


@before("claim_requested")
def _requested(stage: Stage) -> None:
    stage.is_proved = True
    asks(ELSEWHERE, number=stage.claim.number)


@before("claim_granted")
@before("claim_shared")
def _granted(stage: Stage) -> None:
    _requested(stage)
    answering.grant(request=ClaimRequest.objects.get(), policy=stage.policy, at=stage.now)


@before("claim_declined")
def _declined(stage: Stage) -> None:
    _requested(stage)
    answering.decline(request=ClaimRequest.objects.get(), policy=stage.policy, at=stage.now)


@before("claim_rival")
def _rival(stage: Stage) -> None:
    OutgoingMail.objects.create(
        bureau=stage.policy.code,
        event=claims.RIVAL_EVENT,
        subject_id=str(stage.claim.pk),
        recipient=AOKI,
        enqueued_at=stage.now,
        not_before=stage.now,
    )


@before("claim_settled")
def _settled(stage: Stage) -> None:
    CertificateClaim.objects.filter(pk=stage.claim.pk).update(proved_at=None, place=1)
    stage.claim.refresh_from_db()
    person = factories.intermediary("別府 次郎", kind=stage.claim.intermediary.kind)
    factories.claim(ELSEWHERE, person=person, number=stage.claim.number, is_proved=True)
    settling.settle(rival=stage.claim, policy=stage.policy, actor="staff:1", at=stage.now)


@before("new_address")
def _new_address(stage: Stage) -> None:
    by_person.request_change(
        policy=stage.policy,
        mail_address=stage.claim.mail_address,
        new_address="aoki@new.example.jp",
        actor="mail:1",
        at=stage.now,
    )


@before("address_changed")
def _address_changed(stage: Stage) -> None:
    _new_address(stage)
    by_person.move(
        change=AddressChange.objects.get(),
        policy=stage.policy,
        device_digest="x",
        actor="mail:1",
        at=stage.now,
    )


@before("new_address_by_bureau")
@before("address_change_by_bureau_asked")
def _asked_by_bureau(stage: Stage) -> None:
    by_staff.ask_for(**_of_move(stage))


@before("address_changed_by_bureau")
@before("address_entered_by_bureau")
def _changed_by_bureau(stage: Stage) -> None:
    by_staff.move_at_counter(**_of_move(stage))


def _of_move(stage: Stage) -> dict[str, Any]:
    return {
        "claim": stage.claim,
        "new_address": "aoki@new.example.jp",
        "reason": by_staff.MoveReason.UNREACHED,
        "policy": stage.policy,
        "actor": "staff:1",
        "at": stage.now,
    }


@before("suspended")
def _suspended(stage: Stage) -> None:
    tell_suspended(
        intermediary=stage.claim.intermediary,
        policy=stage.policy,
        first_day=date(2026, 6, 9),
        last_day=date(2026, 7, 8),
        grounds=[Ground.LATE_CANCELLATION, Ground.NO_SHOW],
        at=stage.now,
    )


@before("suspension_ended")
def _suspension_ended(stage: Stage) -> None:
    tell_suspension_ended(
        intermediary=stage.claim.intermediary,
        policy=stage.policy,
        is_lifted=False,
        at=stage.now,
    )
