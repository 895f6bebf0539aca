"""Moving one person to another mail address, by the staff: their box is dead.  D03.

On the telephone the new address is proved by a link mailed to it.  Who stands at the counter with
the certificate needs none.  The old address is told in any case.
"""

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Q

from uketori.intermediaries import hooks
from uketori.intermediaries.address.change import (
    BUREAU_EVENTS,
    insert_change,
    live_changes,
    lock_addresses,
    lock_claimed,
    lock_request,
    proof_of,
    record_change,
    spend,
    tell,
)
from uketori.intermediaries.address.obstacles import (
    AddressObstacle,
    NotMoved,
    claims_going_along,
    why_not,
)
from uketori.intermediaries.models import AddressChange, CertificateClaim, MailAddress, MailProof
from uketori.intermediaries.session.kept import leave_with
from uketori.intermediaries.suspension.mails import follow_to_address
from uketori.rules.policy import BureauPolicy

LINK_EVENT, ASKED_EVENT, CHANGED_EVENT, ENTERED_EVENT = BUREAU_EVENTS


class MoveReason(StrEnum):
    """Why staff move somebody: a closed list, kept with the change and in the event."""

    UNREACHED = "unreached"
    GONE = "gone"
    MISTYPED = "mistyped"
    OTHER = "other"


SAME_PERSON = frozenset({MoveReason.UNREACHED, MoveReason.GONE})
"""Where whoever typed at the old address is who moves; an address entered wrong is a stranger's."""


@transaction.atomic(durable=True)
def ask_for(
    *,
    claim: CertificateClaim,
    new_address: str,
    reason: MoveReason,
    policy: BureauPolicy,
    actor: str,
    at: datetime,
) -> AddressChange:
    """Mail the link to the new address and a warning to the old one, or raise ``NotMoved``.

    Requests of before for the same person to any other address end.
    """
    lock_request(claim.mail_address_id, new_address, policy, at)
    fresh = CertificateClaim.objects.select_related("mail_address").get(pk=claim.pk)
    if fresh.mail_address_id != claim.mail_address_id:
        raise NotMoved(AddressObstacle.LEFT)
    claim = fresh
    if why := why_not(claim, new_address, policy):
        raise NotMoved(why)
    live = live_changes(new_address, policy, at)
    if live.count() >= policy.max_live_links_per_address:
        raise NotMoved(AddressObstacle.TOO_OFTEN)
    _end_requests(claim, at, but=new_address)
    is_first = not live.filter(claim=claim).exists()
    change = _insert(claim, new_address, reason, policy, at)
    tell(change, LINK_EVENT, new_address, policy, at, not_after=change.expires_at)
    if is_first:
        tell(change, ASKED_EVENT, claim.mail_address.address, policy, at)
    facts = {"way": "telephone", "reason": reason.value}
    _record(change, "address_change_requested_by_staff", actor, at, **facts)
    return change


@transaction.atomic(durable=True)
def move_at_counter(
    *,
    claim: CertificateClaim,
    new_address: str,
    reason: MoveReason,
    policy: BureauPolicy,
    actor: str,
    at: datetime,
) -> AddressChange:
    """Move at once whose certificate was seen today, or raise ``NotMoved``.

    The caller has made sure that it was.
    """
    change = _insert(claim, new_address, reason, policy, at)
    _move(change, lock_addresses(change, at), policy, at, is_seen=True)
    _end_requests(claim, at)
    change.spent_at = at
    change.save(update_fields=["spent_at"])
    tell(change, ENTERED_EVENT, new_address, policy, at)
    _record(change, "address_changed_by_staff", actor, at, way="counter", reason=reason.value)
    return change


@transaction.atomic(durable=True)
def move_by_link(
    *, change: AddressChange, policy: BureauPolicy, device_digest: str, at: datetime
) -> MailProof | None:
    """Let the person go to the address that was just proved; None if the link was used.

    Raises ``NotMoved`` if that can no longer be.  The proof opens a session at the new address.
    """
    both = lock_addresses(change, at)
    if not spend(change, at):
        return None
    _move(change, both, policy, at, is_seen=False)
    proof = proof_of(both[1], device_digest, policy, at)
    _record(change, "address_changed_by_staff", proof.actor, at, way="telephone")
    return proof


@transaction.atomic(durable=True)
def withdraw(*, claim: CertificateClaim, actor: str, at: datetime) -> bool:
    """End what was asked for on the telephone and not proved yet; False if there is nothing."""
    waiting = pending(claim, at)
    if waiting is None:
        return False
    _end_requests(claim, at)
    _record(waiting, "address_change_withdrawn_by_staff", actor, at)
    return True


def pending(claim: CertificateClaim, at: datetime) -> AddressChange | None:
    """Return what staff asked for last and what can still be proved."""
    mine = claim.address_changes.filter(
        mail_address=claim.mail_address_id, spent_at=None, expires_at__gt=at
    )
    return mine.order_by("-pk").first()


def changes_for(mail_address: MailAddress, at: datetime) -> list[AddressChange]:
    """Return what staff asked for or did for the people of this address and is still of interest.

    What was done is known for a week, what is to be proved for its hour.
    """
    done = Q(spent_at__isnull=False, new_address=mail_address.address)
    waiting = Q(spent_at=None, expires_at__gt=at, mail_address=mail_address)
    here = AddressChange.objects.filter(claim__mail_address=mail_address, claim__ended_at=None)
    return list(here.filter(done | waiting).select_related("claim__intermediary").order_by("-pk"))


def _move(
    change: AddressChange,
    both: tuple[MailAddress, MailAddress],
    policy: BureauPolicy,
    at: datetime,
    *,
    is_seen: bool,
) -> None:
    """Let the person and what is theirs go, and tell the old address.

    Both addresses are locked; this locks the certificates, then the person.
    """
    old, new = both
    rows = CertificateClaim.objects.select_related("mail_address", "intermediary")
    claim = rows.get(address_changes=change)
    if claim.mail_address_id != old.pk:
        raise NotMoved(AddressObstacle.LEFT)
    lock_claimed(claims_going_along(claim))
    if why := why_not(claim, new.address, policy, is_seen=is_seen):
        raise NotMoved(why)
    person = claim.intermediary
    old.claims.filter(intermediary=person).update(mail_address=new)
    hooks.move_person_to_address(person, old, new)
    follow_to_address([person.pk], old, new)
    leave_with(person, old, new, is_theirs=change.reason in SAME_PERSON)
    if not old.claims.filter(ended_at=None).exists():
        MailProof.objects.filter(mail_address=old, ended_at=None).update(ended_at=at)
    tell(change, CHANGED_EVENT, old.address, policy, at)


def _insert(
    claim: CertificateClaim,
    new_address: str,
    reason: MoveReason,
    policy: BureauPolicy,
    at: datetime,
) -> AddressChange:
    return insert_change(
        mail_address_id=claim.mail_address_id,
        new_address=new_address,
        policy=policy,
        at=at,
        claim=claim,
        reason=reason.value,
    )


def _end_requests(claim: CertificateClaim, at: datetime, *, but: str | None = None) -> None:
    """Let no link work any more that was asked for before, but those to this address."""
    waiting = claim.address_changes.filter(spent_at=None, expires_at__gt=at, requested_at__lt=at)
    waiting.exclude(new_address=but).update(expires_at=at)


def _record(change: AddressChange, kind: str, actor: str, at: datetime, **facts: object) -> None:
    record_change(change, kind, actor, at, claim=change.claim_id, **facts)
