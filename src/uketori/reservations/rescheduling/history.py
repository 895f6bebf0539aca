"""The hours that reservations had before somebody moved them.  R-33, D07."""

from datetime import datetime

from uketori.outbox.models import OutgoingMail
from uketori.reservations.hour_models import HourChange
from uketori.reservations.mails.telling import MOVED_BY_BUREAU_EVENT


def hours_before_moves(*, bureau: str, since: datetime) -> dict[str, datetime]:
    """Return, by reference, the hour that a reservation had before it was first moved.

    Only moves from ``since`` on, by the person or by the bureau.
    """
    moves = [*_by_person(bureau, since), *_by_bureau(bureau, since)]
    newest_first = sorted(moves, reverse=True)
    return {reference: old_starts_at for _at, reference, old_starts_at in newest_first}


Move = tuple[datetime, str, datetime]
"""When, which reservation, and from which hour."""


def _by_person(bureau: str, since: datetime) -> list[Move]:
    rows = HourChange.objects.filter(reservation__bureau=bureau, moved_at__gte=since)
    return list(rows.values_list("moved_at", "reservation__reference", "old_starts_at"))


def _by_bureau(bureau: str, since: datetime) -> list[Move]:
    """The mail that goes with every move of the bureau is what keeps the old hour."""
    rows = OutgoingMail.objects.filter(
        bureau=bureau, event=MOVED_BY_BUREAU_EVENT, enqueued_at__gte=since
    )
    return [
        (moved_at, reference, datetime.fromisoformat(facts["old_starts_at"]))
        for moved_at, reference, facts in rows.values_list("enqueued_at", "subject_id", "facts")
    ]
