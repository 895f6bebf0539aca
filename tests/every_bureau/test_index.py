"""Where one comes in: the only bureau, or the choice among several."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory

from tests.every_bureau.bureaus import CODES, FOLDER, foreign_words, policy_of
from uketori import cli, clock
from uketori.bureaus.first_rows import prepare
from uketori.bureaus.policies import bureau_codes
from uketori.development import reservations
from uketori.reservations.models import Reservation
from uketori.web import errors

pytestmark = pytest.mark.django_db


def test_index__several_bureaus__listed_by_name(both_bureaus: None) -> None:
    text = Client().get("/").content.decode()

    assert re.findall(r'<a class="way" href="/(\w+)/">([^<]+)</a>', text) == [
        (code, policy_of(code).bureau_name) for code in CODES
    ]
    assert "これは公式のサービスではありません。" in text


def test_pages_of_no_bureau__speak_in_no_bureaus_words(both_bureaus: None) -> None:
    error = errors.server_error(RequestFactory().get("/")).content.decode()
    index = Client().get("/").content.decode()
    for code in CODES:
        index = index.replace(policy_of(code).bureau_name, "")  # the choice itself

    for text in (index, error, cli.parser().format_help()):
        assert [word for code in CODES for word in foreign_words(text, code)] == []
        assert [code for code in CODES if policy_of(code).service_name in text] == []
        assert "受取の予約" in text


def test_index__minato_alone__leads_to_it(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "minato").symlink_to(FOLDER / "minato")
    (tmp_path / "README.md").write_text("no bureau")
    settings.BUREAUS_FOLDER = str(tmp_path)

    assert bureau_codes() == ["minato"]
    assert Client().get("/").headers["Location"] == "/minato/"
    assert Client().get("/osaka/").status_code == 404


def test_prepare__every_bureau__notice_and_hours(both_bureaus: None, monday_morning: Any) -> None:
    prepare(clock.now())

    for code in CODES:
        text = Client().get(f"/{code}/").content.decode()
        policy = policy_of(code)
        assert policy.bureau_name in text
        assert text.count('class="hours__date"') == policy.window_open_days
        for name in policy.certificate_kinds.values():
            assert name in text


@pytest.mark.django_db(transaction=True)
def test_demo__every_bureau__invented_people_hold_hours(
    both_bureaus: None, monday_morning: Any
) -> None:
    prepare(clock.now())
    reservations.fill(clock.now())

    for code in CODES:
        made = Reservation.objects.filter(bureau=code)
        policy = policy_of(code)
        assert made.count() > 5
        assert max(made.values_list("live_case_count", flat=True)) <= policy.max_cases_per_slot
        assert {one.intermediary.kind for one in made} <= set(policy.intermediary_kinds)
