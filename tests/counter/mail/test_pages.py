"""How the mail is doing and the mails about a reservation, as staff see them.  R-19, b.10."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests import factories, situations
from tests.counter.telephone.test_pages import page, url
from tests.policies import at
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.counter.mail.unreached import MOST_UNREACHED, WORDS_WITHOUT_RESERVATION
from uketori.outbox.models import FailedAttempt, MailState, OutgoingMail
from uketori.outbox.registry import registered_renderers
from uketori.reservations.cancelling.act import cancel_by_bureau
from uketori.reservations.mails.history import EVENT_WORDS
from uketori.reservations.mails.telling import BureauReason
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.django_db

NOW, BEFORE = at("2026-06-10 13:20"), at("2026-06-10 09:30")


@pytest.fixture
def visit() -> Reservation:
    """青木, Thursday 10:00."""
    return factories.reservation(situations.aoki(), at("2026-06-11 10:00"), 3)


@pytest.fixture
def clerk(at_moment: AtMoment) -> Client:
    at_moment(NOW)
    return situations.staff_client()


def mail(about: Reservation, state: MailState, **changes: Any) -> OutgoingMail:
    values = {
        "bureau": "osaka",
        "subject_id": about.reference,
        "event": "reservation_booked",
        "recipient": "aoki@example.jp",
        "message_id": f"<{OutgoingMail.objects.count()}@example.jp>",
        "enqueued_at": BEFORE,
        "not_before": BEFORE,
        "attempts": 1,
        "sent_at": BEFORE if state == MailState.SENT else None,
        "given_up_at": BEFORE if state == MailState.DEAD else None,
    }
    return OutgoingMail.objects.create(state=state, **{**values, **changes})


def fail(one: OutgoingMail, moment: datetime = BEFORE) -> None:
    FailedAttempt.objects.create(
        mail=one, at=moment, error="SMTPRecipientsRefused 550", domain="example.jp"
    )


def resend(clerk: Client, one: OutgoingMail) -> int:
    address = url("resending", reference=one.subject_id, mail_id=one.pk)
    return clerk.post(address).status_code


def test_mails_about__failed_attempts_and_the_whole_address(
    visit: Reservation, clerk: Client
) -> None:
    fail(mail(visit, MailState.DEAD))

    html = page(clerk, "mails_about", reference=visit.reference)

    assert "aoki@example.jp" in html
    assert "6月10日（水）9時30分 失敗：SMTPRecipientsRefused 550" in html
    assert "もう一度送る" in html


def test_mails__queue_oldest_domains_and_whom_nothing_reached(
    visit: Reservation, clerk: Client
) -> None:
    fail(mail(visit, MailState.DEAD))
    mail(visit, MailState.WAITING, event="reservation_changed", enqueued_at=at("2026-06-10 13:00"))
    elsewhere = mail(visit, MailState.DEAD, bureau="minato", subject_id="AAAA-AAAA")

    html = page(clerk, "mails")

    assert "20分前から" in html
    assert "送信が遅れています" in html
    assert "example.jp" in html
    assert visit.reference in html
    assert elsewhere.subject_id not in html


def test_mails__without_a_reservation__kind_moment_and_masked_address(
    visit: Reservation, clerk: Client
) -> None:
    """Who never got the link is known to nobody else."""
    mail(visit, MailState.DEAD, event="verification", subject_id="1", recipient="beppu@example.jp")
    expired = {"event": "claim_requested", "subject_id": "2", "recipient": "chinen@example.jp"}
    mail(visit, MailState.DROPPED, **expired, given_up_at=BEFORE)
    mail(visit, MailState.DROPPED, event="new_address", subject_id="3", recipient="x@untrue.jp")

    html = page(clerk, "mails")

    for words in ("予約を始めるためのリンク", "b…@example.jp", "証明書を一緒に使うお願い"):
        assert words in html
    assert "6月10日（水）9時30分" in html
    assert "期限まで送れず" in html
    assert "beppu@" not in html
    assert "untrue" not in html, "what was no longer true is missed by nobody"


def test_mails__given_up_after_a_day__listed_for_seven_days_from_then(
    visit: Reservation, clerk: Client, at_moment: AtMoment
) -> None:
    mail(visit, MailState.DEAD, event="verification", subject_id="1")
    for days, is_listed in ((7, False), (6, True)):
        at_moment(BEFORE + timedelta(days=days))
        client = situations.staff_client(name=f"職員 {days}")
        assert ("a…@example.jp" in page(client, "mails")) is is_listed


def test_mails__many_mistyped_addresses__push_no_reservation_out(
    visit: Reservation, clerk: Client
) -> None:
    mail(visit, MailState.DEAD)
    for number in range(MOST_UNREACHED + 1):
        strangers = {"event": "verification", "subject_id": str(number)}
        mail(visit, MailState.DEAD, **strangers, given_up_at=NOW)

    html = page(clerk, "mails")

    assert visit.reference in html
    assert html.count("a…@example.jp") == MOST_UNREACHED
    assert 'href="?others=2#others"' in html
    second = clerk.get("/staff/osaka/counter/mails/?others=2").content.decode()
    assert second.count("a…@example.jp") == 1


def test_unreached__every_kind_of_mail__has_its_words() -> None:
    kinds = {*EVENT_WORDS, *WORDS_WITHOUT_RESERVATION}
    assert {str(kind) for kind in registered_renderers()} <= {str(kind) for kind in kinds}


@pytest.mark.parametrize(
    ("state", "rows", "status"),
    [
        (MailState.DEAD, 1, 302),
        (MailState.SENT, 2, 302),
        (MailState.WAITING, 1, 302),
        (MailState.DROPPED, 1, 404),
        (MailState.SUPERSEDED, 1, 404),
    ],
)
def test_resending__each_state(
    visit: Reservation, clerk: Client, state: MailState, rows: int, status: int
) -> None:
    one = mail(visit, state)

    assert resend(clerk, one) == status
    assert resend(clerk, one) == status  # a second click

    assert OutgoingMail.objects.count() == rows
    waiting = OutgoingMail.objects.filter(state=MailState.WAITING, attempts=0).count()
    events = list(Event.objects.filter(kind="mail_sent_again").values_list("facts", flat=True))
    assert (waiting, len(events)) == ((1, 1) if status == 302 else (0, 0))
    assert all(set(facts) == {"mail", "event"} for facts in events)


def test_resending__mail_of_another_reservation__is_not_there(
    visit: Reservation, clerk: Client
) -> None:
    other = factories.reservation(situations.chinen(), at("2026-06-11 11:00"), 1)
    theirs = mail(other, MailState.DEAD)

    answer = clerk.post(url("resending", reference=visit.reference, mail_id=theirs.pk))

    assert answer.status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == MailState.DEAD


def test_resending__by_the_bureau__keeps_its_reason(visit: Reservation, clerk: Client) -> None:
    cancel_by_bureau(reservation=visit, reason=BureauReason.FAULT, actor="staff:1", at=BEFORE)
    OutgoingMail.objects.update(state=MailState.SENT, sent_at=BEFORE)

    resend(clerk, OutgoingMail.objects.get())

    facts = list(OutgoingMail.objects.values_list("facts", flat=True))
    assert facts == [{"reason": "fault"}] * 2
