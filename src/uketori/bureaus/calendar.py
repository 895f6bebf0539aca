"""What a bureau knows of its days, gathered for the rules.  R-20, R-21."""

import csv
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources

import jpholiday

from uketori.bureaus.models import SpecialDay
from uketori.bureaus.policies import policy_at, policy_in_force
from uketori.rules.calendar import CalendarFacts
from uketori.rules.policy import BureauPolicy

LOOK_BACK = timedelta(days=60)
LOOK_AHEAD = timedelta(days=400)


def calendar_facts(code: str, around: date) -> CalendarFacts:
    """Return the facts for the days from weeks before ``around`` to a year after it (one query).

    Raises ``UnknownBureau``.
    """
    policy = policy_at(code, around)
    first, last = around - LOOK_BACK, around + LOOK_AHEAD
    special = list(SpecialDay.objects.filter(bureau=code, day__range=(first, last)))
    return facts_of(policy, special, first, last)


def facts_at(code: str, at: datetime) -> CalendarFacts:
    """Return the facts around a moment, by the bureau's own day.  Raises ``UnknownBureau``."""
    return calendar_facts(code, at.astimezone(policy_in_force(code, at).tz).date())


def facts_of(
    policy: BureauPolicy, special: list[SpecialDay], first: date, last: date
) -> CalendarFacts:
    """Put policy, holidays and staff's special days together; rows of staff win."""
    return CalendarFacts(
        policy=policy,
        holidays=holidays_between(first, last),
        closures={row.day: row.reason for row in special if not row.is_open},
        extra_open={row.day: row.reason for row in special if row.is_open},
        hours_on={
            row.day: tuple(row.hours) for row in special if row.is_open and row.hours is not None
        },
    )


def holidays_between(first: date, last: date) -> Mapping[date, str]:
    """Return the public holidays from ``first`` to ``last``.

    Years in ``data/calendar/holidays.csv`` come from there; later years, which nobody has published
    yet, are worked out by jpholiday.
    """
    listed, listed_until = _listed_holidays()
    found = {day: name for day, name in listed.items() if first <= day <= last}
    if last > listed_until:
        begin = max(first, listed_until + timedelta(days=1))
        found.update(dict(jpholiday.between(begin, last)))
    return found


@cache
def _listed_holidays() -> tuple[dict[date, str], date]:
    source = resources.files("uketori") / "data" / "calendar" / "holidays.csv"
    with source.open(encoding="utf-8-sig") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        days = {date.fromisoformat(row["date"]): row["name"] for row in rows}
    return days, date(max(days).year, 12, 31)
