"""A coming policy file: in force from midnight, for new reservations only.  R-02, ADR 0011."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from tests import factories, situations
from tests.bureaus.policy_files import BEFORE, FIRST, MIDNIGHT, SECOND, books, write
from tests.intermediaries.holders.steps import enter
from tests.policies import at
from tests.situations import AtMoment
from uketori.bureaus.calendar import facts_at
from uketori.bureaus.models import Slot
from uketori.bureaus.policies import policies_of, policy_in_force
from uketori.reservations.models import Reservation
from uketori.rules.calendar import display_window
from uketori.rules.refusals import Refusal, Refused

pytestmark = pytest.mark.django_db(transaction=True)


def test_second_file__in_force_from_midnight(second_file: Path) -> None:
    assert policy_in_force("osaka", BEFORE).effective_from == FIRST
    assert policy_in_force("osaka", MIDNIGHT).effective_from == SECOND
    assert len(display_window(BEFORE, facts_at("osaka", BEFORE)).days) == 5
    assert len(display_window(MIDNIGHT, facts_at("osaka", MIDNIGHT)).days) == 4


def test_booking__day_after_the_change__by_the_rules_of_the_moment_of_booking(
    second_file: Path, at_moment: AtMoment
) -> None:
    """Tue 23:59:59 and Wed 0:00:00, both for Mon 06-15: what was displayed then is what counts."""
    visit = at("2026-06-15 10:00")
    at_moment(BEFORE)
    old = books(factories.claim(), visit, 15, BEFORE)
    at_moment(MIDNIGHT)
    with pytest.raises(Refused) as refused:
        books(factories.claim(), visit, 11, MIDNIGHT)
    new = books(factories.claim(), visit, 10, MIDNIGHT)

    assert (old.policy_effective_from, new.policy_effective_from) == (FIRST, SECOND)
    assert old.change_closes_at == at("2026-06-12 12:00")
    assert new.change_closes_at == at("2026-06-11 17:00")
    assert refused.value.codes == [Refusal.TOO_MANY_CASES]


def test_quota__old_slots_count_under_the_new_limit(second_file: Path, at_moment: AtMoment) -> None:
    """Two slots, booked when two were allowed, stand; a third of one is refused."""
    at_moment(BEFORE)
    claim = factories.claim()
    books(claim, at("2026-06-15 10:00"), ["阪労一E00001"], BEFORE)
    at_moment(MIDNIGHT)

    with pytest.raises(Refused) as refused:
        books(claim, at("2026-06-15 11:00"), ["阪労一E00002"], MIDNIGHT)

    assert refused.value.codes == [Refusal.TOO_MANY_SLOTS]
    assert Reservation.objects.live().count() == 1


def test_hour__offered_no_more__refused_and_shown_no_more(
    second_file: Path, at_moment: AtMoment
) -> None:
    at_moment(MIDNIGHT)

    with pytest.raises(Refused) as refused:
        books(factories.claim(), at("2026-06-15 15:00"), 1, MIDNIGHT)

    assert refused.value.codes == [Refusal.HOUR_NOT_OFFERED]
    assert "15時" not in Client().get("/osaka/").content.decode().split("hours__hour", 1)[1]


def test_slot_row__made_before__keeps_its_capacity(second_file: Path) -> None:
    """ADR 0002: capacity in the policy is for new rows."""
    kept = factories.slot(at("2026-06-08 10:00"))
    Slot.objects.filter(pk=kept.pk).update(starts_at=at("2026-06-15 10:00"))
    books(factories.claim(), at("2026-06-15 10:00"), 1, MIDNIGHT)
    books(factories.claim(), at("2026-06-15 11:00"), 1, MIDNIGHT)

    capacities = Slot.objects.order_by("starts_at").values_list("capacity_cases", flat=True)
    assert list(capacities) == [60, 120]


def test_old_reservation__its_page_list_and_changes__by_its_own_rules(
    second_file: Path, at_moment: AtMoment
) -> None:
    at_moment(BEFORE)
    aoki = situations.aoki()
    made = books(aoki, at("2026-06-15 10:00"), ["阪労一E00001", "阪永P00002"], BEFORE)
    at_moment(at("2026-06-12 11:59"))  # Fri, the last minute that was promised
    client = situations.signed_in_client(aoki)

    def page(path: str) -> str:
        return client.get(f"/osaka/reservations/{path}").content.decode()

    confirmation = page(made.reference)
    for fact in ("２階Ａカウンター", "10時～11時", "6月12日（金）11時59分まで", "永住"):
        assert fact in confirmation, fact
    for path in ("", made.reference, f"{made.reference}/changes", f"{made.reference}/cancellation"):
        assert "10時～10時30分" not in page(path).split("<table", 1)[0], path
    changes = page(f"{made.reference}/changes")
    assert 'value="permanent" selected' in changes
    case = made.cases.get(number="阪労一E00001")
    edits = {"do": "change", "revision": "1", "withdraw": str(case.pk)}
    answer = client.post(f"/osaka/reservations/{made.reference}/changes", edits)
    assert answer.status_code == 302
    assert "案件を戻す" in page(f"{made.reference}/changes"), "as the first file allows"
    back = {"do": "change", "revision": "2", "number-1": "阪永P00003"}
    back |= {"type-1": "permanent", "category-1": "own"}
    assert client.post(f"/osaka/reservations/{made.reference}/changes", back).status_code == 302
    made.refresh_from_db()
    assert made.live_case_count == 2

    at_moment(at("2026-06-12 12:00"))
    assert "変更の期限を過ぎています" in page(f"{made.reference}/changes")


def test_position_no_longer_offered__its_people_are_told_so_and_keep_what_they_booked(
    folder: Path, at_moment: AtMoment
) -> None:
    text = (folder / f"policy.{FIRST}.toml").read_text(encoding="utf-8")
    (before,) = [line for line in text.splitlines() if line.startswith("gyoseishoshi = ")]
    write(folder, (before, before.split("categories")[0] + "categories = [] }"))
    at_moment(BEFORE)
    claim = situations.chinen()
    client = situations.signed_in_client(claim)
    old = books(claim, at("2026-06-15 10:00"), ["大永P00001"], BEFORE)
    at_moment(MIDNIGHT)

    with pytest.raises(Refused) as refused:
        books(claim, at("2026-06-15 11:00"), ["大永P00002"], MIDNIGHT)

    assert refused.value.codes == [Refusal.CATEGORY_NOT_FOR_HOLDER]
    for path in ("", old.reference, f"{old.reference}/changes", "new"):
        assert client.get(f"/osaka/reservations/{path}", follow=True).status_code == 200, path
    entering = client.get("/osaka/holders/new").content.decode()
    assert 'value="lawyer"' in entering
    assert 'value="gyoseishoshi"' not in entering
    given = {"filed": "window", "application": "permanent", "postcard": "counter"}
    guide = client.get("/osaka/eligibility", given).content.decode()
    assert 'value="lawyer"' in guide
    assert 'value="gyoseishoshi"' not in guide


def test_position_offered_later__who_is_corrected_to_it__changes_what_they_booked(
    folder: Path, at_moment: AtMoment
) -> None:
    """The rules of the reservation do not know the position: none of their categories is wrong."""
    write(folder)
    first = folder / f"policy.{FIRST}.toml"
    lines = first.read_text(encoding="utf-8").splitlines(keepends=True)
    first.write_text("".join(one for one in lines if not one.startswith("lawyer = ")), "utf-8")
    at_moment(BEFORE)
    claim = situations.chinen()
    old = books(claim, at("2026-06-15 10:00"), ["大永P00001"], BEFORE)
    at_moment(MIDNIGHT)
    client = situations.signed_in_client(claim)
    assert enter(client, f"/osaka/holders/{claim.pk}", kind="lawyer").status_code == 302
    case, path = old.cases.get(), f"/osaka/reservations/{old.reference}/changes"

    assert client.get(path).status_code == 200
    corrected = {f"new-number-{case.pk}": "大永P00002", f"new-category-{case.pk}": "own"}
    answer = client.post(path, {"do": "change", "revision": "1", **corrected})

    assert answer.status_code == 302
    assert old.cases.get().number == "大永P00002"


def test_file_of_the_reservation_gone__the_oldest_that_stands(second_file: Path) -> None:
    made = books(factories.claim(), at("2026-06-15 10:00"), 1, MIDNIGHT)
    made.policy_effective_from = date(2026, 3, 1)

    assert made.made_under == policies_of("osaka")[0]
