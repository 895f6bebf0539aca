"""The act of booking: one transaction, one order of locks.  利用案内 3, D09, D11, D13."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q

from uketori.audit.record import record
from uketori.bureaus.notice import number_in_force
from uketori.bureaus.slots import take_place
from uketori.intermediaries.certificates.seen_elsewhere import shown_by_another
from uketori.intermediaries.models import CertificateClaim, Intermediary, MailAddress
from uketori.intermediaries.suspension.suspensions import bound_by_number, last_day_of
from uketori.outbox.enqueue import enqueue
from uketori.reservations.booking.checking import judge, new_cases
from uketori.reservations.cases.typed import DraftContent
from uketori.reservations.held import OVER_AT, gather_held
from uketori.reservations.mails.telling import BOOKED_EVENT
from uketori.reservations.models import Reservation, ReservedCase
from uketori.reservations.references import new_reference
from uketori.rules.calendar import CalendarFacts
from uketori.rules.change import change_closes_at
from uketori.rules.eligibility import refuse_declarations, refuse_notice, required_declarations
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason, Refusal, Refused
from uketori.rules.showing_certificate import refuse_shown_by_another
from uketori.rules.suspension import refuse_suspended


class _WithNotice(Protocol):
    """A person with what the booking needs to know besides: all read with the lock."""

    notice_number: int
    claim_stands: bool
    is_shown_by_another: bool
    suspended_until: date | None
    is_bound_by_number: bool


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a person confirms: who, when, which cases, what they declare."""

    mail_address: MailAddress
    claim: CertificateClaim
    content: DraftContent
    declared: frozenset[str]
    notice_version: int | None
    key: UUID
    """Of the form; the same form sent twice is one reservation."""
    confirmation_to: str = ""
    """Where the confirmation goes instead of the address, if the caller said so."""


def book(*, order: Order, facts: CalendarFacts, actor: str, at: datetime) -> Reservation:
    """Reserve one slot, or raise ``Refused`` with every reason.

    ``at`` is the moment the request arrived.  The same key gives the same reservation, however
    often and from however many tabs it is sent; a refused attempt does not use it up.
    """
    try:
        return book_once(order=order, facts=facts, actor=actor, at=at)
    except IntegrityError:
        # the same form with another holder, at the same instant: two locks, one key
        same = Reservation.objects.filter(idempotency_key=order.key).first()
        if same is None:
            raise
        return same


@transaction.atomic(durable=True)
def book_once(*, order: Order, facts: CalendarFacts, actor: str, at: datetime) -> Reservation:
    """Lock, look, ask the rules, write, record, enqueue.

    The intermediary's row is locked first, the slot's row second, by the UPDATE that takes the
    place (SQLite locks the whole file at BEGIN).  Everything slow happens outside.
    """
    today = at.astimezone(facts.policy.tz).date()
    with_notice = Intermediary.objects.annotate(
        notice_number=number_in_force(facts.policy.code, at),
        claim_stands=_claim_stands(order),
        is_shown_by_another=shown_by_another(
            order.claim.certificate_id, order.claim.intermediary_id
        ),
        suspended_until=last_day_of(OuterRef("pk"), today),
        is_bound_by_number=bound_by_number(OuterRef("pk"), today),
    )
    locked = with_notice.lock(order.claim.intermediary_id)
    person = cast(_WithNotice, locked)
    order.claim.intermediary = locked  # name and kind may have changed since the page was opened
    rows = _reservations_of(order, at.astimezone(facts.policy.tz))
    for row in rows:
        if row[5] == order.key:
            return Reservation.objects.get(pk=row[0])
    if not person.claim_stands:
        raise Refused([Reason(Refusal.DRAFT_CHANGED)])
    _refuse(order, rows, person, facts, at)
    slot_id = _take(order, facts.policy)
    reservation = insert(order, slot_id, facts, at)
    ReservedCase.objects.bulk_create(new_cases(order.content, reservation, facts))
    record(
        bureau=reservation.bureau,
        kind="reservation_booked",
        actor=actor,
        subject=reservation.reference,
        at=at,
        facts={"cases": reservation.first_case_count, "notice": reservation.notice_version},
    )
    enqueue(
        bureau=reservation.bureau,
        event=BOOKED_EVENT,
        subject_id=reservation.reference,
        recipient=order.confirmation_to or order.mail_address.address,
        facts={"elsewhere": True} if order.confirmation_to else None,
        at=at,
        message_domain=facts.policy.mail_domain,
    )
    return reservation


def _claim_stands(order: Order) -> Exists:
    """Whether this address still speaks for the holder: another tab may have given it back."""
    return Exists(
        CertificateClaim.objects.filter(
            pk=order.claim.pk, mail_address=order.mail_address, ended_at=None
        )
    )


Row = tuple[int, datetime, str, datetime | None, str | None, UUID]


def _reservations_of(order: Order, now: datetime) -> list[Row]:
    """Return what the person holds from today on, and whatever this form made (one query)."""
    person = order.claim.intermediary_id
    mine = Q(intermediary=person, cancelled_at=None, visit_day__gte=now.date())
    return list(
        Reservation.objects.filter(mine | Q(idempotency_key=order.key))
        .filter(Q(cases__withdrawn_at=None))
        .order_by("starts_at", "pk")
        .values_list(
            "pk", "starts_at", "reference", OVER_AT, "cases__number_key", "idempotency_key"
        )
    )


def _refuse(
    order: Order,
    rows: list[Row],
    person: _WithNotice,
    facts: CalendarFacts,
    at: datetime,
) -> None:
    held = gather_held([row[:5] for row in rows])
    cases = order.content.cases(facts.policy)
    reasons: list[Reason] = [
        *judge(order.content, order.claim, held, at, facts).refusals,
        *refuse_declarations(order.declared, {case.type for case in cases}, facts.policy),
        *refuse_notice(order.notice_version, person.notice_number),
        *refuse_suspended(person.suspended_until, is_bound_by_number=person.is_bound_by_number),
        *refuse_shown_by_another(is_shown=person.is_shown_by_another),
    ]
    if reasons:
        raise Refused(reasons)


def _take(order: Order, policy: BureauPolicy) -> int:
    """Take the place that is asked for, or raise ``Refused``."""
    starts_at = order.content.starts_at(policy.tz)
    cases = len(order.content.number_keys())
    if starts_at is None:  # refused by the rules before
        raise Refused([])
    return take_place(policy=policy, starts_at=starts_at, cases=cases)


def _declared(order: Order, policy: BureauPolicy) -> list[str]:
    """Return the codes that were asked for and given; whatever else was sent is not kept."""
    types = {case.type for case in order.content.cases(policy)}
    asked = {one.code for one in required_declarations(types, policy)}
    return sorted(asked & order.declared)


def insert(order: Order, slot_id: int, facts: CalendarFacts, at: datetime) -> Reservation:
    """Write the row of an order whose place was taken."""
    policy, claim = facts.policy, order.claim
    starts_at = order.content.starts_at(policy.tz)
    if starts_at is None:
        raise Refused([])
    count = len(order.content.number_keys())
    return Reservation.objects.create(
        bureau=policy.code,
        reference=new_reference(),
        slot_id=slot_id,
        starts_at=starts_at,
        visit_day=starts_at.date(),
        intermediary_id=claim.intermediary_id,
        claim=claim,
        mail_address=order.mail_address,
        holder_name=claim.intermediary.name,
        certificate_number=claim.number,
        certificate_expires_on=claim.expires_on,
        first_case_count=count,
        live_case_count=count,
        booked_at=at,
        change_closes_at=change_closes_at(visit_day=starts_at.date(), facts=facts),
        notice_version=order.notice_version or 0,
        policy_effective_from=policy.effective_from,
        declarations=_declared(order, policy),
        idempotency_key=order.key,
    )
