"""The preparation list: final or not, by hour and by number, duplicates, who may see it."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from tests import factories, situations
from tests.changes import cancel, change
from tests.policies import at
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.counter.models import Printing
from uketori.reservations.models import ReservedCase
from uketori.rules.permissions import Role

pytestmark = pytest.mark.django_db

WEDNESDAY_NOON = at("2026-06-10 12:00")
NINE, TEN = at("2026-06-11 09:00"), at("2026-06-11 10:00")
FRIDAY = at("2026-06-12 10:00")
PAGE = "/staff/osaka/counter/preparation/2026-06-11"
SECOND = timedelta(seconds=1)


def shown(client: Client, path: str = PAGE) -> str:
    """The words of the page's main part, blanks folded."""
    answer = client.get(path)
    assert answer.status_code == 200
    main = answer.content.decode().split("<main", 1)[1]
    return re.sub(r"\s+", " ", strip_tags(main))


@pytest.fixture
def noon(at_moment: AtMoment) -> datetime:
    """Wed 2026-06-10 12:05, when Thursday's list has become final."""
    moment = WEDNESDAY_NOON + timedelta(minutes=5)
    at_moment(moment)
    return moment


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (WEDNESDAY_NOON - SECOND, "まだ変わることがあります。確定は6月10日（水）12時"),
        (WEDNESDAY_NOON, "6月10日（水）12時に確定しました。"),
    ],
)
def test_list__around_noon_of_the_day_before__says_whether_it_is_final(
    at_moment: AtMoment, moment: datetime, words: str
) -> None:
    at_moment(moment)
    factories.reservation(situations.aoki(), TEN)

    assert words in shown(situations.staff_client())


def test_list__by_hour__hours_then_readings_then_the_shelf(noon: datetime) -> None:
    factories.reservation(situations.chinen(), TEN, ["阪労一E00009"])
    factories.reservation(situations.aoki(), TEN, ["阪労二C00001", "阪労一E00010"])
    factories.reservation(situations.beppu(), NINE, ["阪永P00001"])

    words = shown(situations.staff_client())
    order = ["9時～10時", "ベップ ジロウ", "阪永P00001", "10時～11時", "アオキ ハナコ"]
    order += ["阪労一E00010", "阪労二C00001", "チネン ユイ", "阪労一E00009"]
    places = [words.index(one) for one in order]

    assert places == sorted(places)
    assert "予約 3人 案件 4件" in words
    assert "2026年6月10日（水）12時5分 現在" in words


def test_list__by_number__the_shelf_over_all_hours(noon: datetime) -> None:
    factories.reservation(situations.chinen(), TEN, ["阪労一E00009", "阪労三E00001"])
    factories.reservation(situations.beppu(), NINE, ["阪労一E01000", "阪労二E00001"])

    words = shown(situations.staff_client(), f"{PAGE}?view=numbers")
    found = re.findall(r"阪労.E\d+", words)

    assert found == ["阪労一E00009", "阪労一E01000", "阪労二E00001", "阪労三E00001"]


def test_list__papers_by_category__as_the_policy_says(noon: datetime) -> None:
    made = factories.reservation(situations.chinen(), TEN, 2)
    made.cases.filter(order=2).update(category="professional_receive_only")

    client = situations.staff_client()
    legend = "区分イは受領証、ウ・エは依頼書（申請人の署名入り）を受け取ります。"

    assert legend in shown(client)
    assert shown(client, f"{PAGE}?view=desk").count("依頼書（申請人の署名入り）") == 2


def test_list__withdrawn_cancelled_and_other_days__are_not_on_it(noon: datetime) -> None:
    before = noon - timedelta(hours=1)
    changed = factories.reservation(situations.aoki(), TEN, ["阪労一E00001", "阪労一E00002"])
    change(changed, at=before, withdrawn=[2])
    cancel(factories.reservation(situations.beppu(), TEN, ["阪労一E00003"]), at=before)
    factories.reservation(situations.chinen(), FRIDAY, ["阪労一E00004"])

    words = shown(situations.staff_client())

    assert re.findall(r"阪労一E\d+", words) == ["阪労一E00001"]


@pytest.mark.parametrize(
    ("other", "is_flagged"),
    [
        ({}, True),
        ({"cancelled_at": WEDNESDAY_NOON}, False),
        ({"no_show_at": FRIDAY}, False),
    ],
)
def test_list__same_number_of_another_person_on_another_day__flagged_while_both_are_open(
    noon: datetime, other: dict[str, datetime], is_flagged: bool
) -> None:
    factories.reservation(situations.aoki(), TEN, ["阪労一E00001", "阪労一E00002"])
    rival = factories.reservation(situations.chinen(), FRIDAY, ["阪労一E-00001"], **other)

    words = shown(situations.staff_client())

    assert (f"重複6月12日（金）10時 {rival.reference}" in words) == is_flagged
    assert words.count("重複") == 1 + is_flagged  # one of them is the legend's


@pytest.mark.parametrize(
    "what",
    [
        {"outcome": "not_issued", "not_issued_because": "not_ours"},
        {"withdrawn_at": WEDNESDAY_NOON},
        {"withdrawn_at": WEDNESDAY_NOON, "outcome": "issued"},
    ],
)
def test_list__the_other_case_was_not_issued_or_is_taken_out__not_flagged(
    noon: datetime, what: dict[str, object]
) -> None:
    factories.reservation(situations.aoki(), TEN, ["阪労一E00001"])
    rival = factories.reservation(situations.chinen(), FRIDAY, ["阪労一E00001"])
    ReservedCase.objects.filter(reservation=rival).update(**what)

    assert rival.reference not in shown(situations.staff_client())


def test_list__nobody_comes__says_so_and_offers_neighbouring_days(noon: datetime) -> None:
    words = shown(situations.staff_client(), "/staff/osaka/counter/preparation/2026-06-15")

    assert "この日の予約はありません。" in words
    assert "前の開庁日 6月12日（金）" in words
    assert "次の開庁日 6月16日（火）" in words


def test_list__closed_day__says_why(noon: datetime) -> None:
    words = shown(situations.staff_client(), "/staff/osaka/counter/preparation/2026-06-13")

    assert "この日は閉庁日（土曜日）です。" in words


@pytest.mark.parametrize("day", ["2026-02-30", "0001-01-01", "9999-12-31", "2028-06-11", "x"])
def test_list__no_such_day__not_there(noon: datetime, day: str) -> None:
    client = situations.staff_client()

    assert client.get(f"/staff/osaka/counter/preparation/{day}").status_code == 404


@pytest.mark.parametrize("view", ["hours", "numbers", "desk"])
def test_list__opened__one_event_without_a_personal_value(noon: datetime, view: str) -> None:
    factories.reservation(situations.aoki(), TEN)
    client = situations.staff_client()
    shown(client, f"{PAGE}?view={view}")

    event = Event.objects.get(kind="preparation_opened")
    assert (event.subject, event.facts) == ("day:2026-06-11", {"sheet": view})
    assert event.actor == situations.staff().actor


@pytest.mark.parametrize("view", ["hours", "numbers", "desk"])
def test_list__forty_two_reservations__as_many_statements_as_for_two(
    noon: datetime, view: str
) -> None:
    client = situations.staff_client()
    hours = [TEN.replace(hour=hour) for hour in (9, 10, 11, 13, 14, 15)]
    for hour in hours:
        factories.slot(hour, capacity_reservations=7, ceiling_reservations=7)
    shown(client)  # the first page of a session writes when it was seen
    counts = []
    for those in (range(2), range(2, 42)):
        for index in those:
            person = factories.claim(f"{index}@example.jp", person=factories.intermediary())
            factories.reservation(person, hours[index % 6], 7)
        with CaptureQueriesContext(connection) as captured:
            shown(client, f"{PAGE}?view={view}")
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 14


@pytest.mark.parametrize("role", list(Role))
def test_list__every_post_of_the_bureau__may_see_it(noon: datetime, role: Role) -> None:
    assert situations.staff_client(role).get(PAGE).status_code == 200


ADDRESSES = ["", "/printings", "/differences", "/list.csv", "/marks"]


@pytest.mark.parametrize("rest", ADDRESSES)
def test_pages__nobody_signed_in_or_of_another_bureau__closed(noon: datetime, rest: str) -> None:
    elsewhere = situations.staff_client(bureau="minato")
    for method in ("get", "post"):
        answer = getattr(Client(), method)(PAGE + rest)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/staff/sign-in")
        assert getattr(elsewhere, method)(PAGE + rest).status_code == 404
    assert not Printing.objects.exists()


@pytest.mark.parametrize("rest", ["/printings", "/list.csv", "/marks"])
def test_acts__looked_at__only_a_post_acts(noon: datetime, rest: str) -> None:
    assert situations.staff_client().get(PAGE + rest).headers["Location"] == PAGE
    assert not Printing.objects.exists()


@pytest.mark.parametrize("view", ["hours", "numbers", "desk"])
def test_print__recorded_and_leads_to_the_sheet_that_prints_itself(
    noon: datetime, at_moment: AtMoment, view: str
) -> None:
    factories.reservation(situations.aoki(), TEN)
    client = situations.staff_client()
    answer = client.post(f"{PAGE}/printings", {"view": view})
    made = Printing.objects.get()

    assert (made.bureau, made.day, made.printed_at) == ("osaka", date(2026, 6, 11), noon)
    assert answer.headers["Location"] == f"{PAGE}?view={view}&printed={made.pk}"
    assert Event.objects.get(kind="preparation_printed").facts == {"sheet": view}
    assert "print-now.js" in client.get(answer.headers["Location"]).content.decode()
    at_moment(noon + timedelta(minutes=1, seconds=1))
    assert "print-now.js" not in client.get(answer.headers["Location"]).content.decode()


def test_print__another_day_s_printing_in_the_address__not_there(noon: datetime) -> None:
    made = Printing.objects.create(
        bureau="osaka", day=date(2026, 6, 12), printed_at=noon, actor="staff:1"
    )
    client = situations.staff_client()

    assert client.get(f"{PAGE}?printed={made.pk}").status_code == 404
    assert client.get(f"{PAGE}/differences?since={made.pk}").status_code == 404


@pytest.mark.parametrize("view", ["hours", "desk"])
def test_list__printed_in_the_middle_of_the_day__says_who_has_come(
    at_moment: AtMoment, view: str
) -> None:
    at_moment(TEN)
    factories.reservation(situations.beppu(), TEN)
    came = factories.reservation(situations.aoki(), TEN, arrived_at=TEN)
    page = situations.staff_client().get(f"{PAGE}?view={view}").content.decode()

    assert page.count('<span class="preparation__flag">来庁</span>') == 1
    assert came.reference in page.split('<span class="preparation__flag">来庁</span>')[0]
