"""What operators see of the queue, and sending once more."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.post import Post
from uketori import clock
from uketori.outbox import statistics as figures_module
from uketori.outbox.enqueue import enqueue
from uketori.outbox.models import FailedAttempt, MailState, OutgoingMail
from uketori.outbox.registry import Rendered, Renderer
from uketori.outbox.resend import resend
from uketori.outbox.statistics import COMMON_FROM, LATE_AFTER, figures
from uketori.outbox.worker import Worker, run_once

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # Tuesday 12:00 in Osaka
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _told(renderers: dict[str, Renderer]) -> None:
    renderers["told"] = lambda _mail, _at: Rendered("件名", "本文", "a@b.jp", "局")


def a_mail(to: str = "aoki@example.jp", at: datetime = AT, **changes: Any) -> OutgoingMail:
    facts = {
        "bureau": "osaka",
        "message_domain": "@example.jp",
        "event": "told",
        "subject_id": "R1",
        "recipient": to,
        "at": at,
    }
    return enqueue(**{**facts, **changes})


def test_figures__empty__all_zero() -> None:
    now = figures(AT)

    assert (now.waiting, now.planned, now.dead, now.failures) == (0, 0, 0, 0)
    assert now.oldest == timedelta()
    assert not now.is_late


def test_figures__a_mail_planned_for_tomorrow__is_not_late() -> None:
    a_mail(at=AT - HOUR, not_before=AT + DAY)
    a_mail(at=AT - MINUTE)

    now = figures(AT)

    assert (now.waiting, now.planned, now.oldest) == (1, 1, MINUTE)


@pytest.mark.parametrize(("age", "late"), [(LATE_AFTER, False), (LATE_AFTER + MINUTE / 60, True)])
def test_figures__oldest__late_after_five_minutes(age: timedelta, late: bool) -> None:
    a_mail(at=AT - age)
    assert figures(AT).is_late is late


def test_figures__waits_for_its_retry__still_counts_as_old(post: Post) -> None:
    post.answers["aoki@example.jp"] = "450 later"
    a_mail(at=AT - HOUR)
    run_once(AT)

    now = figures(AT + timedelta(seconds=1))

    assert (now.waiting, now.planned) == (0, 1)
    assert now.oldest > HOUR
    assert now.failures_by_domain == {"example.jp": 1}


def test_figures__sent_and_failed__of_their_time_only(post: Post) -> None:
    for age in (HOUR - MINUTE, HOUR + MINUTE):
        a_mail(at=AT - age)
        run_once(AT - age)
    mail = OutgoingMail.objects.earliest("pk")
    for age in (DAY - MINUTE, DAY):
        FailedAttempt.objects.create(mail=mail, at=AT - age, error="E", domain="example.jp")

    now = figures(AT)

    assert (now.sent_last_hour, now.failures) == (1, 1)


def outage(begin: datetime, end: datetime) -> None:
    """What a worker does while nobody listens, looking every ten minutes."""
    worker, moment = Worker(), begin
    while moment <= end:
        worker.run_once(moment)
        moment += 10 * MINUTE


def given_up_at(mail: OutgoingMail) -> datetime:
    mail.refresh_from_db()
    assert mail.given_up_at is not None
    return mail.given_up_at


def test_figures__outage_of_26_hours__given_up_is_counted_for_a_day(no_server: None) -> None:
    """Giving up takes a day, so whoever counts by the moment of writing counts nobody."""
    mail = a_mail()
    outage(AT, AT + DAY - MINUTE)
    assert figures(AT + DAY - MINUTE).dead == 0

    outage(AT + DAY, AT + 26 * HOUR)

    gone = given_up_at(mail)
    assert AT + DAY <= gone < AT + DAY + 11 * MINUTE
    assert mail.state == MailState.DEAD
    assert [
        figures(moment).dead for moment in (AT + 26 * HOUR, gone + DAY - MINUTE, gone + DAY)
    ] == [
        1,
        1,
        0,
    ]
    assert figures(AT + 26 * HOUR).expired == 0


def test_figures__outage_over_the_hour_of_a_link__counted_as_expired(no_server: None) -> None:
    mail = a_mail(priority=1, not_after=AT + HOUR)
    outage(AT, AT + HOUR - 10 * MINUTE)
    assert figures(AT + HOUR - MINUTE).expired == 0

    outage(AT + HOUR, AT + HOUR)

    gone = given_up_at(mail)
    assert mail.state == MailState.DROPPED
    assert [figures(moment).expired for moment in (gone, gone + DAY - MINUTE, gone + DAY)] == [
        1,
        1,
        0,
    ]
    assert figures(gone).dead == 0


def test_figures__fails_seconds_before_its_end__counted_as_expired(no_server: None) -> None:
    """Too near for another attempt."""
    mail = a_mail(not_after=AT + HOUR)
    run_once(AT + HOUR - timedelta(seconds=5))

    assert given_up_at(mail) < AT + HOUR
    assert (figures(AT + HOUR).expired, figures(AT + HOUR).failures) == (1, 1)


def test_figures__no_longer_true__nobody_is_missed(
    post: Post, renderers: dict[str, Renderer]
) -> None:
    renderers["told"] = lambda _mail, _at: None
    a_mail(not_after=AT + HOUR)
    run_once(AT)

    assert (figures(AT).expired, figures(AT).dead) == (0, 0)
    assert OutgoingMail.objects.get().given_up_at is None


def test_resend__after_an_outage__counts_as_given_up_no_more(no_server: None) -> None:
    mail = a_mail()
    outage(AT, AT + 26 * HOUR)

    resend(OutgoingMail.objects.get(pk=mail.pk), AT + 26 * HOUR)

    assert figures(AT + 26 * HOUR).dead == 0


def test_figures__many_domains__the_worst_first_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(figures_module, "MOST_DOMAINS", 2)
    mail = a_mail()
    for domain in ("one.jp", "three.jp", "three.jp", "three.jp", "two.jp", "two.jp"):
        FailedAttempt.objects.create(mail=mail, at=AT - MINUTE, error="E", domain=domain)

    now = figures(AT)

    assert list(now.failures_by_domain.items()) == [("three.jp", 3), ("two.jp", 2)]
    assert now.failures == 6


def test_resend__given_up__same_row_and_message_id(post: Post) -> None:
    mail = a_mail()
    OutgoingMail.objects.update(state=MailState.DEAD, attempts=12, first_tried_at=AT - DAY)

    again = resend(mail, AT)
    run_once(AT)

    assert again.pk == mail.pk
    assert [str(message["Message-ID"]) for message in post.received] == [mail.message_id]


def test_resend__sent__a_second_row_with_its_own_message_id(post: Post) -> None:
    mail = a_mail(message_domain="immi.example.jp", priority=3, revision=7)
    run_once(AT)
    mail.refresh_from_db()

    again = resend(mail, AT)
    run_once(AT)

    assert again.pk != mail.pk
    assert (again.revision, again.priority, again.recipient) == (7, 3, mail.recipient)
    assert again.message_id.endswith("@immi.example.jp>")
    assert len({str(message["Message-ID"]) for message in post.received}) == 2


def test_resend__sent__keeps_what_no_row_tells(post: Post) -> None:
    mail = a_mail(facts={"reason": "closure"})
    run_once(AT)
    mail.refresh_from_db()

    assert resend(mail, AT).facts == {"reason": "closure"}


def test_resend__over__is_not_sent_after_its_end(post: Post) -> None:
    mail = a_mail(not_after=AT)
    OutgoingMail.objects.update(state=MailState.DROPPED)

    resend(mail, AT)
    run_once(AT)

    mail.refresh_from_db()
    assert mail.state == MailState.DROPPED
    assert not post.received


def test_metrics__names_and_values() -> None:
    mail = a_mail()
    FailedAttempt.objects.create(mail=mail, at=clock.now(), error="E", domain='a"b.jp')

    response = Client().get("/metrics")

    text = response.content.decode()
    assert response.headers["Content-Type"].startswith("text/plain")
    assert response.headers["Cache-Control"].count("no-store") == 1
    assert "uketori_mail_oldest_seconds" in text
    assert 'uketori_mail_failures_last_day{domain="a\\"b.jp"} 1.0' in text
    assert "aoki" not in text


@pytest.mark.parametrize(
    ("headers", "token", "status"),
    [
        ({}, "", 200),
        ({"REMOTE_ADDR": "192.0.2.7"}, "", 404),
        ({"REMOTE_ADDR": ""}, "", 404),
        ({"REMOTE_ADDR": "::ffff:127.0.0.1"}, "", 200),
        ({"HTTP_X_FORWARDED_FOR": "192.0.2.7"}, "", 404),
        ({}, "geheim", 404),
        ({"HTTP_AUTHORIZATION": "Bearer geheim"}, "geheim", 200),
        ({"HTTP_AUTHORIZATION": "Bearer geheim", "REMOTE_ADDR": "192.0.2.7"}, "geheim", 200),
        ({"HTTP_AUTHORIZATION": "Bearer gehei"}, "geheim", 404),
        ({"HTTP_AUTHORIZATION": "Bearer 秘密"}, "geheim", 404),
    ],
)
def test_metrics__who_may_ask(
    headers: dict[str, str], token: str, status: int, settings: Any
) -> None:
    settings.METRICS_TOKEN = token
    assert Client(**headers).get("/metrics").status_code == status


def test_readyz__tells_of_the_mail_also_when_it_is_late() -> None:
    a_mail(at=datetime(2026, 1, 1, tzinfo=UTC))

    response = Client().get("/readyz")

    assert response.status_code == 503
    mail = response.json()["mail"]
    assert (mail["late"], mail["waiting"]) == (True, 1)


@pytest.mark.parametrize(
    ("addresses", "named", "elsewhere"),
    [(COMMON_FROM - 1, {}, COMMON_FROM), (COMMON_FROM, {"provider.example": COMMON_FROM}, 1)],
)
def test_readyz__failures_by_domain__named_only_where_many_have_it(
    post: Post, addresses: int, named: dict[str, int], elsewhere: int
) -> None:
    """Everybody may ask, and a domain of one's own is a name."""
    told = [f"n{number}@provider.example" for number in range(addresses)]
    told.append("me@aoki.example")
    post.answers = dict.fromkeys(told, "450 later")
    for address in told:
        a_mail(address, at=clock.now() - MINUTE)
    run_once(clock.now() - MINUTE)

    mail = Client().get("/readyz").json()["mail"]

    assert mail["failures_by_domain"] == named
    assert mail["failures_elsewhere"] == elsewhere
    assert mail["failures_last_day"] == addresses + 1


def test_readyz__one_address_tried_often__its_domain_is_not_named() -> None:
    mail = a_mail("me@aoki.example")
    for _ in range(COMMON_FROM + 1):
        FailedAttempt.objects.create(
            mail=mail, at=clock.now() - MINUTE, error="E", domain="aoki.example"
        )

    assert "aoki" not in Client().get("/readyz").content.decode()


def test_figures__many_common_domains__no_more_than_so_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(figures_module, "MOST_DOMAINS", 1)
    for domain in ("one.example", "two.example"):
        for number in range(COMMON_FROM):
            mail = a_mail(f"n{number}@{domain}")
            FailedAttempt.objects.create(mail=mail, at=AT, error="E", domain=domain)

    assert figures(AT).failures_at_common_domains == {"one.example": COMMON_FROM}
