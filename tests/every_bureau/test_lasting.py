"""What follows a booking at every bureau: cancelling, renewing, sharing, and one's own data."""

import json
import re
from urllib.parse import urlencode

import pytest

from tests import factories, situations
from tests.every_bureau.test_journey import ADDRESS, Reader
from tests.intermediaries.sharing.steps import a_request, link_of
from tests.journeys.plain_browser import PlainBrowser
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Reservation
from uketori.rules.policy import BureauPolicy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

OFFICE = "aoki@office.example.jp"


@pytest.fixture
def claim(policy: BureauPolicy, monday_morning: object) -> CertificateClaim:
    return situations.aoki(ADDRESS)


@pytest.fixture
def reader(policy: BureauPolicy, claim: CertificateClaim) -> Reader:
    """The browser of 青木."""
    reader = Reader(policy)
    reader.browser = PlainBrowser(factories.signed_in_client(ADDRESS))
    return reader


def booked(claim: CertificateClaim, reader: Reader) -> Reservation:
    starts_at = factories.displayed_hours(claim.claimed_at)[-1]
    made = factories.reservation(claim, starts_at, list(reader.visit.numbers))
    made.cases.update(category="same_org")
    return made


def test_cancel__at_every_bureau__gone_and_told_in_its_own_words(
    reader: Reader, claim: CertificateClaim
) -> None:
    made = booked(claim, reader)
    reader.opens(f"/{reader.policy.code}/reservations/{made.reference}/cancellation")
    reader.presses("この予約を取り消す")

    made.refresh_from_db()
    assert made.cancelled_at is not None
    assert reader.browser.status == 200
    assert reader.policy.contact_section in reader.newest_mail()


def test_withdraw__at_every_bureau__done_or_refused_with_its_sentence(
    reader: Reader, claim: CertificateClaim
) -> None:
    """A page of みなと offers no box; a form that was sent all the same is refused."""
    made, policy = booked(claim, reader), reader.policy
    reader.opens(f"/{policy.code}/reservations/{made.reference}/changes")
    form = reader.browser.page.form_with("revision")
    first = made.cases.order_by("order")[0]
    typed = urlencode([*form.pairs, ("withdraw", first.pk), ("do", "change")])
    answer = PlainBrowser(factories.signed_in_client(ADDRESS)).client.post(
        reader.browser.path, typed, content_type="application/x-www-form-urlencoded"
    )

    made.refresh_from_db()
    assert made.live_case_count == (1 if policy.allow_withdrawal else 2)
    assert answer.status_code == (302 if policy.allow_withdrawal else 422)
    refused = "この局では、案件の一部の取消はできません。" in answer.content.decode()
    assert refused is not policy.allow_withdrawal


def test_renew__at_every_bureau__new_number_on_my_data(
    reader: Reader, claim: CertificateClaim
) -> None:
    reader.opens(f"/{reader.policy.code}/my-data")
    reader.browser.follow("更新した証明書を登録する")
    reader.browser.fill("番号", "見取第77号")
    for part, typed in zip(("年", "月", "日"), ("2030", "3", "31"), strict=True):
        reader.browser.fill(part, typed)
    button = reader.browser.page.forms[-1].buttons[0].label
    reader.presses(button)

    assert reader.browser.status == 200, reader.browser.page.errors
    reader.opens(f"/{reader.policy.code}/my-data")
    assert "見取第77号" in reader.browser.page.text
    newest = CertificateClaim.objects.order_by("-pk")[0]
    assert (newest.number, newest.intermediary) == ("見取第77号", claim.intermediary)


@pytest.mark.parametrize("how", ["grant", "decline"])
def test_share__at_every_bureau__asked_by_mail_and_answered(
    policy: BureauPolicy, monday_morning: object, how: str
) -> None:
    proved = situations.a_proved_certificate()
    request = a_request(OFFICE, proved)
    reader = Reader(policy)
    assert link_of(request) in reader.newest_mail()

    reader.opens(link_of(request))
    assert policy.bureau_name in reader.browser.page.text
    reader.browser.client.handler.enforce_csrf_checks = False
    reader.browser.client.post(link_of(request), {"answer": how})

    shared = CertificateClaim.objects.filter(mail_address__address=OFFICE)
    assert [one.intermediary for one in shared] == [proved.intermediary] * (how == "grant")
    reader.opens(link_of(request))
    assert reader.browser.status == 200


def test_my_data__at_every_bureau__shown_and_taken_along(
    reader: Reader, claim: CertificateClaim
) -> None:
    made = booked(claim, reader)
    reader.opens(f"/{reader.policy.code}/my-data")
    for fact in (claim.number, claim.intermediary.name, ADDRESS):
        assert fact in reader.browser.page.text

    answer = reader.browser.client.get(f"/{reader.policy.code}/my-data/export")
    taken = answer.content.decode()
    assert answer.status_code == 200
    assert json.loads(taken)
    assert made.reference in taken
    assert not re.findall("|".join(reader.visit.foreign), taken)


def test_revise__at_every_bureau__name_organisation_and_telephone_on_my_data(
    reader: Reader, claim: CertificateClaim
) -> None:
    made, code = booked(claim, reader), reader.policy.code
    other = factories.claim(ADDRESS, person=factories.intermediary("別府 次郎"))
    typed = {"お名前": "青木 はな", "所属": "みずいろ商会", "電話番号": "090-8765-4321"}
    reader.opens(f"/{code}/holders/{claim.pk}")
    for label, value in typed.items():
        reader.browser.fill(label, value)
    reader.presses("保存する")

    assert reader.browser.status == 200, reader.browser.page.errors
    reader.opens(f"/{code}/my-data")
    for value in (*typed.values(), "別府 次郎", "株式会社あおぞら製作所", "06-1234-5678"):
        assert reader.browser.page.text.count(value) >= 1, value
    other.intermediary.refresh_from_db()
    assert (other.intermediary.name, other.intermediary.phone) == ("別府 次郎", "06-1234-5678")
    reader.opens(f"/{code}/reservations/{made.reference}")
    assert "青木 花子" in reader.browser.page.text
    desk = situations.staff_client(bureau=code)
    call = desk.get(f"/staff/{code}/counter/calls/{made.reference}")
    for value in ("青木 花子", *list(typed.values())[1:]):
        assert value in call.content.decode()
