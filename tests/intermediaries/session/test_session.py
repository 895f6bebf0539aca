"""The session: one idle hour, shown, extendable, ended on the server.  D04, R-18."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from tests import factories, situations
from tests.policies import at
from tests.situations import AtMoment
from uketori.intermediaries.models import MailProof
from uketori.reservations.models import Draft

pytestmark = pytest.mark.django_db

MONDAY = at("2026-06-08 10:00")
LIST = "/osaka/reservations/"


@pytest.fixture
def client(monday_morning: datetime) -> Client:
    """青木's browser, inside since Mon 10:00."""
    return situations.signed_in_client(situations.aoki())


def last_seen() -> datetime | None:
    return MailProof.objects.get().last_seen_at


def is_inside(client: Client) -> bool:
    return client.get(LIST).status_code == 200


@pytest.mark.parametrize(
    ("idle", "lives"),
    [(timedelta(minutes=59, seconds=59), True), (timedelta(minutes=60), False)],
)
def test_session__idle__sixty_minutes(
    client: Client, at_moment: AtMoment, idle: timedelta, lives: bool
) -> None:
    at_moment(MONDAY + idle)

    assert is_inside(client) is lives


def test_session__over__entry_says_so_and_leads_back(client: Client, at_moment: AtMoment) -> None:
    at_moment(MONDAY + timedelta(hours=1))

    response = client.get(LIST)

    assert response["Location"] == f"/osaka/entry?next={LIST.replace('/', '%2F')}&ended=1"
    text = client.get(response["Location"]).content.decode()
    assert "画面を使える時間が終わりました" in text
    assert f'name="next" value="{LIST}"' in text


@pytest.mark.parametrize(
    ("later", "moves"),
    [(timedelta(minutes=4, seconds=59), False), (timedelta(minutes=5), True)],
)
def test_session__page_looked_at__end_moved_at_most_every_five_minutes(
    client: Client, at_moment: AtMoment, later: timedelta, moves: bool
) -> None:
    at_moment(MONDAY + later)

    client.get(LIST)

    assert last_seen() == MONDAY + (later if moves else timedelta(0))


def test_session__worked_in__lives_on(client: Client, at_moment: AtMoment) -> None:
    for half_hours in range(1, 6):
        at_moment(MONDAY + half_hours * timedelta(minutes=30))
        assert is_inside(client)


@pytest.mark.parametrize("is_booked", [True, False], ids=["booked", "refused"])
def test_session__confirming_post__never_touches_the_row(
    client: Client, at_moment: AtMoment, is_booked: bool
) -> None:
    claim = factories.CertificateClaim.objects.get()
    draft = factories.draft(claim, at("2026-06-11 10:00"))
    at_moment(MONDAY + timedelta(minutes=20))
    declared = list(factories.DECLARED) if is_booked else []

    response = client.post(
        f"/osaka/reservations/drafts/{draft.key}/confirmation",
        {"revision": draft.revision, "declared": declared, "notice": "1"},
    )

    assert response.status_code == (302 if is_booked else 422)
    assert last_seen() == MONDAY


def test_session__page__says_its_end_as_a_clock_time(client: Client, at_moment: AtMoment) -> None:
    assert "この画面は<strong>11時0分</strong>まで使えます" in client.get(LIST).content.decode()

    at_moment(MONDAY + timedelta(minutes=4))
    text = client.get(LIST).content.decode()
    assert "この画面は<strong>11時0分</strong>まで使えます" in text
    assert 'data-seconds-left="3360"' in text
    assert 'data-warn-seconds="300"' in text


def test_session__extended_after_50_minutes__an_hour_from_then(
    client: Client, at_moment: AtMoment
) -> None:
    at_moment(MONDAY + timedelta(minutes=50))

    response = client.post("/osaka/session/extension", {"next": "/osaka/holders/"})

    assert response["Location"] == "/osaka/holders/"
    at_moment(MONDAY + timedelta(minutes=109, seconds=59))
    assert is_inside(client)


def test_session__extended_too_late__entry(client: Client, at_moment: AtMoment) -> None:
    at_moment(MONDAY + timedelta(minutes=60))

    response = client.post("/osaka/session/extension")

    assert response["Location"] == f"/osaka/entry?next={LIST.replace('/', '%2F')}&ended=1"
    assert last_seen() == MONDAY


def test_logout__same_cookie_sent_again__ended_on_the_server(client: Client) -> None:
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value

    response = client.post("/osaka/session/ending")

    assert response["Location"] == "/osaka/"
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert not is_inside(thief)
    assert not is_inside(client)


def test_logout__one_device__the_other_stays_inside(client: Client) -> None:
    other = situations.signed_in_client("aoki@example.jp")

    client.post("/osaka/session/ending")

    assert not is_inside(client)
    assert is_inside(other)


def test_logout__by_get__refused(client: Client) -> None:
    assert client.get("/osaka/session/ending").status_code == 405
    assert is_inside(client)


def test_session__typed_when_the_time_ran_out__kept_in_the_draft(
    client: Client, at_moment: AtMoment
) -> None:
    claim = factories.CertificateClaim.objects.get()
    draft = factories.draft(claim)
    path = f"/osaka/reservations/drafts/{draft.key}"
    at_moment(MONDAY + timedelta(minutes=61))

    response = client.post(path, {"holder": claim.pk, "number-1": "阪労一E09999", "do": "proceed"})

    assert response["Location"].startswith("/osaka/entry?")
    assert "阪労一E09999" in Draft.objects.get().content.encode().decode("unicode_escape")
    again = situations.signed_in_client("aoki@example.jp")
    assert 'value="阪労一E09999"' in again.get(path).content.decode()


def test_session__logged_out_and_posted_from_an_old_tab__nothing_saved(client: Client) -> None:
    claim = factories.CertificateClaim.objects.get()
    draft = factories.draft(claim)
    client.post("/osaka/session/ending")

    client.post(
        f"/osaka/reservations/drafts/{draft.key}",
        {"holder": claim.pk, "number-1": "阪労一E09999", "do": "keep"},
    )

    assert Draft.objects.get().content == draft.content


@pytest.mark.parametrize(
    "path",
    ["reservations/", "reservations/new", "holders/", "holders/new", "holders/1"],
)
def test_personal_page__nobody_inside__entry_without_a_word_of_the_end(path: str) -> None:
    response = Client().get(f"/osaka/{path}")

    assert response.status_code == 302
    assert response["Location"].startswith("/osaka/entry?next=")
    assert "ended" not in response["Location"]
    assert response["Cache-Control"] == "no-store"
