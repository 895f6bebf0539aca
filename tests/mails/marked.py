"""Situations of mails about cases that a clerk marked ahead of the visit; see ``stage``."""

from tests.mails.stage import Stage, before, booked, not_ready, remind
from uketori.outbox.models import OutgoingMail
from uketori.reservations.mails.telling import CallResult, tell_call, tell_mark_taken_back
from uketori.rules.reminders import Reminder


@before("case_mark_taken_back")
def _mark_taken_back(stage: Stage) -> None:
    """The second was marked, too, and still is; the mail of the first and the third had left."""
    not_ready(stage)
    OutgoingMail.objects.update(state="sent", sent_at=stage.now)
    stage.reservation.cases.update(ahead_mark="")
    stage.reservation.cases.filter(order=2).update(ahead_mark="wrong_number")
    tell_mark_taken_back(
        reservation=stage.reservation, cases=stage.cases(1, 3), marked_at=stage.now, at=stage.now
    )


@before("reservation_booked.some_marked")
def _booked_some_marked(stage: Stage) -> None:
    stage.mark("not_ready", 1)
    stage.mark("wrong_number", 2)
    booked(stage)


@before("reservation_booked.none_ready")
def _booked_none_ready(stage: Stage) -> None:
    stage.mark("not_ready", 1, 2, 3)
    booked(stage)


@before("telephone_changed.none_ready")
def _changed_none_ready(stage: Stage) -> None:
    stage.mark("not_ready", 1, 2, 3)
    tell_call(reservation=stage.happens_to(), result=CallResult.CHANGED, at=stage.now)


@before("telephone_late.none_ready")
def _late_none_ready(stage: Stage) -> None:
    stage.mark("not_ready", 1, 2, 3)
    tell_call(reservation=stage.reservation, result=CallResult.LATE, at=stage.now)


@before("reminder_first.none_ready")
def _first_none_ready(stage: Stage) -> None:
    stage.mark("not_ready", 1, 2, 3)
    remind(stage, Reminder.FIRST)


@before("reminder_second.none_ready")
def _second_none_ready(stage: Stage) -> None:
    stage.mark("not_ready", 1, 2, 3)
    remind(stage, Reminder.SECOND)


@before("reminder_second.some_marked")
def _second_some_marked(stage: Stage) -> None:
    stage.mark("not_ready", 1)
    remind(stage, Reminder.SECOND)


@before("reminder_second.none_as_is")
def _second_none_as_is(stage: Stage) -> None:
    stage.mark("not_ready", 1, 3)
    stage.mark("wrong_number", 2)
    remind(stage, Reminder.SECOND)
