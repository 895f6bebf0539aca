"""The bureaus' periodic jobs, run by the worker."""

from datetime import datetime, timedelta

from uketori.bureaus.policies import bureau_codes
from uketori.bureaus.slots import keep_slots
from uketori.outbox.registry import job


@job("keep_slots", every=timedelta(minutes=30))
def keep_slots_everywhere(at: datetime) -> None:
    """Keep the slot rows of the coming open days."""
    for code in bureau_codes():
        keep_slots(code, at)
