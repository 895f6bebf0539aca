"""What a reservation is, in twenty lines: the code must agree with it after every step."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from uketori.rules.calendar import CalendarFacts, booking_closes_at, display_window


@dataclass
class Booked:
    """One reservation as the notice speaks of it."""

    person: str
    starts_at: datetime
    first: int
    closes_at: datetime
    may_withdraw: bool
    may_put_back: bool
    may_reschedule: bool
    numbers: list[str] = field(default_factory=list)
    cancelled: bool = False

    @property
    def visit_day(self) -> date:
        return self.starts_at.date()


@dataclass
class Model:
    """What everybody holds, what an hour offers, and what staff have stopped and closed."""

    places: int
    cases: int
    booked: list[Booked] = field(default_factory=list)
    stopped: set[datetime] = field(default_factory=set)
    closed: set[date] = field(default_factory=set)
    """Days that staff have closed, whatever the calendar of the code says."""

    def live(self, starts_at: datetime) -> list[Booked]:
        return [one for one in self.booked if one.starts_at == starts_at and not one.cancelled]

    def free_cases(self, starts_at: datetime) -> int:
        return self.cases - sum(len(one.numbers) for one in self.live(starts_at))

    def held(self, person: str, first_day: date) -> set[datetime]:
        mine = [one for one in self.booked if one.person == person and not one.cancelled]
        return {one.starts_at for one in mine if one.visit_day >= first_day}

    def is_offered(self, starts_at: datetime, facts: CalendarFacts) -> bool:
        day = starts_at.date()
        is_given = starts_at not in self.stopped and day not in self.closed
        return is_given and starts_at.hour in facts.hours(day)

    def may_book(
        self, person: str, starts_at: datetime, cases: int, at: datetime, facts: CalendarFacts
    ) -> bool:
        window = display_window(at, facts)
        return (
            window.first_day is not None
            and starts_at.date() in window
            and self.is_offered(starts_at, facts)
            and starts_at not in self.held(person, at.astimezone(facts.policy.tz).date())
            and len(self.held(person, window.first_day)) < facts.policy.max_slots_in_window
            and len(self.live(starts_at)) < self.places
            and 1 <= cases <= min(self.free_cases(starts_at), facts.policy.max_cases_per_slot)
        )

    def may_change(
        self, one: Booked, withdrawn: int, put_back: int, at: datetime, facts: CalendarFacts
    ) -> bool:
        after, more = len(one.numbers) - withdrawn + put_back, put_back - withdrawn
        return (
            self.may_cancel(one, at)
            and 1 <= after <= one.first
            and (one.may_withdraw or not withdrawn)
            and (one.may_put_back or not put_back)
            and (
                more <= 0
                or (
                    self.is_offered(one.starts_at, facts) and more <= self.free_cases(one.starts_at)
                )
            )
        )

    def may_reschedule(
        self, one: Booked, starts_at: datetime, at: datetime, facts: CalendarFacts
    ) -> bool:
        """As if it were booked anew by somebody who does not hold it."""
        released = replace(self, booked=[other for other in self.booked if other is not one])
        return (
            self.may_cancel(one, at)
            and one.may_reschedule
            and starts_at != one.starts_at
            and released.may_book(one.person, starts_at, len(one.numbers), at, facts)
        )

    @staticmethod
    def promise_after(one: Booked, starts_at: datetime, facts: CalendarFacts) -> datetime:
        """A day has one promise, which is never made earlier."""
        promise = booking_closes_at(starts_at.date(), facts)
        return max(promise, one.closes_at) if starts_at.date() == one.visit_day else promise

    @staticmethod
    def may_take_out(one: Booked, at: datetime) -> bool:
        """Tell whether the bureau may: on its own days, until the visit day is over."""
        return not one.cancelled and at.astimezone(one.starts_at.tzinfo).date() <= one.visit_day

    @staticmethod
    def take_out(one: Booked, gone: int) -> None:
        one.cancelled = gone == len(one.numbers)
        if not one.cancelled:
            one.first -= gone
            del one.numbers[:gone]

    @staticmethod
    def may_cancel(one: Booked, at: datetime) -> bool:
        return not one.cancelled and at < one.closes_at
