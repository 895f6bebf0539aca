"""The person behind the claims: of which kind they are.  D03."""

from datetime import datetime

from uketori.audit.record import record
from uketori.intermediaries.models import CertificateClaim, Intermediary
from uketori.rules.certificate_seen import refuse_other_kind
from uketori.rules.policy import IntermediaryKind
from uketori.rules.refusals import Refused


def correct_kind(
    claim: CertificateClaim,
    kind: IntermediaryKind,
    *,
    actor: str,
    at: datetime,
    also_proved: bool = False,
) -> None:
    """Let the person of the claim be of this kind, or raise ``Refused`` once they are known.  R-08.

    What is booked stays as it is; drafts are judged anew when they are confirmed.  Locks the
    person, so that no certificate is seen, and nothing booked, between the look and the write.
    """
    fresh = Intermediary.objects.lock(claim.intermediary_id)
    if fresh.kind == kind:
        return
    proved = fresh.claims.filter(proved_at__isnull=False, ended_at=None)
    if reasons := refuse_other_kind(is_proved=not also_proved and proved.exists()):
        raise Refused(reasons)
    _write_kind(fresh, kind)
    record(
        bureau=fresh.bureau,
        kind="holder_kind_corrected",
        actor=actor,
        subject=f"claim:{claim.pk}",
        at=at,
        facts={"before": fresh.kind, "after": kind.value},
    )


def _write_kind(person: Intermediary, kind: IntermediaryKind) -> None:
    Intermediary.objects.filter(pk=person.pk).update(kind=kind)
