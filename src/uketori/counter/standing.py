"""What the counter should know of a person's standing when the reservation is opened.  R-41."""

from datetime import datetime

from django.utils.translation import gettext as _

from uketori import japanese
from uketori.intermediaries.suspensions import suspensions_on
from uketori.reservations.models import Reservation


def remarks_on(reservation: Reservation, at: datetime) -> list[str]:
    """Return sentences to show above an opened reservation, e.g. of a suspension (one query).

    What was booked before the suspension stays, so that it is told and stops nothing.
    """
    day = at.astimezone(reservation.made_under.tz).date()
    suspension = suspensions_on(day).filter(intermediary=reservation.intermediary_id).first()
    if suspension is None:
        return []
    return [
        _(
            "利用停止中の方です（{last_day}まで）。この予約は取り消されていないので、使えます。"
        ).format(last_day=japanese.long_day_words(suspension.last_day))
    ]
