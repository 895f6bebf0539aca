"""A coming policy file: in force from midnight, for new reservations only.  R-02, ADR 0011."""

import json
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests import factories, situations
from tests.policies import at
from tests.situations import AtMoment
from uketori.bureaus.calendar import facts_at
from uketori.bureaus.models import Slot
from uketori.bureaus.policies import policies_of, policy_in_force
from uketori.cli import main
from uketori.config.policy_words import LABELS
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.booking import book
from uketori.reservations.models import Reservation
from uketori.rules.calendar import display_window
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Refusal, Refused

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = at("2026-06-09 23:59:59")
MIDNIGHT = at("2026-06-10 00:00:00")
"""Wed 2026-06-10: the second file begins."""
FIRST, SECOND = date(2026, 1, 1), date(2026, 6, 10)
CHANGES = (
    ("change_open_days_before = 1", "change_open_days_before = 2"),
    ('change_last_minute = "11:59"', 'change_last_minute = "16:59"'),
    ("max_cases_per_slot = 15", "max_cases_per_slot = 10"),
    ("max_slots_in_window = 2", "max_slots_in_window = 1"),
    ("window_open_days = 5", "window_open_days = 4"),
    ("slot_minutes = 60", "slot_minutes = 30"),
    ("capacity_cases = 60", "capacity_cases = 120"),
    ("allow_putting_back = true", "allow_putting_back = false"),
    ('counter = "２階Ａカウンター"', 'counter = "３階Ｂカウンター"'),
    ("hours = [9, 10, 11, 13, 14, 15]", "hours = [9, 10, 11, 13, 14]"),
    ('permanent = "永住"\n', ""),
    ('permanent = ["fee_form"]\n', ""),
    (', P = "permanent"', ""),
)


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """A copy of Osaka's folder, which the site reads instead."""
    copied = tmp_path / "osaka"
    shutil.copytree(Path(settings.BUREAUS_FOLDER) / "osaka", copied)
    settings.BUREAUS_FOLDER = str(tmp_path)
    return copied


def write(folder: Path, *changes: tuple[str, str], day: date = SECOND) -> None:
    text = (folder / f"policy.{FIRST}.toml").read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    (folder / f"policy.{day}.toml").write_text(text, encoding="utf-8")


@pytest.fixture
def second_file(folder: Path) -> Path:
    write(folder, *CHANGES)
    factories.first_notice()
    return folder


def books(
    claim: CertificateClaim, starts_at: datetime, cases: int | list[str], now: datetime
) -> Reservation:
    order = factories.order(claim, starts_at, cases)
    return book(order=order, facts=facts_at("osaka", now), actor="mail:1", at=now)


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


def test_file_of_the_reservation_gone__the_oldest_that_stands(second_file: Path) -> None:
    made = books(factories.claim(), at("2026-06-15 10:00"), 1, MIDNIGHT)
    made.policy_effective_from = date(2026, 3, 1)

    assert made.made_under == policies_of("osaka")[0]


# uketori policy osaka --preview


def preview(capsys: pytest.CaptureFixture[str], *more: str) -> str:
    assert main(["policy", "osaka", "--preview", *more]) == 0
    return capsys.readouterr().out


def test_preview__nothing_is_coming(capsys: pytest.CaptureFixture[str]) -> None:
    assert preview(capsys) == "予定された変更はありません。\n"
    assert preview(capsys, "--json") == ""


def test_preview__key_by_key_with_what_to_mind(
    second_file: Path, at_moment: AtMoment, capsys: pytest.CaptureFixture[str]
) -> None:
    at_moment(BEFORE)
    for number, hour in enumerate((10, 11, 13)):
        claim = factories.claim()
        books(claim, at(f"2026-06-15 {hour}:00"), [f"阪労一E{number:05d}"], BEFORE)
    Reservation.objects.filter(starts_at=at("2026-06-15 13:00")).update(cancelled_at=BEFORE)

    lines = preview(capsys).splitlines()

    assert lines[0] == "大阪出入国在留管理局　2026年6月10日（水）0時から変わること："
    assert "  おひとりの１枠の件数（max_cases_per_slot）は、「15」から「10」になります。" in lines
    told = "\n".join(lines)
    for words in (
        "（change_last_minute）は、「11時59分」から「16時59分」になります。",
        "（allow_putting_back）は、「する」から「しない」になります。\n    注意：できなく",
        "（capacity_cases）は、「60」から「120」になります。\n    注意：一度に大きく変わります。",
        "（max_slots_in_window）は、「2」から「1」になります。\n    注意：減ります。",
        "（change_open_days_before）は、「1」から「2」になります。\n    注意：期限が早くなります。",
        "注意：なくなるものがあります。",
        "注意：なくなる時刻があります。",
        "注意：前の規則の予約と、時間が重なることがあります。",
        "9・10・11・13・14時",
    ):
        assert words in told, words
    assert lines[-1].startswith("  前の規則で予約され、これから来庁する予約：2件。")


def test_preview__json__one_object_a_key(
    second_file: Path, at_moment: AtMoment, capsys: pytest.CaptureFixture[str]
) -> None:
    at_moment(BEFORE)

    head, *changes = [json.loads(line) for line in preview(capsys, "--json").splitlines()]

    assert head == {
        "bureau": "osaka",
        "effective_from": "2026-06-10",
        "replaces": "2026-01-01",
        "live_reservations": 0,
    }
    found = {one["key"]: one for one in changes}
    assert (found["change_last_minute"]["old"], found["change_last_minute"]["new"]) == (
        "11:59",
        "16:59",
    )
    assert "warning" not in found["counter"]
    assert found["max_cases_per_slot"]["warning"].startswith("減ります。")


def test_preview__after_its_day__nothing_is_coming(
    second_file: Path, at_moment: AtMoment, capsys: pytest.CaptureFixture[str]
) -> None:
    at_moment(MIDNIGHT)

    assert preview(capsys) == "予定された変更はありません。\n"


def test_preview__two_files__each_against_the_one_before(
    folder: Path, at_moment: AtMoment, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, ("draft_days = 7", "draft_days = 9"))
    write(folder, ("draft_days = 7", "draft_days = 10"), day=date(2026, 7, 1))
    at_moment(BEFORE)

    told = preview(capsys)

    assert "「7」から「9」" in told
    assert "「9」から「10」" in told


def test_preview__same_numbers__said(
    folder: Path, at_moment: AtMoment, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder)
    at_moment(BEFORE)

    assert "変わるところはありません。" in preview(capsys)


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ("few_left = 2", "", "few_left"),
        ("few_left = 2", "few_rigth = 2", "few_rigth"),
        ("few_left = 2", "few_left = two", "line"),
        ("few_left = 2", 'few_left = "2"', "few_left must be a whole number"),
        ("few_left = 2", "few_left = true", "few_left must be a whole number"),
        ("draft_days = 7", "draft_days = 0", "draft_days must be at least 1"),
        ('counter = "２階Ａカウンター"', "counter = 2", "counter must be a text"),
        ("allow_correction = true", "allow_correction = 1", "allow_correction must be true or"),
        ("slot_minutes = 60", "slot_minutes = 90", "hours: slots of 90 minutes overlap"),
        ("[9, 10, 11, 13, 14, 15]", "[9, 10, 11, 13, 15, 14]", "hours: each hour once"),
        ("[9, 10, 11, 13, 14, 15]", "[9.5]", "hours: whole hours"),
        ("[9, 10, 11, 13, 14, 15]", "[[9], [10]]", "hours: one list, or seven"),
        ('"11:59"', '"25:59"', "change_last_minute"),
        ('"Asia/Tokyo"', '"Asia/Osaka"', "tz"),
        ('"[一-龠々]{1,6}[A-Z]{1,2}[0-9]{4,6}"', '"["', "number_pattern"),
        ('permanent = "永住"\n', "", "number_letters"),
        ('extension = "在留期間更新"', 'extention = "在留期間更新"', "application_types"),
        ('letter = "ア", ', "", "categories: 'letter' is missing"),
        ('certificate = "intermediary", ', "", "certificate_of: 'certificate' is missing"),
        ("[forms] ", "[farms] ", "farms"),
    ],
)
def test_preview__broken_file__named_with_its_key(
    folder: Path,
    before: str,
    after: str,
    key: str,
    at_moment: AtMoment,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(folder, (before, after))
    at_moment(BEFORE)

    assert main(["policy", "osaka", "--preview"]) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("規則のファイルを読み取れません：policy.2026-06-10.toml: ")
    assert key in said.err
    assert said.err.count("\n") == 1


def test_preview__unknown_bureau(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "kobe", "--preview"]) == 2
    assert "「kobe」という官署はありません" in capsys.readouterr().err


def test_labels__every_key_has_a_name() -> None:
    keys = set(BureauPolicy.__dataclass_fields__) - {"code", "effective_from"}

    assert set(LABELS) == keys
    assert len(set(LABELS.values())) == len(keys)
