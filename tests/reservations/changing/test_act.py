"""Correcting, withdrawing and putting back: exactly this is written, or nothing.  4(3), D06."""

from datetime import datetime

import pytest

from tests import factories, situations
from tests.changes import ACTOR, added, assert_refused, cases_of, change, edits, numbers_of
from tests.policies import at
from uketori import clock
from uketori.bureaus.models import Slot
from uketori.reservations.booking import act
from uketori.reservations.models import CaseChange, CaseChangeKind, Reservation
from uketori.rules.refusals import Refusal, Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

THURSDAY_TEN = at("2026-06-11 10:00")
FRIDAY_NINE = at("2026-06-12 09:00")


def fifteen() -> Reservation:
    return factories.reservation(situations.aoki(), THURSDAY_TEN, factories.numbers(15))


def five() -> Reservation:
    return factories.reservation(situations.aoki(), THURSDAY_TEN, factories.numbers(5))


def hour(starts_at: datetime = THURSDAY_TEN) -> Slot:
    return Slot.objects.get(starts_at=starts_at)


# correcting


def test_correct__three_of_fifteen__only_these_change() -> None:
    reservation = fifteen()
    before = numbers_of(reservation)
    wrong = {2: "阪労一E09002", 7: "阪労一E09007", 15: "阪労一E09015"}

    changed = change(reservation, corrected=wrong)

    after = [wrong.get(place, number) for place, number in enumerate(before, start=1)]
    assert numbers_of(changed) == after
    assert (changed.first_case_count, changed.live_case_count, changed.revision) == (15, 15, 2)
    assert (hour().booked_reservations, hour().booked_cases) == (1, 15)
    entries = list(CaseChange.objects.order_by("pk"))
    assert [entry.kind for entry in entries] == [CaseChangeKind.CORRECTED] * 3
    told = [(one.before["number"], one.after["number"]) for one in entries]
    assert told == [(before[1], wrong[2]), (before[6], wrong[7]), (before[14], wrong[15])]


def test_correct__type_category_and_reentry__with_the_number_as_it_is() -> None:
    reservation = five()
    number = numbers_of(reservation)[0]
    wanted = added(number, type="change", category="same_org")

    change(reservation, corrected={1: wanted})

    case = cases_of(reservation)[0]
    assert (case.number, case.type, case.category) == (number, "change", "same_org")
    (entry,) = CaseChange.objects.all()
    assert entry.before == {
        "number": number,
        "type": "extension",
        "category": "own",
        "with_reentry_permit": False,
    }
    assert entry.after == {**entry.before, "type": "change", "category": "same_org"}


def test_correct__to_a_number_already_in_the_list__refused() -> None:
    reservation = five()
    numbers = numbers_of(reservation)

    assert_refused(reservation, Refusal.NUMBER_REPEATED, corrected={2: numbers[3]})
    full_width = numbers[3].replace("E", "Ｅ")
    assert_refused(reservation, Refusal.NUMBER_REPEATED, corrected={2: full_width})


@pytest.mark.parametrize(("edited", "other"), [(1, 4), (4, 1)])
def test_correct__to_a_number_in_the_list__told_at_the_one_that_was_touched(
    edited: int, other: int
) -> None:
    reservation = five()
    wanted = {edited: numbers_of(reservation)[other - 1]}

    refused = assert_refused(reservation, Refusal.NUMBER_REPEATED, corrected=wanted)

    assert refused.reasons[0].case == edited
    assert refused.reasons[0].facts == {"first": other}


def test_correct__to_the_number_of_a_withdrawn_one__allowed() -> None:
    reservation = five()
    numbers = numbers_of(reservation)

    change(reservation, withdrawn=[4], corrected={2: numbers[3]})

    assert numbers_of(reservation) == [numbers[0], numbers[3], numbers[2], numbers[4]]


def test_correct__two_numbers_change_places__and_three_go_round() -> None:
    reservation = five()
    one, two, three, four, last = numbers_of(reservation)

    change(reservation, corrected={1: two, 2: one})
    assert numbers_of(reservation) == [two, one, three, four, last]
    change(reservation, corrected={3: four, 4: last, 5: three})
    assert numbers_of(reservation) == [two, one, four, last, three]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", Refusal.NUMBER_MISSING),
        ("阪", Refusal.NUMBER_TOO_SHORT),
        ("E" * 31, Refusal.NUMBER_TOO_LONG),
        ("阪労一E0123?", Refusal.NUMBER_FORBIDDEN_CHARACTERS),
        ("阪労一" + " " * 200 + "E09999", Refusal.NUMBER_TOO_LONG),
    ],
    ids=["empty", "short", "long", "sign", "blanks"],
)
def test_correct__to_what_is_no_number__refused(number: str, code: Refusal) -> None:
    assert_refused(five(), code, corrected={3: number})
    assert_refused(Reservation.objects.get(), code, withdrawn=[1], put_back=[number])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"type": ""}, Refusal.TYPE_MISSING),
        ({"type": "reentry"}, Refusal.TYPE_UNKNOWN),
        ({"category": ""}, Refusal.CATEGORY_MISSING),
        ({"category": "nobody"}, Refusal.CATEGORY_UNKNOWN),
        ({"category": "professional_receive_only"}, Refusal.CATEGORY_NOT_FOR_HOLDER),
    ],
)
def test_correct__type_or_category_not_for_this_person__refused(
    changes: dict[str, str], code: Refusal
) -> None:
    assert_refused(five(), code, corrected={1: added("阪労一E09999", **changes)})


def test_correct__to_a_number_of_the_persons_other_hour__refused() -> None:
    reservation = five()
    other = factories.reservation(reservation.claim, FRIDAY_NINE, ["阪労一E07777"])

    refused = assert_refused(
        reservation, Refusal.NUMBER_IN_OTHER_RESERVATION, corrected={2: "阪労一E07777"}
    )

    assert refused.reasons[0].facts["reference"] == other.reference
    assert refused.reasons[0].case == 2


def test_correct__to_a_number_of_somebody_else__accepted_and_told_nobody() -> None:
    factories.reservation(situations.chinen(), FRIDAY_NINE, ["阪労一E07777"])
    changed = change(five(), corrected={2: "阪労一E07777"})
    assert "阪労一E07777" in numbers_of(changed)


def test_withdraw__although_an_untouched_number_stands_elsewhere__allowed() -> None:
    """What was booked once is not refused later, when something else is changed."""
    reservation = five()
    factories.reservation(reservation.claim, FRIDAY_NINE, [numbers_of(reservation)[0]])
    assert change(reservation, withdrawn=[5]).live_case_count == 4


# withdrawing


def test_withdraw__two_of_five__places_are_free_for_others_at_once() -> None:
    reservation = five()
    factories.slot(THURSDAY_TEN, capacity_cases=5)
    rival = situations.chinen()
    facts = factories.facts()

    def books() -> Reservation:
        wish = factories.order(rival, THURSDAY_TEN, factories.numbers(2, 5000))
        return act.book(order=wish, facts=facts, actor="mail:2", at=clock.now())

    with pytest.raises(Refused):
        books()
    change(reservation, withdrawn=[2, 4])
    assert hour().booked_cases == 3
    assert books().live_case_count == 2
    assert (hour().booked_reservations, hour().booked_cases) == (2, 5)


def test_withdraw__line_in_the_ledger__who_from_to_when() -> None:
    reservation = five()
    gone = cases_of(reservation)[1]

    changed = change(reservation, withdrawn=[2], at=at("2026-06-08 10:30"))

    (entry,) = changed.changes.all()
    assert (entry.kind, entry.case_id, entry.actor) == (CaseChangeKind.WITHDRAWN, gone.pk, ACTOR)
    assert entry.before is not None
    assert (entry.before["number"], entry.after) == (gone.number, None)
    assert (entry.changed_at, entry.revision) == (at("2026-06-08 10:30"), changed.revision)
    gone.refresh_from_db()
    assert gone.withdrawn_at == at("2026-06-08 10:30")


def test_withdraw__all_but_one__allowed_and_all__refused() -> None:
    reservation = five()
    assert_refused(reservation, Refusal.ALL_WITHDRAWN, withdrawn=[1, 2, 3, 4, 5])
    assert change(reservation, withdrawn=[1, 2, 3, 4]).live_case_count == 1
    assert_refused(reservation, Refusal.ALL_WITHDRAWN, withdrawn=[1])


def test_withdraw__cases_keep_their_order() -> None:
    reservation = five()
    change(reservation, withdrawn=[2, 3])
    assert [case.order for case in cases_of(reservation)] == [1, 4, 5]


# all in one act


def test_everything_in_one_act__is_one_revision_and_one_movement_of_places() -> None:
    reservation = five()
    _one, two, three, four, last = numbers_of(reservation)

    changed = change(
        reservation,
        withdrawn=[1],
        corrected={2: "阪労一E08002"},
        put_back=["阪労一E08001"],
    )

    assert numbers_of(changed) == ["阪労一E08002", three, four, last, "阪労一E08001"]
    assert (changed.revision, changed.live_case_count, hour().booked_cases) == (2, 5, 5)
    kinds = set(CaseChangeKind) - {CaseChangeKind.TAKEN_OUT}
    assert set(changed.changes.values_list("kind", flat=True)) == kinds
    assert two not in numbers_of(changed)


def test_one_part_is_refused__nothing_of_the_whole_is_done() -> None:
    assert_refused(
        five(),
        Refusal.NUMBER_TOO_SHORT,
        withdrawn=[1],
        corrected={2: "阪"},
        put_back=["阪労一E08001"],
    )


def test_withdrawing_then_correcting__equals_correcting_then_withdrawing() -> None:
    one = factories.reservation(situations.aoki(), THURSDAY_TEN, factories.numbers(5))
    other = factories.reservation(situations.chinen(), THURSDAY_TEN, factories.numbers(5))

    change(one, withdrawn=[1])
    change(one, corrected={3: "阪労一E09004"})
    change(other, corrected={4: "阪労一E09004"})
    change(other, withdrawn=[1])

    assert numbers_of(one) == numbers_of(other)
    one.refresh_from_db()
    other.refresh_from_db()
    assert one.live_case_count == other.live_case_count == 4


def test_nothing_typed__told_so() -> None:
    reservation = five()
    assert_refused(reservation, Refusal.NOTHING_CHANGED)
    same = {1: numbers_of(reservation)[0]}
    assert_refused(reservation, Refusal.NOTHING_CHANGED, corrected=same)


def test_older_revision__refused_whatever_it_asks() -> None:
    reservation = five()
    seen = edits(reservation, withdrawn=[1])
    change(reservation, corrected={2: "阪労一E09002"})
    assert_refused(reservation, Refusal.RESERVATION_CHANGED, wanted=seen)
