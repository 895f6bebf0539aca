"""A dead mailbox: the staff move somebody to another address, and no stranger.  D03, R-29."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from tests import factories, situations
from tests.answers import Answer
from tests.counter.test_call_pages import page, url
from tests.policies import at
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.intermediaries import tokens
from uketori.intermediaries.address_change import PURPOSE, forget_changes
from uketori.intermediaries.models import (
    AddressChange,
    CertificateClaim,
    Intermediary,
    MailAddress,
    MailProof,
)
from uketori.intermediaries.suspension_mails import Ground, tell_suspended
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.worker import run_once
from uketori.reservations.models import Reservation
from uketori.reservations.reminders import tell
from uketori.rules.permissions import Role
from uketori.rules.reminders import Reminder

pytestmark = pytest.mark.django_db

OLD, NEW = "aoki@example.jp", "aoki@new.example.jp"
NUMBER = "大取第10234号"
WEDNESDAY = at("2026-06-10 09:20")
TEN = at("2026-06-11 10:00")
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def claim(at_moment: AtMoment, settings: Any) -> CertificateClaim:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    at_moment(WEDNESDAY)
    return situations.aoki()


@pytest.fixture
def chief(claim: CertificateClaim) -> Client:
    return situations.staff_client(Role.SUPERVISOR)


def ask(chief: Client, claim: CertificateClaim, **typed: str) -> Answer:
    sent = {"way": "telephone", "number": NUMBER, "address": NEW, "reason": "unreached"}
    where = url("address_for", claim_id=claim.pk)
    return chief.post(where, {**sent, **typed})


def link() -> str:
    seed = bytes(AddressChange.objects.order_by("-pk")[0].seed)
    return f"/osaka/address/{tokens.token_of(seed, PURPOSE)}"


def state_of(path: str) -> str:
    (state,) = re.findall(r'data-link-state="(\w+)"', Client().get(path).content.decode())
    return str(state)


def speaks_from(claim: CertificateClaim) -> str:
    claim.refresh_from_db()
    return str(claim.mail_address.address)


def told(event: str) -> list[str]:
    return list(OutgoingMail.objects.filter(event=event).values_list("recipient", flat=True))


def test_telephone__asked__nothing_moves_and_both_are_told(
    chief: Client, claim: CertificateClaim
) -> None:
    assert ask(chief, claim).status_code == 302

    assert speaks_from(claim) == OLD
    assert told("new_address_by_bureau") == [NEW]
    assert told("address_change_by_bureau_asked") == [OLD]
    html = page(chief, "address_for", claim_id=claim.pk)
    assert f"{NEW} に確認のメールを送りました。" in html
    assert "6月10日（水）10時20分まで" in html


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


def test_counter__seen_today__moves_at_once_and_both_are_told(
    chief: Client, claim: CertificateClaim
) -> None:
    CertificateClaim.objects.update(proved_at=WEDNESDAY - SECOND, place=None)

    assert ask(chief, claim, way="counter").status_code == 302

    assert speaks_from(claim) == NEW
    assert told("address_changed_by_bureau") == [OLD]
    assert told("address_entered_by_bureau") == [NEW]
    assert told("new_address_by_bureau") == []


@pytest.mark.parametrize(
    ("visit_day", "arrives", "moves"),
    [("2026-06-10", True, True), ("2026-06-10", False, False), ("2026-06-09", True, False)],
)
def test_counter__proved_earlier__only_who_came_today(
    chief: Client, claim: CertificateClaim, visit_day: str, arrives: bool, moves: bool
) -> None:
    CertificateClaim.objects.update(proved_at=at("2026-06-03 10:00"), place=None)
    starts_at = at(f"{visit_day} 09:00")
    made = factories.reservation(claim, starts_at, 1)
    if arrives:
        Reservation.objects.filter(pk=made.pk).update(arrived_at=starts_at)

    answer = ask(chief, claim, way="counter")

    assert answer.status_code == (302 if moves else 422)
    assert speaks_from(claim) == (NEW if moves else OLD)
    if not moves:
        assert "きょう窓口で証明書を確認した記録がありません。" in answer.content.decode()


def test_counter__never_proved__refused(chief: Client, claim: CertificateClaim) -> None:
    made = factories.reservation(claim, at("2026-06-10 09:00"), 1)
    Reservation.objects.filter(pk=made.pk).update(arrived_at=WEDNESDAY)

    assert ask(chief, claim, way="counter").status_code == 422
    assert speaks_from(claim) == OLD


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"number": "大取第99999号"}, "証明書の番号が、登録と合いません。"),
        ({"address": OLD}, "いまのメールアドレスと同じです。"),
        ({"address": "ＡＯＫＩ@example.jp"}, "いまのメールアドレスと同じです。"),
        ({"address": "aoki.example.jp"}, "メールアドレスの形を確かめてください。"),
        ({"address": "aoki@new.example.jp\nBcc: x@y.jp"}, "改行が入っています。"),
        ({"address": "aoki@gmial.com"}, "aoki@gmail.com ではありませんか。"),
        ({"reason": ""}, "変更の理由を選んでください。"),
        ({"way": "letter"}, "本人の確かめ方を、もう一度選んでください。"),
    ],
)
def test_ask__wrong__said_and_nothing_sent(
    chief: Client, claim: CertificateClaim, typed: dict[str, str], said: str
) -> None:
    answer = ask(chief, claim, **typed)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not AddressChange.objects.exists()
    assert not OutgoingMail.objects.exists()
    assert ask(chief, claim).status_code == 302


def test_ask__slip_that_was_meant__goes_as_typed(chief: Client, claim: CertificateClaim) -> None:
    ask(chief, claim, address="aoki@gmial.com", settled="aoki@gmial.com")

    assert told("new_address_by_bureau") == ["aoki@gmial.com"]


@pytest.mark.parametrize(("others", "is_sent"), [(19, True), (20, False)])
def test_ask__address_of_an_office__serves_twenty(
    chief: Client, claim: CertificateClaim, others: int, is_sent: bool
) -> None:
    for _one in range(others):
        factories.claim(NEW)

    answer = ask(chief, claim)

    assert answer.status_code == (302 if is_sent else 422)
    assert ("すでに20名の方が登録されています。" in answer.content.decode()) is not is_sent


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


def test_ask__rival_of_an_unproved_number__only_at_the_counter(
    chief: Client, claim: CertificateClaim
) -> None:
    """Both know the number: a voice does not say whose it is."""
    rival = factories.claim("other@example.jp", number=NUMBER, place=2)

    refused = ask(chief, claim)

    assert refused.status_code == 422
    assert "証明書を持って窓口に来ていただいてください。" in refused.content.decode()
    CertificateClaim.objects.filter(pk=claim.pk).update(proved_at=WEDNESDAY, place=None)
    assert ask(chief, claim, way="counter").status_code == 302
    assert (speaks_from(claim), speaks_from(rival)) == (NEW, "other@example.jp")


def test_link__rival_since__not_moved(chief: Client, claim: CertificateClaim) -> None:
    ask(chief, claim)
    factories.claim("other@example.jp", number=NUMBER, place=2)

    assert Client().post(link()).status_code == 409
    assert speaks_from(claim) == OLD


def test_ask__address_claims_the_same_number__refused(
    chief: Client, claim: CertificateClaim
) -> None:
    CertificateClaim.objects.filter(pk=claim.pk).update(proved_at=WEDNESDAY, place=None)
    factories.claim(NEW, number=NUMBER, place=2)

    answer = ask(chief, claim, way="counter")

    assert answer.status_code == 422
    assert "同じ番号の証明書がすでに登録されています。" in answer.content.decode()
    assert speaks_from(claim) == OLD


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


def test_ask__same_address_again__old_box_warned_once_and_five_links_at_most(
    chief: Client, claim: CertificateClaim
) -> None:
    answers = [ask(chief, claim).status_code for _one in range(6)]

    assert answers == [302] * 5 + [422]
    assert told("address_change_by_bureau_asked") == [OLD]


def test_warning__shown_in_my_data_of_the_old_address(
    chief: Client, claim: CertificateClaim
) -> None:
    holder = situations.signed_in_client(claim)
    ask(chief, claim)

    html = holder.get("/osaka/my-data").content.decode()

    assert "ほかのアドレスに変えたいとお電話でお申出がありました。" in html
    assert NEW not in html
    export = holder.get("/osaka/my-data/export").json()
    assert [one["new_address"] for one in export["address_changes"]] == ["a…@new.example.jp"]


def test_warning__code_of_the_staff_s_link__cannot_be_typed_in_the_old_session(
    chief: Client, claim: CertificateClaim
) -> None:
    holder = situations.signed_in_client(claim)
    ask(chief, claim)

    assert holder.get("/osaka/my-data/address/code").status_code == 302


def test_move__holder_moved_in_the_session_meanwhile__link_of_the_staff_does_nothing(
    chief: Client, claim: CertificateClaim
) -> None:
    ask(chief, claim)
    elsewhere = factories.mail_address("moved@example.jp")
    CertificateClaim.objects.filter(pk=claim.pk).update(mail_address=elsewhere)

    assert Client().post(link()).status_code == 409
    assert speaks_from(claim) == "moved@example.jp"


@pytest.mark.parametrize("way", ["telephone", "counter"])
def test_events__references_and_codes_only(
    chief: Client, claim: CertificateClaim, way: str
) -> None:
    CertificateClaim.objects.update(proved_at=WEDNESDAY, place=None)
    ask(chief, claim, way=way)
    if way == "telephone":
        Client().post(link())

    kinds = {one.kind: one.facts for one in Event.objects.filter(kind__contains="by_staff")}
    asked = {"way": way, "reason": "unreached", "claim": claim.pk}
    if way == "telephone":
        assert kinds["address_change_requested_by_staff"] == asked
        assert kinds["address_changed_by_staff"] == {"way": way, "claim": claim.pk}
    else:
        assert kinds == {"address_changed_by_staff": asked}
    assert "@" not in str(list(Event.objects.values_list("facts", "subject")))


def test_page__another_bureau_s_or_ended_claim__is_not_there(
    chief: Client, claim: CertificateClaim
) -> None:
    MailAddress.objects.update(bureau="minato")
    claim.certificate.bureau = "minato"
    claim.certificate.save()
    assert page(chief, "address_for", claim_id=claim.pk, status=404)
    claim.certificate.bureau = "osaka"
    claim.certificate.save()
    assert page(chief, "address_for", claim_id=claim.pk)

    CertificateClaim.objects.update(ended_at=WEDNESDAY, place=None)

    assert ask(chief, claim).status_code == 404


def test_page__tells_no_number__it_is_for_the_caller_to_say(
    chief: Client, claim: CertificateClaim
) -> None:
    assert NUMBER not in page(chief, "address_for", claim_id=claim.pk)


def test_links__for_the_supervisor_alone(chief: Client, claim: CertificateClaim) -> None:
    held = factories.reservation(claim, TEN, 1)
    clerk = situations.staff_client()
    pages = {
        "call": {"reference": held.reference},
        "show": {"reference": held.reference},
        "book_for_claim": {"claim_id": claim.pk},
    }

    for name, named in pages.items():
        where = url("address_for", claim_id=claim.pk)
        assert where in page(chief, name, **named), name
        assert where not in page(clerk, name, **named), name


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
