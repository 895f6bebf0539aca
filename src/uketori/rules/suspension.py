"""Whether a person's standing allows a booking.  利用案内 6(4), R-41."""

from datetime import date

from uketori.rules.refusals import Reason, Refusal


def refuse_suspended(last_day: date | None, *, is_bound_by_number: bool) -> list[Reason]:
    """Refuse whoever is suspended; ``last_day`` is the last day of it, None for everybody else.

    Whoever typed the number of somebody suspended shows the certificate first, and is told nothing
    of the other.
    """
    if last_day is not None:
        return [Reason(Refusal.SUSPENDED, facts={"last_day": last_day})]
    return [Reason(Refusal.CERTIFICATE_TO_BE_SEEN)] if is_bound_by_number else []
