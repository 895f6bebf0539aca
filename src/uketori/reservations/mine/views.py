"""My reservations, and the 予約確認画面.  R-23, R-36, R-37, 利用案内 5."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from uketori import clock, japanese, refusal_texts
from uketori.bureaus.calendar import facts_at
from uketori.intermediaries.certificates.seen_elsewhere import found_shown_by_another
from uketori.intermediaries.models import CertificateClaim
from uketori.intermediaries.session.visitor import Visitor, intermediary_only
from uketori.reservations.booking.draft_words import draft_words
from uketori.reservations.booking.drafts import draft_from_reservation, drafts_of
from uketori.reservations.confirmation.calendar_entry import calendar_entry, method_of
from uketori.reservations.confirmation.ledger import ledger_of
from uketori.reservations.confirmation.words import confirmation, reference_code
from uketori.reservations.held import held_by
from uketori.reservations.mails.again import opens_again_at, send_again, sends_again_at
from uketori.reservations.mails.history import SHOWN, is_waited_for, mails_of, told_mails
from uketori.reservations.models import ReservationQuerySet
from uketori.reservations.own import _mine, own_reservation
from uketori.reservations.visits.ahead_words import ahead_of
from uketori.reservations.visits.expiry_words import expiry_of
from uketori.reservations.visits.result import visit_result
from uketori.reservations.visits.same_number_words import told_of_same_numbers
from uketori.reservations.visits.suspended_words import SuspendedWords, suspended_words
from uketori.rules.booking import next_freed, slots_held_in_window
from uketori.rules.calendar import CalendarFacts, DisplayWindow, display_window
from uketori.rules.policy import BureauPolicy, CertificateKind
from uketori.rules.refusals import Refused
from uketori.rules.showing_certificate import refuse_shown_by_another
from uketori.rules.visit import Outcome
from uketori.web.form_problems import Problem
from uketori.web.paging import page_of

SHOWN_PAST = 50


@dataclass(frozen=True)
class Allowance:
    """What one holder may still book, and why not more."""

    holder: str
    certificate: str
    told: str
    """How many are held, and how many are left."""
    left: int
    window: str
    freed: str
    stopped: Problem | None
    """Why nothing can be booked with this certificate whatever is left; empty if it can."""
    claim_id: int
    suspended: SuspendedWords | None
    """Instead of all this, for whoever may not book."""


@intermediary_only
@require_safe
def index(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """What I hold, what I may still book and why not, drafts, and past reservations."""
    at = clock.now()
    policy = visitor.policy
    facts = facts_at(policy.code, at)
    claims = visitor.claims()
    mine = _mine(visitor, claims)
    coming = mine.coming(at.astimezone(policy.tz).date())
    suspended = suspended_words([claim.intermediary_id for claim in claims], visitor.today)
    return render(
        request,
        "reservations/mine/list.html",
        {
            "allowances": [
                _allowance(claim, facts, at, suspended.get(claim.intermediary_id))
                for claim in claims
            ],
            "coming": [(one, expiry_of(one, claims, at)) for one in coming.order_by("starts_at")],
            "past": page_of(_past(mine, coming), SHOWN_PAST, request, "past"),
            "drafts": [draft_words(one, visitor.policy) for one in drafts_of(visitor.mail_address)],
            "now": at,
        },
    )


@intermediary_only
@require_safe
def show(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """The 予約確認画面: to save, to print, to show.  Also after the deadline."""
    at = clock.now()
    reservation = own_reservation(visitor, reference)
    cases = list(reservation.cases.filter(withdrawn_at=None).order_by("order"))
    mails = page_of(mails_of(reservation), SHOWN, request, "mails")
    return render(
        request,
        "reservations/mine/show.html",
        {
            "reservation": reservation,
            "words": confirmation(reservation, cases),
            "result": visit_result(reservation, cases, reservation.made_under),
            "code": reference_code(reservation.reference),
            "is_open": at < reservation.change_closes_at,
            "mails": told_mails(
                list(mails),
                tz=reservation.made_under.tz,
                visitor_address=visitor.address,
                at=at,
            ),
            "mails_leaf": mails,
            "mail_again_at": sends_again_at(reservation, at),
            "is_waited_for": is_waited_for(reservation, at),
            "ledger": ledger_of(reservation),
            "ahead": ahead_of(reservation, cases, at),
            "expiry": expiry_of(reservation, visitor.claims(), at)
            if reservation.is_coming(visitor.today)
            else None,
            "same_numbers": told_of_same_numbers(reservation, cases, at),
        },
    )


@intermediary_only
@require_safe
def calendar(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """The .ics for the person's own calendar."""
    reservation = own_reservation(visitor, reference)
    cases = list(reservation.cases.filter(withdrawn_at=None).order_by("order"))
    body = calendar_entry(reservation, confirmation(reservation, cases), clock.now())
    kind = f"text/calendar; charset=utf-8; method={method_of(reservation)}"
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{reservation.reference}.ics"'
    return response


@intermediary_only
@require_POST
def mail_again(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Send the confirmation to the visitor's own address once more."""
    reservation = own_reservation(visitor, reference)
    at = clock.now()
    sent = send_again(
        reservation=reservation, recipient=visitor.address, actor=visitor.actor, at=at
    )
    if sent:
        messages.success(request, _("確認のメールを、もう一度送ります。"))
    else:
        again = japanese.clock_words(opens_again_at(at), reservation.made_under.tz)
        told = _("続けて何度も送ったため、いまは送れません。{again}から送れます。")
        messages.warning(request, told.format(again=again))
    return redirect("reservations:show", bureau=visitor.policy.code, reference=reference)


@intermediary_only
@require_POST
def copy(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Make a new draft of an earlier reservation's cases."""
    reservation = own_reservation(visitor, reference)
    claims = {claim.intermediary_id: claim for claim in visitor.claims()}
    try:
        draft = draft_from_reservation(
            reservation=reservation,
            mail_address=visitor.mail_address,
            claim=claims.get(reservation.intermediary_id),
            at=clock.now(),
        )
    except Refused as refused:
        messages.warning(request, refusal_texts.refusal_text(refused.reasons[0], visitor.policy))
        return redirect("reservations:list", bureau=visitor.policy.code)
    if draft is None:
        raise Http404
    messages.success(request, _("前の予約の案件を、新しい下書きに写しました。"))
    return redirect("reservations:draft", bureau=visitor.policy.code, key=draft.key)


def _past(mine: ReservationQuerySet, coming: ReservationQuerySet) -> ReservationQuerySet:
    """Return those nobody comes with any more, the newest first, with how many were not issued."""
    not_issued = Count("cases", filter=Q(cases__outcome=Outcome.NOT_ISSUED.value))
    past = mine.exclude(pk__in=coming.values("pk")).annotate(not_issued=not_issued)
    return past.order_by("-starts_at", "-pk")


def _allowance(
    claim: CertificateClaim, facts: CalendarFacts, at: datetime, suspended: SuspendedWords | None
) -> Allowance:
    policy = facts.policy
    held = held_by(claim.intermediary_id, at.astimezone(policy.tz).date())
    window = display_window(at, facts)
    used = slots_held_in_window(held, window, policy.tz)
    freed = next_freed(held, window, at, facts)
    stopped = _stopped(claim, policy)
    left = 0 if stopped else max(0, policy.max_slots_in_window - used)
    return Allowance(
        holder=claim.intermediary.name,
        certificate=f"{_kind_words(claim, policy)}　{claim.number}",
        told=_told(used, left, policy),
        left=left,
        window=_window_words(window),
        freed=_("{slot}の枠は、{moment}に数えなくなり、もう１枠予約できるようになります。").format(
            slot=japanese.slot_words(freed.starts_at, policy.slot_minutes, policy.tz),
            moment=japanese.moment_words(freed.at, policy.tz),
        )
        if freed and not stopped
        else "",
        stopped=stopped,
        claim_id=claim.pk,
        suspended=suspended,
    )


def _told(used: int, left: int, policy: BureauPolicy) -> str:
    """Say what the displayed days hold of this person; others may stand below, so name the days."""
    if not used and not left:
        return _("いまは、新しく予約できません")
    days, most = policy.window_open_days, policy.max_slots_in_window
    if not used:
        told = _("表示中の{days}開庁日では、あと{left}枠予約できます")
    elif left:
        told = _(
            "表示中の{days}開庁日では{most}枠のうち、{used}枠を予約しています。あと{left}枠予約できます"
        )
    else:
        told = _("表示中の{days}開庁日では{most}枠のうち、{used}枠を予約しています")
    return told.format(days=days, most=most, used=used, left=left)


def _stopped(claim: CertificateClaim, policy: BureauPolicy) -> Problem | None:
    reasons = refuse_shown_by_another(is_shown=found_shown_by_another(claim))
    told = (Problem("", refusal_texts.refusal_text(one, policy), one.code.value) for one in reasons)
    return next(told, None)


def _kind_words(claim: CertificateClaim, policy: BureauPolicy) -> str:
    return policy.certificate_kinds[CertificateKind(claim.certificate.kind)]


def _window_words(window: DisplayWindow) -> str:
    if window.first_day is None or window.last_day is None:
        return pgettext("window", "なし")
    return f"{japanese.day_words(window.first_day)}～{japanese.day_words(window.last_day)}"
