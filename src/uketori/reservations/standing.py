"""What a change compares the reservation with: its revision, and what nobody may touch any more."""

import re

from django.http import QueryDict

from uketori.reservations.models import Reservation
from uketori.rules.change import Kept
from uketori.rules.refusals import Reason, Refusal

UNTOUCHABLE = frozenset(
    {
        Refusal.CHANGE_CLOSED,
        Refusal.RESERVATION_CANCELLED,
        Refusal.RESERVATION_ENDED,
        Refusal.CALL_NOT_YET_HAPPENED,
        Refusal.CALL_BEFORE_BOOKING,
        Refusal.CALL_AFTER_THE_HOUR,
        Refusal.VISIT_DAY_OVER,
    }
)
"""Reasons for which nothing of a reservation can be touched, whatever is asked for."""


def kept_of(reservation: Reservation) -> Kept:
    """Return the reservation as the rules see it."""
    endings = (
        reservation.arrived_at,
        reservation.served_at,
        reservation.late_at,
        reservation.absent_at,
        reservation.no_show_at,
    )
    return Kept(
        closes_at=reservation.change_closes_at,
        first_count=reservation.first_case_count,
        live_count=reservation.live_case_count,
        is_cancelled=reservation.cancelled_at is not None,
        is_over=any(endings),
    )


def refuse_stale(reservation: Reservation, revision: int) -> list[Reason]:
    """Refuse what was typed on a page that showed another revision."""
    if revision == reservation.revision:
        return []
    return [Reason(Refusal.RESERVATION_CHANGED)]


REVISION = re.compile(r"[0-9]{1,9}")


def revision_of(post: QueryDict) -> int:
    sent = post.get("revision", "")
    return int(sent) if REVISION.fullmatch(sent) else 0
