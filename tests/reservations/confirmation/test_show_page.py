"""予約確認画面 and the calendar entry.  R-03, R-04, R-13, R-36, 利用案内 5."""

import re
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
import segno
import zxingcpp
from django.test import Client
from PIL import Image

from tests import factories, situations
from tests.policies import at
from tests.reservations.walking import LIST, main_of, words_of
from tests.situations import AtMoment
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.confirmation.words import reference_code
from uketori.reservations.models import Reservation
from uketori.rules.policy import IntermediaryKind

pytestmark = pytest.mark.django_db

THURSDAY_TEN = at("2026-06-11 10:00")


@pytest.fixture
def reservation(aoki: CertificateClaim) -> Reservation:
    """Fifteen cases on Thu 6/11 10:00."""
    return factories.reservation(aoki, THURSDAY_TEN, factories.numbers(15))


def path_of(reservation: Reservation, rest: str = "") -> str:
    return f"{LIST}{reservation.reference}{rest}"


def papers_on(text: str) -> list[str]:
    return re.findall(r'checklist__name">([^<]+)<', text)


def test_show__all_facts_of_the_visit(client: Client, reservation: Reservation) -> None:
    shown = words_of(client.get(path_of(reservation)))

    for words in (
        reservation.reference,
        "2026年6月11日（木）10時～11時",
        "２階Ａカウンター",
        "大阪出入国在留管理局",
        "青木 花子",
        "15件",
        "2026年6月10日（水）11時59分まで",
        *factories.numbers(15),
    ):
        assert words in shown, words


def test_show__ticket__reference_day_hour_place_name_and_count_in_the_first_part(
    client: Client, reservation: Reservation
) -> None:
    text = main_of(client.get(path_of(reservation)))
    ticket = text[text.index('class="ticket"') : text.index('id="rule"')]

    for words in (
        reservation.reference,
        "6月11日",
        "10時",
        "２階Ａカウンター",
        "青木 花子",
        "15件",
    ):
        assert words in ticket


def test_show__tells_to_save_or_print_and_to_show_it(
    client: Client, reservation: Reservation
) -> None:
    shown = words_of(client.get(path_of(reservation)))

    assert (
        "この画面を保存する（スクリーンショットなど）か、印刷して、予約窓口で見せてください。"
        in shown
    )


def test_show__booked_is_not_issued_and_issue_may_fail(
    client: Client, reservation: Reservation
) -> None:
    shown = words_of(client.get(path_of(reservation)))

    assert "この予約で結果の交付が終わったことにはなりません。" in shown
    assert "書類の不備や、交付できる期間でないなどの理由で、受け取れないことがあります。" in shown
    assert "11時を過ぎると、この予約は使えません。" in shown
    assert "通常の２階Ａカウンター" in shown


def test_show__telephone_for_after_the_deadline(client: Client, reservation: Reservation) -> None:
    shown = words_of(client.get(path_of(reservation)))

    assert "0570-064259（部署番号 210）審査管理部門" in shown
    assert "分かったときに、予約の時間の前までに" in shown


@pytest.mark.parametrize(
    ("kind", "certificate"),
    [(IntermediaryKind.ORG_STAFF, "申請等取次者証明書"), (IntermediaryKind.LAWYER, "届出済証明書")],
)
def test_show__papers__the_certificate_first_and_by_its_name(
    monday_morning: datetime, kind: IntermediaryKind, certificate: str
) -> None:
    factories.first_notice()
    claim = factories.claim("doi@example.jp", person=factories.intermediary("土井 健", kind=kind))
    held = factories.reservation(claim, THURSDAY_TEN, 2)

    text = main_of(situations.signed_in_client(claim).get(path_of(held)))

    papers = papers_on(text)
    assert papers[0] == certificate
    assert "通知書（ハガキ）" in papers
    assert "この画面、または予約のメール" in papers
    assert "通知書（ハガキ）と違うときは、通知書（ハガキ）にしたがってください。" in text


@pytest.mark.parametrize(
    ("category", "paper"),
    [("own", None), ("same_org", "受領証"), ("org_receive_only", "依頼書（申請人の署名入り）")],
)
def test_show__papers_of_the_category__with_the_forms_linked(
    client: Client, reservation: Reservation, category: str, paper: str | None
) -> None:
    reservation.cases.filter(order=2).update(category=category)

    text = main_of(client.get(path_of(reservation)))

    assert ({"受領証", "依頼書（申請人の署名入り）"} & set(papers_on(text))) == (
        {paper} if paper else set()
    )
    assert ('rel="external"' in text) is bool(paper)
    assert ("案件2" in text) is bool(paper)


def test_show__code__the_reference_and_nothing_else(
    client: Client, reservation: Reservation
) -> None:
    reference = reservation.reference
    text = main_of(client.get(path_of(reservation)))
    picture = BytesIO()
    segno.make(reference, micro=False, error="m").save(picture, kind="png", scale=8, border=4)

    (found,) = zxingcpp.read_barcodes(Image.open(picture))

    assert found.text == reference
    assert str(reference_code(reference)) in text


def test_show__after_the_deadline_and_after_the_visit__still_readable(
    reservation: Reservation, at_moment: AtMoment
) -> None:
    for now, is_over in (
        ("2026-06-10 11:59:59", False),
        ("2026-06-10 12:00", True),
        ("2026-06-12 09:00", True),
    ):
        at_moment(at(now))
        client = situations.signed_in_client("aoki@example.jp")
        text = words_of(client.get(path_of(reservation)))
        assert reservation.reference in text
        assert ("（過ぎました）" in text) is is_over


def test_show__cancelled__said_first(client: Client, reservation: Reservation) -> None:
    Reservation.objects.update(cancelled_at=situations.MONDAY_MORNING)

    text = main_of(client.get(path_of(reservation)))

    assert text.index("この予約は取り消されています") < text.index("ticket__moment")


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_show__cancelled__led_to_a_new_draft_and_not_to_the_counter(
    client: Client, reservation: Reservation, is_cancelled: bool
) -> None:
    if is_cancelled:
        Reservation.objects.update(cancelled_at=situations.MONDAY_MORNING)

    text = main_of(client.get(path_of(reservation)))

    for_the_counter = (
        "ticket__code",
        "予約窓口で見せてください",
        "お持ちいただくもの",
        "data-print",
    )
    assert [words in text for words in for_the_counter] == [not is_cancelled] * 4
    assert ("ticket--void" in text) is is_cancelled
    assert text.count("/copy") == 1
    assert (text.index("/copy") < text.index('id="cases"')) is is_cancelled


@pytest.mark.parametrize(
    ("now", "is_said"),
    [("2026-06-10 11:59:59", False), ("2026-06-10 12:00", True), ("2026-06-11 10:00", False)],
)
def test_show__between_deadline_and_visit__whom_to_call(
    reservation: Reservation, at_moment: AtMoment, now: str, is_said: bool
) -> None:
    at_moment(at(now))
    visitor = situations.signed_in_client("aoki@example.jp")

    text = main_of(visitor.get(path_of(reservation)))

    assert ("来られないとき、遅れるとき" in text) is is_said


@pytest.mark.parametrize("is_official", [True, False])
def test_show__official_or_not__said(
    client: Client, reservation: Reservation, settings: Any, is_official: bool
) -> None:
    settings.OFFICIAL = is_official

    for rest in ("", "/calendar.ics"):
        text = client.get(path_of(reservation, rest)).content.decode().replace("\r\n ", "")
        assert ("公式のサービスではありません" in text) is not is_official


@pytest.mark.parametrize("rest", ["", "/calendar.ics", "/copy", "/mails"])
def test_show__not_yours_and_not_there__the_same(reservation: Reservation, rest: str) -> None:
    for who in (situations.chinen(), situations.beppu()):
        stranger = situations.signed_in_client(who)
        ask = stranger.post if rest in {"/copy", "/mails"} else stranger.get

        theirs = ask(path_of(reservation, rest))
        nobody_s = ask(f"{LIST}AAAA-AAAA{rest}")

        assert theirs.status_code == nobody_s.status_code == 404
        hidden = re.compile(r'csrfmiddlewaretoken" value="[^"]+"|/reservations/[^"]+')
        pages = [hidden.sub("", one.content.decode()) for one in (theirs, nobody_s)]
        assert pages[0] == pages[1]
        assert reservation.reference not in hidden.sub("", pages[0])


def test_show__nobody_inside__entry_and_back(reservation: Reservation) -> None:
    response = Client().get(path_of(reservation))

    assert response["Location"].startswith("/osaka/entry?next=")
    assert reservation.reference in response["Location"]


def test_show__another_bureau__not_there(client: Client, reservation: Reservation) -> None:
    response = client.get(f"/kobe/reservations/{reservation.reference}", follow=True)

    assert response.status_code == 404
