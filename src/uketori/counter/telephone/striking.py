"""Striking a call that was noted by mistake, e.g. at somebody else's reservation.  4(2), R-41.

The call stays in the record and counts no more.  What was done with it stays done: a cancelled
reservation cannot be revived (R-32).
"""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Min

from uketori.audit.record import record
from uketori.counter.models import Call, CallKind
from uketori.counter.visit.facts import locked
from uketori.reservations.models import Reservation
from uketori.rules.change import NotedCall, refuse_striking
from uketori.rules.refusals import Refused


def noted_call(call: Call, actor: str) -> NotedCall:
    """Return the call as the rule sees it; the day is the bureau's."""
    tz = call.reservation.made_under.tz
    midnight = datetime.combine(call.recorded_at.astimezone(tz).date(), time(), tzinfo=tz)
    return NotedCall(
        is_own=call.actor == actor,
        day_ends_at=midnight + timedelta(days=1),
        is_booking=call.kind == CallKind.BOOK,
    )


def may_strike(call: Call, actor: str, at: datetime, *, of_others: bool) -> bool:
    """Tell whether to offer it."""
    refused = refuse_striking(noted_call(call, actor), at, of_others=of_others)
    return call.struck_at is None and not refused


@transaction.atomic(durable=True)
def strike_call(*, call: Call, actor: str, at: datetime, of_others: bool = False) -> Call:
    """Strike the call, or raise ``Refused``; struck twice it stays as it is.

    ``of_others``: also what a colleague noted, and on a later day.  When somebody first telephoned
    is told by the calls that are left.
    """
    reservation = locked(call.reservation)
    fresh = Call.objects.select_related("reservation").get(pk=call.pk)
    if fresh.struck_at is not None:
        return fresh
    if reasons := refuse_striking(noted_call(fresh, actor), at, of_others=of_others):
        raise Refused(reasons)
    fresh.struck_at, fresh.struck_by = at, actor
    fresh.save(update_fields=["struck_at", "struck_by"])
    _telephone_first(reservation, _first_of_those_left(reservation))
    record(
        bureau=reservation.bureau,
        kind="call_struck",
        actor=actor,
        subject=reservation.reference,
        at=at,
        facts={"call": fresh.pk, "about": fresh.kind, "done": fresh.is_done},
    )
    return fresh


def _first_of_those_left(reservation: Reservation) -> datetime | None:
    left = Call.objects.filter(reservation=reservation, struck_at=None).exclude(kind=CallKind.BOOK)
    first: datetime | None = left.aggregate(first=Min("called_at"))["first"]
    return first


def _telephone_first(reservation: Reservation, first: datetime | None) -> None:
    reservation.first_telephoned_at = first
    reservation.save(update_fields=["first_telephoned_at"])
