"""Moving to another mail address, proved from within the session of the old one.  D03."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import F, Q

from uketori.audit.record import record
from uketori.intermediaries import attached, limits, tokens
from uketori.intermediaries.kept_input import move_kept_input
from uketori.intermediaries.models import (
    AddressChange,
    Certificate,
    CertificateClaim,
    ClaimRequest,
    Intermediary,
    MailAddress,
    MailProof,
)
from uketori.intermediaries.proofs import KEPT_UNPROVED, CodeAnswer
from uketori.intermediaries.suspension_mails import follow_to_address
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
MOST_A_DAY = 5
"""Requests of one address within 24 hours: a session is no way to fill a stranger's mailbox."""
KEPT = timedelta(days=7)


class AddressInUse(Exception):
    """Somebody speaks for people from the new address already; its owner may know."""


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


@transaction.atomic(durable=True)
def request_change(
    *, policy: BureauPolicy, mail_address: MailAddress, new_address: str, actor: str, at: datetime
) -> AddressChange | None:
    """Mail a link and a code to the new address; None if that was asked for often enough.

    The answer is the same whether or not the new address is known (R-17).
    """
    MailAddress.objects.select_for_update(no_key=True).get(pk=mail_address.pk)
    identity = tokens.keyed_digest("limit address", f"{policy.code} {new_address}")
    limits.one_at_a_time(identity=identity, act="new_address", at=at)
    if asks_again_at(mail_address, new_address, policy, at) is not None:
        return None
    seed = tokens.new_seed()
    change = AddressChange.objects.create(
        bureau=policy.code,
        mail_address=mail_address,
        new_address=new_address,
        seed=seed,
        token_digest=tokens.token_digest(tokens.token_of(seed, PURPOSE)),
        requested_at=at,
        expires_at=at + timedelta(minutes=policy.link_ttl_minutes),
    )
    enqueue(
        bureau=policy.code,
        event=NEW_EVENT,
        subject_id=str(change.pk),
        recipient=new_address,
        at=at,
        priority=PRIORITY,
        not_after=change.expires_at,
        message_domain=policy.mail_domain.lstrip("@"),
    )
    _record(change, "address_change_requested", actor, at)
    return change


def latest_change(mail_address: MailAddress, at: datetime) -> AddressChange | None:
    """Return what this address asked for last, within a day; it may be over, but not proved."""
    lately = mail_address.changes.filter(
        claim=None, spent_at=None, requested_at__gt=at - timedelta(days=1)
    )
    return lately.order_by("-pk").first()


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
    unspent = AddressChange.objects.filter(pk=change.pk, spent_at=None, expires_at__gt=at)
    if not unspent.update(spent_at=at):
        transaction.set_rollback(True)
        return None
    if new.claims.filter(ended_at=None).exists():
        raise AddressInUse
    lock_claimed(old.claims.filter(ended_at=None))
    follow_to_address(old.claims.values_list("intermediary", flat=True), old, new)
    old.claims.update(mail_address=new)
    ClaimRequest.objects.filter(mail_address=old).update(mail_address=new)
    move_kept_input(old, new)
    attached.move_to_address(old, new, at)
    MailProof.objects.filter(mail_address=old, ended_at=None).update(ended_at=at)
    enqueue(
        bureau=policy.code,
        event=CHANGED_EVENT,
        subject_id=str(change.pk),
        recipient=old.address,
        at=at,
        message_domain=policy.mail_domain.lstrip("@"),
    )
    _record(change, "address_changed", actor, at, before=old.pk, after=new.pk)
    return proof_of(new, device_digest, policy, at)


@transaction.atomic
def forget_changes(at: datetime) -> None:
    """Delete requests and their mails: spent ones after a week, unproved addresses sooner.  D23."""
    spent = Q(spent_at__isnull=False, requested_at__lt=at - KEPT)
    unproved = Q(spent_at=None, expires_at__lt=at - KEPT_UNPROVED)
    over = AddressChange.objects.filter(spent | unproved)
    forget_mails(events=[NEW_EVENT, CHANGED_EVENT, *BUREAU_EVENTS], about=over)
    over.delete()


def asks_again_at(
    mail_address: MailAddress, new_address: str, policy: BureauPolicy, at: datetime
) -> datetime | None:
    """Return when a mail to the new address can be asked for again; None if it can be now."""
    live = AddressChange.objects.filter(
        bureau=policy.code, new_address=new_address, spent_at=None, expires_at__gt=at
    )
    today = mail_address.changes.filter(claim=None, requested_at__gt=at - timedelta(days=1))
    links = [one.expires_at for one in live.order_by("-expires_at")]
    requests = [one.requested_at + timedelta(days=1) for one in today.order_by("-requested_at")]
    full = ((links, policy.max_live_links_per_address), (requests, MOST_A_DAY))
    return max((ends[limit - 1] for ends, limit in full if len(ends) >= limit), default=None)


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


def _record(change: AddressChange, kind: str, actor: str, at: datetime, **facts: object) -> None:
    record(
        bureau=change.bureau,
        kind=kind,
        actor=actor,
        subject=f"address_change:{change.pk}",
        at=at,
        facts=facts,
    )
