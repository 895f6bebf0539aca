"""Booking for a caller: every rule as for anybody, and the reference read aloud.  R-29, D26."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests import factories, situations
from tests.counter.telephone.test_pages import page, url
from tests.policies import at
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.intermediaries.models import CertificateClaim, Intermediary, MailAddress
from uketori.outbox.models import OutgoingMail
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.django_db

MONDAY = at("2026-06-08 10:00")
THURSDAY_TEN = at("2026-06-11 10:00")


@pytest.fixture
def clerk(at_moment: AtMoment) -> Client:
    """千葉 at the telephone, Mon 2026-06-08 at 10:00."""
    at_moment(MONDAY)
    factories.first_notice()
    return situations.staff_client()


@pytest.fixture
def aoki(clerk: Client) -> CertificateClaim:
    """青木, whom the bureau knows."""
    return situations.aoki()


def asked(starts_at: datetime | None = THURSDAY_TEN, **changes: Any) -> dict[str, Any]:
    """What the clerk typed and asked, everything right."""
    return {
        "key": str(uuid4()),
        "slot": f"{starts_at:%Y-%m-%dT%H:%M}" if starts_at else "",
        "number-1": "阪労一E07001",
        "number-2": "阪労一E07002",
        "category-all": "own",
        "declared": list(factories.DECLARED),
        "notice": "1",
        "do": "book",
        **changes,
    }


def book(clerk: Client, claim: CertificateClaim, **changes: Any) -> Any:
    return clerk.post(url("book_for_claim", claim_id=claim.pk), asked(**changes))


def test_book_for__everything_right__booked_mailed_and_read_aloud(
    clerk: Client, aoki: CertificateClaim
) -> None:
    answer = book(clerk, aoki)
    html = clerk.get(answer.headers["Location"]).content.decode()

    reservation = Reservation.objects.get()
    assert (reservation.first_case_count, reservation.starts_at) == (2, THURSDAY_TEN)
    assert "6月11日（木）10時～11時に、2件の予約をお取りしました。" in html
    assert html.count("spelling__large") == 8
    mail = OutgoingMail.objects.get()
    assert (mail.event, mail.recipient) == ("reservation_booked", "aoki@example.jp")
    event = Event.objects.get(kind="reservation_booked")
    assert event.actor.startswith("staff:")


def test_book_for__the_call__in_the_log_and_no_word_about_the_visit(
    clerk: Client, aoki: CertificateClaim
) -> None:
    sent = asked()
    for _time in range(2):
        answer = clerk.post(url("book_for_claim", claim_id=aoki.pk), sent)

    html = clerk.get(answer.headers["Location"]).content.decode()
    log = page(clerk, "calls")
    reservation = Reservation.objects.get()
    assert "この予約の電話　1件" in html
    assert "この電話の記録はまちがいです" not in html
    assert "受けた電話　1件" in log
    assert reservation.reference in log
    assert reservation.first_telephoned_at is None
    board = clerk.get("/staff/osaka/counter/").content.decode()
    assert "時間の前に電話" not in board


def test_book_for__suspended__told_at_the_first_step_where_they_are_found_and_chosen(
    clerk: Client, aoki: CertificateClaim
) -> None:
    factories.suspension(aoki.intermediary, MONDAY.date(), MONDAY.date() + timedelta(days=30))
    factories.claim("aoki2@example.jp", person=factories.intermediary("青木 太郎"))

    found = clerk.post(url("book_for_search"), {"find": "青木"}).content.decode()
    first_step = page(clerk, "book_for_claim", claim_id=aoki.pk)

    assert found.count("利用停止中です（2026年7月8日（水）まで）") == 1
    assert "利用停止中の方です。2026年7月8日（水）まで、新しい予約はできません。" in first_step
    last = book(clerk, aoki).content.decode()
    assert last.count("利用停止中の方です。2026年7月8日（水）まで、新しい予約はできません。") >= 1
    assert not Reservation.objects.exists()


def test_holder__third_claim_of_a_number__entered_and_the_rivals_shown(clerk: Client) -> None:
    """Two strangers who typed the number keep the owner out of nothing: staff asked who it is."""
    for number in (1, 2):
        stranger = factories.intermediary(f"知らない人{number}")
        factories.claim(
            f"s{number}@example.jp", person=stranger, number="大取第70001号", place=number
        )

    answer = clerk.post(url("book_for_holder"), HOLDER | {"number": "大取第70001号"})

    assert answer.status_code == 302, answer.content.decode()
    html = clerk.get(answer.headers["Location"]).content.decode()
    assert "同じ番号の証明書を、ほかの方も登録しています。" in html
    assert "知らない人1" in html
    assert "s1@example.jp" not in html


def test_holder__certificate_seen_with_another__told_what_to_do_and_not_to_call_oneself(
    clerk: Client,
) -> None:
    owner = factories.intermediary("持ち主")
    factories.claim("owner@example.jp", person=owner, number="大取第70001号", is_proved=True)

    answer = clerk.post(url("book_for_holder"), HOLDER | {"number": "大取第70001号"})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "「登録のある方を探す」で、その番号を探してください。" in html
    assert "審査管理部門（" not in html


def test_book_for__another_address_on_the_telephone__the_mail_goes_there(
    clerk: Client, aoki: CertificateClaim
) -> None:
    book(clerk, aoki, confirmation_to="Ａｏｋｉ＠office.example.jp")

    assert OutgoingMail.objects.get().recipient == "aoki@office.example.jp"
    assert Reservation.objects.get().mail_address.address == "aoki@example.jp"


def test_book_for__same_form_twice__one_reservation(clerk: Client, aoki: CertificateClaim) -> None:
    key = str(uuid4())

    first, again = book(clerk, aoki, key=key), book(clerk, aoki, key=key)

    assert first.headers["Location"] == again.headers["Location"]
    assert Reservation.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"starts_at": None}, "NO_SLOT_CHOSEN"),
        ({"starts_at": at("2026-06-16 10:00")}, "DAY_NOT_DISPLAYED"),
        ({"number-1": "", "number-2": ""}, "NO_CASES"),
        ({"number-2": "阪労一E07001"}, "NUMBER_REPEATED"),
        ({"category-all": "professional_receive_only"}, "CATEGORY_NOT_FOR_HOLDER"),
        ({"declared": ["filed_at_window"]}, "DECLARATION_MISSING"),
        ({"notice": ""}, "NOTICE_NOT_READ"),
        ({"notice": "7"}, "NOTICE_CHANGED"),
        ({f"number-{one}": f"阪労一E0{7000 + one}" for one in range(1, 17)}, "TOO_MANY_CASES"),
    ],
)
def test_book_for__what_anybody_is_refused__refused_and_kept(
    clerk: Client, aoki: CertificateClaim, changes: dict[str, Any], code: str
) -> None:
    answer = book(clerk, aoki, **changes)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'data-refusal="{code}"' in html
    assert changes.get("number-2", "阪労一E07002") in html
    assert not Reservation.objects.exists()


def test_book_for__third_slot_and_full_hour__refused_as_for_anybody(
    clerk: Client, aoki: CertificateClaim
) -> None:
    situations.a_full_hour(THURSDAY_TEN)
    assert b'data-refusal="SLOT_FULL"' in book(clerk, aoki).content

    for day in ("2026-06-09", "2026-06-10"):
        factories.reservation(aoki, at(f"{day} 09:00"))
    answer = book(clerk, aoki, starts_at=at("2026-06-12 09:00"))
    assert b'data-refusal="TOO_MANY_SLOTS"' in answer.content


def test_book_for__pasted__becomes_rows_before_anything_is_booked(
    clerk: Client, aoki: CertificateClaim
) -> None:
    pasted = asked(paste="阪労一E08001\n阪労一E08002", **{"number-1": "", "number-2": ""})

    html = clerk.post(url("book_for_claim", claim_id=aoki.pk), pasted).content.decode()

    assert 'value="阪労一E08002"' in html
    assert not Reservation.objects.exists()


@pytest.mark.parametrize("typed", ["大取第10234号", "大取10234", "青木 花子", "aoki@example.jp"])
def test_search__whoever_is_known__found(clerk: Client, aoki: CertificateClaim, typed: str) -> None:
    answer = clerk.post(url("book_for_search"), {"find": typed})

    assert answer.headers.get("Location") == url("book_for_claim", claim_id=aoki.pk)


def test_search__several_people__each_look_leaves_its_event(
    clerk: Client, aoki: CertificateClaim
) -> None:
    """The list shows addresses and certificates: nobody leafs through the people unseen."""
    chinen = situations.chinen()
    Intermediary.objects.filter(pk=chinen.intermediary_id).update(name="青木 太郎")

    html = clerk.post(url("book_for_search"), {"find": "青木"}).content.decode()

    assert "aoki@example.jp" in html
    events = Event.objects.filter(kind="holder_opened").values_list("subject", flat=True)
    assert set(events) == {f"claim:{aoki.pk}", f"claim:{chinen.pk}"}


HOLDER = {
    "kind": "org_staff",
    "education": "no",
    "number": "大取第20001号",
    "expires_on_year": "2028",
    "expires_on_month": "3",
    "expires_on_day": "31",
    "name": "別府 次郎",
    "name_kana": "べっぷ じろう",
    "organisation": "株式会社あおぞら製作所",
    "phone": "06-1234-5678",
    "address": "beppu@example.jp",
}


def test_holder__new__entered_and_led_to_the_hours(clerk: Client) -> None:
    assert "初めての方" in page(clerk, "book_for_holder")

    answer = clerk.post(url("book_for_holder"), HOLDER)

    claim = CertificateClaim.objects.get()
    assert answer.headers["Location"] == url("book_for_claim", claim_id=claim.pk)
    assert claim.mail_address.address == "beppu@example.jp"
    assert claim.proved_at is None
    assert Event.objects.get(kind="certificate_claimed").actor.startswith("staff:")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"address": ""}, "メールアドレスを入力してください"),
        ({"address": "beppu@gmial.com"}, "beppu@gmail.com ではありませんか"),
        ({"address": "beppu"}, "形を確かめてください"),
        ({"education": "yes"}, "EDUCATION_INSTITUTION"),
        (
            {"expires_on_year": "2026", "expires_on_month": "6", "expires_on_day": "7"},
            "CERTIFICATE_EXPIRED",
        ),
    ],
)
def test_holder__cannot_be__refused_and_nothing_is_written(
    clerk: Client, changes: dict[str, str], told: str
) -> None:
    answer = clerk.post(url("book_for_holder"), {**HOLDER, **changes})

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert (Intermediary.objects.count(), MailAddress.objects.count()) == (0, 0)


def test_claim__of_another_bureau_or_ended__is_not_there(
    clerk: Client, aoki: CertificateClaim
) -> None:
    CertificateClaim.objects.update(ended_at=MONDAY)
    assert clerk.get(url("book_for_claim", claim_id=aoki.pk)).status_code == 404
    CertificateClaim.objects.update(ended_at=None)
    aoki.certificate.__class__.objects.update(bureau="minato")
    assert clerk.get(url("book_for_claim", claim_id=aoki.pk)).status_code == 404


def test_book_for__several_numbers_in_one_field__become_rows_before_anything_is_booked(
    clerk: Client, aoki: CertificateClaim
) -> None:
    answer = book(clerk, aoki, **{"number-1": "阪労一E08001 見本 太郎 阪労一E08002"})

    assert 'name="number-1" value="阪労一E08001"' in answer.content.decode()
    assert 'value="阪労一E08002"' in answer.content.decode()
    assert "太郎" not in answer.content.decode()
    assert "読み取っていません。保存もしていません。" in answer.content.decode()
    assert not Reservation.objects.exists()


def test_book_for__pasted_into_a_locked_session__numbers_are_handed_back_and_no_name(
    clerk: Client, aoki: CertificateClaim, at_moment: AtMoment
) -> None:
    clerk.get(url("book_for_claim", claim_id=aoki.pk))
    at_moment(at("2026-06-08 12:00"))
    table = "申請番号\t氏名\t種類\n阪労一E08001\t見本 太郎\t永住\n"
    lone = "阪労一E08002\u2028見本 太郎"
    path = url("book_for_claim", claim_id=aoki.pk)
    where = {"referer": f"http://testserver{path}"}
    clerk.post(path, asked(paste=table, **{"number-1": lone}), headers=where)
    assert "太郎" not in str([one.get_decoded() for one in Session.objects.all()])

    situations.unlock(clerk)
    html = clerk.get(path).content.decode()

    assert "阪労一E08001\t永住" in html
    assert 'name="number-1" value="阪労一E08002"' in html
    assert "太郎" not in html
