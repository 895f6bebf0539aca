"""A machine that drives the whole site, and what it expects, at one bureau.  3(2), 4."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any, ClassVar

from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from tests import factories
from tests.changes import cancel, change, numbers_of, reschedule, take_out
from tests.concurrency.crowd import disagreements
from tests.policies import TOKYO, at
from tests.state_machine.model import Booked, Model
from uketori.bureaus.calendar import calendar_facts
from uketori.bureaus.models import Slot, SpecialDay
from uketori.bureaus.slots import stop_hour
from uketori.intermediaries.models import (
    Certificate,
    CertificateClaim,
    Intermediary,
    MailAddress,
    MailProof,
)
from uketori.intermediaries.proof import act as proof_act
from uketori.outbox.models import OutgoingMail
from uketori.reservations.booking import act as booking_act
from uketori.reservations.models import CaseChange, Draft, Reservation
from uketori.rules.calendar import CalendarFacts, display_window
from uketori.rules.refusals import Refused

THURSDAY = at("2026-12-24 10:00")
"""Displayed are 12/25 12/28 1/4 1/5 1/6: a weekend and the year's end lie ahead."""
PEOPLE = ("aoki", "beppu", "chinen")
HOURS = (9, 10)
ROWS = (
    OutgoingMail,
    Draft,
    CaseChange,
    Reservation,
    CertificateClaim,
    Certificate,
    Intermediary,
    MailProof,
    MailAddress,
    SpecialDay,
    Slot,
)
"""Everything but events and the notice, in an order in which it can be deleted."""
STEPS = st.sampled_from(
    [timedelta(hours=1), timedelta(hours=23), timedelta(days=3), timedelta(days=11)]
)
"""The longest leads from the first day over the year's end."""
FEW = st.integers(0, 3)
LIMIT, ABOVE = 5, 6
CASES = st.integers(1, ABOVE)
"""How many cases: few, or as many as one reservation may have, or one more."""
CLOSED_BY_STAFF = "臨時"
DAYS = st.integers(-1, 5)
"""A displayed day by its number, or the day beyond them."""


class Life(RuleBasedStateMachine):
    """Three people, two hours a day, little room; time only goes on."""

    reservations: Bundle[int] = Bundle("reservations")
    hours = HOURS
    """Where the two hours that are drawn stand at this bureau."""
    met: ClassVar[Counter[str]] = Counter()
    """What the lives since it was emptied have come to: reasons to refuse, and more."""

    @initialize()
    def begin(self) -> None:
        for model in ROWS:
            model._default_manager.all().delete()
        self.at = THURSDAY
        policy = self.facts.policy
        self.model = Model(policy.capacity_reservations, policy.capacity_cases)
        self.claims: dict[str, CertificateClaim] = {}
        self.by_bureau: dict[str, int] = {}
        self.numbers = (f"阪労一E{number:05d}" for number in count(1))
        for person in PEOPLE:
            self.prove(person)

    # what people do

    @rule(person=st.sampled_from(PEOPLE))
    def proves(self, person: str) -> None:
        self.prove(person)

    def prove(self, person: str) -> None:
        """Use a fresh link up; the first time, enter a certificate."""
        proof = proof_act.request_proof(
            policy=self.facts.policy, address=f"{person}@example.jp", at=self.at
        )
        if proof is None:  # five links are on their way
            return
        assert proof_act.spend(proof=proof, device_digest="", at=self.at)
        if person not in self.claims:
            self.claims[person] = factories.claim(
                f"{person}@example.jp", person=factories.intermediary(person)
            )

    @rule(
        target=reservations,
        person=st.sampled_from(PEOPLE),
        day=DAYS,
        hour=st.sampled_from(HOURS),
        cases=CASES,
    )
    def book(self, person: str, day: int, hour: int, cases: int) -> Any:
        return self.books(person, self.drawn(day, hour), cases)

    @rule(
        target=reservations,
        day=st.integers(0, 1),
        hour=st.sampled_from(HOURS),
        cases=st.sampled_from([LIMIT - 1, LIMIT]),
    )
    def everybody_books(self, day: int, hour: int, cases: int) -> Any:
        """One after the other, until the hour is full."""
        starts_at = self.drawn(day, hour)
        made = [self.books(person, starts_at, cases) for person in PEOPLE]
        return multiple(*[pk for pk in made if isinstance(pk, int)])

    @rule(target=reservations, person=st.sampled_from(PEOPLE), hour=st.sampled_from(HOURS))
    def books_all_and_moves_one(self, person: str, hour: int) -> Any:
        """As many days as allowed; the last of them then becomes the day after."""
        most = self.facts.policy.max_slots_in_window
        made = [self.books(person, self.drawn(day, hour), 1) for day in range(most)]
        pks = [pk for pk in made if isinstance(pk, int)]
        for pk in pks[-1:]:
            self.reschedule(pk, most, hour)
        return multiple(*pks)

    def books(self, person: str, starts_at: datetime, cases: int) -> Any:
        """Return the key of what was booked, or nothing for the bundle."""
        policy = self.facts.policy
        if cases >= LIMIT:
            cases += policy.max_cases_per_slot - LIMIT
        numbers = [next(self.numbers) for _ in range(cases)]
        order = factories.order(
            self.claims[person],
            starts_at,
            numbers,
            declared=frozenset(factories.DECLARED),
            type_for_all="extension",
        )
        expected = self.model.may_book(person, starts_at, cases, self.at, self.facts)
        made = self.is_done(
            expected,
            lambda: booking_act.book(order=order, facts=self.facts, actor="mail:1", at=self.at),
        )
        if made is None:
            return multiple()
        self.met["as many cases as allowed"] += cases == policy.max_cases_per_slot
        self.met[f"booked under {policy.effective_from}"] += 1
        self.model.booked.append(
            Booked(
                person=person,
                starts_at=starts_at,
                first=cases,
                closes_at=made.change_closes_at,
                may_withdraw=policy.allow_withdrawal,
                may_put_back=policy.allow_putting_back,
                may_reschedule=policy.allow_reschedule,
                numbers=numbers,
            )
        )
        return made.pk

    @rule(pk=reservations, place=st.integers(0, 3))
    def correct(self, pk: int, place: int) -> None:
        one = self.booked(pk)
        place %= len(one.numbers)
        number = next(self.numbers)
        if self.changes(pk, corrected={place + 1: number}):
            one.numbers[place] = number

    @rule(pk=reservations, withdrawn=FEW, put_back=FEW)
    def withdraw_and_put_back(self, pk: int, withdrawn: int, put_back: int) -> None:
        one = self.booked(pk)
        withdrawn = min(withdrawn, len(one.numbers))
        if not (withdrawn or put_back):
            return
        added = [next(self.numbers) for _ in range(put_back)]
        if self.changes(pk, withdrawn=range(1, withdrawn + 1), put_back=added):
            one.numbers[:] = [*one.numbers[withdrawn:], *added]

    @rule(pk=reservations, few=st.integers(1, 3))
    def think_twice(self, pk: int, few: int) -> None:
        """Take some out, and put as many back with other numbers."""
        self.withdraw_and_put_back(pk, few, 0)
        self.withdraw_and_put_back(pk, 0, few)

    @rule(pk=reservations, day=DAYS, hour=st.sampled_from(HOURS))
    def reschedule(self, pk: int, day: int, hour: int) -> None:
        one, starts_at = self.booked(pk), self.drawn(day, hour)
        expected = self.model.may_reschedule(one, starts_at, self.at, self.facts)
        reservation = Reservation.objects.get(pk=pk)
        if self.is_done(expected, lambda: reschedule(reservation, starts_at, at=self.at)):
            one.closes_at = self.model.promise_after(one, starts_at, self.facts)
            one.starts_at = starts_at

    @rule(pk=reservations)
    def cancel(self, pk: int) -> None:
        one = self.booked(pk)
        expected = self.model.may_cancel(one, self.at)
        if self.is_done(expected, lambda: cancel(Reservation.objects.get(pk=pk), at=self.at)):
            one.cancelled = True

    # what time and the bureau do

    @rule(step=STEPS)
    def time_passes(self, step: timedelta) -> None:
        self.moves_to(self.at + step)

    @rule(pk=reservations, before=st.booleans())
    def promise_ends(self, pk: int, before: bool) -> None:
        """To the last moment of what this reservation was promised, or to the first one after."""
        closes_at = self.booked(pk).closes_at
        moment = closes_at - timedelta(microseconds=1) if before else closes_at
        if moment > self.at:
            self.moves_to(moment)
            if not before:
                self.cancel(pk)

    @rule(pk=reservations, gone=st.integers(1, 3))
    def bureau_takes_out(self, pk: int, gone: int) -> None:
        """Also after the deadline; both counts fall, and with the last case all is gone."""
        one, made = self.booked(pk), Reservation.objects.get(pk=pk)
        places = range(1, min(gone, len(one.numbers)) + 1)
        expected = self.model.may_take_out(one, self.at)
        if self.is_done(expected, lambda: take_out(made, *places, at=self.at)):
            self.model.take_out(one, len(places))

    @rule(day=st.integers(0, 4), hour=st.sampled_from(HOURS), person=st.sampled_from(PEOPLE))
    def hour_is_stopped(self, day: int, hour: int, person: str) -> None:
        """And somebody who has not heard of it asks for it."""
        days = display_window(self.at, self.facts).days
        shown = days[day % len(days)].day
        starts_at = self.begins(shown, hour)
        stop_hour(policy=self.facts.policy, starts_at=starts_at, actor="staff:1", at=self.at)
        self.model.stopped.add(starts_at)
        self.books(person, starts_at, 1)

    @rule(
        day=st.integers(1, 8),
        is_open=st.booleans(),
        hour=st.sampled_from(HOURS),
        person=st.sampled_from(PEOPLE),
    )
    def day_is_closed_or_opened(self, day: int, is_open: bool, hour: int, person: str) -> None:
        """And somebody who has not heard of the closing asks for the day."""
        that = self.at.astimezone(TOKYO).date() + timedelta(days=day)
        SpecialDay.objects.update_or_create(
            bureau=factories.BUREAU,
            day=that,
            defaults={"is_open": is_open, "reason": CLOSED_BY_STAFF, "announced_at": self.at},
        )
        (self.model.closed.discard if is_open else self.model.closed.add)(that)
        self.look_again()
        self.by_bureau = {person: self.held(person) for person in PEOPLE}
        if not is_open:
            self.books(person, self.begins(that, hour), 1)

    # what is true after every step

    @invariant()
    def counters_agree_with_the_rows(self) -> None:
        assert disagreements() == []
        for slot in Slot.objects.all():
            assert slot.booked_reservations <= slot.ceiling_reservations == self.model.places
            assert slot.booked_cases <= slot.ceiling_cases == self.model.cases

    @invariant()
    def reservations_agree_with_the_model(self) -> None:
        for made, one in zip(Reservation.objects.order_by("pk"), self.model.booked, strict=True):
            assert numbers_of(made) == one.numbers
            assert 1 <= made.live_case_count == len(one.numbers) <= made.first_case_count
            assert made.first_case_count == one.first
            assert made.starts_at == made.slot.starts_at == one.starts_at
            assert made.change_closes_at == one.closes_at, "a promise was changed"
            assert (made.cancelled_at is not None) is one.cancelled
            touched = list(made.changes.values_list("changed_at", "actor"))
            touched += [(made.cancelled_at, made.ended_by)] if made.cancelled_at else []
            assert all(when < one.closes_at for when, by in touched if by.startswith("mail:"))

    @invariant()
    def nobody_holds_too_much_but_by_an_act_of_the_bureau(self) -> None:
        for person in PEOPLE:
            held = self.held(person)
            most = max(self.facts.policy.max_slots_in_window, self.by_bureau.get(person, 0))
            assert held <= most
            self.by_bureau[person] = min(self.by_bureau.get(person, 0), held)
        live = Reservation.objects.live().values_list("intermediary", "starts_at")
        assert len(live) == len(set(live)), "two live ones of one person and hour"

    # how it is asked

    def drawn(self, day: int, hour: int) -> datetime:
        """The hour on the displayed day of this number, or on a day beyond them."""
        days = display_window(self.at, self.facts).days
        shown = days[day].day if day < len(days) else days[-1].day + timedelta(days=1)
        return self.begins(shown, hour)

    def begins(self, day: date, hour: int) -> datetime:
        """The beginning of the drawn hour as this bureau has it."""
        return datetime.combine(day, time(self.hours[HOURS.index(hour)]), TOKYO)

    @property
    def facts(self) -> CalendarFacts:
        """What the bureau knows now."""
        return self._facts

    def look_again(self) -> None:
        self._facts = calendar_facts(factories.BUREAU, self._at.astimezone(TOKYO).date())

    @property
    def at(self) -> datetime:
        return self._at

    @at.setter
    def at(self, moment: datetime) -> None:
        self._at = moment
        self.look_again()

    def moves_to(self, moment: datetime) -> None:
        policy = self.facts.policy
        self.at = moment
        if self.facts.policy != policy:  # another policy is an act of the bureau
            self.by_bureau = {person: self.held(person) for person in PEOPLE}

    def held(self, person: str) -> int:
        first_day = display_window(self.at, self.facts).first_day
        return len(self.model.held(person, first_day)) if first_day else 0

    def booked(self, pk: int) -> Booked:
        pks = list(Reservation.objects.order_by("pk").values_list("pk", flat=True))
        return self.model.booked[pks.index(pk)]

    def changes(self, pk: int, **wanted: Any) -> bool:
        """Change as ``wanted``; tell whether it was done, which the model knew before."""
        withdrawn, put_back = (len(wanted.get(name, ())) for name in ("withdrawn", "put_back"))
        one = self.booked(pk)
        expected = self.model.may_change(one, withdrawn, put_back, self.at, self.facts)
        reservation = Reservation.objects.get(pk=pk)
        done = self.is_done(expected, lambda: change(reservation, at=self.at, **wanted))
        return done is not None

    def is_done(self, expected: bool, act: Callable[[], Reservation]) -> Reservation | None:
        """Do it; it is refused exactly when the model says so."""
        codes: list[str] = []
        done = None
        try:
            done = act()
        except Refused as refused:
            codes = refused.codes
            whys = [one.facts.get("reason") for one in refused.reasons]
            self.met["day closed by staff"] += CLOSED_BY_STAFF in whys
        note(f"refused: {codes}" if codes else "done")
        self.met.update(codes)
        assert (done is not None) is expected, codes
        return done


def live(how_many: int, of: type[Life] = Life, **changes: Any) -> None:
    run_state_machine_as_test(
        of,
        settings=settings(
            max_examples=how_many,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            **changes,
        ),
    )
