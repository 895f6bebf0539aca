"""Who comes, with which certificate: asked once, kept for the next time.  D03, D05, R-09, R-10."""

from datetime import date, datetime

import pytest
from django.test import Client

from tests import factories, situations
from tests.answers import Answer
from tests.intermediaries.holders.steps import NEW, enter, entry
from tests.policies import at
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.intermediaries.models import Certificate, CertificateClaim, Intermediary

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 6, 8)
SUNDAY = date(2026, 6, 7)


@pytest.fixture
def client(monday_morning: datetime) -> Client:
    """The browser of a newcomer."""
    return situations.signed_in_client("aoki@example.jp")


def text_of(response: Answer) -> str:
    return response.content.decode()


def test_holder__entered_once__prefilled_the_next_time(client: Client) -> None:
    first = enter(client)

    claim = CertificateClaim.objects.get()
    assert first["Location"] == f"/osaka/reservations/new?holder={claim.pk}"
    again = situations.signed_in_client("aoki@example.jp")
    led = again.get("/osaka/reservations/new")
    shown = text_of(again.get(led["Location"]))
    for words in ("青木 花子", "株式会社あおぞら製作所", "大取第10234号", "2028年3月31日（金）"):
        assert words in shown


def test_holder__nobody_entered_yet__asked_first(client: Client) -> None:
    assert client.get("/osaka/reservations/new")["Location"] == NEW


def test_holder__entered__kept_folded(client: Client) -> None:
    enter(client, name="  髙橋　花子 ", name_kana="たかはし ﾊﾅｺ", phone="（０６）1234ー5678")

    person = Intermediary.objects.get()
    assert (person.name, person.name_kana, person.phone) == (
        "髙橋 花子",
        "タカハシ ハナコ",
        "06-1234-5678",
    )
    claim = CertificateClaim.objects.get()
    assert (claim.number, claim.expires_on) == ("大取第10234号", date(2028, 3, 31))
    assert (claim.certificate.number_key, claim.place) == ("大取10234", 1)


def test_holder__entered__exactly_these_rows(client: Client) -> None:
    before = Event.objects.count()

    enter(client)

    counts = [one.objects.count() for one in (Certificate, Intermediary, CertificateClaim)]
    assert counts == [1, 1, 1]
    event = Event.objects.order_by("-pk")[0]
    assert Event.objects.count() == before + 1
    assert (event.kind, event.facts) == ("certificate_claimed", {"place": 1})
    for value in entry().values():
        assert len(value) < 5 or value not in f"{event.subject}{event.facts}{event.actor}"


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        ("name", "\u200f⻑⾕川\u3000か\u3099く\u202c", "長谷川 がく"),
        ("name", "\ufa10本　ＡＯＫＩ−ＢＥＰＰＵ", "\ufa10本 ＡＯＫＩ−ＢＥＰＰＵ"),
        ("name_kana", "\u200eカ\u3099クー", "ガクー"),
        ("name_kana", "サンタ‐", "サンター"),
        ("organisation", "サン\u00adロー行政書士\u2ea0", "サンロー行政書士民"),
        ("phone", "\u202a06\u20111234ー5678\u202c", "06-1234-5678"),
    ],
)
def test_holder__what_came_along_unseen__is_not_stored(
    client: Client, field: str, typed: str, stored: str
) -> None:
    enter(client, **{field: typed})

    assert getattr(Intermediary.objects.get(), field) == stored


@pytest.mark.parametrize(
    ("changes", "is_taken", "said"),
    [
        ({}, True, ""),
        ({"kind": ""}, False, "あなたの立場を選んでください。"),
        ({"kind": "travel_agent"}, False, "あなたの立場を、もう一度選んでください。"),
        ({"education": ""}, False, "「はい」か「いいえ」を選んでください。"),
        ({"number": ""}, False, "証明書の番号を入力してください。"),
        ({"name": ""}, False, "お名前を入力してください。"),
        ({"name": "青" * 101}, False, "100文字以内で入力してください（いまは101文字です）。"),
        ({"name": "青木\x07花子"}, False, "U+0007"),
        ({"name": "\u200f青木\u2060花子\u202c"}, True, ""),
        ({"name_kana": "\u200eか\u3099くし\u3099ろう"}, True, ""),
        ({"name_kana": "リ‐"}, True, ""),
        ({"name_kana": "青木"}, False, "フリガナは、カタカナかひらがなで"),
        ({"name_kana": ""}, True, ""),
        ({"organisation": ""}, False, "所属を入力してください。"),
        ({"organisation": "", "kind": "public_corp_staff"}, False, "所属を入力してください。"),
        ({"organisation": "", "kind": "gyoseishoshi"}, True, ""),
        ({"organisation": "", "kind": "lawyer"}, True, ""),
        ({"phone": ""}, False, "電話番号を入力してください。"),
        ({"phone": "06-123"}, False, "10けたから13けた"),
        ({"phone": "\u200e06\u201112\u00ad34⁃5678\u202c"}, True, ""),
        ({"phone": "+81-6-1234-5678"}, True, ""),
        ({"expires_on_month": "2", "expires_on_day": "30"}, False, "という日はありません。"),
        ({"expires_on_day": ""}, False, "年・月・日のすべてを入力してください。"),
        ({"expires_on_year": "２０２８"}, True, ""),
        ({"expires_on_year": "令和10"}, True, ""),
        ({"expires_on_year": "9"}, False, "年は、西暦の4けたで入力してください。"),
    ],
)
def test_holder__form__taken_or_told_and_kept(
    client: Client, changes: dict[str, str], is_taken: bool, said: str
) -> None:
    response = enter(client, **changes)

    assert response.status_code == (302 if is_taken else 422)
    assert said in text_of(response)
    assert CertificateClaim.objects.exists() is is_taken
    if not is_taken and changes.get("number") is None:
        assert 'value="大取第10234号"' in text_of(response)


@pytest.mark.parametrize(("answer", "status"), [("no", 302), ("yes", 422)])
def test_holder__education_institution__stopped_with_the_reason(
    client: Client, answer: str, status: int
) -> None:
    response = enter(client, education=answer)

    shown = text_of(response)
    assert response.status_code == status
    assert CertificateClaim.objects.exists() is (answer == "no")
    assert Certificate.objects.exists() is (answer == "no")
    if answer == "yes":
        assert 'data-refusal="EDUCATION_INSTITUTION"' in shown
        assert "通常の２階Ａカウンター" in shown
        assert "0570-064259" in shown


@pytest.mark.parametrize("now", ["2026-06-08 00:00", "2026-06-08 10:00", "2026-06-08 23:59:59"])
@pytest.mark.parametrize(("expires_on", "status"), [(MONDAY, 302), (SUNDAY, 422)])
def test_holder__on_mon_6_8__certificate_of_today_good_of_yesterday_over(
    at_moment: AtMoment, now: str, expires_on: date, status: int
) -> None:
    at_moment(at(now))
    client = situations.signed_in_client("aoki@example.jp")

    response = enter(client, expires_on=expires_on)

    assert response.status_code == status
    assert ('data-refusal="CERTIFICATE_EXPIRED"' in text_of(response)) is (status == 422)
    assert Certificate.objects.exists() is (status == 302)


@pytest.mark.parametrize("now", ["2026-06-08 00:00", "2026-06-08 10:00"])
@pytest.mark.parametrize(("expires_on", "status"), [(MONDAY, 302), (SUNDAY, 422)])
def test_revise__on_mon_6_8__renewed_date_of_today_good_of_yesterday_over(
    at_moment: AtMoment, now: str, expires_on: date, status: int
) -> None:
    at_moment(at(now))
    claim = situations.aoki()
    client = situations.signed_in_client(claim)

    response = enter(client, f"/osaka/holders/{claim.pk}", expires_on=expires_on)

    assert response.status_code == status
    claim.refresh_from_db()
    assert claim.expires_on == (expires_on if status == 302 else date(2028, 3, 31))


REVISED = {
    "name": "青木 はな",
    "name_kana": "アオキ ハナ",
    "organisation": "株式会社みずいろ",
    "phone": "090-8765-4321",
}


def known_of(claim: CertificateClaim) -> dict[str, str]:
    """What is known of the person, in the fields of the form."""
    person = Intermediary.objects.get(pk=claim.intermediary_id)
    return {name: getattr(person, name) for name in REVISED}


def test_revise__name_organisation_and_telephone__number_and_kind_stay(
    monday_morning: datetime,
) -> None:
    claim = situations.aoki()
    client = situations.signed_in_client(claim)
    page = text_of(client.get(f"/osaka/holders/{claim.pk}"))
    for value in known_of(claim).values():
        assert f'value="{value}"' in page

    enter(client, f"/osaka/holders/{claim.pk}", **REVISED, number="大取第99999号")

    claim.refresh_from_db()
    assert known_of(claim) == REVISED
    assert (claim.intermediary.kind, claim.number) == ("org_staff", "大取第10234号")
    assert Event.objects.filter(kind="holder_revised", subject=f"claim:{claim.pk}").count() == 1
    for path in ("my-data", f"holders/{claim.pk}"):
        shown = text_of(client.get(f"/osaka/{path}"))
        assert [value for value in REVISED.values() if value not in shown] == []


def test_revise__organisation__a_colleague_at_the_same_address_is_untouched(
    monday_morning: datetime,
) -> None:
    claim = situations.aoki()
    colleague = factories.claim(person=factories.intermediary("別府 次郎"), number="大取第10235号")
    before = known_of(colleague)

    enter(situations.signed_in_client(claim), f"/osaka/holders/{claim.pk}", **REVISED)

    assert known_of(claim) == REVISED
    assert known_of(colleague) == before
    colleague.refresh_from_db()
    assert (colleague.number, colleague.expires_on) == ("大取第10235号", date(2028, 3, 31))


def test_revise__with_a_reservation__its_name_as_booked_whom_to_telephone_as_it_is_now(
    monday_morning: datetime,
) -> None:
    claim = situations.aoki()
    booked = factories.reservation(claim, at("2026-06-11 10:00"))
    client = situations.signed_in_client(claim)

    enter(client, f"/osaka/holders/{claim.pk}", **REVISED)

    own = text_of(client.get(f"/osaka/reservations/{booked.reference}"))
    counter = situations.staff_client()
    call = text_of(counter.get(f"/staff/osaka/counter/calls/{booked.reference}"))
    board = text_of(counter.get(f"/staff/osaka/counter/{booked.reference}"))
    for page in (own, call, board):
        assert "青木 花子" in page
        assert "青木 はな" not in page
    assert "090-8765-4321" in call
    for page in (call, board):
        assert "株式会社みずいろ" in page
        assert "株式会社あおぞら製作所" not in page
    assert "06-1234-5678" not in call


def test_revise__organisation_taken_away__refused_for_staff_of_one(
    monday_morning: datetime,
) -> None:
    claim = situations.aoki()
    client = situations.signed_in_client(claim)

    assert enter(client, f"/osaka/holders/{claim.pk}", organisation="").status_code == 422


def test_revise__somebody_else_s__as_if_it_were_not_there(monday_morning: datetime) -> None:
    claim = situations.aoki()
    client = situations.signed_in_client(situations.chinen())

    theirs = client.get(f"/osaka/holders/{claim.pk}")
    nobody_s = client.get("/osaka/holders/999999")
    enter(client, f"/osaka/holders/{claim.pk}", name="知念 ゆい")

    assert theirs.status_code == nobody_s.status_code == 404
    assert Intermediary.objects.get(pk=claim.intermediary.pk).name == "青木 花子"


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/osaka/reservations/", "/osaka/reservations/"),
        ("https://example.com/", "/osaka/reservations/new"),
        ("//example.com/osaka/", "/osaka/reservations/new"),
        ("/kobe/", "/osaka/reservations/new"),
    ],
)
def test_holder__wanted_page__reached_if_it_is_our_own(
    client: Client, wanted: str, leads_to: str
) -> None:
    response = enter(client, next=wanted)

    assert response["Location"].split("?")[0] == leads_to
