"""A mail template in words, with the bureau's banner."""

from django.conf import settings
from django.template.loader import render_to_string

from uketori import mail_wrapping
from uketori.bureaus.banners import standing_banner
from uketori.outbox.registry import Rendered
from uketori.rules.policy import BureauPolicy


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
