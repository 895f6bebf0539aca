"""What became of a mail that was just asked for, as the page after asking says it.  R-15, R-17.

All of it comes from the outbox and from the requests themselves; whether anybody is known at the
address is never looked at, so it cannot show.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from uketori.intermediaries.models import MailProof
from uketori.intermediaries.proof import act
from uketori.outbox.delivery import Delivery, delivery_of
from uketori.outbox.history import mails_of
from uketori.outbox.models import OutgoingMail
from uketori.rules.mail_address import is_old_carrier_form
from uketori.rules.policy import BureauPolicy

TOLD_FIRST = [Delivery.SENT, Delivery.WAITING, Delivery.DELAYED, Delivery.REFUSED]
"""Of several mails to one address the best is told."""


@dataclass(frozen=True)
class MailStatus:
    """One mail that was asked for, or those that were asked for before."""

    address: str
    delivery: Delivery
    until: datetime
    """The first moment at which its link no longer works."""
    is_over: bool
    sent_at: datetime | None = None
    is_move: bool = False
    """It asks to move to another address, not to enter."""
    is_limited: bool = False
    """No new mail was sent, because enough of those before still work."""
    again_at: datetime | None = None
    """When the next one can be asked for; None if at once."""

    @property
    def is_old_form(self) -> bool:
        """Whether some systems refuse to write to such an address."""
        return is_old_carrier_form(self.address)

    @property
    def state(self) -> str:
        """What the page says: the delivery, or that a mail which was sent is over."""
        is_sent = self.delivery is Delivery.SENT
        return "over" if is_sent and self.is_over else self.delivery.value

    @property
    def can_arrive(self) -> bool:
        """Whether a mail that can still be used has left or may yet leave."""
        return self.state in {Delivery.SENT, Delivery.WAITING, Delivery.DELAYED}

    @property
    def has_code(self) -> bool:
        """Whether its code can be typed where it was asked for."""
        return self.can_arrive and not self.is_limited


def asked_by_proof(proof: MailProof, at: datetime) -> MailStatus:
    """Return what became of the mail of this request."""
    mails = mails_of(bureau=proof.bureau, events=[act.VERIFICATION_EVENT], subjects=[proof.pk])
    return _asked(proof.address, mails, proof.expires_at, at)


def asked_too_often(policy: BureauPolicy, address: str, at: datetime) -> MailStatus:
    """Return what became of the mails asked for before; they are over once none of them works.

    When the next one can be asked for is told as exactly as asking again and again would tell it.
    """
    live = list(act.live_proofs(policy.code, address, at).order_by("expires_at"))
    if not live:
        return MailStatus(address=address, delivery=Delivery.SENT, until=at, is_over=True)
    mails = mails_of(
        bureau=policy.code,
        events=[act.VERIFICATION_EVENT],
        subjects=[proof.pk for proof in live],
    )
    is_full = len(live) >= policy.max_live_links_per_address
    told = _asked(address, mails, live[-1].expires_at, at)
    again_at = live[0].expires_at if is_full else None
    return replace(told, is_limited=True, again_at=again_at)


def _asked(address: str, mails: list[OutgoingMail], until: datetime, at: datetime) -> MailStatus:
    """Tell the best of the mails; one that is gone, or told by another, never leaves."""
    found = {delivery_of(mail, at): mail.sent_at for mail in reversed(mails)}
    best = next((one for one in TOLD_FIRST if one in found), Delivery.DROPPED)
    return MailStatus(
        address=address,
        delivery=best,
        until=until,
        is_over=at >= until,
        sent_at=found.get(best),
    )
