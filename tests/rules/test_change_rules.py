"""利用案内 4(1), 4(3): until when, and never more than booked first; edges in pairs, properties."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policies import at, osaka
from uketori.rules.change import Change, Kept, refuse_cancellation, refuse_change
from uketori.rules.refusals import Refusal

CLOSES_AT = at("2026-06-12 12:00")
"""Of a visit on Mon 2026-06-15: Fri 2026-06-12, noon."""
IN_TIME = at("2026-06-12 11:59:59.999999")


def kept(first: int = 5, live: int = 5, **changes: Any) -> Kept:
    return Kept(**{"closes_at": CLOSES_AT, "first_count": first, "live_count": live, **changes})


def refused(change: Change, reservation: Kept, **allowed: bool) -> list[str]:
    return [reason.code for reason in refuse_change(change, reservation, osaka(**allowed), IN_TIME)]


@pytest.mark.parametrize(
    ("now", "codes"),
    [
        ("2026-06-12 11:59:59", []),
        ("2026-06-12 11:59:59.999999", []),
        ("2026-06-12 12:00:00", [Refusal.CHANGE_CLOSED]),
        ("2026-06-12 12:00:00.000001", [Refusal.CHANGE_CLOSED]),
        ("2026-06-15 09:00", [Refusal.CHANGE_CLOSED]),
    ],
)
def test_change_and_cancel__around_noon_on_friday_before_monday_06_15(
    now: str, codes: list[str]
) -> None:
    changed = refuse_change(Change(withdrawn=1), kept(), osaka(), at(now))
    assert [reason.code for reason in changed] == codes
    assert [reason.code for reason in refuse_cancellation(kept(), at(now))] == codes


def test_change__too_late__tells_the_moment_that_was_promised() -> None:
    (reason,) = refuse_change(Change(corrected=1), kept(), osaka(), CLOSES_AT)
    assert reason.facts == {"closed_at": CLOSES_AT}


def test_change__too_late__nothing_else_is_said() -> None:
    wrong = Change(withdrawn=5, put_back=9)
    codes = [one.code for one in refuse_change(wrong, kept(), osaka(), CLOSES_AT)]
    assert codes == [Refusal.CHANGE_CLOSED]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"is_cancelled": True}, Refusal.RESERVATION_CANCELLED),
        ({"is_over": True}, Refusal.RESERVATION_ENDED),
        ({"is_cancelled": True, "is_over": True}, Refusal.RESERVATION_CANCELLED),
    ],
)
def test_change__cancelled_or_over__refused_before_and_after_the_moment(
    facts: dict[str, bool], code: Refusal
) -> None:
    for now in (IN_TIME, CLOSES_AT):
        for reasons in (
            refuse_change(Change(withdrawn=1), kept(**facts), osaka(), now),
            refuse_cancellation(kept(**facts), now),
        ):
            assert [reason.code for reason in reasons] == [code]


@pytest.mark.parametrize(
    ("change", "live", "codes"),
    [
        (Change(put_back=2), 3, []),
        (Change(put_back=3), 3, [Refusal.MORE_THAN_FIRST_COUNT]),
        (Change(put_back=1), 5, [Refusal.MORE_THAN_FIRST_COUNT]),
        (Change(withdrawn=1, put_back=1), 5, []),
        (Change(withdrawn=1, put_back=2), 5, [Refusal.MORE_THAN_FIRST_COUNT]),
        (Change(withdrawn=4), 5, []),
        (Change(withdrawn=5), 5, [Refusal.ALL_WITHDRAWN]),
        (Change(withdrawn=5, put_back=1), 5, []),
        (Change(withdrawn=1), 1, [Refusal.ALL_WITHDRAWN]),
        (Change(corrected=5), 5, []),
        (Change(), 5, [Refusal.NOTHING_CHANGED]),
    ],
)
def test_count__edges_of_five_booked_first(change: Change, live: int, codes: list[str]) -> None:
    assert refused(change, kept(5, live)) == codes


def test_count__above_the_first__tells_both_numbers() -> None:
    (reason,) = refuse_change(Change(put_back=3), kept(5, 3), osaka(), IN_TIME)
    assert reason.facts == {"first": 5, "wanted": 6}


@pytest.mark.parametrize(
    ("key", "change", "code"),
    [
        ("allow_correction", Change(corrected=1), Refusal.CORRECTION_NOT_ALLOWED),
        ("allow_withdrawal", Change(withdrawn=1), Refusal.WITHDRAWAL_NOT_ALLOWED),
        ("allow_putting_back", Change(put_back=1), Refusal.PUTTING_BACK_NOT_ALLOWED),
    ],
)
def test_kind__refused_only_where_the_bureau_does_not_offer_it(
    key: str, change: Change, code: Refusal
) -> None:
    assert refused(change, kept(5, 4), **{key: True}) == []
    assert refused(change, kept(5, 4), **{key: False}) == [code]
    everything = Change(corrected=1, withdrawn=1, put_back=1)
    assert refused(everything, kept(5, 4), **{key: False}) == [code]


def test_kinds__none_offered__each_is_named_at_once() -> None:
    nothing = dict.fromkeys(("allow_correction", "allow_withdrawal", "allow_putting_back"), False)
    everything = Change(corrected=1, withdrawn=1, put_back=1)
    assert refused(everything, kept(5, 4), **nothing) == [
        Refusal.CORRECTION_NOT_ALLOWED,
        Refusal.WITHDRAWAL_NOT_ALLOWED,
        Refusal.PUTTING_BACK_NOT_ALLOWED,
    ]
    assert refuse_cancellation(kept(5, 4), IN_TIME) == [], "the whole can always be cancelled"


FEW = st.integers(0, 20)
CHANGES = st.builds(Change, corrected=FEW, withdrawn=FEW, put_back=FEW)
COUNTS = st.integers(1, 15).flatmap(lambda first: st.tuples(st.just(first), st.integers(1, first)))


@given(COUNTS, st.lists(CHANGES, max_size=8))
def test_any_changes__one_after_the_other__between_one_and_the_first_count(
    counts: tuple[int, int], changes: list[Change]
) -> None:
    first, live = counts
    for change in changes:
        now = kept(first, live)
        if not refused(change, now):
            live = change.count_after(now)
        assert 1 <= live <= first


@given(COUNTS, FEW, FEW)
def test_withdrawing_then_correcting__is_correcting_then_withdrawing(
    counts: tuple[int, int], withdrawn: int, corrected: int
) -> None:
    now = kept(*counts)
    one, other = Change(withdrawn=withdrawn), Change(corrected=corrected)

    def after(*changes: Change) -> int:
        live = now.live_count
        for change in changes:
            live = change.count_after(kept(now.first_count, live))
        return live

    assert after(one, other) == after(other, one)
    assert after(one, other) == Change(withdrawn=withdrawn, corrected=corrected).count_after(now)


@given(COUNTS, CHANGES, st.integers(0, 10))
def test_putting_back__more_never_helps(counts: tuple[int, int], change: Change, more: int) -> None:
    now = kept(*counts)
    larger = Change(
        corrected=change.corrected,
        withdrawn=change.withdrawn,
        put_back=change.put_back + more,
    )
    if Refusal.MORE_THAN_FIRST_COUNT in refused(change, now):
        assert Refusal.MORE_THAN_FIRST_COUNT in refused(larger, now)


@given(st.timedeltas(timedelta(0), timedelta(days=400)), CHANGES)
def test_after_the_moment__everything_is_refused_for_ever(later: timedelta, change: Change) -> None:
    moment = CLOSES_AT + later
    assert refuse_change(change, kept(), osaka(), moment)
    assert refuse_cancellation(kept(), moment)
    assert refuse_cancellation(kept(), CLOSES_AT - later - timedelta(microseconds=1)) == []
