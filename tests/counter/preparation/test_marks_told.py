"""What later mails say of marks made ahead, and of marks taken back: only what is true.  R-29."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from tests import factories, situations
from tests.changes import change
from tests.mails.reading import says
from tests.policies import at
from tests.situations import AtMoment
from uketori.counter.preparation.marking import mark_ahead, take_mark_back
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.worker import run_once
from uketori.reservations.mails.again import send_again
from uketori.reservations.mails.reminders import remind
from uketori.reservations.models import Reservation
from uketori.rules.visit import AheadMark

pytestmark = pytest.mark.django_db

TEN = at("2026-06-11 10:00")
TUESDAY, NINE = at("2026-06-09 16:00"), at("2026-06-10 09:00")
HALF_PAST_TWELVE, ONE = at("2026-06-10 12:30"), at("2026-06-10 13:00")
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
STAY_AWAY = "どうぞ、お越しにならないでください"
COME = "にお越しください"
TAKEN_BACK = "case_mark_taken_back"


@pytest.fixture
def visit(at_moment: AtMoment, settings: Any) -> Reservation:
    """青木, Thursday 10:00, three cases; it is Tue 2026-06-09 16:00."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    at_moment(TUESDAY)
    return factories.reservation(situations.aoki(), TEN, factories.numbers(3))


def keys(visit: Reservation, *orders: int) -> list[int]:
    return list(visit.cases.filter(order__in=orders or (1, 2, 3)).values_list("pk", flat=True))


def mark(visit: Reservation, which: AheadMark, *orders: int, when: datetime = TUESDAY) -> None:
    told = {"policy": factories.policy(TEN), "actor": "staff:1", "at": when}
    mark_ahead(reservation=visit, cases=keys(visit, *orders), mark=which, **told)


def unmark(visit: Reservation, *orders: int, when: datetime = TUESDAY) -> None:
    told = {"policy": factories.policy(TEN), "actor": "staff:1", "at": when}
    take_mark_back(reservation=visit, cases=keys(visit, *orders), **told)


def left(when: datetime) -> list[str]:
    """Let leave what is due; the bodies of these mails."""
    before = len(mail.outbox)
    run_once(when)
    return [str(one.body) for one in mail.outbox[before:]]


def states() -> list[tuple[str, str]]:
    return list(OutgoingMail.objects.order_by("pk").values_list("event", "state"))


@pytest.mark.parametrize(("due", "marked"), [(NINE, TUESDAY), (ONE, HALF_PAST_TWELVE)])
def test_reminders__all_not_ready__nobody_is_told_to_come(
    visit: Reservation, due: datetime, marked: datetime
) -> None:
    mark(visit, AheadMark.NOT_READY, when=marked)
    left(marked)
    remind(due)

    (body,) = left(due)
    assert says(body, STAY_AWAY)
    assert not says(body, COME)
    assert not says(body, "お持ちいただくもの")


@pytest.mark.parametrize("due", [NINE, ONE])
def test_reminders__one_of_three_not_ready__come_and_which_not_for(
    visit: Reservation, due: datetime
) -> None:
    mark(visit, AheadMark.NOT_READY, 2)
    left(TUESDAY)
    remind(due)

    (body,) = left(due)
    assert says(body, "10時～11時のあいだにお越しください")
    assert not says(body, STAY_AWAY)
    number = visit.cases.get(order=2).number
    assert says(body, f"2．{number}　在留期間更新　ア　※まだ交付できません。")
    assert body.count("※まだ交付できません") == 1


def test_second__marked_one_way_or_the_other__asked_to_call(visit: Reservation) -> None:
    mark(visit, AheadMark.NOT_READY, 1, 2)
    mark(visit, AheadMark.WRONG_NUMBER, 3)
    left(TUESDAY)
    remind(ONE)

    (body,) = left(ONE)
    assert says(body, "お越しになる前にお電話ください")
    assert not says(body, f"10時～11時{COME}")


def test_second__marks_taken_back_before_it_leaves__come(visit: Reservation) -> None:
    mark(visit, AheadMark.NOT_READY)
    unmark(visit)
    left(TUESDAY)
    remind(ONE)

    (body,) = left(ONE)
    assert says(body, f"10時～11時{COME}")
    assert "※まだ" not in body


def test_marks__one_after_the_other_until_all_are_not_ready__the_last_mail_tells_of_all(
    visit: Reservation,
) -> None:
    mark(visit, AheadMark.NOT_READY, 1)
    (first,) = left(TUESDAY)
    mark(visit, AheadMark.NOT_READY, 2, 3)
    (last,) = left(TUESDAY)

    assert says(first, "ほかの案件は、予約のとおりにお受け取りいただけます")
    assert says(last, STAY_AWAY)
    assert [says(last, one.number) for one in visit.cases.all()] == [True] * 3


def test_mark__the_rest_has_unknown_numbers__no_other_case_is_promised(visit: Reservation) -> None:
    mark(visit, AheadMark.WRONG_NUMBER, 1, 2)
    left(TUESDAY)
    mark(visit, AheadMark.NOT_READY, 3)

    (body,) = left(TUESDAY)
    assert says(body, "この案件のためには、お越しにならないでください。")
    assert not says(body, "予約のとおりに")


def test_confirmation_sent_again_and_change__all_not_ready__say_so(visit: Reservation) -> None:
    mark(visit, AheadMark.NOT_READY)
    left(TUESDAY)
    send_again(reservation=visit, recipient="aoki@example.jp", actor="mail:1", at=TUESDAY)
    assert [says(body, STAY_AWAY) for body in left(TUESDAY)] == [True]

    change(visit, at=TUESDAY, withdrawn=[1])
    assert [says(body, STAY_AWAY) for body in left(TUESDAY)] == [True]


@pytest.mark.parametrize("which", AheadMark)
def test_take_back__the_mail_of_the_mark_had_left__told_to_come_after_all(
    visit: Reservation, which: AheadMark
) -> None:
    mark(visit, which, 1, 3)
    left(TUESDAY + MINUTE)
    unmark(visit, 1, when=TUESDAY + 2 * MINUTE)

    (body,) = left(TUESDAY + 2 * MINUTE)
    told, _colon, confirmation = body.partition("予約確認")
    assert says(told, "そのお知らせを取り消します")
    assert says(told, visit.cases.get(order=1).number)
    assert not says(told, visit.cases.get(order=3).number)
    assert confirmation.count("※") == 2
    assert states()[-1] == (TAKEN_BACK, MailState.SENT)


def test_take_back__the_mail_of_the_mark_had_not_left__nobody_is_told_anything(
    visit: Reservation,
) -> None:
    mark(visit, AheadMark.NOT_READY, 1)
    unmark(visit, 1)

    assert left(TUESDAY) == []
    assert states() == [
        ("case_not_ready", MailState.SUPERSEDED),
        (TAKEN_BACK, MailState.DROPPED),
    ]


def test_take_back__marked_again_before_the_mail_left__nobody_is_told_to_come(
    visit: Reservation,
) -> None:
    mark(visit, AheadMark.NOT_READY, 1)
    left(TUESDAY)
    unmark(visit, 1)
    mark(visit, AheadMark.NOT_READY, 1)

    (body,) = left(TUESDAY)
    assert says(body, "次の案件は、まだ交付できません。")
    assert (TAKEN_BACK, MailState.SUPERSEDED) in states()


def test_take_back__told_once_only__however_often_it_is_marked_meanwhile(
    visit: Reservation,
) -> None:
    mark(visit, AheadMark.NOT_READY, 1)
    left(TUESDAY)
    unmark(visit, 1, when=TUESDAY + MINUTE)
    mark(visit, AheadMark.NOT_READY, 1, when=TUESDAY + 2 * MINUTE)
    unmark(visit, 1, when=TUESDAY + 3 * MINUTE)

    assert [says(body, "取り消します") for body in left(TUESDAY + 3 * MINUTE)] == [True]


@pytest.mark.parametrize(("when", "told"), [(TEN - SECOND, 1), (TEN, 0)])
def test_take_back__around_the_beginning_of_the_hour__told_before_only(
    visit: Reservation, when: datetime, told: int
) -> None:
    mark(visit, AheadMark.NOT_READY, 1)
    left(TUESDAY)
    unmark(visit, 1, when=when)

    assert OutgoingMail.objects.filter(event=TAKEN_BACK).count() == told
    assert len(left(when)) == told


@pytest.mark.parametrize(
    ("when", "words"),
    [(TEN - SECOND, "取り消したことをメールでお知らせします"), (TEN, "メールでお知らせしません")],
)
def test_list__taken_back_around_the_beginning_of_the_hour__says_who_is_told(
    visit: Reservation, at_moment: AtMoment, when: datetime, words: str
) -> None:
    mark(visit, AheadMark.NOT_READY, 1)
    at_moment(when)
    sent = {"case": keys(visit, 1), "mark": "none", "do": "mark"}
    path = "/staff/osaka/counter/preparation/2026-06-11/marks"

    page = situations.staff_client().post(path, sent, follow=True).content.decode()

    assert words in page
