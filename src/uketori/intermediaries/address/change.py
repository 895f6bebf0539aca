"""A change of mail address, whoever asks for it: its request, its link, its mails, its end.  D03.

Who asks in the session of the old address: ``address_in_session``; the staff: ``address_by_staff``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Q, QuerySet

from uketori.audit.record import record
from uketori.intermediaries.models import (
    AddressChange,
    Certificate,
    CertificateClaim,
    Intermediary,
    MailAddress,
    MailProof,
)
from uketori.intermediaries.proof import limits, tokens
from uketori.intermediaries.proof.act import KEPT_UNPROVED
from uketori.outbox.enqueue import enqueue
from uketori.outbox.history import forget_mails
from uketori.rules.policy import BureauPolicy

NEW_EVENT = "new_address"
CHANGED_EVENT = "address_changed"
BUREAU_EVENTS = (
    "new_address_by_bureau",
    "address_change_by_bureau_asked",
    "address_changed_by_bureau",
    "address_entered_by_bureau",
)
"""The mails of ``address_by_staff``, forgotten with the request like the others."""
PURPOSE = "new address"
CODE_PURPOSE = "new address code"
PRIORITY = 1
KEPT = timedelta(days=7)


class ChangeState(StrEnum):
    """The states in which the link can be found; each has its own sentence and one button."""

    FRESH = "fresh"
    ELSEWHERE = "elsewhere"
    """Fresh, but not in a browser in which the old address is at work."""
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    MALFORMED = "malformed"


@dataclass(frozen=True)
class FoundChange:
    """A link as it stands at one moment."""

    state: ChangeState
    change: AddressChange | None = None


def lock_request(
    mail_address_id: int, new_address: str, policy: BureauPolicy, at: datetime
) -> None:
    """Let what one address asks for, and what is asked for one new address, come one by one."""
    MailAddress.objects.select_for_update(no_key=True).get(pk=mail_address_id)
    identity = tokens.keyed_digest("limit address", f"{policy.code} {new_address}")
    limits.one_at_a_time(identity=identity, act="new_address", at=at)


def live_changes(new_address: str, policy: BureauPolicy, at: datetime) -> QuerySet[AddressChange]:
    """Return what was asked for this new address, by whomever, and can still be proved."""
    return AddressChange.objects.filter(
        bureau=policy.code, new_address=new_address, spent_at=None, expires_at__gt=at
    )


def insert_change(
    *,
    mail_address_id: int,
    new_address: str,
    policy: BureauPolicy,
    at: datetime,
    claim: CertificateClaim | None = None,
    reason: str = "",
) -> AddressChange:
    """Return a new request, for one person alone where ``claim`` says so; its link is fresh."""
    seed = tokens.new_seed()
    return AddressChange.objects.create(
        bureau=policy.code,
        mail_address_id=mail_address_id,
        claim=claim,
        new_address=new_address,
        reason=reason,
        seed=seed,
        token_digest=tokens.token_digest(tokens.token_of(seed, PURPOSE)),
        requested_at=at,
        expires_at=at + timedelta(minutes=policy.link_ttl_minutes),
    )


def find_change(
    *, bureau: str, token: str, visiting: MailAddress | None, at: datetime
) -> FoundChange:
    """Return the state of the link in a browser; reading it changes nothing.

    What the staff asked for is fresh everywhere: whoever holds the link holds the mailbox.
    """
    if not tokens.TOKEN_FORM.fullmatch(token):
        return FoundChange(ChangeState.MALFORMED)
    change = AddressChange.objects.filter(
        bureau=bureau, token_digest=tokens.token_digest(token)
    ).first()
    if change is None:
        return FoundChange(ChangeState.UNKNOWN)
    if change.spent_at is not None:
        return FoundChange(ChangeState.USED, change)
    if at >= change.expires_at:
        return FoundChange(ChangeState.EXPIRED, change)
    if change.claim_id is not None:
        return FoundChange(ChangeState.FRESH, change)
    is_here = visiting is not None and visiting.pk == change.mail_address_id
    return FoundChange(ChangeState.FRESH if is_here else ChangeState.ELSEWHERE, change)


def spend(change: AddressChange, at: datetime) -> bool:
    """Use the link up by conditional UPDATE; False, and nothing else is kept, if it was used."""
    unspent = AddressChange.objects.filter(pk=change.pk, spent_at=None, expires_at__gt=at)
    if unspent.update(spent_at=at):
        return True
    transaction.set_rollback(True)
    return False


@transaction.atomic
def forget_changes(at: datetime) -> None:
    """Delete requests and their mails: spent ones after a week, unproved addresses sooner.  D23."""
    spent = Q(spent_at__isnull=False, requested_at__lt=at - KEPT)
    unproved = Q(spent_at=None, expires_at__lt=at - KEPT_UNPROVED)
    over = AddressChange.objects.filter(spent | unproved)
    forget_mails(events=[NEW_EVENT, CHANGED_EVENT, *BUREAU_EVENTS], about=over)
    over.delete()


def lock_addresses(change: AddressChange, at: datetime) -> tuple[MailAddress, MailAddress]:
    """Return the address that is left and the new one, locked in the order of their keys."""
    new, _made = MailAddress.objects.get_or_create(
        bureau=change.bureau, address=change.new_address, defaults={"proved_at": at}
    )
    both = MailAddress.objects.select_for_update(no_key=True).order_by("pk")
    locked = {one.pk: one for one in both.filter(pk__in=[change.mail_address_id, new.pk])}
    return locked[change.mail_address_id], locked[new.pk]


def lock_claimed(claims: Iterable[CertificateClaim]) -> None:
    """Lock the certificates, then the people of these claims, each in the order of their keys."""
    for rows, keys in (
        (Certificate.objects, {claim.certificate_id for claim in claims}),
        (Intermediary.objects, {claim.intermediary_id for claim in claims}),
    ):
        list(rows.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))


def proof_of(new: MailAddress, device_digest: str, policy: BureauPolicy, at: datetime) -> MailProof:
    """Return a spent proof of the new address: whoever moved works on there."""
    seed = tokens.new_seed()
    return MailProof.objects.create(
        bureau=policy.code,
        address=new.address,
        seed=seed,
        token_digest=tokens.token_digest(tokens.token_of(seed)),
        requested_at=at,
        expires_at=at + timedelta(minutes=policy.link_ttl_minutes),
        spent_at=at,
        spent_session_digest=device_digest,
        mail_address=new,
        last_seen_at=at,
    )


def tell(
    change: AddressChange,
    event: str,
    recipient: str,
    policy: BureauPolicy,
    at: datetime,
    *,
    priority: int = PRIORITY,
    not_after: datetime | None = None,
) -> None:
    """Enqueue one mail about the change."""
    enqueue(
        bureau=policy.code,
        event=event,
        subject_id=str(change.pk),
        recipient=recipient,
        at=at,
        priority=priority,
        not_after=not_after,
        message_domain=policy.mail_domain,
    )


def record_change(
    change: AddressChange, kind: str, actor: str, at: datetime, **facts: object
) -> None:
    """Record what was done about the change; references and codes only."""
    record(
        bureau=change.bureau,
        kind=kind,
        actor=actor,
        subject=f"address_change:{change.pk}",
        at=at,
        facts=facts,
    )
