"""Marks that a clerk makes ahead of the visit: not ready yet, or no such number.

The person is told by mail in the same transaction, and sees it on the reservation.  利用案内 6(2).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from uketori.audit.record import record
from uketori.counter.models import Step
from uketori.counter.visit.facts import locked, note, visit_of
from uketori.outbox.models import OutgoingMail
from uketori.outbox.registry import Rendered, renderer_of
from uketori.reservations.mails.telling import (
    tell_mark_taken_back,
    tell_not_ready,
    tell_number_unknown,
)
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.policy import BureauPolicy
from uketori.rules.preparation import refuse_ahead_mark
from uketori.rules.refusals import Refused
from uketori.rules.visit import AheadMark

TELL = {AheadMark.NOT_READY: tell_not_ready, AheadMark.WRONG_NUMBER: tell_number_unknown}


@dataclass(frozen=True)
class Marked:
    """What came of it: the cases that changed, and the mail that tells of them, if any does."""

    cases: list[ReservedCase]
    mail: OutgoingMail | None = None


@dataclass(frozen=True)
class Tried:
    """What would come of it: the cases that would change, and the very words of the mail."""

    cases: list[ReservedCase]
    mail: Rendered | None


@transaction.atomic(durable=True)
def mark_ahead(
    *,
    reservation: Reservation,
    cases: Collection[int],
    mark: AheadMark,
    policy: BureauPolicy,
    actor: str,
    at: datetime,
) -> list[ReservedCase]:
    """Mark these cases, by their ids, or raise ``Refused``; return those that were not so marked.

    One mail tells of all of them; once the hour has begun nobody is told any more.  Ids of cases
    that were taken out, or of another reservation, are passed over.
    """
    return _mark(_look(reservation, cases, policy), mark, actor, at).cases


@transaction.atomic(durable=True)
def take_mark_back(
    *,
    reservation: Reservation,
    cases: Collection[int],
    policy: BureauPolicy,
    actor: str,
    at: datetime,
) -> list[ReservedCase]:
    """Take the marks off these cases, or raise ``Refused``; return those that had one.

    A mail of the mark that has not left yet is dropped when its turn comes; whoever was told by one
    that had left is told that they may come after all.
    """
    return _unmark(_look(reservation, cases, policy), actor, at).cases


@transaction.atomic(durable=True)
def try_marking(
    *,
    reservation: Reservation,
    cases: Collection[int],
    mark: AheadMark | None,
    policy: BureauPolicy,
    actor: str,
    at: datetime,
) -> Tried:
    """Do it, read the mail that would leave, and undo it; or raise ``Refused``.  None unmarks.

    What is reviewed is thereby what is done, to the word.
    """
    found = _look(reservation, cases, policy)
    done = _mark(found, mark, actor, at) if mark else _unmark(found, actor, at)
    rendered = renderer_of(done.mail.event)(done.mail, at) if done.mail else None
    transaction.set_rollback(True)
    return Tried(done.cases, rendered if isinstance(rendered, Rendered) else None)


def _mark(
    looked: tuple[Reservation, list[ReservedCase]], mark: AheadMark, actor: str, at: datetime
) -> Marked:
    fresh, found = looked
    news = [case for case in found if case.ahead_mark != mark]
    if not news:
        return Marked([])
    _write(fresh, news, mark.value, actor, at)
    is_told = at < fresh.starts_at
    return Marked(news, TELL[mark](reservation=fresh, cases=news, at=at) if is_told else None)


def _unmark(looked: tuple[Reservation, list[ReservedCase]], actor: str, at: datetime) -> Marked:
    fresh, found = looked
    marked = [case for case in found if case.ahead_mark]
    since = [case.ahead_at for case in marked if case.ahead_at is not None]
    if marked:
        _write(fresh, marked, "", actor, at)
    if not since or at >= fresh.starts_at:
        return Marked(marked)
    told = tell_mark_taken_back(reservation=fresh, cases=marked, marked_at=min(since), at=at)
    return Marked(marked, told)


def _look(
    reservation: Reservation, cases: Collection[int], policy: BureauPolicy
) -> tuple[Reservation, list[ReservedCase]]:
    fresh = locked(reservation)
    if reasons := refuse_ahead_mark(visit_of(fresh, policy)):
        raise Refused(reasons)
    standing = fresh.cases.filter(pk__in=cases, withdrawn_at=None)
    return fresh, list(standing.order_by("order"))


def _write(
    reservation: Reservation, cases: list[ReservedCase], mark: str, actor: str, at: datetime
) -> None:
    """Write the marks, a line of the history for each, and one event."""
    for case in cases:
        note(
            reservation,
            Step.AHEAD_MARK,
            case=case,
            actor=actor,
            at=at,
            before=case.ahead_mark,
            after=mark,
        )
        case.ahead_mark, case.ahead_at = mark, at if mark else None
    ReservedCase.objects.bulk_update(cases, ["ahead_mark", "ahead_at"])
    record(
        bureau=reservation.bureau,
        kind="case_marked_ahead" if mark else "case_mark_taken_back",
        actor=actor,
        subject=reservation.reference,
        at=at,
        facts={"mark": mark, "cases": [case.pk for case in cases]},
    )
