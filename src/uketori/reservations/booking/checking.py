"""Asking the rules about a draft: every surface gets its reasons from here.  利用案内 1, 3."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from uketori.bureaus.availability import Availability
from uketori.intermediaries.certificates.seen_elsewhere import is_shown_by_another
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.cases.typed import DraftContent
from uketori.reservations.hours.offers import SLOT_REFUSALS
from uketori.reservations.models import Reservation, ReservedCase
from uketori.rules.application_number import repeated_numbers
from uketori.rules.booking import Held, Wish, refuse_booking
from uketori.rules.calendar import CalendarFacts
from uketori.rules.eligibility import judge_case, refuse_certificate_at
from uketori.rules.policy import IntermediaryKind
from uketori.rules.refusals import Reason, Refusal
from uketori.rules.showing_certificate import refuse_shown_by_another


@dataclass(frozen=True)
class Judged:
    """What the rules say: what stops the booking, and what is only unusual."""

    refusals: list[Reason]
    warnings: list[Reason]


def judge(
    content: DraftContent,
    claim: CertificateClaim,
    held: Sequence[Held],
    at: datetime,
    facts: CalendarFacts,
) -> Judged:
    """Return everything that can be said of a draft at this moment, all at once.

    Room is not asked here: only taking a place decides whether there is one.
    """
    starts_at = content.starts_at(facts.policy.tz)
    keys = content.number_keys()
    reasons = [
        *refuse_booking(Wish(starts_at=starts_at, cases=len(keys)), keys, held, at, facts),
        *refuse_certificate_at(starts_at, claim.expires_on, facts.policy),
        *_judge_cases(content, claim, facts),
        *repeated_numbers(keys),
    ]
    return Judged(
        refusals=[reason for reason in reasons if isinstance(reason.code, Refusal)],
        warnings=[reason for reason in reasons if not isinstance(reason.code, Refusal)],
    )


def judge_page(
    content: DraftContent,
    claim: CertificateClaim,
    held: Sequence[Held],
    free: Availability,
) -> Judged:
    """Do the same for a page, with what booking asks under its locks, as far as it is known now.

    That is whether somebody else has shown the certificate, and whether the hour has room; an hour
    that cannot be booked for another reason is not asked.
    """
    judged = judge(content, claim, held, free.at, free.facts)
    refused = refuse_shown_by_another(is_shown=is_shown_by_another(claim))
    room: list[Reason] = []
    if not SLOT_REFUSALS & {reason.code for reason in judged.refusals}:
        starts_at = content.starts_at(free.facts.policy.tz)
        room = free.refuse(starts_at, len(content.number_keys()))
    return replace(judged, refusals=[*refused, *room, *judged.refusals])


def warnings_of(
    content: DraftContent, claim: CertificateClaim, facts: CalendarFacts
) -> list[Reason]:
    """Return what is only unusual about the cases, for the last look.  D10."""
    reasons = _judge_cases(content, claim, facts)
    return [reason for reason in reasons if not isinstance(reason.code, Refusal)]


def _judge_cases(
    content: DraftContent, claim: CertificateClaim, facts: CalendarFacts
) -> list[Reason]:
    kind = IntermediaryKind(claim.intermediary.kind)
    return [
        reason
        for case in content.cases(facts.policy)
        for reason in judge_case(case, kind, facts.policy, case=case.order)
    ]


def new_cases(
    content: DraftContent, reservation: Reservation, facts: CalendarFacts
) -> list[ReservedCase]:
    """Return unsaved rows of the cases, in order."""
    return [
        ReservedCase(
            reservation=reservation,
            order=case.order or 0,
            number=case.number,
            number_key=key,
            type=case.type,
            category=case.category,
            with_reentry_permit=case.with_reentry_permit,
        )
        for case, key in zip(content.cases(facts.policy), content.number_keys(), strict=True)
    ]
