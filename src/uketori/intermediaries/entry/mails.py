"""The mails of this app, registered with the outbox; and its periodic jobs.  利用案内 2."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from uketori import japanese
from uketori.bureaus.policies import policy_in_force
from uketori.intermediaries.models import MailProof
from uketori.intermediaries.proof import act, tokens
from uketori.intermediaries.proof.limits import forget_old_limits
from uketori.intermediaries.rendering import rendered
from uketori.intermediaries.session.kept import forget_old_input
from uketori.outbox.models import OutgoingMail
from uketori.outbox.registry import Rendered, job, renderer


@renderer(act.VERIFICATION_EVENT)
def verification(mail: OutgoingMail, at: datetime) -> Rendered | None:
    """Render the link and the code, derived now; nothing once the request is used up or over."""
    proof = MailProof.objects.filter(pk=int(mail.subject_id)).first()
    if proof is None or proof.spent_at or proof.retired_at or at >= proof.expires_at:
        return None
    policy = policy_in_force(mail.bureau, at)
    token = tokens.token_of(bytes(proof.seed))
    path = reverse("entry:link", kwargs={"bureau": mail.bureau, "token": token})
    return rendered(
        "intermediaries/mail/verification.txt",
        policy,
        {
            "link": f"{settings.SITE_URL}{path}",
            "code": tokens.code_of(bytes(proof.seed)),
            "until": japanese.moment_words(proof.expires_at, policy.tz),
            "minutes": policy.link_ttl_minutes,
        },
    )


@job("forget_unproved", every=timedelta(hours=1))
def forget_unproved(at: datetime) -> None:
    """Delete addresses that were never proved, and old counts.  D23."""
    act.forget_unproved(at)
    forget_old_limits(at)
    forget_old_input(at)
