"""What the link of a dead mailbox does: everything goes along, once, or nothing at all.  D03."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client

from tests import factories, situations
from tests.counter.address.steps import (
    HOUR,
    NEW,
    NUMBER,
    OLD,
    SECOND,
    TEN,
    WEDNESDAY,
    ask,
    link,
    speaks_from,
    state_of,
    told,
)
from tests.counter.telephone.test_pages import page, url
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.intermediaries.address.change import forget_changes
from uketori.intermediaries.models import AddressChange, CertificateClaim, Intermediary, MailProof
from uketori.intermediaries.suspension.mails import Ground, tell_suspended
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.worker import run_once
from uketori.reservations.mails.reminders import tell
from uketori.rules.reminders import Reminder

pytestmark = pytest.mark.django_db


def test_telephone__link_opened__moves_with_everything_and_enters(
    chief: Client, claim: CertificateClaim
) -> None:
    held = factories.reservation(claim, TEN, 2)
    draft = factories.draft(claim)
    ask(chief, claim)
    assert state_of(link()) == "fresh"
    browser = Client()

    answer = browser.post(link())

    assert answer.headers["Location"] == "/osaka/my-data"
    assert speaks_from(claim) == NEW
    for row in (held, draft):
        row.refresh_from_db()
        assert row.mail_address.address == NEW
    assert told("address_changed_by_bureau") == [OLD]
    html = browser.get("/osaka/my-data").content.decode()
    assert "6月10日（水）9時20分に、このアドレスに変わりました。" in html
    assert held.reference in browser.get("/osaka/reservations/").content.decode()
    assert state_of(link()) == "used"
    assert Client().post(link()).status_code == 200


@pytest.mark.parametrize(("later", "moves"), [(HOUR - SECOND, True), (HOUR, False)])
def test_telephone__link__works_for_one_hour(
    chief: Client, claim: CertificateClaim, at_moment: AtMoment, later: timedelta, moves: bool
) -> None:
    ask(chief, claim)
    at_moment(WEDNESDAY + later)

    Client().post(link())

    assert speaks_from(claim) == (NEW if moves else OLD)
    assert state_of(link()) == ("used" if moves else "expired")


def test_telephone__get_of_the_link__moves_nothing(chief: Client, claim: CertificateClaim) -> None:
    ask(chief, claim)

    Client().get(link())

    assert speaks_from(claim) == OLD


def test_link__office_filled_meanwhile__not_moved_and_said(
    chief: Client, claim: CertificateClaim
) -> None:
    ask(chief, claim)
    for _one in range(20):
        factories.claim(NEW)

    answer = Client().post(link())

    assert answer.status_code == 409
    assert "メールアドレスを変えられませんでした" in answer.content.decode()
    assert speaks_from(claim) == OLD
    assert AddressChange.objects.get().spent_at is None
    assert told("address_changed_by_bureau") == []


@pytest.mark.parametrize(("is_seen", "status", "address"), [(True, 409, OLD), (False, 302, NEW)])
def test_link__rival_since__in_the_way_only_where_the_counter_has_seen_them(
    chief: Client, claim: CertificateClaim, is_seen: bool, status: int, address: str
) -> None:
    ask(chief, claim)
    factories.claim("other@example.jp", number=NUMBER, place=2, is_proved=is_seen)

    assert Client().post(link()).status_code == status
    assert speaks_from(claim) == address


def test_move__others_of_the_old_address__stay_with_what_is_theirs(
    chief: Client, claim: CertificateClaim
) -> None:
    renewed = factories.claim(OLD, person=claim.intermediary, number="大取第20001号", place=1)
    colleague = factories.claim(OLD, person=factories.intermediary("別府 次郎"))
    theirs = factories.reservation(colleague, TEN, 1)
    office = situations.signed_in_client(OLD)
    ask(chief, claim)

    Client().post(link())

    assert (speaks_from(claim), speaks_from(renewed)) == (NEW, NEW)
    assert speaks_from(colleague) == OLD
    theirs.refresh_from_db()
    assert theirs.mail_address.address == OLD
    assert theirs.reference in office.get("/osaka/reservations/").content.decode()


def test_move__nobody_left_at_the_old_address__its_sessions_end(
    chief: Client, claim: CertificateClaim
) -> None:
    situations.signed_in_client(OLD)
    ask(chief, claim)

    Client().post(link())

    assert not MailProof.objects.filter(mail_address__address=OLD, ended_at=None).exists()


def test_move__mails_that_wait_and_those_to_come__go_to_the_new_address(
    chief: Client, claim: CertificateClaim
) -> None:
    """The suspension that waits, too, and a suspension stays one."""
    person = claim.intermediary
    held = factories.reservation(claim, TEN, 1)
    tell(reservation=held, reminder=Reminder.SECOND, at=WEDNESDAY)
    factories.suspension(person, date(2026, 6, 9), date(2026, 7, 8))
    days = {"first_day": date(2026, 6, 9), "last_day": date(2026, 7, 8)}
    policy = factories.policy()
    tell_suspended(
        intermediary=person, policy=policy, grounds=[Ground.NO_SHOW], at=WEDNESDAY, **days
    )
    ask(chief, claim)

    Client().post(link())

    assert told("reminder_second") == [NEW]
    assert told("suspended") == [NEW]
    assert Intermediary.objects.get(pk=person.pk).suspensions.count() == 1
    held.refresh_from_db()
    assert held.mail_address.address == NEW


@pytest.mark.parametrize("state", [MailState.DEAD, MailState.SENT])
@pytest.mark.parametrize("elsewhere", [False, True])
def test_resending__after_the_move__to_the_address_on_record(
    chief: Client, claim: CertificateClaim, state: MailState, elsewhere: bool
) -> None:
    """But what went elsewhere on purpose goes there again."""
    held = factories.reservation(claim, TEN, 1)
    one = OutgoingMail.objects.create(
        bureau="osaka",
        event="reservation_booked",
        subject_id=held.reference,
        recipient="booked@example.jp" if elsewhere else OLD,
        message_id="<1@example.jp>",
        enqueued_at=WEDNESDAY,
        not_before=WEDNESDAY,
        state=state,
        sent_at=WEDNESDAY,
        facts={"elsewhere": True} if elsewhere else {},
    )
    ask(chief, claim)
    Client().post(link())

    for _click in range(2):
        chief.post(url("resending", reference=held.reference, mail_id=one.pk))

    waiting = OutgoingMail.objects.filter(event="reservation_booked", state=MailState.WAITING)
    assert [row.recipient for row in waiting] == ["booked@example.jp" if elsewhere else NEW]


def test_warning__owner_of_the_old_box_calls__staff_stop_it(
    chief: Client, claim: CertificateClaim, at_moment: AtMoment
) -> None:
    ask(chief, claim)
    at_moment(WEDNESDAY + SECOND)

    chief.post(url("address_withdrawal", claim_id=claim.pk))

    assert state_of(link()) == "expired"
    Client().post(link())
    assert speaks_from(claim) == OLD
    assert "確認を待っています" not in page(chief, "address_for", claim_id=claim.pk)
    assert Event.objects.filter(kind="address_change_withdrawn_by_staff").count() == 1


def test_ask__another_address_after_the_first__only_the_last_link_works(
    chief: Client, claim: CertificateClaim, at_moment: AtMoment
) -> None:
    ask(chief, claim, address="stranger@example.com")
    first = link()
    at_moment(WEDNESDAY + SECOND)
    ask(chief, claim)

    assert (state_of(first), state_of(link())) == ("expired", "fresh")


def test_move__holder_moved_in_the_session_meanwhile__link_of_the_staff_does_nothing(
    chief: Client, claim: CertificateClaim
) -> None:
    ask(chief, claim)
    elsewhere = factories.mail_address("moved@example.jp")
    CertificateClaim.objects.filter(pk=claim.pk).update(mail_address=elsewhere)

    assert Client().post(link()).status_code == 409
    assert speaks_from(claim) == "moved@example.jp"


def test_forget__a_week_later__requests_and_their_mails_are_gone(
    chief: Client, claim: CertificateClaim
) -> None:
    ask(chief, claim)
    Client().post(link())

    forget_changes(WEDNESDAY + timedelta(days=7, seconds=1))

    assert not AddressChange.objects.exists()
    assert not OutgoingMail.objects.filter(event__contains="by_bureau").exists()


def test_mails__of_the_whole_way__say_what_to_do(chief: Client, claim: CertificateClaim) -> None:
    ask(chief, claim)
    run_once(WEDNESDAY)
    Client().post(link())
    run_once(WEDNESDAY)

    bodies = {(one.to[0], one.subject): str(one.body) for one in mail.outbox}
    to_old = [body for (to, _subject), body in bodies.items() if to == OLD]
    assert len(to_old) == 2
    assert all("すぐにお電話ください。" in body and "0570-064259" in body for body in to_old)
    assert all(NEW not in body for body in to_old)
