"""The table of the telephone desk's forms, and who sits there when the attacks begin."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import models
from django.test import Client

from tests import factories, situations
from tests.hostile.form import Typed
from tests.hostile.requests import Sent, encoded, values_for, with_value
from tests.hostile.trial import Rows, assert_answered, first_line, rows, send, undone
from tests.hostile.world import number_of
from tests.policies import at
from uketori import clock
from uketori.audit.models import Event
from uketori.bureaus.models import Slot
from uketori.counter.models import Call, CallKind
from uketori.counter.telephone.calls import Noted, record_call
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
    call: Call
    hours: list[datetime]
    """Those displayed."""

    @property
    def root(self) -> str:
        """The address below which the counter's pages stand."""
        return f"/staff/{self.reservation.bureau}/counter/"


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


def make_desk() -> Desk:
    """Make the rows and sign the supervisor in."""
    claim = situations.aoki()
    hours = factories.displayed_hours(clock.now())
    thursday = next(hour for hour in hours if hour.date() == date(2026, 6, 11))
    reservation = factories.reservation(claim, thursday, [number_of(2000), number_of(2001)])
    mail = OutgoingMail.objects.create(
        bureau=factories.BUREAU,
        event="reservation_booked",
        subject_id=reservation.reference,
        recipient="aoki@example.jp",
        message_id="<1@example.jp>",
        enqueued_at=at("2026-06-08 09:00"),
        not_before=at("2026-06-08 09:00"),
        state="dead",
    )
    client = situations.staff_client(Role.SUPERVISOR, factories.BUREAU)
    client.raise_request_exception = False
    first = reservation.cases.order_by("order").first()
    assert first is not None
    told = Noted(called_at=clock.now(), caller="", note="", key=uuid4())
    call = record_call(
        reservation=reservation, kind=CallKind.OTHER, noted=told, actor="staff:1", at=clock.now()
    )
    return Desk(client, claim, reservation, first, mail, call, hours)


def _call(then: str = "") -> Callable[[Desk], str]:
    return lambda here: f"{here.root}calls/{here.reservation.reference}{then}"


def _changing(here: Desk) -> Typed:
    return {
        **CALL,
        "revision": ["1"],
        "withdraw": [],
        f"new-number-{here.case.pk}": [number_of(999)],
        f"new-type-{here.case.pk}": ["extension"],
        f"new-category-{here.case.pk}": ["own"],
        "do": ["change"],
    }


def _taking_out(here: Desk) -> Typed:
    return {
        "case": [str(here.case.pk)],
        "because": ["other_bureau"],
        "revision": ["1"],
        "do": ["take_out"],
    }


def _booking(here: Desk) -> Typed:
    return {
        "key": [KEY],
        "slot": [f"{here.hours[8]:%Y-%m-%dT%H:%M}"],
        "paste": [""],
        "category-all": ["own"],
        "type-all": ["extension"],
        "number-1": [number_of(5001)],
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
BOOKING = ("key", "slot", "paste", "category-all", "type-all", "number-1", "type-1", "category-1")
BOOKING = (*BOOKING, "declared", "notice", "confirmation_to", "do")
CANCELS = (Reservation, OutgoingMail, Slot)
FORMS = [
    DeskForm(
        "search",
        lambda here: f"{here.root}calls/search",
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
        lambda _here: {**CALL, "do": ["cancel"]},
        (Call, *CANCELS),
        ("do", *CALL),
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
        "striking",
        lambda here: f"{here.root}calls/{here.reservation.reference}/{here.call.pk}/striking",
        lambda _here: {},
        (Call, Reservation),
    ),
    DeskForm(
        "bureau cancellation",
        _call("/bureau-cancellation"),
        lambda _here: {"reason": ["closure"]},
        CANCELS,
        ("reason",),
    ),
    DeskForm(
        "taking out, chosen on the list",
        lambda here: f"{here.root}preparation/{here.reservation.visit_day}/taking-out",
        lambda here: {"case": [str(here.case.pk)]},
        attacked=("case",),
    ),
    DeskForm(
        "taking out",
        lambda here: f"{here.root}{here.reservation.reference}/taking-out",
        _taking_out,
        (*CANCELS, ReservedCase, CaseChange),
        ("case", "because", "revision", "do"),
    ),
    DeskForm(
        "resending",
        lambda here: f"{here.root}mails/{here.reservation.reference}/{here.mail.pk}/resending",
        lambda _here: {},
        (OutgoingMail,),
    ),
    DeskForm(
        "search a holder",
        lambda here: f"{here.root}bookings/search",
        lambda _here: {"find": ["大取第10234号"]},
        attacked=("find",),
    ),
    DeskForm(
        "holder",
        lambda here: f"{here.root}bookings/holder",
        lambda _here: dict(HOLDER),
        (Certificate, CertificateClaim, Intermediary, MailAddress, Limit, OutgoingMail),
        tuple(HOLDER),
        ("name", "phone", "address"),
    ),
    DeskForm(
        "address on the telephone",
        lambda here: f"{here.root}claims/{here.claim.pk}/address",
        lambda _here: dict(ADDRESS),
        (AddressChange, Limit, OutgoingMail),
        (*ADDRESS, "settled"),
        ("number", "address"),
    ),
    DeskForm(
        "withdrawal of an address",
        lambda here: f"{here.root}claims/{here.claim.pk}/address/withdrawal",
        lambda _here: {},
        (AddressChange,),
    ),
    DeskForm(
        "booking",
        lambda here: f"{here.root}bookings/claims/{here.claim.pk}",
        _booking,
        (Reservation, ReservedCase, Call, OutgoingMail, Slot),
        BOOKING,
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


def tell_hostile_values(desk: Desk, form: DeskForm, name: str) -> list[str]:
    """Put everything hostile into one field; return every complaint."""
    complaints, typed, before = [], form.typed(desk), rows()
    for what, value in values_for(name).items():
        values = with_value(typed, name.format(case=desk.case.pk), value)
        with undone(desk.client):
            try:
                attack(desk, form, Sent(encoded(values)), values, before)
            except AssertionError as error:
                complaints.append(f"{what}: {first_line(error)}")
    return complaints
