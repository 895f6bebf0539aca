"""Who can have nothing new booked, whatever the hour: told before anything is typed.  6(4), D03."""

from datetime import date

from uketori import refusal_texts
from uketori.intermediaries.certificates.seen_elsewhere import is_shown_by_another
from uketori.intermediaries.models import CertificateClaim
from uketori.intermediaries.suspension.suspensions import suspended_among
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason, Refusal


def why_stopped(claim: CertificateClaim, policy: BureauPolicy, today: date) -> list[str]:
    """Return the sentences, none for whom an hour can be looked for (two queries)."""
    reasons = []
    suspended = suspended_among([claim.intermediary_id], today)
    if claim.intermediary_id in suspended:
        last_day = suspended[claim.intermediary_id]
        reasons.append(
            Reason(Refusal.SUSPENDED, facts={"last_day": last_day})
            if last_day
            else Reason(Refusal.CERTIFICATE_TO_BE_SEEN)
        )
    if is_shown_by_another(claim):
        reasons.append(Reason(Refusal.CERTIFICATE_SHOWN_BY_ANOTHER))
    return [refusal_texts.refusal_text(one, policy) for one in reasons]
