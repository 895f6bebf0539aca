"""What to say where the certificate ends before a visit that is booked already.  1, R-09.

A last day may be revised, or a renewed certificate entered, after the booking.  Nothing is taken
away for it: what counts is the certificate that is shown on the day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from uketori import japanese, refusal_texts
from uketori.bureaus.policies import policy_in_force
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Reservation
from uketori.rules.eligibility import refuse_certificate_on


@dataclass(frozen=True)
class ExpiryWords:
    """What is wrong with the certificate on the visit day, what to do, and where."""

    title: str
    text: str
    short: str
    claim_id: int


def expiry_of(
    reservation: Reservation, claims: Iterable[CertificateClaim], at: datetime
) -> ExpiryWords | None:
    """Return what to say of a visit to come; None if the certificate is valid on its day.

    ``claims`` holds for each person the certificate that the address would book with now.
    """
    mine = (one for one in claims if one.intermediary_id == reservation.intermediary_id)
    claim = next(mine, None)
    if claim is None or not refuse_certificate_on(reservation.visit_day, claim.expires_on):
        return None
    last_day = japanese.long_day_words(claim.expires_on)
    told = _(
        "登録されている証明書（{number}）の有効期限は、{last_day}です。予約日に有効な証明書がないと、"
        "結果をお渡しできません。証明書を更新したときは、新しい証明書を登録し、当日お持ちください。"
    ).format(number=claim.number, last_day=last_day)
    short = _("証明書の有効期限は{last_day}で、予約日より前です。").format(last_day=last_day)
    return ExpiryWords(
        title=_("予約日には、証明書の有効期限が過ぎています"),
        text=told + _otherwise(reservation, at),
        short=short,
        claim_id=claim.pk,
    )


def visits_after_expiry(claim: CertificateClaim, at: datetime) -> str:
    """Return what to say beside the certificate; empty if it is valid at every visit to come."""
    policy = policy_in_force(claim.certificate.bureau, at)
    visits = Reservation.objects.filter(
        intermediary=claim.intermediary_id, visit_day__gt=claim.expires_on
    ).coming(at.astimezone(policy.tz).date())
    held = [_visit_words(one) for one in visits.order_by("starts_at")]
    if not held:
        return ""
    return _(
        "この証明書の有効期限は{last_day}で、{held}の日には過ぎています。"
        "予約日に有効な証明書がないと、結果をお渡しできません。証明書を更新したときは、「登録内容」で新しい証明書を登録し、"
        "当日お持ちください。"
    ).format(held="、".join(held), last_day=japanese.long_day_words(claim.expires_on))


def _visit_words(reservation: Reservation) -> str:
    policy = reservation.made_under
    slot = japanese.slot_words(reservation.starts_at, policy.slot_minutes, policy.tz)
    return _("{slot}の予約（予約番号 {reference}）").format(
        slot=slot, reference=reservation.reference
    )


def _otherwise(reservation: Reservation, at: datetime) -> str:
    """Say what is left where there will be no valid certificate."""
    policy = reservation.made_under
    if at < reservation.change_closes_at:
        closes = japanese.last_minute_words(reservation.change_closes_at, policy.tz)
        return _("更新が間に合わないときは、{closes}までにキャンセルしてください。").format(
            closes=closes
        )
    return _(
        "更新が間に合わないときは、予約の時間の前までに、{section}（{telephone}）へご連絡ください。"
    ).format(
        section=policy.contact_section, telephone=refusal_texts.numbers_of(policy)["telephone"]
    )
