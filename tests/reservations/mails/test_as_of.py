"""Which state a page or a mail tells: two mails of one reservation can be told apart.  R-19."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core import mail

from tests import factories, situations
from tests.changes import cancel, change
from tests.policies import at
from tests.reservations.walking import LIST, words_of
from tests.situations import AtMoment
from uketori import clock
from uketori.outbox.worker import run_once
from uketori.reservations.booking import act
from uketori.reservations.confirmation.words import as_of_words
from uketori.reservations.models import Reservation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

AS_BOOKED = "6月8日（月）10時に予約した内容です（変更なし）"
CHANGED_ONCE = "6月9日（火）10時2分に変更した内容です（1回目の変更）"
CHANGED_TWICE = "6月9日（火）10時2分に変更した内容です（2回目の変更）"
CANCELLED = "6月9日（火）10時2分に取り消しました"


@pytest.fixture
def reservation() -> Reservation:
    order = factories.order(situations.aoki(), at("2026-06-11 10:00"), factories.numbers(3))
    return act.book(order=order, facts=factories.facts(), actor="mail:1", at=clock.now())


def withdraw_one(reservation: Reservation) -> None:
    change(reservation, withdrawn=[1])


def said(reservation: Reservation) -> str:
    return as_of_words(Reservation.objects.get(pk=reservation.pk))


def test_as_of__booked_changed_twice_in_a_minute_cancelled__each_its_own(
    reservation: Reservation, at_moment: AtMoment
) -> None:
    assert said(reservation) == AS_BOOKED
    at_moment(at("2026-06-09 10:02:00"))
    withdraw_one(reservation)
    assert said(reservation) == CHANGED_ONCE
    at_moment(at("2026-06-09 10:02:59"))
    withdraw_one(reservation)
    assert said(reservation) == CHANGED_TWICE
    cancel(reservation)
    assert said(reservation) == CANCELLED


def test_mail__says_the_same_as_the_page(
    reservation: Reservation, at_moment: AtMoment, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    run_once(clock.now())
    at_moment(at("2026-06-09 10:02"))
    withdraw_one(reservation)
    client = situations.signed_in_client(reservation.claim)
    assert CHANGED_ONCE in words_of(client.get(f"{LIST}{reservation.reference}"))
    run_once(clock.now())

    bodies = [str(one.body) for one in mail.outbox if "予約" in one.subject]

    assert [AS_BOOKED in body for body in bodies] == [True, False]
    assert [CHANGED_ONCE in body for body in bodies] == [False, True]


def test_migration__changed_before_it__moment_of_the_ledger(
    reservation: Reservation, at_moment: AtMoment
) -> None:
    untouched = factories.reservation(situations.beppu(), at("2026-06-12 10:00"))
    at_moment(at("2026-06-09 10:02"))
    withdraw_one(reservation)
    Reservation.objects.update(revised_at=None)

    import_module("uketori.reservations.migrations.0003_add_revised_at").fill(apps, None)

    assert said(reservation) == CHANGED_ONCE
    untouched.refresh_from_db()
    assert untouched.revised_at is None
