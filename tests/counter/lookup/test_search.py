"""One field finds by anything: what is checked in, what is opened, what is told.  R-38."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories, situations
from tests.counter.conftest import TEN_TWENTY, address
from tests.policies import at
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.bureaus.availability import availability
from uketori.counter.lookup.search import find
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.django_db

TEN = at("2026-06-11 10:00")
TOMORROW = at("2026-06-12 10:00")


@pytest.fixture
def visit(ten_twenty: datetime) -> Reservation:
    """青木, this hour, two cases."""
    return factories.reservation(
        situations.aoki(), TEN, ["阪労一E01234", "阪永P00415"], reference="K7M4-2QXP"
    )


def search(client: Client, typed: str) -> tuple[str, str]:
    """Type into the field; return where it leads, and the page."""
    answer = client.post(address(rest="search"), {"find": typed})
    return answer.headers.get("Location", ""), answer.content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        "K7M4-2QXP",
        "k7m42qxp",
        " ｋ７ｍ４－２ｑｘｐ ",
        "K7M4 2QXP",
        "K7M4―2QXP",
        "]Q3K7M4-2QXP",
        "K7M4-2QXPK7M4-2QXP",
        "ｋ７ｍ４ー２ｑｘｐ",
    ],
)
def test_reference__in_its_hour__checked_in_and_opened(
    clerk: Client, visit: Reservation, typed: str
) -> None:
    assert search(clerk, typed)[0] == address(visit)

    visit.refresh_from_db()
    assert visit.arrived_at == TEN_TWENTY
    assert Event.objects.get(kind="visit_arrived").actor == situations.staff().actor


def test_reference__checked_in__said_with_how_to_take_it_back_once(
    clerk: Client, visit: Reservation
) -> None:
    """A caller may read it out: typed by a clerk it looks like a code that was read."""
    told, undo = "青木 花子 様の来庁を記録しました。", 'data-key="Delete"'
    read = clerk.post(address(rest="search"), {"find": "K7M4-2QXP"}, follow=True)
    assert told in read.content.decode()
    assert undo in read.content.decode()

    again = clerk.post(address(rest="search"), {"find": "K7M4-2QXP"}, follow=True)
    assert told not in again.content.decode()

    clerk.post(address(visit, "/calling-up"), {"opened": visit.reference})
    assert undo not in clerk.get(address(visit)).content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        "青木",
        "青木花子",
        "アオキ",
        "あおき　はなこ",
        "ｱｵｷ",
        "大取第10234号",
        "大取10234",
        "阪労一E01234",
        "阪労一ｅ01234",
        "阪永P00415",
    ],
)
def test_name_certificate_or_number__opened_and_not_checked_in(
    clerk: Client, visit: Reservation, typed: str
) -> None:
    factories.reservation(situations.chinen(), TEN, 1)

    assert search(clerk, typed)[0] == address(visit)

    visit.refresh_from_db()
    assert visit.arrived_at is None


@pytest.mark.parametrize("typed", ["20048", "e14189", "１４１８９", "E-1418", "永P0041", "第20048"])
def test_part_of_a_number__opened_and_not_checked_in(
    clerk: Client, ten_twenty: datetime, typed: str
) -> None:
    holder = factories.claim("n@example.jp", number="大取第20048号")
    one = factories.reservation(holder, TEN, ["阪労一E14189", "阪永P00415"])
    factories.reservation(situations.chinen(), TEN, ["阪労一E01234"])

    assert search(clerk, typed)[0] == address(one)

    one.refresh_from_db()
    assert one.arrived_at is None


@pytest.mark.parametrize("typed", ["141", "E", "阪労一E", "14189阪"])
def test_part_of_a_number__too_short_or_without_a_digit_or_not_in_it__nobody(
    clerk: Client, ten_twenty: datetime, typed: str
) -> None:
    factories.reservation(situations.aoki(), TEN, ["阪労一E14189"])

    assert "見つかりません" in search(clerk, typed)[1]


def test_part_of_a_number__of_a_withdrawn_case__nobody(clerk: Client, visit: Reservation) -> None:
    visit.cases.filter(number="阪永P00415").update(withdrawn_at=TEN)

    assert "見つかりません" in search(clerk, "P00415")[1]


@pytest.mark.parametrize(("visit_day", "is_found"), [("2026-05-27", True), ("2026-05-26", False)])
def test_part_of_a_number__of_past_days__fifteen_days_back(
    clerk: Client, visit_day: str, *, is_found: bool
) -> None:
    factories.reservation(situations.aoki(), at(f"{visit_day} 10:00"), ["阪労一E14189"])

    assert ('id="hits"' in search(clerk, "14189")[1]) is is_found


def test_part_of_a_number__of_more_than_are_listed__today_s_first(
    clerk: Client, visit: Reservation
) -> None:
    for number in range(21):
        claim = factories.claim(f"n{number}@example.jp")
        day = at("2026-06-12 10:00") + timedelta(days=number // 5)
        factories.reservation(claim, day, [f"阪労一E0123{number:03d}"])

    assert search(clerk, "E0123")[0] == address(visit)


def test_kana_of_keys__nobody__japanese_input_is_said_to_be_on(
    clerk: Client, visit: Reservation
) -> None:
    """し has an I in it, which no reference has: nothing is left to undo."""
    page = search(clerk, "し1234567")[1]

    assert "日本語入力がオンになっています。" in page
    assert "何も記録していません。" in page
    assert "日本語入力" not in search(clerk, "知念 花子")[1]


def test_kana_of_keys__of_several_references__each_listed_and_nobody_checked_in(
    clerk: Client, ten_twenty: datetime
) -> None:
    people = [situations.aoki(), situations.chinen()]
    for person, reference in zip(people, ("KAM4-2QXP", "CAM4-2QXP"), strict=True):
        factories.reservation(person, TEN, 1, reference=reference)

    page = search(clerk, "かM4ー2QXP")[1]

    assert "KAM4-2QXP" in page
    assert "CAM4-2QXP" in page
    assert not Reservation.objects.exclude(arrived_at=None).exists()


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("渡邉 薫", "渡辺"),
        ("斎藤 薫", "齋藤薫"),
        ("𠮷田 薫", "吉田"),
        ("Nguyễn Văn An", "NGUYEN VAN"),
    ],
)
@pytest.mark.parametrize("where", ["search", "calls/search"])
def test_name__in_another_form__found_and_shown_as_it_is_stored(
    clerk: Client, ten_twenty: datetime, where: str, stored: str, typed: str
) -> None:
    claim = factories.claim("n@example.jp", person=factories.intermediary(stored))
    factories.reservation(claim, TEN, 1)
    factories.reservation(situations.chinen(), TEN, 1)

    found = clerk.post(address(rest=where), {"find": typed})

    assert stored in clerk.get(found.headers["Location"]).content.decode()


def test_name__in_two_forms_today__both_listed_and_neither_opened(
    clerk: Client, ten_twenty: datetime
) -> None:
    for number, name in enumerate(("渡辺 薫", "渡邉 翼")):
        person = factories.intermediary(name)
        factories.reservation(factories.claim(f"n{number}@example.jp", person=person), TEN, 1)

    leads_to, page = search(clerk, "渡辺")

    assert leads_to == ""
    assert "渡辺 薫" in page
    assert "渡邉 翼" in page


def test_reference__heard_wrongly__found_among_today_s(clerk: Client, visit: Reservation) -> None:
    assert search(clerk, "K7M4-ZQXP")[0] == address(visit)

    visit.refresh_from_db()
    assert visit.arrived_at is None


@pytest.mark.parametrize(
    ("now", "changes", "told"),
    [
        ("2026-06-11 10:59:59", {}, None),
        ("2026-06-11 11:00", {}, "予約の時間を過ぎてお越しの方は遅刻です"),
        ("2026-06-10 10:20", {}, "6月11日（木）10時～11時のものです。きょうの予約ではありません"),
        ("2026-06-12 10:20", {}, "過ぎた日の予約で、結果の記録がありません"),
        ("2026-06-11 10:20", {"cancelled_at": TEN}, "この予約は、すでに取り消されています"),
        ("2026-06-11 10:20", {"served_at": TEN}, "10時0分に完了しています"),
        ("2026-06-11 10:20", {"absent_at": TEN}, "すでに「呼出し時に不在」と記録されています"),
    ],
)
def test_reference__not_expected_now__opened_and_told_why(
    visit: Reservation, at_moment: AtMoment, now: str, changes: dict[str, object], told: str | None
) -> None:
    Reservation.objects.filter(pk=visit.pk).update(**changes)
    at_moment(at(now))
    clerk = situations.staff_client()

    leads_to, _page = search(clerk, visit.reference)

    assert leads_to == address(visit)
    visit.refresh_from_db()
    assert (visit.arrived_at is None) is (told is not None)
    shown = clerk.get(leads_to).content.decode()
    assert told is None or told in shown


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"cancelled_at": at("2026-06-09 10:00")}, "この予約は、すでに取り消されています"),
        ({"served_at": TEN}, "この予約は、6月11日10時0分に完了しています"),
        ({"no_show_at": at("2026-06-11 11:00")}, "すでに「不来庁」と記録されています"),
    ],
)
@pytest.mark.parametrize("now", ["2026-06-10 10:20", "2026-06-12 10:20"])
def test_reference__of_another_day_and_over__the_day_is_said_first_and_nobody_sent_there(
    visit: Reservation, at_moment: AtMoment, now: str, changes: dict[str, object], told: str
) -> None:
    Reservation.objects.filter(pk=visit.pk).update(**changes)
    at_moment(at(now))
    clerk = situations.staff_client()

    shown = clerk.get(search(clerk, visit.reference)[0]).content.decode()

    another_day = "6月11日（木）10時～11時のものです。きょうの予約ではありません。"
    assert 0 < shown.index(another_day) < shown.index(told)
    assert "予約の日時をご案内ください" not in shown


@pytest.mark.parametrize(
    ("now", "is_checked_in", "told"),
    [
        ("2026-06-11 08:59:59", False, "予約は10時からです。来庁は記録していません。"),
        ("2026-06-11 09:00", True, "予約は10時からです。予約の時間より早くお越しです。"),
        ("2026-06-11 09:59:59", True, "予約は10時からです。予約の時間より早くお越しです。"),
        ("2026-06-11 10:00", True, None),
    ],
)
def test_reference__before_its_hour__checked_in_at_most_one_slot_ahead_and_told(
    visit: Reservation, at_moment: AtMoment, now: str, *, is_checked_in: bool, told: str | None
) -> None:
    at_moment(at(now))
    clerk = situations.staff_client()

    leads_to, _page = search(clerk, visit.reference)

    visit.refresh_from_db()
    assert (visit.arrived_at is not None) is is_checked_in
    shown = clerk.get(leads_to).content.decode()
    assert told in shown if told else "予約は10時からです" not in shown


def test_reference__too_early__the_clerk_may_check_in_by_hand(
    visit: Reservation, at_moment: AtMoment
) -> None:
    at_moment(at("2026-06-11 08:34"))
    clerk = situations.staff_client()
    leads_to, _page = search(clerk, visit.reference)
    assert f'formaction="{address(visit, "/arrival")}"' in clerk.get(leads_to).content.decode()

    clerk.post(address(visit, "/arrival"), {"opened": visit.reference})

    visit.refresh_from_db()
    assert visit.arrived_at == at("2026-06-11 08:34")
    assert "予約の時間より早くお越しです" in clerk.get(leads_to).content.decode()


def test_opened_again_in_its_hour__who_came_early__nothing_is_said(
    clerk: Client, visit: Reservation
) -> None:
    Reservation.objects.filter(pk=visit.pk).update(arrived_at=at("2026-06-11 09:40"))

    assert "予約は10時からです" not in clerk.get(address(visit)).content.decode()


def test_several__today_s_first_and_the_others_said_to_be_of_another_day(
    clerk: Client, visit: Reservation
) -> None:
    for starts_at in (TOMORROW, at("2026-06-10 10:00")):
        factories.reservation(visit.claim, starts_at, 1)
    aoki_of_elsewhere = factories.intermediary("青木 次郎", name_kana="アオキ ジロウ")
    other = factories.claim("jiro@example.jp", person=aoki_of_elsewhere)
    factories.reservation(other, at("2026-06-11 13:00"), 1)

    leads_to, page = search(clerk, "アオキ")

    assert leads_to == ""
    hits = page[page.index('id="hits"') :]
    order = [hits.index(words) for words in ("きょう10時", "きょう13時", "6月12日", "6月10日")]
    assert order == sorted(order)
    assert hits.count("きょうではありません") == 2


@pytest.mark.parametrize("where", ["search", "calls/search"])
@pytest.mark.parametrize(("people", "is_told"), [(19, False), (20, True), (21, True)])
def test_name__of_more_than_are_listed__said_that_there_may_be_more(
    clerk: Client, ten_twenty: datetime, where: str, people: int, *, is_told: bool
) -> None:
    for number in range(people):
        person = factories.intermediary("青木 次郎", name_kana="アオキ ジロウ")
        claim = factories.claim(f"jiro{number}@example.jp", person=person)
        factories.reservation(claim, at("2026-06-12 10:00") + timedelta(days=number // 5), 1)

    page = clerk.post(address(rest=where), {"find": "青木"}).content.decode()

    assert page.count("予約番号か証明書の番号で探してください") == is_told


@pytest.mark.parametrize(
    ("typed", "is_found"), [("K7M0-0L1P", True), ("KZ00-0L1P", False), ("第10005015号", False)]
)
def test_reference__of_more_than_half_other_signs__is_nobody_s(
    clerk: Client, visit: Reservation, typed: str, *, is_found: bool
) -> None:
    """Else eight such signs, a number with many noughts, would be everybody of today."""
    assert (search(clerk, typed)[0] == address(visit)) is is_found


@pytest.mark.parametrize("begin", ["2026-06-01 10:00", "2026-07-01 10:00"])
def test_name__of_more_than_are_listed__today_s_is_opened(
    clerk: Client, visit: Reservation, begin: str
) -> None:
    """Whichever the database reads first: those of other days were written after it, or before."""
    for number in range(21):
        person = factories.intermediary("青木 次郎", name_kana="アオキ ジロウ")
        claim = factories.claim(f"jiro{number}@example.jp", person=person)
        factories.reservation(claim, at(begin) + timedelta(days=number // 5), 1)

    assert search(clerk, "アオキ")[0] == address(visit)


def test_person__only_on_another_day__listed_and_not_opened(
    clerk: Client, ten_twenty: datetime
) -> None:
    factories.reservation(situations.aoki(), TOMORROW, 1)

    leads_to, page = search(clerk, "青木")

    assert leads_to == ""
    assert "きょうではありません" in page
    assert "6月12日（金）" in page


@pytest.mark.parametrize("typed", ["青木", "大取第10234号"])
def test_person__on_the_last_day_that_can_be_booked_over_the_new_year__listed(
    at_moment: AtMoment, typed: str
) -> None:
    now = at("2030-12-27 12:00")
    at_moment(now)
    last_day = availability("osaka", now).window.days[-1].day
    assert last_day == date(2031, 1, 14)
    starts_at = at("2031-01-14 10:00")
    person = factories.intermediary("青木 花子")
    held = factories.claim(person=person, number="大取第10234号", expires_on=date(2032, 3, 31))
    factories.reservation(held, starts_at, 1)

    _leads_to, page = search(situations.staff_client(), typed)

    assert "1月14日（火）" in page[page.index('id="hits"') :]


@pytest.mark.parametrize(("visit_day", "is_found"), [("2026-05-27", True), ("2026-05-26", False)])
def test_person__of_past_days__fifteen_days_back(
    clerk: Client, visit_day: str, *, is_found: bool
) -> None:
    factories.reservation(situations.aoki(), at(f"{visit_day} 10:00"), 1)

    assert ('id="hits"' in search(clerk, "青木")[1]) is is_found


@pytest.mark.parametrize("where", ["search", "calls/search"])
def test_listing__one_event_with_the_count_and_nothing_of_the_people(
    clerk: Client, visit: Reservation, where: str
) -> None:
    factories.reservation(visit.claim, TOMORROW, 1)
    other = factories.claim("jiro@example.jp", person=factories.intermediary("青木 次郎"))
    factories.reservation(other, at("2026-06-11 13:00"), 1)
    clerk.post(address(rest=where), {"find": "青木"})

    event = Event.objects.get(kind="reservations_listed")
    assert (event.bureau, event.actor) == ("osaka", situations.staff().actor)
    assert (event.subject, event.facts) == ("bureau:osaka", {"reservations": 3})
    assert not Event.objects.filter(kind="reservation_opened").exists()


@pytest.mark.parametrize("where", ["search", "calls/search"])
def test_listing__nobody_found__no_event(clerk: Client, visit: Reservation, where: str) -> None:
    clerk.post(address(rest=where), {"find": "知念"})

    assert not Event.objects.filter(kind="reservations_listed").exists()


@pytest.mark.parametrize(
    "typed", ["", "　", "---", "K7M4-2QXQ", "知念", "x" * 500, "%", "\x00青木"]
)
def test_nothing__said_and_what_was_typed_kept(
    clerk: Client, visit: Reservation, typed: str
) -> None:
    answer = clerk.post(address(rest="search"), {"find": typed})

    assert answer.status_code in {200, 302, 422}
    if typed.strip() in {"", "K7M4-2QXQ", "知念"}:
        assert answer.status_code == 422
        assert f'value="{typed}"' in answer.content.decode()


def test_other_bureau_s__never_found(clerk: Client, visit: Reservation) -> None:
    Reservation.objects.filter(pk=visit.pk).update(bureau="elsewhere")

    for typed in (visit.reference, "青木", "大取第10234号", "阪労一E01234"):
        assert search(clerk, typed)[0] == ""


def test_renewed_certificate__finds_what_was_booked_with_the_old_one(
    clerk: Client, visit: Reservation
) -> None:
    factories.claim(person=visit.intermediary, number="大取第20001号")

    assert search(clerk, "大取第20001号")[0] == address(visit)


def test_search__asks_few_questions_each_by_an_index(visit: Reservation) -> None:
    policy = factories.policy(TEN)
    with CaptureQueriesContext(connection) as by_reference:
        find(visit.reference, policy, TEN_TWENTY)
    with CaptureQueriesContext(connection) as by_anything:
        find("アオキ", policy, TEN_TWENTY)
    with CaptureQueriesContext(connection) as by_part:
        find("E0123", policy, TEN_TWENTY)

    assert len(by_reference) == 1
    assert len(by_anything) <= 5
    assert len(by_part) <= 6
    if connection.vendor == "sqlite":
        for query in (*by_reference, *by_anything, *by_part):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
                plan = [row[3] for row in cursor.fetchall()]
            assert not [step for step in plan if step.startswith("SCAN reservations")], plan
