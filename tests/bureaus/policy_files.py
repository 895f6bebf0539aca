"""A folder of policy files in which a second one is coming."""

import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests import factories
from tests.policies import at
from uketori.bureaus.calendar import facts_at
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.booking.act import book
from uketori.reservations.models import Reservation

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
    ("allow_reschedule = false", "allow_reschedule = true"),
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
    """Write a policy file of that day: the first one with words replaced."""
    text = (folder / f"policy.{FIRST}.toml").read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    (folder / f"policy.{day}.toml").write_text(text, encoding="utf-8")


@pytest.fixture
def second_file(folder: Path) -> Path:
    """The folder, with a second file that changes much."""
    write(folder, *CHANGES)
    factories.first_notice()
    return folder


def books(
    claim: CertificateClaim, starts_at: datetime, cases: int | list[str], now: datetime
) -> Reservation:
    order = factories.order(claim, starts_at, cases)
    return book(order=order, facts=facts_at("osaka", now), actor="mail:1", at=now)
