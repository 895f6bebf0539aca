"""What the counter should know of a person's standing when the reservation is opened.  R-41."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from uketori import japanese
from uketori.intermediaries.suspension.suspensions import suspensions_on
from uketori.reservations.models import ENDINGS, Reservation


def remarks_on(reservation: Reservation, at: datetime) -> list[str]:
    """Return sentences to show with a reservation that is opened or called about (one query).

    What was booked before the suspension stays, so that it is told and stops nothing.
    """
    day = at.astimezone(reservation.made_under.tz).date()
    suspension = suspensions_on(day).filter(intermediary=reservation.intermediary_id).first()
    if suspension is None:
        return []
    told = _("利用停止中の方です（{last_day}まで）。")
    if _is_to_come(reservation, day):
        told = _(
            "利用停止中の方です（{last_day}まで）。この予約は取り消されていないので、使えます。"
        )
    return [told.format(last_day=japanese.long_day_words(suspension.last_day))]


def _is_to_come(reservation: Reservation, day: date) -> bool:
    """Tell whether the visit can still be: it was not cancelled, has not ended, is not past."""
    has_ended = any(getattr(reservation, ending) is not None for ending in ENDINGS)
    return not has_ended and reservation.visit_day >= day
