"""The forms of the telephone desk × everything hostile: never our fault, nothing half written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from django.db import models
from django.test import Client

from tests import factories, situations
from tests.hostile.form import Typed
from tests.hostile.requests import BODIES, METHODS, Sent, encoded, values_for, with_value
from tests.hostile.trial import Rows, assert_answered, first_line, rows, send, undone
from tests.policies import at
from tests.situations import AtMoment
from uketori.audit.models import Event
from uketori.bureaus.models import Slot
from uketori.counter.models import Call
from uketori.intermediaries.models import (
    AddressChange,
    Certificate,
    CertificateClaim,
    Intermediary,
    Limit,
    MailAddress,
)
from uketori.outbox.models import OutgoingMail
from uketori.reservations.models import CaseChange, Reservation, ReservedCase
from uketori.rules.permissions import Role

pytestmark = pytest.mark.django_db

DESK = "/staff/osaka/counter/"
KEY = str(UUID(int=7))
CALL: Typed = {
    "caller": ["青木"],
    "note": ["急病"],
    "called_clock": ["9:30"],
    "called_on_year": ["2026"],
    "called_on_month": ["6"],
    "called_on_day": ["8"],
    "key": [KEY],
}


@dataclass(frozen=True)
class Desk:
    """A supervisor at the telephone, and 青木's reservation of Thursday."""

    client: Client
    claim: CertificateClaim
    reservation: Reservation
    case: ReservedCase
    mail: OutgoingMail


@dataclass(frozen=True)
class DeskForm:
    """One form: where it goes, what a clerk sends with it, what it may write."""

    name: str
    path: Callable[[Desk], str]
    typed: Callable[[Desk], Typed]
    writes: tuple[type[models.Model], ...] = ()
    attacked: tuple[str, ...] = ()
    kept: tuple[str, ...] = field(default=())
    """What has to stand in the page again when something is refused."""
    right: int = 302

    def __str__(self) -> str:
        return self.name


@pytest.fixture
def desk(at_moment: AtMoment) -> Desk:
    at_moment(at("2026-06-08 10:00"))
    claim = situations.aoki()
    reservation = factories.reservation(claim, at("2026-06-11 10:00"), 2)
    mail = OutgoingMail.objects.create(
        bureau="osaka",
        event="reservation_booked",
        subject_id=reservation.reference,
        recipient="aoki@example.jp",
        message_id="<1@example.jp>",
        enqueued_at=at("2026-06-08 09:00"),
        not_before=at("2026-06-08 09:00"),
        state="dead",
    )
    client = situations.staff_client(Role.SUPERVISOR)
    client.raise_request_exception = False
    first = reservation.cases.order_by("order").first()
    assert first is not None
    return Desk(client, claim, reservation, first, mail)


def _call(then: str = "") -> Callable[[Desk], str]:
    return lambda here: f"{DESK}calls/{here.reservation.reference}{then}"


def _changing(here: Desk) -> Typed:
    return {
        **CALL,
        "revision": ["1"],
        "withdraw": [],
        f"new-number-{here.case.pk}": ["阪労一E00999"],
        f"new-type-{here.case.pk}": ["extension"],
        f"new-category-{here.case.pk}": ["own"],
        "do": ["change"],
    }


def _booking(_here: Desk) -> Typed:
    return {
        "key": [KEY],
        "slot": ["2026-06-10T11:00"],
        "paste": [""],
        "category-all": ["own"],
        "type-all": ["extension"],
        "number-1": ["阪労一E05001"],
        "type-1": [""],
        "category-1": [""],
        "declared": list(factories.DECLARED),
        "notice": ["1"],
        "confirmation_to": [""],
        "do": ["book"],
    }


HOLDER: Typed = {
    "kind": ["org_staff"],
    "education": ["no"],
    "number": ["大取第20001号"],
    "expires_on_year": ["2028"],
    "expires_on_month": ["3"],
    "expires_on_day": ["31"],
    "name": ["別府 次郎"],
    "name_kana": ["ベップ"],
    "organisation": ["株式会社あおぞら製作所"],
    "phone": ["06-1234-5678"],
    "address": ["beppu@example.jp"],
}
ADDRESS: Typed = {
    "way": ["telephone"],
    "number": ["大取第10234号"],
    "address": ["aoki@new.example.jp"],
    "reason": ["unreached"],
}
CANCELS = (Reservation, OutgoingMail, Slot)
FORMS = [
    DeskForm(
        "search",
        lambda _here: f"{DESK}calls/search",
        lambda here: {"find": [here.reservation.reference]},
        attacked=("find",),
    ),
    DeskForm(
        "record",
        _call(),
        lambda _here: {"kind": ["will_be_late"], **CALL},
        (Call, Reservation, OutgoingMail),
        ("kind", *CALL),
        ("caller", "note", "called_clock"),
    ),
    DeskForm(
        "cancellation",
        _call("/cancellation"),
        lambda _here: dict(CALL),
        (Call, *CANCELS),
        tuple(CALL),
        ("caller", "note", "called_clock"),
    ),
    DeskForm(
        "changes",
        _call("/changes"),
        _changing,
        (Call, *CANCELS, ReservedCase, CaseChange),
        ("revision", "withdraw", "new-number-{case}", "new-type-{case}", "do", *CALL),
        ("caller", "note"),
    ),
    DeskForm(
        "bureau cancellation",
        _call("/bureau-cancellation"),
        lambda _here: {"reason": ["closure"]},
        CANCELS,
        ("reason",),
    ),
    DeskForm(
        "resending",
        lambda here: f"{DESK}mails/{here.reservation.reference}/{here.mail.pk}/resending",
        lambda _here: {},
        (OutgoingMail,),
    ),
    DeskForm(
        "search a holder",
        lambda _here: f"{DESK}bookings/search",
        lambda _here: {"find": ["大取第10234号"]},
        attacked=("find",),
    ),
    DeskForm(
        "holder",
        lambda _here: f"{DESK}bookings/holder",
        lambda _here: dict(HOLDER),
        (Certificate, CertificateClaim, Intermediary, MailAddress, Limit, OutgoingMail),
        tuple(HOLDER),
        ("name", "phone", "address"),
    ),
    DeskForm(
        "address on the telephone",
        lambda here: f"{DESK}claims/{here.claim.pk}/address",
        lambda _here: dict(ADDRESS),
        (AddressChange, Limit, OutgoingMail),
        (*ADDRESS, "settled"),
        ("number", "address"),
    ),
    DeskForm(
        "withdrawal of an address",
        lambda here: f"{DESK}claims/{here.claim.pk}/address/withdrawal",
        lambda _here: {},
        (AddressChange,),
    ),
    DeskForm(
        "booking",
        lambda here: f"{DESK}bookings/claims/{here.claim.pk}",
        _booking,
        (Reservation, ReservedCase, OutgoingMail, Slot),
        tuple(_booking(None)),  # type: ignore[arg-type]
        ("number-1",),
    ),
]


def assert_only_allowed(form: DeskForm, status: int, before: Rows) -> None:
    """A refusal writes the event of the look alone; an acceptance what the form is for."""
    after = rows()
    tables = {key[0] for key in before | after if before.get(key) != after.get(key)}
    allowed: set[type[models.Model]] = {Event}
    if status < 400:
        allowed |= set(form.writes)
    assert tables <= {model.__name__ for model in allowed}, (status, tables)


def attack(desk: Desk, form: DeskForm, sent: Sent, typed: Typed, before: Rows) -> int:
    answer = send(desk.client, form.path(desk), sent)
    assert_answered(answer)
    assert_only_allowed(form, answer.status_code, before)
    if answer.status_code == 422:
        html = answer.content.decode()
        assert "error-summary" in html
        for name in form.kept:
            value = typed.get(name, [""])[-1]
            if value and value.isalnum() and len(value) < 100:
                assert value in html, f"{name} was lost"
    return int(answer.status_code)


FIELDS = [pytest.param(form, one, id=f"{form} {one}") for form in FORMS for one in form.attacked]


@pytest.mark.parametrize(("form", "name"), FIELDS)
def test_hostile_value(desk: Desk, form: DeskForm, name: str) -> None:
    complaints, typed, before = [], form.typed(desk), rows()
    for what, value in values_for(name).items():
        values = with_value(typed, name.format(case=desk.case.pk), value)
        with undone(desk.client):
            try:
                attack(desk, form, Sent(encoded(values)), values, before)
            except AssertionError as error:
                complaints.append(f"{what}: {first_line(error)}")
    assert complaints == []


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_hostile_body_and_missing_fields(desk: Desk, form: DeskForm) -> None:
    complaints, typed, before = [], form.typed(desk), rows()
    tries = {what: body(typed) for what, body in BODIES.items()}
    for missing in typed:
        rest = {name: values for name, values in typed.items() if name != missing}
        tries[f"without {missing}"] = Sent(encoded(rest))
    for what, sent in tries.items():
        with undone(desk.client):
            try:
                attack(desk, form, sent, {}, before)
            except AssertionError as error:
                complaints.append(f"{what}: {first_line(error)}")
    assert complaints == []


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_right__accepted__other_methods_and_no_token_are_not(desk: Desk, form: DeskForm) -> None:
    body, before = encoded(form.typed(desk)), rows()
    with undone(desk.client):
        assert attack(desk, form, Sent(body), {}, before) == form.right
    for method in METHODS:
        answer = send(desk.client, form.path(desk), Sent(b"", method=method))
        assert answer.status_code == 405, method
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.cookies = desk.client.cookies
    assert send(strict, form.path(desk), Sent(body)).status_code == 403
    assert rows() == before
