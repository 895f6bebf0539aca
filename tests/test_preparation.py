"""``uketori run`` on data that are newer than the clock: refused in words for Japan."""

from datetime import UTC
from pathlib import Path

from tests.policies import at
from uketori.development.prepare_database import clock_behind

NOW, NEWEST = (at(f"2026-06-08 {clock}").astimezone(UTC) for clock in ("08:30", "09:05"))
VAR = Path("/srv/for noon")


def test_older_clock__both_moments_on_a_clock_in_japan() -> None:
    said = clock_behind(NOW, NEWEST, var=VAR, database=VAR / "uketori.sqlite3")

    assert "時計（2026年6月8日（月）8時30分）が" in said
    assert "最も新しい時刻（2026年6月8日（月）9時5分）より前です" in said


def test_older_clock__data_in_a_folder_of_their_own__the_command_empties_that_one() -> None:
    said = clock_behind(NOW, NEWEST, var=VAR, database=VAR / "uketori.sqlite3")

    assert "make reset VAR='/srv/for noon' で" in said


def test_older_clock__data_elsewhere__no_command_that_would_miss_them() -> None:
    said = clock_behind(NOW, NEWEST, var=VAR, database=Path("uketori"))

    assert "make reset" not in said
    assert "UKETORI_DATABASE のデータベースを空にして" in said
