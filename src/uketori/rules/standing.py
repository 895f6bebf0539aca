"""Whether a person's standing allows a booking.  利用案内 6(4), R-41."""

from datetime import date

from uketori.rules.refusals import Reason, Refusal


def refuse_suspended(last_day: date | None) -> list[Reason]:
    """Refuse whoever is suspended; ``last_day`` is the last day of it, None for everybody else."""
    if last_day is None:
        return []
    return [Reason(Refusal.SUSPENDED, facts={"last_day": last_day})]
