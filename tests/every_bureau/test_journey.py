"""The same visit at every bureau, with a browser without scripts: top page to printed facts."""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import pytest
from django.core import mail

from tests import factories
from tests.every_bureau.bureaus import FOREIGN, policy_of
from tests.journeys.plain_browser import PlainBrowser
from tests.policies import at
from tests.situations import AtMoment
from uketori.outbox.worker import run_once
from uketori.reservations.models import Reservation
from uketori.rules.policy import BureauPolicy, Document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

ADDRESS = "aoki@example.jp"


@dataclass(frozen=True)
class Visit:
    """What a person presses at this bureau, and what must then be read."""

    hour: str
    numbers: tuple[str, ...]
    facts: tuple[str, ...]
    foreign: tuple[str, ...] = ()
    """Words of another bureau, which no page and no mail may hold."""


VISITS = {
    "osaka": Visit(
        hour="6月9日（火）10時",
        numbers=("阪労一E01234", "阪労一C01235"),
        facts=("6月9日（火）", "10時～11時", "6月8日（月）11時59分", "0570-064259", "部署番号"),
        foreign=FOREIGN["osaka"],
    ),
    "minato": Visit(
        hour="6月10日（水）8時",
        numbers=("湊K00123", "湊H00124"),
        facts=("8時～8時30分", "6月8日（月）17時59分", "050-0000-0135", "総合案内", "取次者証明書"),
        foreign=FOREIGN["minato"],
    ),
}


class Reader:
    """A browser whose every page and mail is read for words that do not belong here."""

    def __init__(self, policy: BureauPolicy) -> None:
        self.policy = policy
        self.visit = VISITS[policy.code]
        self.browser = PlainBrowser()

    def opens(self, path: str) -> None:
        self.browser.open(path)
        self.looks()

    def presses(self, words: str) -> None:
        self.browser.press(words)
        self.looks()

    def looks(self) -> None:
        text = f"{self.browser.page.title} {self.browser.page.text}"
        assert self.strange(text) == [], self.browser.path

    def strange(self, text: str) -> list[str]:
        return [word for word in self.visit.foreign if word in text]

    def newest_mail(self) -> str:
        run_once()
        newest = mail.outbox[-1]
        text = f"{newest.subject}\n{newest.from_email}\n{newest.body}"
        assert newest.to == [ADDRESS]
        assert self.policy.mail_from in text
        assert self.strange(text) == []
        return text


@pytest.fixture
def reader(policy: BureauPolicy) -> Reader:
    factories.first_notice()
    return Reader(policy)


def enters(reader: Reader) -> None:
    """From the top page to the hours, as a new person."""
    browser, policy = reader.browser, reader.policy
    reader.opens(f"/{policy.code}/")
    browser.follow("予約をはじめる")
    browser.fill("メールアドレス", ADDRESS)
    reader.presses("確認のメールを送る")
    assert f"「{policy.service_name}　メールアドレスの確認」" in browser.page.text
    found = re.search(rf"http://testserver(/{policy.code}/entry/\S+)", text := reader.newest_mail())
    assert found, text
    assert f"{policy.service_name}　メールアドレスの確認" in text
    reader.opens(found[1])
    reader.presses("予約のページへ進む")
    browser.choose(next(iter(policy.intermediary_kinds.values())))
    if policy.education_excluded:
        browser.choose("いいえ")
    browser.fill("証明書の番号", "見取第1号")
    for part, typed in zip(("年", "月", "日"), ("2028", "3", "31"), strict=True):
        browser.fill(part, typed)
    browser.fill("お名前", "青木 花子")
    browser.fill("所属", "あおぞら製作所")
    browser.fill("電話番号", "090-1234-5678")
    reader.presses("日付と時間を選ぶ")
    assert browser.status == 200, browser.page.errors


def chooses(reader: Reader, numbers: tuple[str, ...]) -> None:
    """Hour, cases, and on to ④."""
    reader.browser.choose(reader.visit.hour)
    reader.browser.choose(next(iter(reader.policy.category_questions.values())))
    for order, number in enumerate(numbers, start=1):
        reader.browser.fill(f"案件{order}の申請番号", number)
    reader.presses("④確認へ進む")


def confirms(reader: Reader) -> None:
    """Declare everything, and book."""
    forms = reader.browser.page.forms
    boxes = [one for form in forms for one in form.controls if one.kind == "checkbox"]
    for box in boxes:
        box.checked = True
    reader.presses("この内容で予約する")


def test_whole_visit__at_every_bureau__its_own_words_and_no_other(reader: Reader) -> None:
    enters(reader)
    chooses(reader, reader.visit.numbers)
    confirms(reader)

    made = Reservation.objects.get()
    browser, policy = reader.browser, reader.policy
    assert browser.path == f"/{policy.code}/reservations/{made.reference}"
    text = reader.newest_mail()
    shown = (policy.counter, policy.bureau_name, policy.contact_section, policy.contact_phone)
    for fact in (*reader.visit.facts, *shown, *reader.visit.numbers, made.reference):
        assert fact in browser.page.text, fact
    for fact in (*shown, *reader.visit.numbers, made.reference):
        assert fact in text, fact
    public = ("", "notice", "privacy", "accessibility", "eligibility")
    for path in (*public, "reservations/", "holders/", "my-data", "my-data/address"):
        reader.opens(f"/{policy.code}/{path}")
        assert browser.status == 200
    for path in ("calendar.ics", "changes", "cancellation"):
        reader.opens(f"/{policy.code}/reservations/{made.reference}/{path}")
        assert browser.status == 200


@pytest.mark.parametrize("handed_in", ["me", "colleague"])
def test_guide__at_every_bureau__its_own_papers(reader: Reader, handed_in: str) -> None:
    """Question by question to the yes, and a no of each kind."""
    answers = {
        "filed": "window",
        "application": "extension",
        "postcard": "counter",
        "who": "org_staff",
        "handed_in": handed_in,
        "certificate": "valid",
    }
    browser, policy = reader.browser, reader.policy
    guide = f"/{policy.code}/eligibility?"
    for asked in range(len(answers)):
        reader.opens(guide + urlencode(dict(list(answers.items())[:asked])))
        assert browser.status == 200
    reader.opens(guide + urlencode(answers))

    assert browser.page.title.startswith("予約できます")
    form = policy.documents[Document.RECEIPT_FORM]
    assert (f"{form}の様式：" in browser.page.text) == (handed_in != "me")
    assert f"この一覧と{policy.documents[Document.POSTCARD]}の記載が違うとき" in browser.page.text
    for name, value in (
        ("filed", "other_office"),
        ("postcard", "no_postcard"),
        ("who", "applicant"),
    ):
        given = dict(list(answers.items())[: list(answers).index(name)])
        reader.opens(guide + urlencode({**given, name: value}))
        assert browser.status == 200


def test_too_many_cases__at_every_bureau__refused_with_its_number(reader: Reader) -> None:
    enters(reader)
    most = reader.policy.max_cases_per_slot
    typed = "\n".join(f"{reader.visit.numbers[0][:-3]}{number:03d}" for number in range(most + 1))
    reader.browser.fill("貼り付けてください", typed)
    reader.presses("案件に加える")
    chooses(reader, ())

    assert reader.browser.status == 422
    assert reader.browser.page.refusals.count("TOO_MANY_CASES") >= 1
    assert f"{most}件まで" in reader.browser.page.text
    reader.presses(f"消す：案件{most + 1}")
    reader.presses("④確認へ進む")
    confirms(reader)
    assert Reservation.objects.get().live_case_count == most


def test_change__at_every_bureau__what_it_offers_and_until_when(
    reader: Reader, at_moment: AtMoment
) -> None:
    enters(reader)
    chooses(reader, reader.visit.numbers)
    confirms(reader)
    made, browser, policy = Reservation.objects.get(), reader.browser, reader.policy

    reader.opens(f"/{policy.code}/reservations/{made.reference}/changes")
    offered = {"withdraw" in one.name for form in browser.page.forms for one in form.controls}
    assert (True in offered) == policy.allow_withdrawal
    assert ("印を付ける" in browser.page.text) == policy.allow_withdrawal
    assert ("戻せ" in browser.page.text) == policy.allow_putting_back

    at_moment(made.change_closes_at)
    reader.browser = browser = PlainBrowser(factories.signed_in_client(ADDRESS))
    reader.opens(f"/{policy.code}/reservations/{made.reference}/changes")
    assert "変更の期限を過ぎています" in browser.page.title
    assert policy.contact_phone in browser.page.text


def test_minato__education__is_not_asked(reader: Reader) -> None:
    enters(reader)
    reader.opens(f"/{reader.policy.code}/holders/new")

    asked = "外国人受入れ教育機関" in reader.browser.page.text
    assert asked == reader.policy.education_excluded


def test_two_bureaus__one_person_one_address__nothing_is_shared(
    both_bureaus: None, monkeypatch: pytest.MonkeyPatch, at_moment: AtMoment
) -> None:
    """Quota, session and certificates are each bureau's own."""
    for code in ("osaka", "minato"):
        monkeypatch.setattr(factories, "BUREAU", code)
        factories.first_notice()
    browser = PlainBrowser()
    at_moment(at("2026-06-08 10:00"))
    visits = [Reader(policy_of("minato")), Reader(policy_of("osaka"))]
    for reader in visits:
        reader.browser = browser
        reader.visit = replace(reader.visit, foreign=())
        enters(reader)
        chooses(reader, reader.visit.numbers)
        confirms(reader)
        reader.newest_mail()

    assert list(Reservation.objects.order_by("pk").values_list("bureau", flat=True)) == [
        "minato",
        "osaka",
    ]
    ours, theirs = Reservation.objects.order_by("pk")
    browser.open(f"/minato/reservations/{ours.reference}")
    assert browser.status == 200
    browser.open(f"/osaka/reservations/{ours.reference}")
    assert browser.status == 404
    browser.open(f"/minato/reservations/{theirs.reference}")
    assert browser.status == 404
