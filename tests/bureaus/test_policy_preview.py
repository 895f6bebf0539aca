"""``uketori policy osaka --preview``: what a coming file changes, key by key."""

import json
import shutil
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


def test_preview__at_a_moment__told_as_it_will_be_then(
    second_file: Path, at_moment: AtMoment, capsys: pytest.CaptureFixture[str]
) -> None:
    at_moment(BEFORE)

    before = preview(capsys, "--at", "2026-06-09T23:59:59+09:00")
    after = preview(capsys, "--at", "2026-06-09T15:00:00Z")

    assert before == preview(capsys)
    assert "2026年6月10日（水）0時から変わること" in before
    assert after == "予定された変更はありません。\n"


def test_preview__at_no_moment__one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "osaka", "--preview", "--at", "2026-06-10"]) == 2
    assert "時差" in capsys.readouterr().err


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
        ("request_form = {", "# request_form = {", "documents_of_category: ['request_form'] not"),
        ("closed_weekdays = [5, 6]", "closed_weekdays = [6, 7]", "closed_weekdays: days from 0"),
        ("closed_weekdays = [5, 6]", 'closed_weekdays = ["土"]', "closed_weekdays: days from 0"),
        ("[5, 6]", "[0, 1, 2, 3, 4, 5, 6]", "closed_weekdays: no day of the week would be open"),
        ('"01-03"', '"1-3"', "closed_annually: a day such as 01-03, not 1-3"),
        ('"01-03"', '"02-30"', "closed_annually: "),
        (', "年末年始"]', "]", 'closed_annually: ["MM-DD", "MM-DD", "name"]'),
        ('["12-29", "01-03", "年末年始"]', '[12, 1, "x"]', "closed_annually: "),
        ('"11:59"', '"11:59+09:00"', "change_last_minute: a minute such as 09:05"),
        ('"11:59"', '"11:59:30"', "change_last_minute: a minute such as 09:05"),
        ("hours = [9, 10, 11, 13, 14, 15]", "hours = []", "hours: no slot would ever start"),
        ("number_min_length = 3", "number_min_length = 40", "number_min_length: must not be above"),
        ("max_certificates_per_address = 20", "max_certificates_per_address = 41", "not be above"),
        ("session_warning_minutes = 5", "session_warning_minutes = 61", "session_warning_minutes"),
        ("link_ttl_minutes = 60", "link_ttl_minutes = 100001", "link_ttl_minutes must be at most"),
        ('permanent = "永住"', "permanent = 5", "application_types.permanent must be a text"),
        ('code = "not_education"', "code = 7", ".code must be a text, not 7"),
        ('"@immi-cardyoyaku.moj.go.jp"', '"@other.example"', "mail_from: is not of @other.example"),
        ('notified_professional = "届出済証明書"\n', "", "notified_professional"),
        ("filed_online = ", "filed_onlin = ", "guide_clauses: 'FILED_ONLIN' is not"),
        ('filed_online = "１ 注意"', "filed_online = 1", "FILED_ONLINE must be a text"),
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


def test_preview__position_or_certificate_gone__people_hold_it(
    folder: Path, at_moment: AtMoment, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (folder / "policy.2026-01-01.toml").read_text(encoding="utf-8")
    (lawyer,) = [line for line in text.splitlines() if line.startswith("lawyer = ")]
    write(folder, (lawyer, ""))
    at_moment(BEFORE)

    assert main(["policy", "osaka", "--preview"]) == 2

    said = capsys.readouterr().err
    assert "policy.2026-06-10.toml: intermediary_kinds: ['lawyer'] is missing" in said


@pytest.mark.parametrize(
    "name",
    [
        "policy.2026-01-01.backup.toml",
        "policy.2026-06-10-draft.toml",
        "policy.20260610.toml",
        "policy.2026-06-31.toml",
        "policy.toml.toml",
    ],
)
def test_preview__file_with_a_like_name__refused_and_not_in_force_in_silence(
    folder: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(folder / "policy.2026-01-01.toml", folder / name)

    assert main(["policy", "osaka", "--preview"]) == 2
    assert f"読み取れません：{name}: " in capsys.readouterr().err


def test_preview__served_today__no_longer_counted_among_those_to_come(
    second_file: Path, at_moment: AtMoment, capsys: pytest.CaptureFixture[str]
) -> None:
    at_moment(at("2026-06-09 10:30"))
    came, comes = (
        factories.reservation(factories.claim(), at(f"2026-06-09 {hour}:00"))
        for hour in ("09", "11")
    )
    Reservation.objects.filter(pk=came.pk).update(served_at=at("2026-06-09 09:20"))

    told = preview(capsys).splitlines()[-1]

    assert comes.starts_at == at("2026-06-09 11:00")
    assert told.startswith("  前の規則で予約され、これから来庁する予約：1件。")


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
