"""A renewed certificate, and a claim that is given back.  D03, R-09."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from tests import factories, situations
from tests.answers import Answer
from tests.intermediaries.certificates.steps import NEW_NUMBER, renew, renewed, text_of
from tests.intermediaries.holders.steps import enter
from tests.policies import at
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.intermediaries.models import CertificateClaim, Intermediary
from uketori.outbox.models import OutgoingMail

pytestmark = pytest.mark.django_db

MONDAY = at("2026-06-08 10:00")
FIRST = "aoki@example.jp"
MY_DATA = "/osaka/my-data"


@pytest.fixture
def claim(monday_morning: datetime) -> CertificateClaim:
    return situations.aoki()


@pytest.fixture
def client(claim: CertificateClaim) -> Client:
    return situations.signed_in_client(claim)


def test_renew__new_number__same_person_old_key_stays(
    client: Client, claim: CertificateClaim
) -> None:
    new = renewed(client, claim)

    assert (new.intermediary, new.mail_address) == (claim.intermediary, claim.mail_address)
    assert (new.number, new.expires_on, new.place) == (NEW_NUMBER, date(2030, 3, 31), 1)
    assert new.certificate.kind == claim.certificate.kind
    claim.refresh_from_db()
    assert (claim.ended_at, claim.place) == (None, 1)
    assert Intermediary.objects.count() == 1
    event = Event.objects.get(kind="certificate_renewed")
    assert (event.subject, event.facts) == (f"claim:{new.pk}", {"before": claim.pk, "place": 1})


def test_renew__next_booking__uses_the_newest_valid_one(
    client: Client, claim: CertificateClaim, at_moment: AtMoment
) -> None:
    new = renewed(client, claim)

    assert f"?holder={new.pk}" in client.get("/osaka/reservations/new")["Location"]
    CertificateClaim.objects.filter(pk=new.pk).update(expires_on=date(2026, 6, 7))
    assert f"?holder={claim.pk}" in client.get("/osaka/reservations/new")["Location"]
    CertificateClaim.objects.filter(pk=claim.pk).update(expires_on=date(2026, 6, 7))
    assert f"?holder={new.pk}" in client.get("/osaka/reservations/new")["Location"]


def test_renew__drafts__go_on_with_the_new_one(client: Client, claim: CertificateClaim) -> None:
    draft = factories.draft(claim)

    new = renewed(client, claim)

    draft.refresh_from_db()
    assert draft.claim == new


def test_renew__quota_survives(client: Client, claim: CertificateClaim) -> None:
    hours = factories.displayed_hours(MONDAY)
    for starts_at in (hours[6], hours[12]):
        factories.reservation(claim, starts_at)

    renew(client, claim)

    shown = text_of(client.get("/osaka/reservations/"))
    assert shown.count("2枠のうち、2枠を予約しています") == 1


@pytest.mark.parametrize(
    ("expires_on", "is_taken"), [(date(2026, 6, 8), True), (date(2026, 6, 7), False)]
)
def test_renew__expired_already__refused(
    client: Client, claim: CertificateClaim, expires_on: date, is_taken: bool
) -> None:
    response = renew(client, claim, expires_on=expires_on)

    assert response.status_code == (302 if is_taken else 422)
    assert CertificateClaim.objects.count() == (2 if is_taken else 1)
    assert is_taken or 'data-refusal="CERTIFICATE_EXPIRED"' in text_of(response)


@pytest.mark.parametrize(
    ("others", "is_proved", "code"),
    [
        (1, True, "CERTIFICATE_PROVED_ELSEWHERE"),
        (2, False, "TOO_MANY_CLAIMS"),
        (1, False, ""),
    ],
)
def test_renew__number_of_others__the_rules_of_every_claim(
    client: Client, claim: CertificateClaim, others: int, is_proved: bool, code: str
) -> None:
    for place in range(1, others + 1):
        factories.claim(f"b{place}@example.jp", number=NEW_NUMBER, is_proved=is_proved, place=place)

    response = renew(client, claim)

    assert response.status_code == (422 if code else 302)
    assert not code or f'data-refusal="{code}"' in text_of(response)
    assert claim.intermediary.claims.count() == (1 if code else 2)
    assert OutgoingMail.objects.filter(event="claim_rival").count() == (0 if code else 1)


@pytest.mark.parametrize("number", ["第（−）号", "ﷺ" * 60], ids=["nothing left", "grows"])
def test_renew__no_number_at_all__told(
    client: Client, claim: CertificateClaim, number: str
) -> None:
    response = renew(client, claim, number)

    assert response.status_code == 422
    assert "証明書の番号を、証明書のとおりに入力してください。" in text_of(response)
    assert CertificateClaim.objects.get() == claim


def test_renew__number_of_a_colleague_here__told(client: Client, claim: CertificateClaim) -> None:
    colleague = factories.claim(FIRST, number=NEW_NUMBER)

    response = renew(client, claim)

    assert "ほかの方の証明書として登録されています" in text_of(response)
    colleague.refresh_from_db()
    assert colleague.expires_on == date(2028, 3, 31)


def test_renew__own_number_again__its_last_day_only(
    client: Client, claim: CertificateClaim
) -> None:
    renew(client, claim, number="（大取）10234")

    claim.refresh_from_db()
    assert (claim.expires_on, claim.number) == (date(2030, 3, 31), "大取第10234号")
    assert CertificateClaim.objects.count() == 1


def test_renew__address_with_twenty_people__each_may(client: Client) -> None:
    claims = [factories.claim(FIRST) for _ in range(19)]

    assert renew(client, claims[0]).status_code == 302


@pytest.mark.parametrize(
    ("before", "after", "is_taken"),
    [
        (4, timedelta(0), True),
        (5, timedelta(hours=23, minutes=59), False),
        (5, timedelta(hours=24), True),
    ],
)
def test_renew__numbers_of_a_day__five_an_address(
    claim: CertificateClaim,
    at_moment: AtMoment,
    before: int,
    after: timedelta,
    is_taken: bool,
) -> None:
    client = situations.signed_in_client(claim)
    for index in range(before):
        renewed(client, claim, f"大取第3000{index}号")
    at_moment(MONDAY + after)

    response = renew(situations.signed_in_client(claim), claim)

    assert response.status_code == (302 if is_taken else 422)


def test_renew__person_shared_with_another_address__both_without_a_second_place(
    client: Client, claim: CertificateClaim
) -> None:
    shared = factories.claim(
        "office@example.jp", person=claim.intermediary, number="大取第40404号", place=1
    )
    CertificateClaim.objects.filter(pk=shared.pk).update(place=None)
    new = renewed(client, claim)

    assert renew(situations.signed_in_client("office@example.jp"), shared).status_code == 302

    other = CertificateClaim.objects.order_by("-pk")[0]
    assert (other.certificate, other.intermediary) == (new.certificate, claim.intermediary)
    assert (new.place, other.place) == (1, None)


def test_renew__proved_for_another_address_of_the_same_person__joins(
    client: Client, claim: CertificateClaim
) -> None:
    factories.claim(
        "office@example.jp", person=claim.intermediary, number=NEW_NUMBER, is_proved=True
    )

    assert renewed(client, claim).place is None


@pytest.mark.parametrize("what", ["renewal", "removal"])
def test_claim__somebody_else_s__as_if_it_were_not_there(
    client: Client, claim: CertificateClaim, what: str
) -> None:
    theirs = situations.chinen()

    for pk in (theirs.pk, 999999):
        path = f"/osaka/holders/{pk}/{what}"
        assert client.get(path).status_code == client.post(path).status_code == 404
    theirs.refresh_from_db()
    assert theirs.ended_at is None


def opened_elsewhere(address: str, number: str) -> Answer:
    """Somebody who is not 青木 types the number at another address."""
    return enter(situations.signed_in_client(address), number=number, name="別府 次郎")


@pytest.mark.parametrize("number", ["大取第10234号", NEW_NUMBER])
def test_renew__either_number_typed_elsewhere__a_rival_as_of_any_open_claim(
    client: Client, claim: CertificateClaim, number: str
) -> None:
    renewed(client, claim)

    assert opened_elsewhere("beppu@example.jp", number).status_code == 302
    third = opened_elsewhere("chinen@example.jp", number)

    rival = CertificateClaim.objects.get(mail_address__address="beppu@example.jp")
    mine = CertificateClaim.objects.get(intermediary=claim.intermediary, number=number)
    assert (rival.certificate, rival.place) == (mine.certificate, 2)
    assert rival.intermediary != claim.intermediary
    told = OutgoingMail.objects.get(event="claim_rival")
    assert (told.recipient, told.subject_id) == (FIRST, str(mine.pk))
    assert third.status_code == 422
    assert 'data-refusal="TOO_MANY_CLAIMS"' in text_of(third)
    assert not CertificateClaim.objects.filter(mail_address__address="chinen@example.jp").exists()


@pytest.mark.parametrize("number", ["大取第10234号", "（大取）１０２３４"])
def test_renew__proved_before__the_old_number_is_nobody_else_s(
    monday_morning: datetime, number: str
) -> None:
    proved = situations.a_proved_certificate()
    renewed(situations.signed_in_client(proved), proved)

    refused = opened_elsewhere("beppu@example.jp", number)

    assert refused.status_code == 422
    assert 'data-refusal="CERTIFICATE_PROVED_ELSEWHERE"' in text_of(refused)
    assert not CertificateClaim.objects.filter(mail_address__address="beppu@example.jp").exists()
    proved.refresh_from_db()
    assert (proved.ended_at, proved.proved_at) == (None, MONDAY)
