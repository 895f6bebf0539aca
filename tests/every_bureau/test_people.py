"""Who comes at every bureau: moved to another address, revised, no more than its limits.  D03."""

import re

import pytest
from django.core import mail

from tests import factories, situations
from tests.every_bureau.test_journey import ADDRESS, Reader
from tests.journeys.plain_browser import PlainBrowser
from uketori.intermediaries.masking import masked
from uketori.intermediaries.models import CertificateClaim
from uketori.outbox.worker import run_once
from uketori.rules.policy import BureauPolicy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

NEW = "aoki@office.example.jp"
NUMBER = "見取第1号"


@pytest.fixture
def reader(policy: BureauPolicy, monday_morning: object) -> Reader:
    """The browser of whoever reads the mails to this address; nobody is entered yet."""
    reader = Reader(policy)
    reader.browser = PlainBrowser(factories.signed_in_client(ADDRESS))
    return reader


@pytest.fixture
def claim(reader: Reader) -> CertificateClaim:
    return situations.aoki(ADDRESS)


def mail_to(address: str, reader: Reader) -> str:
    """The newest mail to this address, in the bureau's own words."""
    run_once()
    newest = next(one for one in reversed(mail.outbox) if one.to == [address])
    text = f"{newest.subject}\n{newest.from_email}\n{newest.body}"
    assert reader.policy.mail_from in text
    assert reader.policy.contact_section in text
    assert reader.strange(text) == []
    return text


def enters(reader: Reader, number: str, name: str = "青木 花子") -> None:
    """Fill in who comes, and go on to the hours."""
    browser, policy = reader.browser, reader.policy
    reader.opens(f"/{policy.code}/holders/new")
    browser.choose(next(iter(policy.intermediary_kinds.values())))
    if policy.education_excluded:
        browser.choose("いいえ")
    typed = {"証明書の番号": number, "年": "2028", "月": "3", "日": "31", "お名前": name}
    for label, words in {**typed, "所属": "あおぞら製作所", "電話番号": "090-1234-5678"}.items():
        browser.fill(label, words)
    reader.presses("日付と時間を選ぶ")


def test_address__at_every_bureau__moved_by_the_link_of_the_mail(
    reader: Reader, claim: CertificateClaim
) -> None:
    starts_at = factories.displayed_hours(claim.claimed_at)[-1]
    made = factories.reservation(claim, starts_at, list(reader.visit.numbers))
    code = reader.policy.code
    reader.opens(f"/{code}/my-data")
    reader.browser.follow("メールアドレスを変える")
    reader.browser.fill("メールアドレス", NEW)
    reader.presses(reader.browser.page.form_with("address").buttons[0].label)
    found = re.search(rf"http://testserver(/{code}/address/\S+)", mail_to(NEW, reader))
    assert found

    reader.opens(found[1])
    reader.presses("このアドレスに変える")

    assert reader.browser.path == f"/{code}/my-data"
    assert NEW in reader.browser.page.text
    for row in (claim, made):
        row.refresh_from_db()
        assert row.mail_address.address == NEW
    assert f"新しいアドレス　{masked(NEW)}" in mail_to(ADDRESS, reader)
    reader.opens(f"/{code}/reservations/{made.reference}")
    assert reader.browser.status == 200


def test_revise__at_every_bureau__name_and_expiry_change_and_the_number_stays(
    reader: Reader, claim: CertificateClaim
) -> None:
    reader.opens(f"/{reader.policy.code}/my-data")
    reader.browser.follow("情報を変える")
    reader.browser.fill("お名前", "青木 はな")
    reader.browser.fill("年", "2029")
    reader.presses("保存する")

    assert reader.browser.status == 200, reader.browser.page.errors
    assert reader.browser.path == f"/{reader.policy.code}/my-data"
    for fact in ("青木 はな", claim.number, "2029年3月31日"):
        assert fact in reader.browser.page.text
    number = claim.number
    claim.refresh_from_db()
    assert (claim.number, claim.expires_on.year) == (number, 2029)


@pytest.mark.parametrize("beyond", [0, 1])
def test_claims__at_every_bureau__as_many_addresses_a_certificate_as_it_says(
    reader: Reader, beyond: int
) -> None:
    most = reader.policy.max_open_claims
    for place in range(1, most + beyond):
        factories.claim(f"rival{place}@example.jp", number=NUMBER, place=place)

    enters(reader, NUMBER)

    assert CertificateClaim.objects.filter(number=NUMBER).count() == most
    assert reader.browser.status == (422 if beyond else 200)
    refused = f"すでに{most}つのメールアドレスで登録されています"
    assert (refused in reader.browser.page.text) is bool(beyond)
    assert reader.browser.page.refusals[:1] == ["TOO_MANY_CLAIMS"] * beyond


@pytest.mark.parametrize("beyond", [0, 1])
def test_certificates__at_every_bureau__as_many_an_address_as_it_says(
    reader: Reader, beyond: int
) -> None:
    most = reader.policy.max_certificates_per_address
    for number in range(1, most + beyond):
        person = factories.intermediary(f"青木 {number}")
        factories.claim(ADDRESS, person=person, number=f"見取第{100 + number}号")

    enters(reader, NUMBER)

    assert CertificateClaim.objects.count() == most
    assert reader.browser.status == (422 if beyond else 200)
    refused = f"１つのメールアドレスで登録できる証明書は{most}枚までです。"
    assert (refused in reader.browser.page.text) is bool(beyond)
    assert reader.browser.page.refusals[:1] == ["TOO_MANY_CERTIFICATES"] * beyond
