"""Dated policy files: read whole or not at all, chosen by their date."""

import shutil
from datetime import UTC, date, time
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.policies import at
from uketori.bureaus.policies import (
    UnknownBureau,
    bureau_codes,
    policies_of,
    policy_at,
    policy_in_force,
)
from uketori.rules.policy import ApplicationType, ReceiptCategory

FIRST = "policy.2026-01-01.toml"


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """A copy of Osaka's folder, which the site reads instead."""
    copied = tmp_path / "bureaus" / "osaka"
    shutil.copytree(Path(settings.BUREAUS_FOLDER) / "osaka", copied)
    settings.BUREAUS_FOLDER = str(copied.parent)
    return copied


def write(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    """Write a policy file: the first one with words replaced."""
    text = (folder / FIRST).read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    (folder / name).write_text(text, encoding="utf-8")


def test_policies__osaka__says_the_numbers_of_the_notice() -> None:
    (policy,) = policies_of("osaka")

    assert policy.code == "osaka"
    assert policy.link_ttl_minutes == 60
    assert policy.window_open_days == 5
    assert policy.slot_minutes == 60
    assert policy.max_slots_in_window == 2
    assert policy.max_cases_per_slot == 15
    assert policy.change_last_minute == time(11, 59)
    assert (policy.contact_phone, policy.phone_menu_code) == ("0570-064259", "210")
    assert policy.mail_from.endswith(policy.mail_domain)
    assert list(policy.application_types) == list(ApplicationType)
    assert "".join(policy.categories[one] for one in ReceiptCategory) == "アイウエ"


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("few_left = 2", "few_left = 2\nfew_rigth = 2", "few_rigth"),
        ("few_left = 2", "", "few_left"),
        ("few_left = 2", "few_left = 2\ndraft_days = 7", "draft_days stands twice"),
        ("[change]", "[sanctions]\ndays = 30\n\n[change]", "sanctions"),
    ],
    ids=["unknown key", "missing key", "key in two sections", "unknown section"],
)
def test_policies__a_file_that_says_too_much_or_too_little__refused(
    folder: Path, before: str, after: str, complaint: str
) -> None:
    write(folder, FIRST)
    assert policies_of("osaka")
    write(folder, "policy.2026-07-01.toml", (before, after))
    other = folder.rename(folder.with_name("kobe"))  # another folder is read anew

    with pytest.raises(ImproperlyConfigured, match=complaint):
        policies_of(other.name)


@pytest.mark.parametrize(
    ("day", "cases"),
    [
        (date(2025, 12, 31), 15),
        (date(2026, 1, 1), 15),
        (date(2026, 6, 30), 15),
        (date(2026, 7, 1), 20),
        (date(2027, 1, 4), 20),
    ],
    ids=["before the first", "first day", "Tue, last day", "Wed, next file", "long after"],
)
def test_policy_at__two_dated_files__the_one_in_force(folder: Path, day: date, cases: int) -> None:
    write(
        folder,
        "policy.2026-07-01.toml",
        ("max_cases_per_slot = 15", "max_cases_per_slot = 20"),
    )

    assert policy_at("osaka", day).max_cases_per_slot == cases


def test_policies__hours_by_weekday__read_as_they_stand(folder: Path) -> None:
    by_weekday = "hours = [[9, 10], [9], [9], [9], [13, 14], [], []]"
    write(folder, FIRST, ("hours = [9, 10, 11, 13, 14, 15]", by_weekday))

    assert policy_at("osaka", date(2026, 6, 8)).hours == (
        (9, 10),
        (9,),
        (9,),
        (9,),
        (13, 14),
        (),
        (),
    )


@pytest.mark.parametrize("code", ["kobe", "..", "osaka/../osaka", ""])
def test_policies__no_such_bureau__unknown(code: str) -> None:
    assert bureau_codes() == ["osaka"]

    with pytest.raises(UnknownBureau):
        policies_of(code)


@pytest.mark.parametrize(
    ("now", "cases"),
    [
        ("2026-06-30 23:59:59", 15),
        ("2026-07-01 00:00:00", 20),
        ("2026-07-01 08:59:59", 20),
    ],
    ids=["Tue, last second", "Wed, first", "Wed, still Tuesday in UTC"],
)
def test_policy_in_force__next_file__from_midnight_of_the_bureau(
    folder: Path, now: str, cases: int
) -> None:
    write(
        folder,
        "policy.2026-07-01.toml",
        ("max_cases_per_slot = 15", "max_cases_per_slot = 20"),
    )

    assert policy_in_force("osaka", at(now).astimezone(UTC)).max_cases_per_slot == cases
