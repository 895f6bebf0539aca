"""Moving to another mail address, proved from within the session of the old one.  D03."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from uketori.intermediaries import hooks
from uketori.intermediaries.address.change import (
    CHANGED_EVENT,
    CODE_PURPOSE,
    NEW_EVENT,
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
from uketori.intermediaries.models import AddressChange, ClaimRequest, MailAddress, MailProof
from uketori.intermediaries.proof import tokens
from uketori.intermediaries.proof.act import CodeAnswer
from uketori.intermediaries.session.kept import move_kept_input
from uketori.intermediaries.suspension.mails import follow_to_address
from uketori.outbox.enqueue import ORDINARY
from uketori.rules.policy import BureauPolicy

MOST_A_DAY = 5
"""Requests of one address within 24 hours: a session is no way to fill a stranger's mailbox."""


class AddressInUse(Exception):
    """Somebody speaks for people from the new address already; its owner may know."""


@transaction.atomic(durable=True)
def request_change(
    *, policy: BureauPolicy, mail_address: MailAddress, new_address: str, actor: str, at: datetime
) -> AddressChange | None:
    """Mail a link and a code to the new address; None if that was asked for often enough.

    The answer is the same whether or not the new address is known (R-17).
    """
    lock_request(mail_address.pk, new_address, policy, at)
    if asks_again_at(mail_address, new_address, policy, at) is not None:
        return None
    change = insert_change(
        mail_address_id=mail_address.pk, new_address=new_address, policy=policy, at=at
    )
    tell(change, NEW_EVENT, new_address, policy, at, not_after=change.expires_at)
    record_change(change, "address_change_requested", actor, at)
    return change


def latest_change(mail_address: MailAddress, at: datetime) -> AddressChange | None:
    """Return what this address asked for last, within a day; it may be over, but not proved."""
    lately = mail_address.changes.filter(
        claim=None, spent_at=None, requested_at__gt=at - timedelta(days=1)
    )
    return lately.order_by("-pk").first()


def try_code(
    *, change: AddressChange, typed: str, policy: BureauPolicy, at: datetime
) -> CodeAnswer:
    """Judge a typed code; each try is counted, and the link works beside the code."""
    if change.spent_at or at >= change.expires_at:
        return CodeAnswer.OVER
    tries = AddressChange.objects.filter(pk=change.pk, wrong_codes__lt=policy.max_wrong_codes)
    if not tries.update(wrong_codes=F("wrong_codes") + 1):
        return CodeAnswer.NO_MORE_TRIES
    if tokens.codes_match(typed, bytes(change.seed), CODE_PURPOSE):
        return CodeAnswer.RIGHT
    last_try = change.wrong_codes + 1 >= policy.max_wrong_codes
    return CodeAnswer.NO_MORE_TRIES if last_try else CodeAnswer.WRONG


@transaction.atomic(durable=True)
def move(
    *, change: AddressChange, policy: BureauPolicy, device_digest: str, actor: str, at: datetime
) -> MailProof | None:
    """Let everything go to the new address, which was just proved; None if the link was used.

    Raises ``AddressInUse``.  The old address is told, its sessions end, and the proof that is
    returned opens one at the new address.  Locks both addresses, the certificates, the people.
    """
    old, new = lock_addresses(change, at)
    if not spend(change, at):
        return None
    if new.claims.filter(ended_at=None).exists():
        raise AddressInUse
    lock_claimed(old.claims.filter(ended_at=None))
    follow_to_address(old.claims.values_list("intermediary", flat=True), old, new)
    old.claims.update(mail_address=new)
    ClaimRequest.objects.filter(mail_address=old).update(mail_address=new)
    move_kept_input(old, new)
    hooks.move_to_address(old, new, at)
    MailProof.objects.filter(mail_address=old, ended_at=None).update(ended_at=at)
    tell(change, CHANGED_EVENT, old.address, policy, at, priority=ORDINARY)
    record_change(change, "address_changed", actor, at, before=old.pk, after=new.pk)
    return proof_of(new, device_digest, policy, at)


def asks_again_at(
    mail_address: MailAddress, new_address: str, policy: BureauPolicy, at: datetime
) -> datetime | None:
    """Return when a mail to the new address can be asked for again; None if it can be now."""
    live = live_changes(new_address, policy, at)
    today = mail_address.changes.filter(claim=None, requested_at__gt=at - timedelta(days=1))
    links = [one.expires_at for one in live.order_by("-expires_at")]
    requests = [one.requested_at + timedelta(days=1) for one in today.order_by("-requested_at")]
    full = ((links, policy.max_live_links_per_address), (requests, MOST_A_DAY))
    return max((ends[limit - 1] for ends, limit in full if len(ends) >= limit), default=None)
