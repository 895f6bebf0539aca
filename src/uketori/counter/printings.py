"""Recording that the list of a day left the screen, on paper or as a file."""

from datetime import date, datetime
from enum import StrEnum

from django.db import transaction

from uketori.audit.record import record
from uketori.counter.models import Printing


class Sheet(StrEnum):
    """What was printed or written out."""

    HOURS = "hours"
    NUMBERS = "numbers"
    DESK = "desk"
    DIFFERENCES = "differences"
    FILE = "file"


@transaction.atomic(durable=True)
def record_printing(*, bureau: str, day: date, sheet: Sheet, actor: str, at: datetime) -> Printing:
    """Record that the list was printed or exported as it stood at this moment.

    Written before the sheet is made, so that whatever comes later is on it or after it.
    """
    kind = "preparation_exported" if sheet is Sheet.FILE else "preparation_printed"
    subject = f"day:{day.isoformat()}"
    record(
        bureau=bureau, kind=kind, actor=actor, subject=subject, at=at, facts={"sheet": sheet.value}
    )
    return Printing.objects.create(bureau=bureau, day=day, printed_at=at, actor=actor)


def record_opening(*, bureau: str, day: date, sheet: Sheet, actor: str, at: datetime) -> None:
    """Record that somebody opened the list of a day: it shows personal data."""
    record(
        bureau=bureau,
        kind="preparation_opened",
        actor=actor,
        subject=f"day:{day.isoformat()}",
        at=at,
        facts={"sheet": sheet.value},
    )


def printings_of(bureau: str, day: date) -> list[Printing]:
    """Return what was printed of a day, newest first."""
    rows = Printing.objects.filter(bureau=bureau, day=day)
    return list(rows.order_by("-printed_at", "-pk"))
