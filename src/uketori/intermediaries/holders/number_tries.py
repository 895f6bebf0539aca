"""How many certificate numbers one address may try in a day.  D03, R-17."""

from datetime import datetime, timedelta

from django.db import transaction

from uketori.intermediaries.models import MailAddress
from uketori.intermediaries.proof import limits, tokens
from uketori.rules.certificate_number import certificate_key
from uketori.rules.policy import BureauPolicy, CertificateKind
from uketori.rules.refusals import Reason, Refusal, Refused

ACT = "certificate_number"
WINDOW = timedelta(days=1)


@transaction.atomic(durable=True)
def count_number(
    *,
    policy: BureauPolicy,
    mail_address: MailAddress,
    kind: CertificateKind,
    number: str,
    at: datetime,
) -> None:
    """Count a number that is about to be entered, renewed or asked for, or raise ``Refused``.

    A transaction of its own, before that of the act: to be refused tells as much of a number as to
    succeed, and must stay counted.  What the address holds already tells it nothing, and is free.
    Giving back is never refused, and frees nothing here.
    """
    held = mail_address.claims.filter(
        ended_at=None, certificate__kind=kind, certificate__number_key=certificate_key(number)
    )
    if held.exists() or limits.within_limit(
        identity=tokens.keyed_digest("limit address", f"{policy.code} {mail_address.address}"),
        act=ACT,
        limit=policy.max_certificate_numbers_per_address_a_day,
        window=WINDOW,
        at=at,
    ):
        return
    again_at = limits.opens_again_at(WINDOW, at)
    raise Refused([Reason(Refusal.TOO_MANY_NUMBERS_TODAY, facts={"again_at": again_at})])
