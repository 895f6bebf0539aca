"""Typed in one tab while another moved the address: kept where the person went.  D03, D04."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests import factories, situations
from tests.answers import Answer
from tests.intermediaries.address import steps as moving
from tests.intermediaries.address.steps import NEW, OLD
from tests.policies import at
from tests.reservations.changing.steps import names, path, wish
from tests.reservations.walking import draft_path, numbers_on, type_into
from tests.situations import MONDAY_MORNING, AtMoment
from uketori.intermediaries.address.by_staff import MoveReason, move_at_counter
from uketori.intermediaries.address.change import forget_changes
from uketori.intermediaries.models import CertificateClaim, KeptInput
from uketori.reservations.models import Draft, Reservation

pytestmark = pytest.mark.django_db

TYPED = "阪労一E99999"
KEPT = "新しいメールアドレスを確認すると、続きから入力できます。"


@pytest.fixture
def claim(monday_morning: datetime) -> CertificateClaim:
    return situations.aoki()


@pytest.fixture
def older(claim: CertificateClaim) -> Client:
    """The browser in which nobody heard of the move."""
    return situations.signed_in_client(claim)


@pytest.fixture
def reservation(claim: CertificateClaim) -> Reservation:
    return factories.reservation(claim, at("2026-06-11 10:00"), 3)


def moves(claim: CertificateClaim, *, to: str = NEW) -> Client:
    """Move the address in another browser, which goes on at the new one."""
    claim.refresh_from_db()
    other = situations.signed_in_client(claim.mail_address.address)
    moving.ask(other, to)
    assert moving.by_link(other).status_code == 302
    return other


def told(response: Answer) -> str:
    return Client().get(response["Location"]).content.decode()


def changes(older: Client, reservation: Reservation) -> dict[str, object]:
    return {**wish(older, reservation, "review"), names(reservation)[0]: TYPED}


def test_moved_elsewhere__change_sent_from_the_old_session__kept_at_the_new_address(
    older: Client, claim: CertificateClaim, reservation: Reservation
) -> None:
    typed = changes(older, reservation)
    moves(claim)

    response = older.post(path(reservation), typed)

    assert parse_qs(urlsplit(response["Location"]).query)["next"] == [path(reservation)]
    assert "まだ予約を変更していません。" in told(response)
    assert KEPT in told(response)
    assert KeptInput.objects.get().mail_address.address == NEW
    assert TYPED in situations.signed_in_client(NEW).get(path(reservation)).content.decode()
    assert reservation.cases.filter(number=TYPED).count() == 0


def test_moved_elsewhere__entered_by_the_old_address__nothing_of_it_is_shown(
    older: Client, claim: CertificateClaim, reservation: Reservation
) -> None:
    typed = changes(older, reservation)
    moves(claim)
    older.post(path(reservation), typed)

    stranger = situations.signed_in_client(OLD)

    assert stranger.get(path(reservation)).status_code == 404
    assert TYPED not in stranger.get("/osaka/my-data/export").content.decode()


@pytest.mark.parametrize("is_saved", [True, False], ids=["saved draft", "new draft"])
def test_moved_elsewhere__draft_sent_from_the_old_session__saved_at_the_new_address(
    older: Client, claim: CertificateClaim, is_saved: bool
) -> None:
    draft = factories.draft(claim, None, 1)
    if not is_saved:
        draft.delete()
    moves(claim)

    response = type_into(older, draft, [TYPED], holder=claim.pk)

    assert KEPT in told(response)
    kept = Draft.objects.get()
    assert (kept.key, kept.mail_address.address, kept.claim) == (draft.key, NEW, claim)
    assert numbers_on(situations.signed_in_client(NEW).get(draft_path(kept))) == [TYPED]


def test_moved_twice__kept_at_the_last_address(
    older: Client, claim: CertificateClaim, reservation: Reservation, at_moment: AtMoment
) -> None:
    typed = changes(older, reservation)
    for minute, address in enumerate((NEW, OLD, "aoki@third.example.jp"), start=1):
        at_moment(MONDAY_MORNING + timedelta(minutes=minute))
        moves(claim, to=address)

    older.post(path(reservation), typed)

    assert KeptInput.objects.get().mail_address.address == "aoki@third.example.jp"


def test_moved_there_and_back__kept_at_the_address_of_now(
    older: Client, claim: CertificateClaim, reservation: Reservation, at_moment: AtMoment
) -> None:
    typed = changes(older, reservation)
    for minute, address in enumerate((NEW, OLD), start=1):
        at_moment(MONDAY_MORNING + timedelta(minutes=minute))
        moves(claim, to=address)

    older.post(path(reservation), typed)

    assert KeptInput.objects.get().mail_address.address == OLD


def test_moved_elsewhere__logged_out_here_before__nothing_is_kept(
    older: Client, claim: CertificateClaim, reservation: Reservation
) -> None:
    typed = changes(older, reservation)
    older.post("/osaka/session/ending")
    moves(claim)

    older.post(path(reservation), typed)

    assert KeptInput.objects.count() == 0


def test_moved_by_staff__old_session__nothing_is_kept_of_who_need_not_be_the_same(
    older: Client, claim: CertificateClaim, reservation: Reservation
) -> None:
    typed = changes(older, reservation)
    CertificateClaim.objects.filter(pk=claim.pk).update(proved_at=MONDAY_MORNING, place=None)
    move_at_counter(
        claim=CertificateClaim.objects.get(pk=claim.pk),
        new_address=NEW,
        reason=MoveReason.MISTYPED,
        policy=factories.policy(),
        actor="staff:1",
        at=MONDAY_MORNING,
    )

    response = older.post(path(reservation), typed)

    assert "まだ予約を変更していません。" in told(response)
    assert KEPT not in told(response)
    assert KeptInput.objects.count() == 0


@pytest.mark.parametrize(
    ("later", "kept"), [(timedelta(days=7), 1), (timedelta(days=7, seconds=1), 0)]
)
def test_moved_some_time_ago__kept_as_long_as_the_move_is_known(
    older: Client, claim: CertificateClaim, reservation: Reservation, later: timedelta, kept: int
) -> None:
    typed = changes(older, reservation)
    moves(claim)
    forget_changes(MONDAY_MORNING + later)

    older.post(path(reservation), typed)

    assert KeptInput.objects.count() == kept


def test_moved_elsewhere__looked_at__entry_and_nothing_said_to_be_kept(
    older: Client, claim: CertificateClaim, reservation: Reservation
) -> None:
    moves(claim)

    response = older.get(path(reservation))

    assert response.status_code == 302
    assert KEPT not in told(response)
