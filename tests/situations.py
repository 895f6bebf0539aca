"""Situations with names.

青木 holds the reservation, 別府 works at the same organisation, 知念 must never see it.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import F
from django.http import HttpRequest
from django.test import Client

from tests import factories
from tests.policies import at
from uketori import clock
from uketori.bureaus.models import Slot
from uketori.intermediaries.certificates.settling import prove
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Draft, Reservation
from uketori.rules.permissions import Role
from uketori.rules.policy import IntermediaryKind
from uketori.staff import idle_lock, second_factors
from uketori.staff.models import Account, Post
from uketori.staff.sessions import STAFF_COOKIE

MONDAY_MORNING = at("2026-06-08 10:00")
"""Mon 2026-06-08 10:00: displayed are 6/9 6/10 6/11 6/12 6/15; from 12:00 6/16 instead of 6/9."""

AtMoment = Callable[[datetime], None]


@pytest.fixture
def at_moment() -> Iterator[AtMoment]:
    """Stop the clock at a moment, again and again: ``at_moment(at("2026-06-10 11:59"))``.

    A folder that wants it imports it in its conftest.
    """
    travels: list[time_machine.travel] = []

    def stop_at(moment: datetime) -> None:
        while travels:
            travels.pop().stop()
        # in UTC: with a ZoneInfo the machine's own time zone would move, too
        travels.append(time_machine.travel(moment.astimezone(UTC), tick=False))
        travels[-1].start()

    yield stop_at
    while travels:
        travels.pop().stop()


@pytest.fixture
def monday_morning(at_moment: AtMoment) -> datetime:
    """The clock stands at Mon 2026-06-08 10:00."""
    at_moment(MONDAY_MORNING)
    return MONDAY_MORNING


def staff(role: Role = Role.CLERK, bureau: str = "osaka", name: str = "千葉 光") -> Account:
    """千葉 光, who works at the counter; other names for colleagues."""
    account, _made = Account.objects.get_or_create(username=f"{role.value}-{name}", name=name)
    Post.objects.get_or_create(account=account, bureau=bureau, defaults={"role": role})
    return account


def staff_client(role: Role = Role.CLERK, bureau: str = "osaka", name: str = "千葉 光") -> Client:
    """The browser of a member of staff who has signed in with both factors."""
    client = Client()
    sign_in(client, staff(role, bureau, name))
    return client


def sign_in(client: Client, account: Account) -> None:
    """Open a session of the staff, without the pages of the sign-in."""
    request = HttpRequest()
    request.session = SessionStore()
    login(request, account, backend=settings.AUTHENTICATION_BACKENDS[1])
    request.session[second_factors.GIVEN] = True
    request.session.save()
    client.cookies[STAFF_COOKIE] = request.session.session_key


def unlock(client: Client) -> None:
    """Let a session that stood idle go on, as if the password had been typed."""
    session = SessionStore(session_key=client.cookies[STAFF_COOKIE].value)
    session.pop(idle_lock.LOCKED, None)
    session[idle_lock.SEEN_AT] = clock.now().isoformat()
    session.save()


def aoki(address: str = "aoki@example.jp", *, is_proved: bool = False) -> CertificateClaim:
    """青木 花子 of あおぞら製作所, who holds the reservation."""
    factories.first_notice()
    return factories.claim(address, number="大取第10234号", is_proved=is_proved)


def beppu() -> CertificateClaim:
    """別府 次郎, who works at the same organisation."""
    factories.first_notice()
    person = factories.intermediary("別府 次郎", name_kana="ベップ ジロウ")
    return factories.claim("beppu@example.jp", person=person, number="大取第10235号")


def chinen() -> CertificateClaim:
    """知念 ゆい, a gyoseishoshi who must never see what is 青木's."""
    factories.first_notice()
    person = factories.intermediary(
        "知念 ゆい",
        kind=IntermediaryKind.GYOSEISHOSHI,
        name_kana="チネン ユイ",
        organisation="ちねん行政書士事務所",
    )
    return factories.claim("chinen@example.jp", person=person, number="（大）行26第101号")


def signed_in_client(who: CertificateClaim | str) -> Client:
    """A browser in which this person, or this address, has just used the link of the mail."""
    address = who if isinstance(who, str) else who.mail_address.address
    return factories.signed_in_client(address)


def a_proved_certificate() -> CertificateClaim:
    """青木's certificate, seen by a clerk: no other address may claim it."""
    return aoki(is_proved=True)


def a_rival_of_a_shown_certificate(at: datetime) -> CertificateClaim:
    """Return the claim of 蒼木, who typed the number of 青木, whose certificate was seen.  D03."""
    shown, person = aoki(), factories.intermediary("蒼木 華子")
    rival = factories.claim("rival@example.jp", person=person, number=shown.number, place=2)
    prove(claim=shown, actor="staff:1", at=at)
    return rival


def an_intermediary_with_two_slots(now: datetime) -> CertificateClaim:
    """青木 with the first hour of the first two days that are displayed at this moment."""
    held_by = aoki()
    hours = factories.displayed_hours(now)
    second_day = next(one for one in hours if one.date() != hours[0].date())
    for starts_at in (hours[0], second_day):
        factories.reservation(held_by, starts_at)
    return held_by


def an_osaka_that_reschedules(folder: Path) -> Path:
    """Write Osaka's files into the folder, with hours that can be exchanged (D07); return it."""
    shutil.copytree(Path(settings.BUREAUS_FOLDER) / "osaka", folder / "osaka")
    policy = folder / "osaka" / "policy.2026-01-01.toml"
    text = policy.read_text(encoding="utf-8")
    assert "allow_reschedule = false" in text
    policy.write_text(text.replace("allow_reschedule = false", "allow_reschedule = true"), "utf-8")
    return folder


def a_full_hour(starts_at: datetime) -> Slot:
    """Six reservations: 満席."""
    return factories.slot(
        starts_at, booked_reservations=F("capacity_reservations"), booked_cases=12
    )


def an_hour_with_two_cases_left(starts_at: datetime) -> Slot:
    """Places for reservations, but for 2 cases only.  D27."""
    return factories.slot(starts_at, booked_reservations=4, booked_cases=F("capacity_cases") - 2)


def a_draft_of_fifteen(
    held_by: CertificateClaim | None = None, starts_at: datetime | None = None
) -> Draft:
    """Fifteen cases typed and checked; with a day and hour, or (before noon) without."""
    return factories.draft(held_by or aoki(), starts_at, 15)


def a_reservation(held_by: CertificateClaim, starts_at: datetime, cases: int = 3) -> Reservation:
    """An hour held by this person."""
    return factories.reservation(held_by, starts_at, cases)
