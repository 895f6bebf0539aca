"""The same application number in another reservation: still to be issued, or issued there.  D11"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from uketori.reservations.models import ENDINGS, ReservedCase
from uketori.rules.preparation import same_card_from
from uketori.rules.visit import Outcome


@dataclass(frozen=True)
class Twin:
    """A case of another reservation that has the same number."""

    reference: str
    starts_at: datetime


Twins = dict[int, list[Twin]]
"""For each case, by its id, the others with its number; none for the rest."""


def open_twins(cases: Collection[ReservedCase], bureau: str, person: int | None = None) -> Twins:
    """Return where these numbers also stand, still without an outcome, on any day (one query).

    Of ``person`` only, where one is given: nobody is told of somebody else's reservation.
    """
    is_open = Q(**{f"reservation__{ending}": None for ending in ENDINGS})
    return _twins(cases, _standing(bureau, person).filter(is_open, outcome=""))


def issued_twins(
    cases: Collection[ReservedCase], bureau: str, day: date, person: int | None = None
) -> Twins:
    """Return where these numbers were issued: who looks for the card on ``day`` finds none.

    Numbers may restart yearly, so that what was issued long before is another card.
    """
    issued = _standing(bureau, person).filter(
        outcome=Outcome.ISSUED, reservation__visit_day__gte=same_card_from(day)
    )
    return _twins(cases, issued)


def by_twin(cases: Collection[ReservedCase], twins: Twins) -> list[tuple[Twin, str]]:
    """Return each of the other reservations once, with the numbers that it shares."""
    shared: dict[Twin, list[str]] = {}
    for case in cases:
        for twin in twins.get(case.pk, []):
            shared.setdefault(twin, []).append(case.number)
    return [(twin, "、".join(numbers)) for twin, numbers in shared.items()]


def _standing(bureau: str, person: int | None) -> QuerySet[ReservedCase]:
    found = ReservedCase.objects.filter(reservation__bureau=bureau, withdrawn_at=None)
    return found if person is None else found.filter(reservation__intermediary=person)


def _twins(cases: Collection[ReservedCase], same: QuerySet[ReservedCase]) -> Twins:
    if not cases:
        return {}
    rows = (
        same.filter(number_key__in={case.number_key for case in cases})
        .order_by("reservation__starts_at", "pk")
        .values_list(
            "number_key", "reservation_id", "reservation__reference", "reservation__starts_at"
        )
    )
    found = defaultdict(list)
    for number_key, owner, reference, starts_at in rows:
        found[number_key].append((owner, Twin(reference, starts_at)))
    others = {
        case.pk: [twin for owner, twin in found[case.number_key] if owner != case.reservation_id]
        for case in cases
    }
    return {pk: twins for pk, twins in others.items() if twins}
