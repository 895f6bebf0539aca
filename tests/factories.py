"""Plain functions that make rows.  Whatever is not said is ordinary: Osaka, valid, unproved.

Moments default to the application's clock, so that a test freezes time once and makes the rest.
"""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from tests.policies import TOKYO
from uketori import clock
from uketori.bureaus.calendar import calendar_facts
from uketori.bureaus.first_rows import insert_first_notice
from uketori.bureaus.models import NoticeVersion, Slot, SpecialDay
from uketori.bureaus.policies import policy_at
from uketori.bureaus.slots import ensure_slot
from uketori.intermediaries.models import (
    Certificate,
    CertificateClaim,
    Intermediary,
    MailAddress,
    MailProof,
    Suspension,
)
from uketori.intermediaries.proof import act, tokens
from uketori.reservations.booking.act import Order
from uketori.reservations.cases.typed import DraftContent, DraftRow
from uketori.reservations.models import Draft, Reservation, ReservedCase
from uketori.reservations.references import new_reference
from uketori.rules.calendar import CalendarFacts, display_window
from uketori.rules.certificate_number import certificate_key
from uketori.rules.change import change_closes_at
from uketori.rules.number_key import compare_key
from uketori.rules.policy import BureauPolicy, IntermediaryKind

BUREAU = "osaka"
DECLARED = (
    "filed_at_window",
    "examination_finished",
    "not_called_elsewhere",
    "certificate_valid",
    "not_education",
)
"""What everybody declares; an acquisition needs ``acquisition_by_birth`` beside it."""

_certificates = count(30001)


def policy(at: datetime | None = None) -> BureauPolicy:
    return policy_at(BUREAU, (at or clock.now()).date())


def facts(at: datetime | None = None) -> CalendarFacts:
    return calendar_facts(BUREAU, (at or clock.now()).date())


def displayed_hours(at: datetime) -> list[datetime]:
    """Every hour that is displayed at this moment, in order."""
    known = facts(at)
    return [
        datetime.combine(shown.day, time(hour), TOKYO)
        for shown in display_window(at, known).days
        for hour in known.hours(shown.day)
    ]


def first_notice() -> None:
    """The version of the data folder, in force from Thu 2026-01-01; without it no page stands."""
    insert_first_notice(BUREAU)


def notice(number: int, effective_from: datetime, **changes: Any) -> NoticeVersion:
    first_notice()
    values = {"body": "## １ はじめに\n\n本文です。", "changes": "電話番号を改めました。"}
    return NoticeVersion.objects.create(
        bureau=BUREAU, number=number, effective_from=effective_from, **{**values, **changes}
    )


def special_day(day: date, *, is_open: bool, reason: str, **changes: Any) -> SpecialDay:
    values = {"bureau": BUREAU, "announced_at": clock.now()}
    return SpecialDay.objects.create(
        day=day, is_open=is_open, reason=reason, **{**values, **changes}
    )


def slot(starts_at: datetime, **changes: Any) -> Slot:
    """The row of one hour; ``changes`` are its columns, e.g. ``booked_cases=58``."""
    ensure_slot(policy(starts_at), starts_at)
    Slot.objects.filter(bureau=BUREAU, starts_at=starts_at).update(starts_at=starts_at, **changes)
    return Slot.objects.get(bureau=BUREAU, starts_at=starts_at)


def mail_address(address: str = "aoki@example.jp") -> MailAddress:
    """A proved address."""
    found, _made = MailAddress.objects.get_or_create(
        bureau=BUREAU, address=address, defaults={"proved_at": clock.now()}
    )
    return found


def proof(address: str = "aoki@example.jp", at: datetime | None = None) -> MailProof:
    """A request for a link that was not used yet."""
    at = at or clock.now()
    made = act.request_proof(policy=policy(at), address=address, at=at)
    assert made is not None, "the address has enough live links"
    return made


def link_of(proof: MailProof) -> str:
    """The path of the link in the mail."""
    return f"/{proof.bureau}/entry/{token_of(proof)}"


def token_of(proof: MailProof) -> str:
    return tokens.token_of(bytes(proof.seed))


def code_of(proof: MailProof) -> str:
    """The six digits of the mail."""
    return tokens.code_of(bytes(proof.seed))


def signed_in_client(address: str = "aoki@example.jp", client: Client | None = None) -> Client:
    """A browser in which the link of a fresh mail to this address was just used."""
    first_notice()
    client = client or Client()
    response = client.post(link_of(proof(address)))
    assert response.status_code == 302, response.status_code
    return client


def intermediary(name: str = "青木 花子", **changes: Any) -> Intermediary:
    values = {
        "bureau": BUREAU,
        "kind": IntermediaryKind.ORG_STAFF,
        "name_kana": "アオキ ハナコ",
        "organisation": "株式会社あおぞら製作所",
        "phone": "06-1234-5678",
        "entered_at": clock.now(),
    }
    return Intermediary.objects.create(name=name, **{**values, **changes})


def certificate(number: str, kind: IntermediaryKind = IntermediaryKind.ORG_STAFF) -> Certificate:
    found, _made = Certificate.objects.get_or_create(
        bureau=BUREAU, kind=policy().certificate_of[kind], number_key=certificate_key(number)
    )
    return found


def claim(
    address: str = "aoki@example.jp",
    *,
    person: Intermediary | None = None,
    number: str = "",
    is_proved: bool = False,
    expires_on: date = date(2028, 3, 31),
    place: int = 1,
) -> CertificateClaim:
    """A person with a certificate at an address; open at ``place``, or proved by a clerk."""
    person = person or intermediary()
    number = number or f"大取第{next(_certificates)}号"
    return CertificateClaim.objects.create(
        certificate=certificate(number, IntermediaryKind(person.kind)),
        intermediary=person,
        mail_address=mail_address(address),
        number=number,
        expires_on=expires_on,
        place=None if is_proved else place,
        claimed_at=clock.now(),
        proved_at=clock.now() if is_proved else None,
    )


def suspension(person: Intermediary, first_day: date, last_day: date) -> Suspension:
    """A suspension as the standing desk decides it."""
    return Suspension.objects.create(
        intermediary=person,
        first_day=first_day,
        last_day=last_day,
        grounds=["no_show"],
        evidence=[],
        reason="三度お越しにならなかった",
        decided_at=clock.now(),
        decided_by="staff:1",
    )


def numbers(how_many: int, first: int = 1234) -> list[str]:
    """Application numbers of the usual form, e.g. 阪労一E01234; the letter means 在留期間更新."""
    return [f"阪労一E{first + index:05d}" for index in range(how_many)]


def content(
    starts_at: datetime | None = None,
    cases: int | list[str] = 3,
    *,
    category: str = "own",
    **changes: Any,
) -> DraftContent:
    """What stands on the booking page; ``cases`` is how many, or their numbers."""
    typed = numbers(cases) if isinstance(cases, int) else cases
    values = {
        "slot": f"{starts_at.astimezone(TOKYO):%Y-%m-%dT%H:%M}" if starts_at else "",
        "rows": tuple(DraftRow(number=one) for one in typed),
        "category_for_all": category,
    }
    return DraftContent(**{**values, **changes})


def draft(
    held_by: CertificateClaim,
    starts_at: datetime | None = None,
    cases: int | list[str] = 3,
    **changes: Any,
) -> Draft:
    """A saved draft; ``changes`` go to its content."""
    return Draft.objects.create(
        bureau=BUREAU,
        mail_address=held_by.mail_address,
        claim=held_by,
        content=content(starts_at, cases, **changes).to_json(),
        touched_at=clock.now(),
    )


def order(
    held_by: CertificateClaim,
    starts_at: datetime | None,
    cases: int | list[str] = 3,
    *,
    declared: frozenset[str] = frozenset(DECLARED),
    notice_version: int | None = 1,
    key: UUID | None = None,
    **changes: Any,
) -> Order:
    """What a person confirms, everything declared; ``changes`` go to its content."""
    return Order(
        mail_address=held_by.mail_address,
        claim=held_by,
        content=content(starts_at, cases, **changes),
        declared=declared,
        notice_version=notice_version,
        key=key or uuid4(),
    )


def reservation(
    held_by: CertificateClaim,
    starts_at: datetime,
    cases: int | list[str] = 1,
    **changes: Any,
) -> Reservation:
    """A reservation with its cases and its place taken, without asking the rules."""
    typed = numbers(cases, next(_case_numbers)) if isinstance(cases, int) else cases
    hour = slot(starts_at)
    values = {
        "bureau": BUREAU,
        "reference": new_reference(),
        "slot": hour,
        "starts_at": starts_at,
        "visit_day": starts_at.astimezone(TOKYO).date(),
        "intermediary": held_by.intermediary,
        "claim": held_by,
        "mail_address": held_by.mail_address,
        "holder_name": held_by.intermediary.name,
        "certificate_number": held_by.number,
        "certificate_expires_on": held_by.expires_on,
        "first_case_count": len(typed),
        "live_case_count": len(typed),
        "booked_at": starts_at - timedelta(days=5),
        "change_closes_at": change_closes_at(
            visit_day=starts_at.astimezone(TOKYO).date(), facts=facts(starts_at)
        ),
        "notice_version": 1,
        "policy_effective_from": date(2026, 1, 1),
        "declarations": sorted(DECLARED),
        "idempotency_key": uuid4(),
    }
    made = Reservation.objects.create(**{**values, **changes})
    ReservedCase.objects.bulk_create(
        ReservedCase(
            reservation=made,
            order=order,
            number=number,
            number_key=compare_key(number),
            type="extension",
            category="own",
        )
        for order, number in enumerate(typed, start=1)
    )
    if made.cancelled_at is None:
        slot(
            starts_at,
            booked_reservations=hour.booked_reservations + 1,
            booked_cases=hour.booked_cases + len(typed),
        )
    return made


_case_numbers = count(20000, 20)
