"""The certificates of an opened reservation as the page shows them.  D03, R-09, R-38."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from uketori.counter.lookup.rivals import RivalLine, rival_lines
from uketori.counter.models import Step
from uketori.counter.visit.certificate_brought import certificates_at_desk
from uketori.counter.visit.facts import with_record
from uketori.counter.visit.state import Seen
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Reservation
from uketori.rules.permissions import Act
from uketori.rules.policy import CertificateKind
from uketori.rules.showing_certificate import may_be_seen, refuse_taking_seeing_back
from uketori.staff.access import Staff

SEEN_KEY = "+"
"""For 証明書を確認した.  In no reference, as all keys of the counter."""


@dataclass(frozen=True)
class CertificateFacts:
    """One certificate as it was said, and what the bureau knows of it."""

    claim_id: int
    term: str
    words: str
    expires_on: date
    is_valid: bool
    is_proved: bool
    key: str
    """Which key says that it was seen; none of what nobody will show."""
    may_see: bool
    may_take_back: bool
    may_settle: bool
    rivals: list[RivalLine]


def certificate_facts(reservation: Reservation, one: Seen, staff: Staff) -> list[CertificateFacts]:
    """Return the certificate to be shown first, then the one of the booking if that is older."""
    today = staff.at.astimezone(reservation.made_under.tz).date()
    claims = certificates_at_desk(reservation, today)
    is_renewed = claims[0].claimed_at > reservation.claim.claimed_at
    first = _("更新した証明書") if is_renewed else _("証明書")
    terms = [first, _("予約時の証明書")] if len(claims) > 1 else [_("証明書")]
    shown, *earlier = [
        _facts(reservation, claim, term, one, staff)
        for claim, term in zip(claims, terms, strict=True)
    ]
    # nobody shows an older one after the renewed one
    return [
        shown,
        *(replace(each, may_see=each.may_see and not shown.is_proved, key="") for each in earlier),
    ]


def _facts(
    reservation: Reservation, claim: CertificateClaim, term: str, one: Seen, staff: Staff
) -> CertificateFacts:
    policy, proved_at = reservation.made_under, claim.proved_at
    today = staff.at.astimezone(policy.tz).date()
    visit = with_record(one.visit, reservation, {Step.CERTIFICATE_SEEN}, staff.at)
    is_proved = proved_at is not None
    kind = policy.certificate_kinds[CertificateKind(claim.certificate.kind)]
    return CertificateFacts(
        claim_id=claim.pk,
        term=term,
        words=f"{kind}　{claim.number}",
        expires_on=claim.expires_on,
        is_valid=claim.expires_on >= today,
        is_proved=is_proved,
        key=SEEN_KEY,
        may_see=not is_proved and may_be_seen(one.visit, staff.at),
        may_take_back=proved_at is not None
        and not refuse_taking_seeing_back(
            visit, proved_at, staff.at, of_past_days=staff.may(Act.CORRECT_PAST_OUTCOME)
        ),
        may_settle=is_proved and staff.may(Act.SETTLE_CLAIMS),
        rivals=rival_lines(claim, today),
    )
