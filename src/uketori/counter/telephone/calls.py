"""What a clerk does for somebody who called: note it, cancel, change.  利用案内 4(2), R-30."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from uketori.audit.record import record
from uketori.counter.models import Call, CallKind
from uketori.counter.visit.facts import locked, visit_of
from uketori.counter.words import KIND_WORDS
from uketori.outbox.enqueue import enqueue
from uketori.reservations.cancelling.act import cancel_for_caller
from uketori.reservations.changing.act import write_change
from uketori.reservations.changing.edits import Edits
from uketori.reservations.mails.telling import CANCELLED_EVENT, CHANGED_EVENT, CallResult, tell_call
from uketori.reservations.models import Reservation
from uketori.rules.change import CallMoment as KnownCall
from uketori.rules.change import may_change, refuse_call
from uketori.rules.refusals import Refused


@dataclass(frozen=True, kw_only=True)
class Noted:
    """What a clerk noted of one call."""

    called_at: datetime
    caller: str
    note: str
    key: UUID
    """Of the form; the same form sent twice is one call."""


def known_call(reservation: Reservation, called_at: datetime) -> KnownCall:
    """Return the call as the rules see it."""
    visit = visit_of(reservation, reservation.made_under)
    return KnownCall(
        called_at=called_at,
        booked_at=reservation.booked_at,
        hour_ends_at=visit.ends_at,
        day_ends_at=visit.day_ends_at,
    )


@transaction.atomic(durable=True)
def record_call(
    *, reservation: Reservation, kind: CallKind, noted: Noted, actor: str, at: datetime
) -> Call:
    """Note a call that by itself changes nothing, or raise ``Refused``.

    Also what could not be done any more is noted: that somebody called before the hour is no
    silence.  Whoever will be late gets a mail that says until when the reservation can be used.
    """
    fresh = locked(reservation)
    if sent_before := _sent_before(noted):
        return sent_before
    if reasons := refuse_call(known_call(fresh, noted.called_at), at):
        raise Refused(reasons)
    call = _write(fresh, kind, noted, actor, at)
    if kind is CallKind.WILL_BE_LATE:
        tell_call(reservation=fresh, result=CallResult.LATE, called_at=noted.called_at, at=at)
    return call


@transaction.atomic(durable=True)
def cancel_for(*, reservation: Reservation, noted: Noted, actor: str, at: datetime) -> Call:
    """Cancel the whole for a caller, also after the deadline, or raise ``Refused``.

    The places go back at once.  After the deadline it is a late cancellation: the call says so.
    """
    fresh = locked(reservation)
    if sent_before := _sent_before(noted):
        return sent_before
    fresh = cancel_for_caller(
        reservation=fresh, call=known_call(fresh, noted.called_at), actor=actor, at=at
    )
    call = _write(fresh, CallKind.CANCEL, noted, actor, at, revision=fresh.revision)
    _tell(fresh, call, CallResult.CANCELLED, CANCELLED_EVENT, at)
    return call


@transaction.atomic(durable=True)
def change_for(
    *, reservation: Reservation, edits: Edits, noted: Noted, actor: str, at: datetime
) -> Call:
    """Withdraw, correct or put back cases for a caller, also after the deadline, or ``Refused``."""
    fresh = locked(reservation)
    if sent_before := _sent_before(noted):
        return sent_before
    fresh = write_change(
        reservation=fresh,
        edits=edits,
        policy=fresh.made_under,
        actor=actor,
        at=at,
        call=known_call(fresh, noted.called_at),
    )
    call = _write(fresh, CallKind.CHANGE, noted, actor, at, revision=fresh.revision)
    _tell(fresh, call, CallResult.CHANGED, CHANGED_EVENT, at)
    return call


@transaction.atomic(durable=True)
def note_booking(*, reservation: Reservation, key: UUID, actor: str, at: datetime) -> Call:
    """Note the call in which this reservation was made; the same form sent twice is one call.

    It speaks against no silence, so that the reservation keeps no first call of it.  4(2)
    """
    fresh = locked(reservation)
    noted = Noted(called_at=fresh.booked_at, caller="", note="", key=key)
    return _sent_before(noted) or _create(fresh, CallKind.BOOK, noted, actor, at, fresh.revision)


def calls_of(reservations: Collection[Reservation]) -> dict[int, list[Call]]:
    """Return the calls of each reservation by its key, oldest first (one query).

    A reservation that nobody called about has no entry.
    """
    found: dict[int, list[Call]] = {}
    for call in Call.objects.filter(reservation__in=[one.pk for one in reservations]):
        found.setdefault(call.reservation_id, []).append(call)
    return found


def calls_between(bureau: str, begin: datetime, end: datetime) -> QuerySet[Call]:
    """Return the calls at this bureau, the newest first, each with its reservation."""
    calls = Call.objects.filter(reservation__bureau=bureau, called_at__gte=begin, called_at__lt=end)
    return calls.select_related("reservation").order_by("-called_at", "-pk")


def _sent_before(noted: Noted) -> Call | None:
    return Call.objects.filter(key=noted.key).first()


def _write(
    reservation: Reservation,
    kind: CallKind,
    noted: Noted,
    actor: str,
    at: datetime,
    *,
    revision: int | None = None,
) -> Call:
    """Write the call; the reservation keeps the first."""
    call = _create(reservation, kind, noted, actor, at, revision)
    first = reservation.first_telephoned_at
    reservation.first_telephoned_at = min(first or noted.called_at, noted.called_at)
    reservation.save(update_fields=["first_telephoned_at"])
    return call


def _create(
    reservation: Reservation,
    kind: CallKind,
    noted: Noted,
    actor: str,
    at: datetime,
    revision: int | None,
) -> Call:
    """Write the row, and an event that holds codes only."""
    call = Call.objects.create(
        reservation=reservation,
        kind=kind,
        called_at=noted.called_at,
        is_after_deadline=not may_change(
            at=noted.called_at, closes_at=reservation.change_closes_at
        ),
        is_before_visit=noted.called_at < reservation.starts_at,
        caller=noted.caller,
        note=noted.note,
        recorded_at=at,
        actor=actor,
        key=noted.key,
        revision=revision,
    )
    _record(call)
    return call


def _record(call: Call) -> None:
    record(
        bureau=call.reservation.bureau,
        kind="call_recorded",
        actor=call.actor,
        subject=call.reservation.reference,
        at=call.recorded_at,
        facts={
            "call": call.pk,
            "about": CallKind(call.kind).value,
            "called_at": call.called_at.isoformat(),
            "after_deadline": call.is_after_deadline,
            "before_visit": call.is_before_visit,
            "done": call.is_done,
        },
    )


def _tell(
    reservation: Reservation, call: Call, result: CallResult, event_in_time: str, at: datetime
) -> None:
    """Tell what was done: in time as if done by oneself, afterwards that it was recorded as late.

    The mail of what was late is the only one that says so; nobody is told of it who was in time.
    """
    if call.is_after_deadline:
        tell_call(reservation=reservation, result=result, called_at=call.called_at, at=at)
        return
    enqueue(
        bureau=reservation.bureau,
        event=event_in_time,
        subject_id=reservation.reference,
        revision=reservation.revision,
        recipient=reservation.mail_address.address,
        at=at,
        message_domain=reservation.made_under.mail_domain,
    )


def called_words(calls: Sequence[Call]) -> str:
    """Say in a few words for the board what was called about; nothing for whom nobody called.

    The newest call before the hour, wherever there was one: it speaks against a no-show.  4(2)
    """
    about = [one for one in calls if one.kind != CallKind.BOOK]
    standing = [one for one in about if one.struck_at is None]
    if not standing:
        return ""
    newest = next((one for one in reversed(standing) if one.is_before_visit), standing[-1])
    told = (
        _("時間の前に電話：{about}") if newest.is_before_visit else _("時間のあとに電話：{about}")
    )
    return told.format(about=KIND_WORDS[CallKind(newest.kind)])
