"""The command line: answers about days, refusals in one sentence, and no traceback."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from uketori.bureaus.models import SpecialDay
from uketori.cli import main

pytestmark = pytest.mark.django_db

AT = datetime(2026, 12, 25, 3, 0, tzinfo=UTC)  # Friday 12:00 in Osaka


def answers(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert main(arguments) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_calendar__around_noon_of_the_last_open_day(capsys: pytest.CaptureFixture[str]) -> None:
    """Monday 28 December 2026 is the open day before Monday 4 January 2027.  D01."""
    before, after = answers(
        capsys,
        *("calendar", "osaka", "--json"),
        *("--at", "2026-12-28T11:59:59+09:00", "--at", "2026-12-28T03:00:00Z"),
    )

    assert before["at"] == "2026-12-28T11:59:59+09:00"
    assert before["days"][0] == {"date": "2027-01-04", "closes_at": "2026-12-28T12:00:00+09:00"}
    assert after["at"] == "2026-12-28T12:00:00+09:00"
    assert [one["date"] for one in after["days"]] == [
        "2027-01-05",
        "2027-01-06",
        "2027-01-07",
        "2027-01-08",
        "2027-01-12",
    ]
    assert {"date": "2027-01-11", "reason": "成人の日"} in after["skipped"]
    assert [one["date"] for one in after["skipped"]][:3] == [
        "2026-12-29",
        "2026-12-30",
        "2026-12-31",
    ]


def test_calendar__closed_by_staff__said_with_its_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    SpecialDay.objects.create(
        bureau="osaka", day=date(2027, 1, 5), is_open=False, reason="庁舎の停電", announced_at=AT
    )

    (answer,) = answers(capsys, "calendar", "osaka", "--json", "--at", "2026-12-28T12:00+09:00")

    assert {"date": "2027-01-05", "reason": "庁舎の停電"} in answer["skipped"]


def test_calendar__without_json__sentences(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendar", "osaka", "--at", "2026-12-28T12:00+09:00"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2026年12月28日（月）12時に予約できる日："
    assert "1月5日（火）" in lines[1]


def test_calendar__without_moment__now(capsys: pytest.CaptureFixture[str]) -> None:
    (answer,) = answers(capsys, "calendar", "osaka", "--json")

    assert len(answer["days"]) == 5


def test_deadline__over_the_new_year(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = answers(capsys, "deadline", "osaka", "--json", "2027-01-04", "2027-01-05")

    assert first["visit_day"] == "2027-01-04"
    assert first["closes_at"] == "2026-12-28T12:00:00+09:00"
    assert "12月28日（月）は開庁日で、予約日の1開庁日前です。" in first["trace"]
    assert second["closes_at"] == "2027-01-04T12:00:00+09:00"


def test_deadline__closed_day__said_after_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deadline", "osaka", "--json", "2027-01-03", "2027-01-04"]) == 2

    said = capsys.readouterr()
    assert said.err == "2027年1月3日（日）は閉庁日（日曜日）で、予約できません。\n"
    assert json.loads(said.out)["visit_day"] == "2027-01-04"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["calendar", "tokyo"], "「tokyo」という官署はありません"),
        (["deadline", "..", "2027-01-04"], "「..」という官署はありません"),
        (["calendar", "osaka", "--at", "2026-12-28T12:00"], "時差"),
        (["calendar", "osaka", "--at", "noon"], "「noon」を読み取れません"),
        (["deadline", "osaka", "2027-02-29"], "「2027-02-29」を読み取れません"),
        (["deadline", "osaka", "20270104"], "「20270104」を読み取れません"),
        (["deadline", "osaka", "9999-12-31"], "遠すぎて"),
        (["deadline", "osaka", "0001-01-01"], "遠すぎて"),
        (["calendar", "osaka", "--at", "0001-01-01T00:00+23:59"], "読み取れません"),
        (["calendar", "osaka", "--at", "9999-12-31T23:59-23:59"], "読み取れません"),
        (["run", "--now", "2026-12-28"], "時差"),
        (["run", "--host", "0.0.0.0"], "この機械の中だけ"),  # noqa: S104 - is what is refused
    ],
)
def test_wrong_words__one_sentence_and_status_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main(arguments) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert words in said.err
    assert said.err.count("\n") == 1


def test_run__official__refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UKETORI_OFFICIAL", "1")

    assert main(["run"]) == 2
    assert "UKETORI_OFFICIAL" in capsys.readouterr().err
