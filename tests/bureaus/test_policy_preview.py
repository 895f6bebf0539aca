"""``uketori policy osaka --preview``: what a coming file changes, key by key."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests import factories
from tests.bureaus.policy_files import BEFORE, MIDNIGHT, books, write
from tests.policies import at
from tests.situations import AtMoment
from uketori.cli import main
from uketori.config.policy_words import LABELS
from uketori.reservations.models import Reservation
from uketori.rules.policy import BureauPolicy

pytestmark = pytest.mark.django_db(transaction=True)


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
        ("postcard = {", "# postcard = {", "documents: postcard is missing"),
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


@pytest.mark.parametrize("command", [["setup"], ["worker"], ["serve"], ["calendar", "osaka"]])
def test_other_commands__broken_coming_file__do_not_start(
    folder: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder, ("few_left = 2", 'few_left = "2"'))

    assert main(command) == 2
    assert "few_left must be a whole number" in capsys.readouterr().err


def test_commands__no_folder_of_bureaus__said(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.BUREAUS_FOLDER = "/nowhere"

    assert main(["calendar", "osaka"]) == 2
    assert capsys.readouterr().err == "局のフォルダ（UKETORI_BUREAUS）を読めません：/nowhere\n"
