"""Reservations through noon, weekend and year end, step by step against a model.  3(2), 4.

About ten seconds; ``UKETORI_LONG_RUN=500`` walks so many lives instead of thirty.
"""

import os
import shutil
from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError
from hypothesis import HealthCheck, Phase, note, settings
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
from tests.changes import cancel, change, numbers_of
from tests.concurrency import controls
from tests.concurrency.crowd import disagreements
from tests.policies import TOKYO, at
from tests.state_machine.model import Booked, Model
from uketori.bureaus.calendar import calendar_facts
from uketori.bureaus.models import Slot, SlotQuerySet, SpecialDay
from uketori.bureaus.slots import stop_hour
from uketori.intermediaries import proofs
from uketori.intermediaries.models import (
    Certificate,
    CertificateClaim,
    Intermediary,
    MailAddress,
    MailProof,
)
from uketori.outbox.models import OutgoingMail
from uketori.reservations import booking
from uketori.reservations.models import CaseChange, Draft, Reservation
from uketori.rules import booking as booking_rules
from uketori.rules import change as change_rules
from uketori.rules.calendar import CalendarFacts, display_window
from uketori.rules.refusals import Refused

pytestmark = pytest.mark.django_db

THURSDAY = at("2026-12-24 10:00")
"""Displayed are 12/25 12/28 1/4 1/5 1/6: a weekend and the year's end lie ahead."""
PLACES, CASES = 2, 6
CHANGES = {
    "capacity_reservations = 6": f"capacity_reservations = {PLACES}",
    "capacity_cases = 60": f"capacity_cases = {CASES}",
}
COMING = {
    **CHANGES,
    "max_slots_in_window = 2": "max_slots_in_window = 1",
    'change_last_minute = "11:59"': 'change_last_minute = "10:59"',
    "allow_putting_back = true": "allow_putting_back = false",
}
"""What another policy says from the fourth of January on."""
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
    [timedelta(minutes=1), timedelta(hours=1), timedelta(hours=23), timedelta(days=3)]
)
FEW = st.integers(0, 3)


class Life(RuleBasedStateMachine):
    """Three people, two hours a day, little room; time only goes on."""

    reservations: Bundle[int] = Bundle("reservations")

    @initialize()
    def begin(self) -> None:
        for model in ROWS:
            model._default_manager.all().delete()
        self.at = THURSDAY
        self.model = Model(PLACES, CASES)
        self.claims: dict[str, CertificateClaim] = {}
        self.by_bureau: dict[str, int] = {}
        self.numbers = (f"阪労一E{number:05d}" for number in count(1))
        for person in PEOPLE[:2]:
            self.prove(person)

    # what people do

    @rule(person=st.sampled_from(PEOPLE))
    def proves(self, person: str) -> None:
        self.prove(person)

    def prove(self, person: str) -> None:
        """Use a fresh link up; the first time, enter a certificate."""
        proof = proofs.request_proof(
            policy=self.facts.policy, address=f"{person}@example.jp", at=self.at
        )
        if proof is None:  # five links are on their way
            return
        assert proofs.spend(proof=proof, device_digest="", at=self.at)
        if person not in self.claims:
            self.claims[person] = factories.claim(
                f"{person}@example.jp", person=factories.intermediary(person)
            )

    @rule(
        target=reservations,
        person=st.sampled_from(PEOPLE),
        day=st.integers(-1, 5),
        hour=st.sampled_from(HOURS),
        cases=st.integers(1, 4),
    )
    def book(self, person: str, day: int, hour: int, cases: int) -> Any:
        if person not in self.claims:
            return multiple()
        days = display_window(self.at, self.facts).days
        shown = days[day].day if day < len(days) else days[-1].day + timedelta(days=1)
        starts_at = datetime.combine(shown, time(hour), TOKYO)
        numbers = [next(self.numbers) for _ in range(cases)]
        order = factories.order(self.claims[person], starts_at, numbers)
        expected = self.model.may_book(person, starts_at, cases, self.at, self.facts)
        made = self.is_done(
            expected,
            lambda: booking.book(order=order, facts=self.facts, actor="mail:1", at=self.at),
        )
        if made is None:
            return multiple()
        closes_at, policy = made.change_closes_at, self.facts.policy
        self.model.booked.append(
            Booked(person, starts_at, cases, closes_at, policy.allow_putting_back, numbers)
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

    @rule(before=st.booleans())
    def noon_comes(self, before: bool) -> None:
        """To the last moment before the next noon, or to noon itself."""
        local = self.at.astimezone(TOKYO)
        noon = datetime.combine(local.date(), time(12), TOKYO)
        noon += timedelta(days=local >= noon)
        moment = noon - timedelta(microseconds=1) if before else noon
        if moment > self.at:
            self.moves_to(moment)

    @rule(day=st.integers(0, 4), hour=st.sampled_from(HOURS))
    def hour_is_stopped(self, day: int, hour: int) -> None:
        shown = display_window(self.at, self.facts).days[day].day
        starts_at = datetime.combine(shown, time(hour), TOKYO)
        stop_hour(policy=self.facts.policy, starts_at=starts_at, actor="staff:1", at=self.at)
        self.model.stopped.add(starts_at)

    @rule(day=st.integers(1, 8), is_open=st.booleans())
    def day_is_closed_or_opened(self, day: int, is_open: bool) -> None:
        SpecialDay.objects.update_or_create(
            bureau=factories.BUREAU,
            day=self.at.astimezone(TOKYO).date() + timedelta(days=day),
            defaults={"is_open": is_open, "reason": "臨時", "announced_at": self.at},
        )
        self.look_again()
        self.by_bureau = {person: self.held(person) for person in PEOPLE}

    # what is true after every step

    @invariant()
    def counters_agree_with_the_rows(self) -> None:
        assert disagreements() == []
        for slot in Slot.objects.all():
            assert slot.booked_reservations <= slot.ceiling_reservations == PLACES
            assert slot.booked_cases <= slot.ceiling_cases == CASES

    @invariant()
    def reservations_agree_with_the_model(self) -> None:
        for made, one in zip(Reservation.objects.order_by("pk"), self.model.booked, strict=True):
            assert numbers_of(made) == one.numbers
            assert 1 <= made.live_case_count == len(one.numbers) <= made.first_case_count
            assert made.first_case_count == one.first
            assert made.change_closes_at == one.closes_at, "a promise was changed"
            assert (made.cancelled_at is not None) is one.cancelled
            touched = [*made.changes.values_list("changed_at", flat=True), made.cancelled_at]
            assert all(moment < one.closes_at for moment in touched if moment)

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
        note(f"refused: {codes}" if codes else "done")
        assert (done is not None) is expected, codes
        return done


@pytest.fixture
def two_policies(tmp_path: Path, settings: Any) -> None:
    """Osaka with little room, and another policy that comes with the new year."""
    folder = tmp_path / "bureaus" / "osaka"
    shutil.copytree(Path(settings.BUREAUS_FOLDER) / "osaka", folder)
    first = folder / "policy.2026-01-01.toml"
    text = first.read_text(encoding="utf-8")
    first.write_text(replaced(text, CHANGES), encoding="utf-8")
    (folder / "policy.2027-01-04.toml").write_text(replaced(text, COMING), encoding="utf-8")
    settings.BUREAUS_FOLDER = str(folder.parent)
    factories.first_notice()


def replaced(text: str, changes: dict[str, str]) -> str:
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after, 1)
    return text


def live(how_many: int, **changes: Any) -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=how_many,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            **changes,
        ),
    )


@pytest.mark.usefixtures("two_policies")
def test_life__whatever_happens_in_whatever_order__every_limit_holds() -> None:
    """`UKETORI_LONG_RUN=1000` looks for new lives; without it they are the same every time."""
    longer = os.environ.get("UKETORI_LONG_RUN")
    live(int(longer or "30"), derandomize=not longer)


@pytest.mark.usefixtures("two_policies")
@pytest.mark.parametrize(
    ("owner", "guard", "instead"),
    [
        (change_rules, "may_change", lambda **_facts: True),
        (change_rules, "_refuse_count", lambda *_facts: []),
        (booking_rules, "refuse_quantity", lambda *_facts: []),
        (SlotQuerySet, "give_back", lambda _self, **_places: None),
        (SlotQuerySet, "take_cases", lambda _self, **_places: True),
    ],
    ids=["deadline", "first count", "quota", "giving back", "taking"],
)
def test_life__control__a_guard_is_gone__noticed(owner: Any, guard: str, instead: Any) -> None:
    wanted = {"derandomize": True, "phases": [Phase.generate], "database": None}
    with controls.replaced(owner, guard, instead), pytest.raises((AssertionError, IntegrityError)):
        live(100, **wanted)
