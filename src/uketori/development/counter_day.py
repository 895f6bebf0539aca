"""A day at the counter with invented people, so that the board of a development site lives."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.db import transaction

from uketori import japanese
from uketori.bureaus.calendar import facts_at
from uketori.bureaus.models import Slot
from uketori.bureaus.policies import bureau_codes
from uketori.bureaus.slots import ensure_slot
from uketori.counter.visit.check_in import call_up, check_in
from uketori.counter.visit.endings import end_visit
from uketori.counter.visit.outcomes import record_outcome
from uketori.development.reservations import Invented, claim_of, keep_mails, order_of, people
from uketori.reservations.booking.act import Order, insert
from uketori.reservations.booking.checking import new_cases
from uketori.reservations.mails.reminders import tell
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.calendar import CalendarFacts, next_open_day
from uketori.rules.eligibility import kinds_that_book
from uketori.rules.reminders import Reminder
from uketori.rules.visit import Ending, NotIssued
from uketori.staff.models import Account
from uketori.staff.reserved_names import RESERVED

FULL_HOUR = (15, 12, 12, 8, 7, 6)
"""Cases of the six people of one hour: sixty together."""
OTHER_HOURS = (4, 3)
FIVE_DAYS = timedelta(days=5)
Happening = Callable[[Reservation, datetime], None]


def fill(at: datetime) -> list[str]:
    """Fill today at every bureau, or the next open day; return what to tell who starts the site."""
    return [line for code in bureau_codes() if (line := _fill_bureau(code, at))]


def _fill_bureau(code: str, at: datetime) -> str:
    facts = facts_at(code, at)
    today = at.astimezone(facts.policy.tz).date()
    day = today if facts.hours(today) else next_open_day(today, facts)
    _fill_day(day, facts, at)
    keep_mails(code, people(kinds_that_book(facts.policy)))
    if day == today:
        return ""
    return (
        f"{facts.policy.bureau_name}はきょうは閉庁日です。窓口の見本は"
        f"{japanese.long_day_words(day)}にあります（NOW={day.isoformat()}T10:20+09:00）。"
    )


def _fill_day(day: date, facts: CalendarFacts, at: datetime) -> None:
    policy = facts.policy
    hours = [datetime.combine(day, time(hour), policy.tz) for hour in facts.hours(day)]
    length = timedelta(minutes=policy.slot_minutes)
    busy = next((one for one in hours if at < one + length), hours[-1])
    invented = iter(reversed(people(kinds_that_book(policy))))
    for starts_at in hours:
        is_just_over = starts_at + length <= at < starts_at + 2 * length
        happenings = BUSY if starts_at == busy else UNFINISHED if is_just_over else OTHERS
        counts = FULL_HOUR if starts_at == busy else OTHER_HOURS
        for cases, happens in zip(counts, happenings, strict=True):
            reserved = _reserve(next(invented), starts_at, cases, facts, at)
            if reserved is not None:
                happens(reserved, at)


def _reserve(
    person: Invented, starts_at: datetime, cases: int, facts: CalendarFacts, at: datetime
) -> Reservation | None:
    """Write a reservation as if it had been booked days ago; None if it is there already."""
    claim = claim_of(person, facts.policy, at)
    order = order_of(claim, person, starts_at, cases, facts.policy, at)
    if Reservation.objects.filter(idempotency_key=order.key).exists():
        return None
    return _insert(order, starts_at, cases, facts)


@transaction.atomic
def _insert(
    order: Order, starts_at: datetime, cases: int, facts: CalendarFacts
) -> Reservation | None:
    ensure_slot(facts.policy, starts_at)
    slot_id = Slot.objects.take(bureau=facts.policy.code, starts_at=starts_at, cases=cases)
    if slot_id is None:
        return None
    reservation = insert(order, slot_id, facts, starts_at - FIVE_DAYS)
    ReservedCase.objects.bulk_create(new_cases(order.content, reservation, facts))
    for reminder in Reminder:  # told already, as if days ago
        tell(reservation=reservation, reminder=reminder, at=reservation.booked_at)
    return reservation


def _nothing(_reservation: Reservation, _at: datetime) -> None:
    """Nobody recorded anything."""


def _arrives(reservation: Reservation, at: datetime) -> None:
    if (moment := _within(reservation, at)) is not None:
        check_in(reservation=reservation, policy=reservation.made_under, actor=_actor(), at=moment)


def _is_called(reservation: Reservation, at: datetime) -> None:
    if (moment := _within(reservation, at)) is not None:
        call_up(reservation=reservation, policy=reservation.made_under, actor=_actor(), at=moment)


def _is_served(reservation: Reservation, at: datetime) -> None:
    """All but the last case are issued."""
    if (moment := _within(reservation, at)) is None:
        return
    last = reservation.cases.order_by("order").last()
    record_outcome(
        reservation=reservation,
        exceptions={last.pk: NotIssued.PAPER_MISSING} if last and last.order > 1 else {},
        policy=reservation.made_under,
        actor=_actor(),
        at=moment,
    )


def _is_late(reservation: Reservation, at: datetime) -> None:
    length = timedelta(minutes=reservation.made_under.slot_minutes)
    moment = reservation.starts_at + length + timedelta(minutes=4)
    if moment <= at:
        end_visit(
            reservation=reservation,
            ending=Ending.LATE,
            policy=reservation.made_under,
            actor=_actor(),
            at=moment,
        )


BUSY: tuple[Happening, ...] = (_is_called, _arrives, _nothing, _arrives, _is_served, _nothing)
OTHERS: tuple[Happening, ...] = (_is_served, _is_late)
UNFINISHED: tuple[Happening, ...] = (_is_served, _nothing)
"""Of the hour before: one waits to be resolved."""


def _within(reservation: Reservation, at: datetime) -> datetime | None:
    """Return a moment of the hour that has passed; None where it has not begun."""
    if at < reservation.starts_at:
        return None
    return min(at, reservation.starts_at + timedelta(minutes=12))


def _actor() -> str:
    """The invented clerk, where there is one."""
    account = Account.objects.filter(username=f"{RESERVED}clerk").first()
    return account.actor if account else "system:demo"
