"""The preparation list as a file: every card once, nothing that runs, and it is recorded."""

import csv
import io
from datetime import datetime

import pytest

from tests import factories, situations
from tests.policies import at
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.counter.models import Printing
from uketori.web.spreadsheet import bare_cell

pytestmark = pytest.mark.django_db

TEN = at("2026-06-11 10:00")
FILE = "/staff/osaka/counter/preparation/2026-06-11/list.csv"
EVIL = '=HYPERLINK("http://x","y")'


@pytest.fixture
def noon(at_moment: AtMoment) -> datetime:
    """Wed 2026-06-10 12:05."""
    moment = at("2026-06-10 12:05")
    at_moment(moment)
    return moment


def test_file__a_row_for_each_card__with_everything_the_list_says(noon: datetime) -> None:
    made = factories.reservation(situations.aoki(), TEN, ["阪労二E00001", "阪労一E00002"])
    made.cases.filter(order=1).update(category="same_org", ahead_mark="not_ready", ahead_at=noon)
    rival = factories.reservation(situations.chinen(), TEN, ["阪労一E00002"])

    answer = situations.staff_client().post(FILE)
    heads, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    first, second, _third = [dict(zip(heads, row, strict=True)) for row in rows]

    assert [first["申請番号"], second["申請番号"]] == ["阪労一E00002", "阪労二E00001"]
    assert (first["時間"], first["予約番号"]) == ("10時～11時", made.reference)
    assert (first["氏名"], first["フリガナ"]) == ("青木 花子", "アオキ ハナコ")
    assert first["証明書"] == "申請等取次者証明書　大取第10234号"
    assert first["同じ番号の予約"] == f"6月11日（木）10時 {rival.reference}"
    assert (second["受け取る書類"], second["事前の印"]) == ("受領証", "まだ交付できない")
    assert answer.content.count(b"\r\n") == 4
    assert answer.headers["Content-Disposition"].endswith('"preparation-osaka-2026-06-11.csv"')
    assert answer.headers["Cache-Control"] == "no-store"


def test_file__names_that_are_formulas__texts(noon: datetime) -> None:
    person = factories.intermediary(EVIL, name_kana="@SUM(A1)", organisation="+81-6")
    factories.reservation(factories.claim(person=person, number="-1+1"), TEN)

    answer = situations.staff_client().post(FILE)
    _heads, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))

    assert [cell for cell in row if cell.startswith(("=", "+", "-", "@"))] == []
    assert bare_cell(row[3]) == EVIL


def test_file__numbers_that_a_spreadsheet_would_turn_into_values__texts(noon: datetime) -> None:
    typed = ["0012", "1E05", "TRUE", "2026-06-11", "阪労一E00001"]
    factories.reservation(situations.aoki(), TEN, typed)

    answer = situations.staff_client().post(FILE)
    heads, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    written = [dict(zip(heads, row, strict=True)) for row in rows]

    marked = {"'0012", "'1E05", "'TRUE", "'2026-06-11", "阪労一E00001"}
    assert {row["申請番号"] for row in written} == marked
    assert {row["予約日"] for row in written} == {"2026-06-11"}


def test_file__recorded_as_an_export(noon: datetime) -> None:
    situations.staff_client().post(FILE)

    assert Printing.objects.get().printed_at == noon
    event = Event.objects.get(kind="preparation_exported")
    assert (event.subject, event.facts) == ("day:2026-06-11", {"sheet": "file"})
