"""What an intermediary holds already, for the rules of booking."""

from datetime import date, datetime

from django.db.models.functions import Coalesce

from uketori.reservations.models import Reservation
from uketori.rules.booking import Held

OVER_AT = Coalesce("served_at", "late_at", "absent_at", "no_show_at")
"""When the visit came to its end, however it did."""


def held_by(intermediary_id: int, today: date) -> list[Held]:
    """Return the person's live reservations from today on, with their numbers (one query)."""
    rows = (
        Reservation.objects.live()
        .from_day(today)
        .filter(intermediary=intermediary_id)
        .filter(cases__withdrawn_at=None)
        .order_by("starts_at", "pk")
        .values_list("pk", "starts_at", "reference", OVER_AT, "cases__number_key")
    )
    return gather_held(list(rows))


def gather_held(rows: list[tuple[int, datetime, str, datetime | None, str | None]]) -> list[Held]:
    """Put rows of (id, start, reference, over, number) together.

    A visit that is over keeps no number: what was not issued can be booked again at once.  D11.
    """
    found: dict[int, tuple[datetime, str, set[str]]] = {}
    for pk, starts_at, reference, over_at, key in rows:
        keys = found.setdefault(pk, (starts_at, reference, set()))[2]
        if key and over_at is None:
            keys.add(key)
    return [
        Held(starts_at=starts_at, number_keys=frozenset(keys), reference=reference)
        for starts_at, reference, keys in found.values()
    ]
