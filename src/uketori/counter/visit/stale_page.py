"""What the page showed when an act was sent from it, so that none undoes what nobody saw.  R-39.

Two clerks have one visit open; what one of them records is not on the page of the other.  An act
that is sent from such a page is refused, and the page shown anew.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Max

from uketori.counter.models import Step, VisitEntry
from uketori.counter.visit.facts import THAT_END
from uketori.reservations.models import Reservation
from uketori.rules.refusals import Reason, Refusal

OF_THE_END = THAT_END | {Step.OUTCOME, Step.TAKEN_BACK}
"""How the visit came to its end, and what was taken back: they put every other page out of date."""
OF_THE_OUTCOME = OF_THE_END | {Step.AHEAD_MARK}
"""For the outcome; who has come or was called up meanwhile is issued the same cases."""
OF_THE_VISIT = OF_THE_END | {Step.ARRIVED, Step.CALLED_UP}
"""For whatever ends a visit without its cases, or takes back what is recorded of it."""
OF_THE_CERTIFICATE = frozenset({Step.CERTIFICATE_SEEN, Step.TAKEN_BACK})


@dataclass(frozen=True)
class PageState:
    """What stood on the page."""

    entry: int
    """The newest line of the history; 0 for none."""
    revision: int | None = None
    """Of the reservation: the cases and the hour."""


def last_entry_of(reservation: Reservation) -> int:
    """Return the newest line of the history; of all visits of this person, 0 for none.

    A certificate that was seen at one visit counts at the others.  The person's row is locked by
    whoever writes, so that no older line appears after a newer one.
    """
    entries = VisitEntry.objects.filter(reservation__intermediary=reservation.intermediary_id)
    return int(entries.aggregate(last=Max("pk"))["last"] or 0)


def refuse_stale(
    fresh: Reservation,
    shown: PageState | None,
    steps: Collection[Step],
    *,
    of_every_visit: bool = False,
) -> list[Reason]:
    """Refuse an act from a page that shows other cases, or nothing of one of these steps.

    ``of_every_visit`` looks at all visits of the person.  Without ``shown`` the act came from the
    list, which only adds what the rules let stand.
    """
    if shown is None:
        return []
    person = {"reservation__intermediary": fresh.intermediary_id}
    same = person if of_every_visit else {"reservation": fresh}
    is_news = VisitEntry.objects.filter(**same, pk__gt=shown.entry, step__in=steps).exists()
    if is_news or shown.revision not in {None, fresh.revision}:
        return [Reason(Refusal.RESERVATION_CHANGED)]
    return []
