"""The session of a proved address: who is visiting, until when.  D04, R-18.

The browser's session holds only ids of mail proofs, one a bureau; when a visit ends is decided by
the proof's own columns and our own clock.
"""

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode

from uketori import clock
from uketori.bureaus.policies import UnknownBureau, policy_in_force
from uketori.database import Trouble, let_go_of, trouble_of
from uketori.intermediaries.certificates.seen_elsewhere import (
    found_shown_by_another,
    shown_by_another,
)
from uketori.intermediaries.models import CertificateClaim, MailAddress, MailProof
from uketori.intermediaries.session.moved_sessions import address_after_move
from uketori.intermediaries.session.not_done import KEPT, KEPT_MOVED, name_of, page_of
from uketori.rules.policy import BureauPolicy
from uketori.web.personal_page import personal_page

P = ParamSpec("P")
TOUCH_EVERY = timedelta(minutes=5)
PROOFS_KEY = "proofs"
DEVICE_KEY = "device"
DRAFT_PAGE = re.compile(r"/[-\w]+/reservations/drafts/[0-9a-f-]{36}(/confirmation)?")


@dataclass(frozen=True)
class Visitor:
    """A person inside the session that a mail proof opened."""

    proof: MailProof
    address: str
    mail_address: MailAddress
    ends_at: datetime
    seconds_left: int
    warn_seconds: int
    policy: BureauPolicy
    today: date

    @property
    def actor(self) -> str:
        """How events name this visitor."""
        return self.proof.actor

    def claims(self) -> list[CertificateClaim]:
        """The holders this address speaks for, oldest first, each with the newest certificate."""
        return newest_valid(self.all_claims(), self.today)

    def all_claims(self) -> list[CertificateClaim]:
        """Every certificate that this address claims, also those renewed since; oldest first."""
        return list(
            self.mail_address.claims.filter(ended_at=None)
            .select_related("intermediary", "certificate")
            .annotate(shown_by_another=shown_by_another())
            .order_by("pk")
        )


def visitor_of(request: HttpRequest, bureau: str, at: datetime) -> Visitor | None:
    """Return the visitor, or None without a live session at this bureau.  Writes nothing."""
    visitor = _last_visitor(request, bureau, at)
    return visitor if visitor is not None and at < visitor.ends_at else None


def _last_visitor(request: HttpRequest, bureau: str, at: datetime) -> Visitor | None:
    """Return who visited last in this browser and did not log out; the time may be over."""
    proof = _last_proof(request, bureau)
    if proof is None or proof.ended_at is not None or proof.mail_address is None:
        return None
    return _visiting(proof, proof.mail_address, at)


def _moved_visitor(request: HttpRequest, bureau: str, at: datetime) -> Visitor | None:
    """Return who visited last and moved to another address elsewhere since, as visiting there."""
    proof = _last_proof(request, bureau)
    moved_to = address_after_move(proof) if proof is not None else None
    return _visiting(proof, moved_to, at) if proof is not None and moved_to is not None else None


def _last_proof(request: HttpRequest, bureau: str) -> MailProof | None:
    proof_id = request.session.get(PROOFS_KEY, {}).get(bureau)
    if proof_id is None:
        return None
    spent = MailProof.objects.filter(spent_at__isnull=False, last_seen_at__isnull=False)
    return spent.select_related("mail_address").filter(pk=proof_id, bureau=bureau).first()


def _visiting(proof: MailProof, mail_address: MailAddress, at: datetime) -> Visitor:
    policy = policy_in_force(proof.bureau, at)
    last_seen_at = cast(datetime, proof.last_seen_at)
    ends_at = last_seen_at + timedelta(minutes=policy.session_idle_minutes)
    return Visitor(
        proof=proof,
        address=mail_address.address,
        mail_address=mail_address,
        ends_at=ends_at,
        seconds_left=int((ends_at - at).total_seconds()),
        warn_seconds=policy.session_warning_minutes * 60,
        policy=policy,
        today=at.astimezone(policy.tz).date(),
    )


def newest_valid(claims: list[CertificateClaim], today: date) -> list[CertificateClaim]:
    """Return one claim a person: the newest that is valid today, or else the newest.  D03.

    One that somebody else has shown only if all were; the query of the claims has to ask that.
    """
    chosen: dict[int, CertificateClaim] = {}
    for claim in claims:
        known = chosen.get(claim.intermediary_id)
        if known is None or _use_of(claim, today) >= _use_of(known, today):
            chosen[claim.intermediary_id] = claim
    return list(chosen.values())


def _use_of(claim: CertificateClaim, today: date) -> tuple[bool, bool]:
    """Return of how much use the certificate is for a booking, to be compared."""
    return claim.expires_on >= today, not found_shown_by_another(claim)


def touch(visitor: Visitor, at: datetime) -> None:
    """Move the end of the session to an idle time from now."""
    MailProof.objects.filter(pk=visitor.proof.pk).update(last_seen_at=at)


def _touch_by_the_way(visitor: Visitor, at: datetime) -> None:
    """The same, unless somebody holds the lock: the page is worth more than five minutes."""
    try:
        touch(visitor, at)
    except OperationalError as error:
        if trouble_of(error) is not Trouble.BUSY:
            raise
        let_go_of(error)


def begin_visit(request: HttpRequest, proof: MailProof) -> None:
    """Remember the proof in this browser, under a new session key."""
    request.session.cycle_key()
    request.session[PROOFS_KEY] = {
        **request.session.get(PROOFS_KEY, {}),
        proof.bureau: proof.pk,
    }


def end_visit(request: HttpRequest, bureau: str, at: datetime) -> None:
    """Log out of this bureau, in this browser and on the server."""
    proofs = request.session.get(PROOFS_KEY, {})
    proof_id = proofs.get(bureau)
    if proof_id is not None:
        MailProof.objects.filter(pk=proof_id).update(ended_at=at)
    request.session[PROOFS_KEY] = {code: pk for code, pk in proofs.items() if code != bureau}
    request.session.cycle_key()


def device_digest(request: HttpRequest, *, create: bool = False) -> str:
    """Return a digest that names this browser, or "" if it has none yet."""
    device = request.session.get(DEVICE_KEY)
    if device is None:
        if not create:
            return ""
        device = request.session[DEVICE_KEY] = secrets.token_hex(16)
    return hashlib.sha256(device.encode()).hexdigest()


View = Callable[Concatenate[HttpRequest, str, P], HttpResponse]
VisitorView = Callable[Concatenate[HttpRequest, Visitor, P], HttpResponse]


def intermediary_only(view: VisitorView[P]) -> View[P]:
    """Let only a live session through, as ``Visitor``; others go to the entry and come back.

    Applies ``login_not_required`` itself: intermediaries are no Django users.  The session's end is
    moved at most every five minutes, and never by a view marked ``keeps_session_row``.
    """

    @wraps(view)
    def guarded(
        request: HttpRequest, bureau: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        at = clock.now()
        try:
            policy_in_force(bureau, at)
        except UnknownBureau as error:
            raise Http404 from error
        visitor = visitor_of(request, bureau, at)
        if visitor is None:
            return _to_entry(request, bureau, _rescue_input(request, bureau, at, view, **kwargs))
        idle = at - cast(datetime, visitor.proof.last_seen_at)
        if idle >= TOUCH_EVERY and not getattr(view, "keeps_session_row", False):
            _touch_by_the_way(visitor, at)
            visitor = cast(Visitor, visitor_of(request, bureau, at))
        request.visitor = visitor  # type: ignore[attr-defined]  # read by the context processor
        request.arrived_at = at  # type: ignore[attr-defined]  # read by arrival_of
        return view(request, visitor, *args, **kwargs)

    return cast(View[P], login_not_required(personal_page(guarded)))


def arrival_of(request: HttpRequest) -> datetime:
    """Return the moment at which the request arrived, before anything waited.  R-28.

    Moving the session's end is a write, which on SQLite may wait for another.
    """
    return cast(datetime, request.arrived_at)  # type: ignore[attr-defined]  # set by intermediary_only


@dataclass(frozen=True)
class Rescued:
    """Where stands what was typed and came too late."""

    page: str = ""
    """Empty if nothing was saved."""
    is_moved: bool = False
    """Whether it is kept for another address than the session's."""


def _rescue_input(
    request: HttpRequest,
    bureau: str,
    at: datetime,
    view: VisitorView[P],
    **kwargs: object,
) -> Rescued:
    """Save what was typed when the time ran out, or the address moved, if the view knows how."""
    rescue = getattr(view, "rescue", None)
    if rescue is None or request.method != "POST":
        return Rescued()
    last = _last_visitor(request, bureau, at)
    moved = None if last else _moved_visitor(request, bureau, at)
    visitor = last or moved
    if visitor is None:
        return Rescued()
    return Rescued(page=rescue(request, visitor, **kwargs), is_moved=moved is not None)


def rescued_by(
    rescue: Callable[..., str],
) -> Callable[[VisitorView[P]], VisitorView[P]]:
    """Name the function that saves a POST which came after the session's end.  D04, D13.

    It returns the page on which the person finds it after proving the address.
    """

    def mark(view: VisitorView[P]) -> VisitorView[P]:
        view.rescue = rescue  # type: ignore[attr-defined]  # read by intermediary_only
        return view

    return mark


def keeps_session_row(view: VisitorView[P]) -> VisitorView[P]:
    """Mark a view in which the session row is never written: the confirming POST."""
    view.keeps_session_row = True  # type: ignore[attr-defined]  # read by intermediary_only
    return view


def _to_entry(request: HttpRequest, bureau: str, rescued: Rescued) -> HttpResponse:
    """Lead to the entry and from there back; say what a form asked for and was not done."""
    response = redirect("entry:start", bureau=bureau)
    is_looking = request.method in {"GET", "HEAD"}
    query = {
        "next": request.path if is_looking else rescued.page or page_of(request),
        "ended": "1" if request.session.get(PROOFS_KEY, {}).get(bureau) else "",
        "undone": "" if is_looking else name_of(request),
        "kept": (KEPT_MOVED if rescued.is_moved else KEPT) if rescued.page else "",
    }
    if told := {key: value for key, value in query.items() if value}:
        response["Location"] += f"?{urlencode(told)}"
    return response
