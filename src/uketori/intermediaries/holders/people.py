"""The person behind the claims: who comes back to an address, and of which kind they are.  D03."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from uketori.audit.record import record
from uketori.intermediaries.models import CertificateClaim, Intermediary, MailAddress
from uketori.rules.folding import Dashes, fold
from uketori.rules.policy import IntermediaryKind
from uketori.rules.refusals import Refused
from uketori.rules.showing_certificate import refuse_other_kind


def who_comes_back(mail_address: MailAddress, name: str) -> Intermediary | None:
    """Return who had a certificate at this address, under this name, and has none anywhere now.

    A mistyped number that was given back or settled is entered anew by the same person: quota and
    standing go on.  Called with the address locked; locks the person.
    """
    here = CertificateClaim.objects.filter(mail_address=mail_address, intermediary=OuterRef("pk"))
    stands = CertificateClaim.objects.filter(intermediary=OuterRef("pk"), ended_at=None)
    for person in Intermediary.objects.filter(Exists(here), ~Exists(stands)).order_by("-pk"):
        if _name_key(person.name) == _name_key(name):
            return Intermediary.objects.lock(person.pk)
    return None


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
    if reasons := refuse_other_kind(is_proved=not also_proved and is_known(fresh)):
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


def is_known(person: Intermediary) -> bool:
    """Tell whether a clerk has seen a certificate of this person."""
    return person.claims.filter(proved_at__isnull=False, ended_at=None).exists()


def _write_kind(person: Intermediary, kind: IntermediaryKind) -> None:
    Intermediary.objects.filter(pk=person.pk).update(kind=kind)


def _name_key(name: str) -> str:
    """Return the name without blanks, widths and cases."""
    return "".join(fold(name, dashes=Dashes.AS_TYPED).split()).casefold()
