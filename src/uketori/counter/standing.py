"""What the counter should know of a person's standing when the reservation is opened.  R-41."""

from datetime import datetime

from uketori.reservations.models import Reservation


def remarks_on(_reservation: Reservation, _at: datetime) -> list[str]:
    """Return sentences to show above an opened reservation.

    Nobody can be suspended yet: the standing desk fills this in, and the board already shows it.
    """
    return []
