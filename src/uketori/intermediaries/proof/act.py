"""Proving a mail address: asking, spending, the states of a link.  2(1), R-15, R-17."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import F, QuerySet

from uketori.audit.record import record
from uketori.intermediaries.models import MailAddress, MailProof
from uketori.intermediaries.proof import limits, tokens
from uketori.outbox.enqueue import enqueue
from uketori.outbox.history import forget_mails
from uketori.rules.policy import BureauPolicy

VERIFICATION_EVENT = "verification"
VERIFICATION_PRIORITY = 1
WRONG_CODE = "wrong_code"
KEPT_UNPROVED = timedelta(hours=24)
"""How long an address that nobody proved is known after its link ended.  D23."""


class LinkState(StrEnum):
    """The seven states in which a link can be found; each has its own sentence and one button."""

    FRESH = "fresh"
    SPENT_HERE = "spent_here"
    SPENT_ELSEWHERE = "spent_elsewhere"
    EXPIRED = "expired"
    RETIRED = "retired"
    MALFORMED = "malformed"
    UNKNOWN = "unknown"


class CodeAnswer(StrEnum):
    """What became of a typed code."""

    RIGHT = "right"
    WRONG = "wrong"
    NO_MORE_TRIES = "no_more_tries"
    OVER = "over"


@dataclass(frozen=True)
class FoundLink:
    """A link as it stands at one moment; ``proof`` is None for malformed and unknown ones."""

    state: LinkState
    proof: MailProof | None


@transaction.atomic(durable=True)
def request_proof(*, policy: BureauPolicy, address: str, at: datetime) -> MailProof | None:
    """Record the request and enqueue its mail; None if the address has enough live links already.

    The limit counts links that can still be used, so whoever owns the mailbox always holds one: a
    stranger who asks again and again shuts nobody out (R-15, R-17).
    """
    identity = tokens.keyed_digest("limit address", f"{policy.code} {address}")
    limits.one_at_a_time(identity=identity, act="ask", at=at)
    if live_proofs(policy.code, address, at).count() >= policy.max_live_links_per_address:
        return None
    seed = tokens.new_seed()
    proof = MailProof.objects.create(
        bureau=policy.code,
        address=address,
        seed=seed,
        token_digest=tokens.token_digest(tokens.token_of(seed)),
        requested_at=at,
        expires_at=at + timedelta(minutes=policy.link_ttl_minutes),
    )
    enqueue(
        bureau=policy.code,
        event=VERIFICATION_EVENT,
        subject_id=str(proof.pk),
        recipient=address,
        message_domain=policy.mail_domain,
        at=at,
        priority=VERIFICATION_PRIORITY,
        not_after=proof.expires_at,
    )
    record(
        bureau=policy.code,
        kind="proof_requested",
        actor="system:entry",
        subject=f"proof:{proof.pk}",
        at=at,
    )
    return proof


def live_proofs(bureau: str, address: str, at: datetime) -> QuerySet[MailProof]:
    """Return the requests of this address whose links can still be used."""
    return MailProof.objects.filter(
        bureau=bureau, address=address, spent_at=None, retired_at=None, expires_at__gt=at
    )


def find_link(*, bureau: str, token: str, device_digest: str, at: datetime) -> FoundLink:
    """Return the state of the link; reading it changes nothing."""
    if not tokens.TOKEN_FORM.fullmatch(token):
        return FoundLink(LinkState.MALFORMED, None)
    proof = MailProof.objects.filter(bureau=bureau, token_digest=tokens.token_digest(token)).first()
    if proof is None:
        return FoundLink(LinkState.UNKNOWN, None)
    return FoundLink(_state(proof, device_digest, at), proof)


def _state(proof: MailProof, device_digest: str, at: datetime) -> LinkState:
    if proof.spent_at is not None:
        here = device_digest and proof.spent_session_digest == device_digest
        return LinkState.SPENT_HERE if here else LinkState.SPENT_ELSEWHERE
    if proof.retired_at is not None:
        return LinkState.RETIRED
    return LinkState.FRESH if at < proof.expires_at else LinkState.EXPIRED


@transaction.atomic(durable=True)
def spend(*, proof: MailProof, device_digest: str, at: datetime) -> bool:
    """Use the link (or its code) up: the address is proved and a session opens.

    Of two requests at once one wins, by conditional UPDATE.  Spending retires the links that were
    asked for before; later ones keep their hour.
    """
    address, _ = MailAddress.objects.get_or_create(
        bureau=proof.bureau, address=proof.address, defaults={"proved_at": at}
    )
    won = MailProof.objects.filter(
        pk=proof.pk, spent_at=None, retired_at=None, expires_at__gt=at
    ).update(spent_at=at, spent_session_digest=device_digest, mail_address=address, last_seen_at=at)
    if not won:
        transaction.set_rollback(True)
        return False
    MailProof.objects.filter(
        bureau=proof.bureau, address=proof.address, pk__lt=proof.pk, spent_at=None, retired_at=None
    ).update(retired_at=at)
    record(
        bureau=proof.bureau,
        kind="address_proved",
        actor=proof.actor,
        subject=f"address:{address.pk}",
        at=at,
    )
    return True


def try_code(*, proof: MailProof, typed: str, policy: BureauPolicy, at: datetime) -> CodeAnswer:
    """Judge a typed code; a wrong one is counted, for this mail and for this address and day.

    Only the device that asked can try, and a link always works beside the code, so using up the
    tries shuts nobody out.
    """
    if proof.spent_at or proof.retired_at or at >= proof.expires_at:
        return CodeAnswer.OVER
    if _day_is_exhausted(proof, policy, at):
        return CodeAnswer.NO_MORE_TRIES
    counted = MailProof.objects.filter(pk=proof.pk, wrong_codes__lt=policy.max_wrong_codes).update(
        wrong_codes=F("wrong_codes") + 1
    )
    if not counted:
        return CodeAnswer.NO_MORE_TRIES
    if tokens.codes_match(typed, bytes(proof.seed)):
        return CodeAnswer.RIGHT
    limits.within_limit(
        identity=_identity(proof),
        act=WRONG_CODE,
        limit=policy.max_wrong_codes_per_address_a_day,
        window=timedelta(days=1),
        at=at,
    )
    last_try = proof.wrong_codes + 1 >= policy.max_wrong_codes
    return CodeAnswer.NO_MORE_TRIES if last_try else CodeAnswer.WRONG


def _day_is_exhausted(proof: MailProof, policy: BureauPolicy, at: datetime) -> bool:
    return limits.is_exhausted(
        identity=_identity(proof),
        act=WRONG_CODE,
        limit=policy.max_wrong_codes_per_address_a_day,
        window=timedelta(days=1),
        at=at,
    )


def _identity(proof: MailProof) -> str:
    return tokens.keyed_digest("limit address", f"{proof.bureau} {proof.address}")


@transaction.atomic
def forget_unproved(at: datetime) -> None:
    """Delete requests that were never spent, and their mails, a day after they ended.  D23."""
    unproved = MailProof.objects.filter(spent_at=None, expires_at__lt=at - KEPT_UNPROVED)
    forget_mails(events=[VERIFICATION_EVENT], about=unproved)
    unproved.delete()
