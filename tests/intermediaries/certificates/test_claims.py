"""One certificate, several addresses; one address, several certificates.  D03."""

import re
from datetime import date, datetime

import pytest
from django.test import Client

from tests import factories, situations
from tests.answers import Answer
from tests.intermediaries.holders.steps import enter
from uketori.audit.models import Event
from uketori.intermediaries.models import Certificate, CertificateClaim, Intermediary

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

FIRST, SECOND, THIRD = (f"{name}@example.jp" for name in ("aoki", "beppu", "chinen"))


def refusals(response: Answer) -> set[str]:
    return set(re.findall(r'data-refusal="(\w+)"', response.content.decode()))


def newcomer(address: str) -> Client:
    return factories.signed_in_client(address)


def test_claim__same_address_same_number_written_otherwise__same_claim() -> None:
    claim = situations.aoki()
    client = situations.signed_in_client(claim)

    response = enter(
        client, number="（大取） １０２３４", name="青木 はな", expires_on=date(2030, 3, 31)
    )

    assert response["Location"].endswith(f"?holder={claim.pk}")
    assert CertificateClaim.objects.count() == Certificate.objects.count() == 1
    assert Intermediary.objects.get().name == "青木 はな"
    claim.refresh_from_db()
    assert claim.expires_on == date(2030, 3, 31)


@pytest.mark.parametrize(
    ("rivals", "is_taken"),
    [([], True), ([FIRST], True), ([FIRST, SECOND], False)],
    ids=["first", "second", "third"],
)
def test_claim__number_that_others_claim__two_open_claims_and_no_more(
    rivals: list[str], is_taken: bool
) -> None:
    for rival in rivals:
        enter(newcomer(rival))

    response = enter(newcomer(THIRD))

    assert response.status_code == (302 if is_taken else 422)
    assert refusals(response) == (set() if is_taken else {"TOO_MANY_CLAIMS"})
    assert CertificateClaim.objects.count() == len(rivals) + int(is_taken)
    places = sorted(CertificateClaim.objects.values_list("place", flat=True))
    assert places == list(range(1, len(places) + 1))


def test_claim__rival_types_another_name_and_date__nothing_of_the_other_changes() -> None:
    mine = situations.aoki()

    enter(newcomer(SECOND), name="偽 花子", phone="03-0000-0000", expires_on=date(2026, 6, 9))

    mine.refresh_from_db()
    assert mine.expires_on == date(2028, 3, 31)
    assert (mine.intermediary.name, mine.intermediary.phone) == ("青木 花子", "06-1234-5678")
    rival = CertificateClaim.objects.exclude(pk=mine.pk).get()
    assert rival.intermediary != mine.intermediary
    assert rival.certificate == mine.certificate


def test_claim__rival__sees_nothing_of_the_other() -> None:
    mine = situations.aoki()
    held = factories.reservation(mine, factories.displayed_hours(situations.MONDAY_MORNING)[0])
    rival = newcomer(SECOND)
    enter(rival, name="偽 花子")

    shown = rival.get("/osaka/reservations/").content.decode()

    assert held.reference not in shown
    assert "青木" not in shown
    assert rival.get(f"/osaka/reservations/{held.reference}").status_code == 404


@pytest.mark.parametrize(("address", "is_taken"), [(FIRST, True), (SECOND, False)])
def test_claim__proved_certificate__its_own_address_only(address: str, is_taken: bool) -> None:
    situations.a_proved_certificate()
    before = Event.objects.filter(kind="certificate_claimed").count()

    response = enter(newcomer(address))

    assert response.status_code == (302 if is_taken else 422)
    assert refusals(response) == (set() if is_taken else {"CERTIFICATE_PROVED_ELSEWHERE"})
    assert CertificateClaim.objects.count() == 1
    assert Intermediary.objects.count() == 1
    assert Event.objects.filter(kind="certificate_claimed").count() == before


@pytest.mark.parametrize(("served", "is_taken"), [(19, True), (20, False)])
def test_claim__office_with_many_certificates__twenty_an_address(
    served: int, is_taken: bool
) -> None:
    for _ in range(served):
        factories.claim(FIRST)
    certificates = Certificate.objects.count()

    response = enter(newcomer(FIRST), number="大取第88888号")

    assert response.status_code == (302 if is_taken else 422)
    assert refusals(response) == (set() if is_taken else {"TOO_MANY_CERTIFICATES"})
    assert CertificateClaim.objects.count() == served + int(is_taken)
    assert Certificate.objects.count() == certificates + int(is_taken)


def test_claim__same_number_of_the_other_kind__another_certificate() -> None:
    enter(newcomer(FIRST), number="第77号")
    enter(newcomer(SECOND), number="第77号", kind="gyoseishoshi")

    kinds = set(Certificate.objects.values_list("kind", flat=True))
    assert kinds == {"intermediary", "notified_professional"}
    assert list(CertificateClaim.objects.values_list("place", flat=True)) == [1, 1]


def test_choose__address_with_two_people__asked_who_comes() -> None:
    mine = situations.aoki()
    person = factories.intermediary("別府 次郎")
    colleague = factories.claim(FIRST, person=person)
    client = situations.signed_in_client(mine)

    led = client.get("/osaka/reservations/new")

    assert led["Location"] == "/osaka/holders/"
    shown = client.get(led["Location"]).content.decode()
    for claim in (mine, colleague):
        assert f'href="/osaka/reservations/new?holder={claim.pk}"' in shown
        assert claim.intermediary.name in shown
        assert claim.number in shown
    chosen = client.get(f"/osaka/reservations/new?holder={colleague.pk}")
    assert f"?holder={colleague.pk}" in chosen["Location"]
    assert "別府 次郎" in client.get(chosen["Location"]).content.decode()


def test_choose__one_person__not_asked() -> None:
    client = situations.signed_in_client(situations.aoki())

    assert "/osaka/reservations/drafts/" in client.get("/osaka/reservations/new")["Location"]


@pytest.mark.parametrize("wanted", ["stranger", "999999", "x"])
def test_choose__somebody_who_is_not_mine__my_own_instead(
    wanted: str, monday_morning: datetime
) -> None:
    mine, theirs = situations.aoki(), situations.chinen()
    client = situations.signed_in_client(mine)
    wanted = str(theirs.pk) if wanted == "stranger" else wanted

    led = client.get(f"/osaka/reservations/new?holder={wanted}")

    assert led["Location"].endswith(f"?holder={mine.pk}")
