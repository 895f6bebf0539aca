"""Reservations through noon, weekend and year end, step by step against a model.  3(2), 4.

About ten seconds; ``UKETORI_LONG_RUN=500`` walks so many lives instead of thirty.
"""

import os
import shutil
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.db import IntegrityError
from hypothesis import Phase

from tests import factories
from tests.concurrency import controls
from tests.every_bureau.bureaus import FOLDER, policy_of
from tests.state_machine.life import Life, live
from uketori.bureaus import models as bureau_models
from uketori.bureaus.models import TAKE, SlotQuerySet
from uketori.rules import booking as booking_rules
from uketori.rules import change as change_rules
from uketori.rules import rescheduling as rescheduling_rules
from uketori.rules.booking import refuse_quantity
from uketori.rules.calendar import CalendarFacts
from uketori.rules.refusals import Reason, Refusal

pytestmark = pytest.mark.django_db

PLACES, CASES = 2, 18
"""Two places an hour, and cases for one person with as many as allowed and another with few."""
PLACE_IS_FREE = "AND booked_reservations + 1 <= capacity_reservations"
IS_NOT_STOPPED = "AND closed_at IS NULL"
assert PLACE_IS_FREE in TAKE
assert IS_NOT_STOPPED in TAKE
MET = {
    Refusal.SLOT_FULL,
    Refusal.TOO_FEW_CASES_LEFT,
    Refusal.TOO_MANY_CASES,
    Refusal.TOO_MANY_SLOTS,
    Refusal.SLOT_STOPPED,
    Refusal.CHANGE_CLOSED,
    "day closed by staff",
    "as many cases as allowed",
    "booked under 2026-01-01",
}
"""What lives must have come to, else they show nothing of it."""
CHANGES = {
    "capacity_reservations = 6": f"capacity_reservations = {PLACES}",
    "capacity_cases = 60": f"capacity_cases = {CASES}",
    "allow_reschedule = false": "allow_reschedule = true",
}
COMING = {
    **CHANGES,
    "max_slots_in_window = 2": "max_slots_in_window = 1",
    'change_last_minute = "11:59"': 'change_last_minute = "10:59"',
    "allow_putting_back = true": "allow_putting_back = false",
    "allow_reschedule = false": "allow_reschedule = false",
}
"""What another policy says from the fourth of January on."""


class LifeAtMinato(Life):
    """Three days, one hour a person, until 17:59 two open days before, nothing taken out."""

    hours = (8, 9)
    met: ClassVar[Counter[str]] = Counter()


@pytest.fixture
def minato(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second bureau as it is."""
    settings.BUREAUS_FOLDER = str(FOLDER)
    monkeypatch.setattr(factories, "BUREAU", "minato")
    declared = tuple(one.code for one in policy_of("minato").declarations)
    monkeypatch.setattr(factories, "DECLARED", declared)
    factories.first_notice()


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


def without_staff(facts: CalendarFacts, day: date) -> str | None:
    """Tell why the day is closed, without having heard of what staff have closed."""
    return None if day in facts.extra_open else facts._ordinarily_closed(day)


def but_for_the_cases(*facts: Any) -> list[Reason]:
    """Refuse what is too much, but never for the number of cases."""
    return [one for one in refuse_quantity(*facts) if one.code != Refusal.TOO_MANY_CASES]


def replaced(text: str, changes: dict[str, str]) -> str:
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after, 1)
    return text


@pytest.mark.usefixtures("two_policies")
def test_life__whatever_happens_in_whatever_order__every_limit_holds() -> None:
    """`UKETORI_LONG_RUN=1000` looks for new lives; without it they are the same every time."""
    longer = os.environ.get("UKETORI_LONG_RUN")
    Life.met.clear()
    live(int(longer or "30"), derandomize=not longer)
    assert MET | {"booked under 2027-01-04"} <= set(+Life.met), Life.met


@pytest.mark.usefixtures("minato")
def test_life__at_another_bureau__its_own_limits_hold() -> None:
    longer = os.environ.get("UKETORI_LONG_RUN")
    LifeAtMinato.met.clear()
    live(int(longer or "15"), LifeAtMinato, derandomize=not longer)
    assert set(+LifeAtMinato.met) >= MET, LifeAtMinato.met


@pytest.mark.usefixtures("two_policies")
@pytest.mark.parametrize(
    ("owner", "guard", "instead"),
    [
        (change_rules, "may_change", lambda **_facts: True),
        (change_rules, "_refuse_count", lambda *_facts: []),
        (booking_rules, "refuse_quantity", lambda *_facts: []),
        (booking_rules, "refuse_quantity", but_for_the_cases),
        (CalendarFacts, "why_closed", without_staff),
        (bureau_models, "TAKE", TAKE.replace(PLACE_IS_FREE, "")),
        (bureau_models, "TAKE", TAKE.replace(IS_NOT_STOPPED, "")),
        (rescheduling_rules, "others_of", lambda standing: standing.held),
        (SlotQuerySet, "give_back", lambda _self, **_places: None),
        (SlotQuerySet, "take_cases", lambda _self, **_places: True),
    ],
    ids=[
        "deadline",
        "first count",
        "quota",
        "cases of a reservation",
        "closed day",
        "reservations of an hour",
        "stopped hour",
        "release before the quota",
        "giving back",
        "taking",
    ],
)
def test_life__control__a_guard_is_gone__noticed(owner: Any, guard: str, instead: Any) -> None:
    with controls.replaced(owner, guard, instead):
        expect_noticed(Life)


@pytest.mark.usefixtures("minato")
def test_life__control__minato_lets_cases_be_taken_out__noticed() -> None:
    with controls.replaced(change_rules, "_refuse_kinds", lambda *_facts: []):
        expect_noticed(LifeAtMinato)


def expect_noticed(of: type[Life]) -> None:
    """Live until the missing guard is noticed; most are within thirty lives."""
    with pytest.raises((AssertionError, IntegrityError)):
        live(200, of, derandomize=True, phases=[Phase.generate], database=None)
