"""The mails of this app, registered with the outbox; and its periodic jobs.  利用案内 2."""

from datetime import datetime, timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from uketori import japanese, mail_wrapping
from uketori.bureaus.banners import standing_banner
from uketori.bureaus.policies import policy_in_force
from uketori.intermediaries.models import MailProof
from uketori.intermediaries.proof import act, tokens
from uketori.intermediaries.proof.limits import forget_old_limits
from uketori.intermediaries.session.kept import forget_old_input
from uketori.outbox.models import OutgoingMail
from uketori.outbox.registry import Rendered, job, renderer
from uketori.rules.policy import BureauPolicy


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


def rendered(template: str, policy: BureauPolicy, context: dict[str, object]) -> Rendered:
    """Render a mail template: its first line is the subject, the rest the body.

    What the bureau has to say at this moment stands first.  Here, for every mail, lines that are
    too wide are broken.
    """
    text = render_to_string(template, {"policy": policy, "official": settings.OFFICIAL, **context})
    subject, body = text.split("\n", 1)
    if not settings.OFFICIAL:
        subject = f"［見本］{subject}"
    return Rendered(
        subject=mail_wrapping.without_marks(subject.strip()),
        body=mail_wrapping.wrapped(_banner(policy) + body.strip("\n")) + "\n",
        from_address=policy.mail_from,
        from_name=policy.bureau_name,
        reply_to=policy.mail_reply_to,
    )


def _banner(policy: BureauPolicy) -> str:
    banner = standing_banner(policy.code)
    if banner is None:
        return ""
    return render_to_string("bureaus/mail/banner.txt", {"banner": banner, "policy": policy})


@job("forget_unproved", every=timedelta(hours=1))
def forget_unproved(at: datetime) -> None:
    """Delete addresses that were never proved, and old counts.  D23."""
    act.forget_unproved(at)
    forget_old_limits(at)
    forget_old_input(at)
