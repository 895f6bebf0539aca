"""What the counter is told of a number that was issued and is booked, or booked twice.  D11"""

from collections.abc import Sequence
from datetime import tzinfo

from django.utils.translation import gettext as _

from uketori import japanese
from uketori.reservations.cases.same_number import Twin, Twins, by_twin, issued_twins, open_twins
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.policy import BureauPolicy
from uketori.rules.visit import Ending, Outcome


def remarks_on_numbers(
    reservation: Reservation, cases: Sequence[ReservedCase], ending: Ending | None
) -> list[str]:
    """Return sentences to show above an opened reservation (two queries at most).

    Where the visit is open: a card that is gone, and a number that others booked, too.  Where it is
    done: a number that is booked again, so that whoever corrects knows of it.
    """
    if ending not in {None, Ending.SERVED}:
        return []
    policy = reservation.made_under
    booked = _sentences(cases, open_twins(cases, reservation.bureau), policy)
    if ending is Ending.SERVED:
        return booked
    gone = issued_twins(cases, reservation.bureau, reservation.visit_day)
    told = _("「{numbers}」は、{issued}です（{reference}）。渡すものはありません。")
    issued = [
        told.format(numbers=numbers, issued=issued_words(twin, policy.tz), reference=twin.reference)
        for twin, numbers in by_twin(cases, gone)
    ]
    return [*issued, *booked]


def booked_though_issued(reservation: Reservation) -> list[str]:
    """Say to whoever recorded the outcome which of the issued numbers are still booked."""
    issued = list(reservation.cases.filter(withdrawn_at=None, outcome=Outcome.ISSUED))
    return _sentences(issued, open_twins(issued, reservation.bureau), reservation.made_under)


def _sentences(cases: Sequence[ReservedCase], twins: Twins, policy: BureauPolicy) -> list[str]:
    told = _("「{numbers}」は、{moment}の予約（{reference}）にも入っています。")
    return [
        told.format(
            numbers=numbers,
            moment=japanese.moment_words(twin.starts_at, policy.tz),
            reference=twin.reference,
        )
        for twin, numbers in by_twin(cases, twins)
    ]


def issued_words(twin: Twin, tz: tzinfo) -> str:
    """Say that the card was issued, and when: there is none to fetch."""
    day = twin.starts_at.astimezone(tz).date()
    return _("{month}月{day}日に交付済み").format(month=day.month, day=day.day)
