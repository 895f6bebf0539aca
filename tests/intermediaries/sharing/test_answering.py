"""The link of a request for a proved certificate, and its answer.  D03."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from tests import factories, situations
from tests.answers import Answer
from tests.intermediaries.holders.steps import enter
from tests.intermediaries.sharing.steps import a_request, answer, ask, link_of, state_of
from tests.policies import at
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.intermediaries.models import CertificateClaim, ClaimRequest, Intermediary
from uketori.intermediaries.sharing import asking
from uketori.intermediaries.sharing.asking import forget_requests
from uketori.outbox.models import OutgoingMail

pytestmark = pytest.mark.django_db

MONDAY = at("2026-06-08 10:00")
OFFICE = "aoki@office.example.jp"
BUTTON = "登録済みのメールアドレスに確認を送る"


@pytest.fixture(autouse=True)
def _monday(monday_morning: datetime) -> None:
    factories.first_notice()


@pytest.fixture
def proved() -> CertificateClaim:
    return situations.a_proved_certificate()


@pytest.fixture
def client(proved: CertificateClaim) -> Client:
    """The browser of the address that asks."""
    return situations.signed_in_client(OFFICE)


def text_of(response: Answer) -> str:
    return response.content.decode()


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (timedelta(0), "fresh"),
        (timedelta(minutes=59, seconds=59), "fresh"),
        (timedelta(minutes=60), "expired"),
    ],
)
def test_link__one_hour(at_moment: AtMoment, after: timedelta, state: str) -> None:
    row = a_request()
    at_moment(MONDAY + after)

    assert state_of(link_of(row)) == state
    answer(row, "grant")
    assert (CertificateClaim.objects.count() == 2) is (state == "fresh")


@pytest.mark.parametrize("how", ["grant", "decline"])
def test_link__answered__used(how: str) -> None:
    row = a_request()

    led = answer(row, how)

    assert led["Location"] == link_of(row)
    assert state_of(link_of(row)) == "used"
    shown = Client().get(link_of(row)).content.decode()
    assert ("利用を認めました" in shown) is (how == "grant")
    assert ("利用を認めないと答えました" in shown) is (how == "decline")


def _ended(claim: CertificateClaim) -> None:
    CertificateClaim.objects.filter(pk=claim.pk).update(ended_at=MONDAY)


def _moved(claim: CertificateClaim) -> None:
    new = factories.mail_address("moved@example.jp")
    CertificateClaim.objects.filter(pk=claim.pk).update(mail_address=new)


@pytest.mark.parametrize("change", [_ended, _moved])
def test_link__no_longer_proved_for_the_asked_address__void(
    proved: CertificateClaim, change: Callable[[CertificateClaim], None]
) -> None:
    row = a_request(proved=proved)
    change(proved)

    answer(row, "grant")

    assert state_of(link_of(row)) == "void"
    assert CertificateClaim.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "state", "status"),
    [
        ("/osaka/requests/abc", "malformed", 200),
        (f"/osaka/requests/{'a' * 22}", "unknown", 404),
    ],
)
def test_link__not_ours__said(path: str, state: str, status: int) -> None:
    assert state_of(path) == state
    assert Client().get(path).status_code == status


def test_link__of_the_entry__is_not_one_of_these() -> None:
    proof = factories.proof()

    assert state_of(f"/osaka/requests/{factories.token_of(proof)}") == "unknown"


def test_link__every_state__one_button_or_one_choice(at_moment: AtMoment) -> None:
    row = a_request()
    main = re.compile(r'class="button button--main"')

    shown = [Client().get(link_of(row)).content.decode()]
    answer(row, "decline")
    shown.append(Client().get(link_of(row)).content.decode())
    shown.append(Client().get("/osaka/requests/abc").content.decode())

    assert [len(main.findall(text)) for text in shown] == [1, 1, 1]


def test_link__fresh__says_who_asks_and_what_it_means() -> None:
    row = a_request()

    shown = Client().get(link_of(row)).content.decode()

    assert "a…@office.example.jp" in shown
    assert OFFICE not in shown
    assert "二つのメールアドレスを合わせて2枠" in shown
    assert "6月8日（月）11時に終わり" in shown


def test_link__opened_and_headed__answers_nothing() -> None:
    row = a_request()

    Client().get(link_of(row))
    Client().head(link_of(row))

    assert state_of(link_of(row)) == "fresh"


@pytest.mark.parametrize("how", ["", "maybe"])
def test_link__sent_without_an_answer__still_fresh(how: str) -> None:
    row = a_request()

    response = answer(row, how)

    assert response.status_code == 422
    assert "「認める」か「認めない」のどちらかを押してください。" in text_of(response)
    assert state_of(link_of(row)) == "fresh"


# the answer


def test_grant__joins_the_same_person(proved: CertificateClaim) -> None:
    row = a_request(proved=proved)

    answer(row, "grant")

    claim = CertificateClaim.objects.exclude(pk=proved.pk).get()
    assert (claim.intermediary, claim.certificate) == (proved.intermediary, proved.certificate)
    assert (claim.mail_address.address, claim.place, claim.proved_at) == (OFFICE, None, None)
    assert (claim.number, claim.expires_on) == ("大取第10234号", date(2028, 3, 31))
    proved.refresh_from_db()
    assert (proved.proved_at, proved.ended_at) == (MONDAY, None)
    assert Intermediary.objects.get().name == "青木 花子"
    event = Event.objects.get(kind="claim_granted")
    assert event.actor == f"mail:claim-request-{row.pk}"
    assert event.facts == {"certificate": proved.certificate.pk, "claim": claim.pk}


def test_grant__asking_address__sees_what_the_person_holds(proved: CertificateClaim) -> None:
    held = factories.reservation(proved, factories.displayed_hours(MONDAY)[6])
    client = situations.signed_in_client(OFFICE)
    assert client.get(f"/osaka/reservations/{held.reference}").status_code == 404

    answer(a_request(proved=proved), "grant")

    assert held.reference in client.get("/osaka/reservations/").content.decode()
    assert client.get(f"/osaka/reservations/{held.reference}").status_code == 200


def test_decline__nothing_changes(proved: CertificateClaim) -> None:
    row = a_request(proved=proved)

    answer(row, "decline")

    assert CertificateClaim.objects.get() == proved
    row.refresh_from_db()
    assert (row.granted_at, row.declined_at) == (None, MONDAY)
    assert Event.objects.filter(kind="claim_declined").count() == 1


@pytest.mark.parametrize(("first", "second"), [("grant", "decline"), ("decline", "grant")])
def test_answer__twice__the_first_counts(first: str, second: str) -> None:
    row = a_request()

    answer(row, first)
    answer(row, second)

    row.refresh_from_db()
    assert (row.granted_at is not None) is (first == "grant")
    assert (row.declined_at is not None) is (first == "decline")
    assert CertificateClaim.objects.count() == (2 if first == "grant" else 1)


def test_grant__two_requests_of_one_address__one_claim(proved: CertificateClaim) -> None:
    rows = [a_request(proved=proved), a_request(proved=proved)]

    for row in rows:
        answer(row, "grant")

    assert CertificateClaim.objects.count() == 2


def test_grant__asking_address_is_full_by_now__told_and_still_fresh(
    proved: CertificateClaim,
) -> None:
    row = a_request(proved=proved)
    for _ in range(20):
        factories.claim(OFFICE)

    response = answer(row, "grant")

    assert response.status_code == 422
    assert 'data-refusal="TOO_MANY_CERTIFICATES"' in text_of(response)
    assert state_of(link_of(row)) == "fresh"


def test_grant__unproved_rival__stays_as_it_is(proved: CertificateClaim) -> None:
    person = factories.intermediary("別府 次郎")
    rival = factories.claim("b@example.jp", person=person, number=proved.number, place=1)

    answer(a_request(proved=proved), "grant")

    rival.refresh_from_db()
    assert (rival.intermediary, rival.place, rival.ended_at) == (person, 1, None)


@pytest.mark.parametrize(
    ("after", "is_kept"), [(timedelta(days=7), True), (timedelta(days=7, seconds=1), False)]
)
def test_forget__requests_of_a_week_ago__gone_with_their_mails(
    after: timedelta, is_kept: bool
) -> None:
    answer(a_request(), "grant")
    told = OutgoingMail.objects.filter(event__in=asking.EVENTS)
    assert told.count() == 3

    forget_requests(MONDAY + after)

    assert ClaimRequest.objects.exists() is is_kept
    assert told.count() == (3 if is_kept else 0)


def a_rival(*, booked: bool = False) -> CertificateClaim:
    """The asking address has typed the number before the counter saw it, with a draft."""
    person = factories.intermediary("青木 花子")
    rival = factories.claim(OFFICE, person=person, number="大取第10234号", place=2)
    if booked:
        factories.reservation(rival, at("2026-06-11 10:00"), cancelled_at=MONDAY)
    return rival


@pytest.mark.parametrize("booked", [False, True])
def test_rival__enters_the_number_after_the_proof__may_ask_unless_they_have_booked(
    client: Client, proved: CertificateClaim, booked: bool
) -> None:
    a_rival(booked=booked)

    entered = enter(client)
    asked = ask(client)

    assert entered.status_code == 422
    assert 'data-refusal="CERTIFICATE_PROVED_ELSEWHERE"' in text_of(entered)
    assert BUTTON in text_of(entered)
    assert asked.status_code == (422 if booked else 302)
    assert ("この番号で予約したことがあるため" in text_of(asked)) is booked
    assert ClaimRequest.objects.exists() is not booked


def test_grant__to_a_rival__one_person_their_claim_ended_and_the_draft_goes_along(
    client: Client, proved: CertificateClaim
) -> None:
    rival = a_rival()
    draft = factories.draft(rival, None, 3)

    answer(a_request(OFFICE, proved), "grant")

    rival.refresh_from_db()
    assert (rival.ended_at, rival.place) == (MONDAY, None)
    joined = CertificateClaim.objects.get(mail_address=rival.mail_address, ended_at=None)
    assert joined.intermediary == proved.intermediary
    draft.refresh_from_db()
    assert draft.claim == joined
    assert enter(client).status_code == 302


def test_grant__to_a_rival_who_has_booked_since__void_and_both_stay(
    proved: CertificateClaim,
) -> None:
    """Who booked is settled by staff: else one person would come with two people's quotas."""
    row = a_request(OFFICE, proved)
    rival = a_rival(booked=True)

    answer(row, "grant")

    rival.refresh_from_db()
    assert (state_of(link_of(row)), rival.ended_at) == ("void", None)
    assert CertificateClaim.objects.filter(ended_at=None).count() == 2


def test_rival__before_the_proof__enters_as_before() -> None:
    situations.aoki()
    a_rival()

    assert enter(situations.signed_in_client(OFFICE)).status_code == 302
