"""Recording that the list of a day left the screen, on paper or as a file."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from uketori.audit.record import record
from uketori.counter.models import Printing, Sheet

FOR_THE_SHELF = {Sheet.HOURS, Sheet.NUMBERS}
"""The lists by which cards are fetched.  The sheet for the desk and the file move no card."""


@transaction.atomic(durable=True)
def record_printing(
    *,
    bureau: str,
    day: date,
    sheet: Sheet,
    actor: str,
    at: datetime,
    since: Printing | None = None,
) -> Printing:
    """Record that the list was printed or exported as it stood at this moment.

    Written before the sheet is made, so that whatever comes later is on it or after it.
    """
    kind = "preparation_exported" if sheet is Sheet.FILE else "preparation_printed"
    subject = f"day:{day.isoformat()}"
    record(
        bureau=bureau, kind=kind, actor=actor, subject=subject, at=at, facts={"sheet": sheet.value}
    )
    return Printing.objects.create(
        bureau=bureau, day=day, printed_at=at, sheet=sheet, since=since, actor=actor
    )


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
    return list(rows.select_related("since").order_by("-printed_at", "-pk"))


def last_told(printings: Sequence[Printing]) -> Printing | None:
    """Return the sheet by which the shelf was brought up to date last; None where there is none.

    A list tells everything.  A difference sheet tells the shelf only if it begins no later than
    what the shelf knew: one that begins at a colleague's file leaves out what moved before it.
    """
    told: Printing | None = None
    for one in reversed(printings):
        if one.sheet in FOR_THE_SHELF or (told is not None and _goes_on_from(told, one)):
            told = one
    return told


def _goes_on_from(told: Printing, one: Printing) -> bool:
    begun = one.since
    return begun is not None and begun.printed_at <= told.printed_at
