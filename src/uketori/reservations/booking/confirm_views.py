"""④確認: the last look, the declarations, and the booking itself.  R-01, R-25, D13, D26."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from uketori import clock, refusal_texts
from uketori.bureaus.availability import availability
from uketori.bureaus.calendar import facts_at
from uketori.bureaus.notice import notice_at
from uketori.bureaus.stay_warnings import stay_warnings
from uketori.intermediaries.models import CertificateClaim
from uketori.intermediaries.session.visitor import Visitor, intermediary_only, keeps_session_row
from uketori.reservations.booking.act import Order, book
from uketori.reservations.booking.checking import judge_page, warnings_of
from uketori.reservations.booking.declarations import declaration_words, notice_read
from uketori.reservations.booking.drafts import find_draft
from uketori.reservations.booking.who_comes import ask_who_comes
from uketori.reservations.cases.typed import DraftContent
from uketori.reservations.cases.words import case_words
from uketori.reservations.held import held_by
from uketori.reservations.hours.offers import (
    NO_HOUR_HELPS,
    SLOT_REFUSALS,
    near_hours,
    offers_in_words,
)
from uketori.reservations.models import Draft, Reservation
from uketori.reservations.visits.suspended_words import suspended_words_of
from uketori.rules.calendar import CalendarFacts
from uketori.rules.change import change_closes_at
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason, Refusal, Refused
from uketori.web.form_problems import Problem

NOTICE_REFUSALS = {Refusal.NOTICE_NOT_READ, Refusal.NOTICE_CHANGED}


@dataclass(frozen=True)
class DraftToConfirm:
    """A draft about to be confirmed."""

    draft: Draft
    claim: CertificateClaim
    content: DraftContent


@intermediary_only
@keeps_session_row
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, visitor: Visitor, key: UUID) -> HttpResponse:
    """Show everything once more; POST books it."""
    at = clock.now()
    draft = find_draft(visitor.mail_address, key)
    is_looking = draft is None or request.method != "POST"
    if is_looking and (booked := _booked_before(visitor, key)):
        return _to(booked)
    if draft is None:
        raise Http404
    if draft.claim is None:
        return ask_who_comes(visitor, draft)
    wanted = DraftToConfirm(draft, draft.claim, DraftContent.from_json(draft.content))
    if request.method == "POST":
        return _book(request, visitor, wanted, facts_at(visitor.policy.code, at), at)
    free = availability(visitor.policy.code, at)
    held = held_by(wanted.claim.intermediary_id, at.astimezone(visitor.policy.tz).date())
    if judge_page(wanted.content, wanted.claim, held, free).refusals:
        to_draft = redirect("reservations:draft", bureau=visitor.policy.code, key=key)
        to_draft["Location"] += "?check=1"
        return to_draft
    return _confirm_page(request, visitor, wanted, free.facts, at, [])


def _book(
    request: HttpRequest,
    visitor: Visitor,
    wanted: DraftToConfirm,
    facts: CalendarFacts,
    at: datetime,
) -> HttpResponse:
    if request.POST.get("revision") != str(wanted.draft.revision):
        changed = [Reason(Refusal.DRAFT_CHANGED)]
        return _confirm_page(request, visitor, wanted, facts, at, changed)
    if offered := request.POST.get("slot", ""):
        wanted = replace(wanted, content=replace(wanted.content, slot=offered))
    order = Order(
        mail_address=visitor.mail_address,
        claim=wanted.claim,
        content=wanted.content,
        declared=frozenset(request.POST.getlist("declared")),
        notice_version=notice_read(request.POST),
        key=wanted.draft.key,
    )
    try:
        reservation = book(order=order, facts=facts, actor=visitor.actor, at=at)
    except Refused as refused:
        if _may_take_another(refused.reasons):
            return _offer_page(request, visitor, wanted, at, refused.reasons)
        return _confirm_page(request, visitor, wanted, facts, at, refused.reasons)
    messages.success(request, _("予約が決まりました。確認のメールもお送りします。"))
    return _to(reservation)


def _may_take_another(reasons: list[Reason]) -> bool:
    """Tell whether another hour would help; none does who may not book at all."""
    codes = {reason.code for reason in reasons}
    return bool(codes & SLOT_REFUSALS) and not codes & NO_HOUR_HELPS


def _booked_before(visitor: Visitor, key: UUID) -> Reservation | None:
    """Return what this form made already: the same form is the same reservation."""
    return Reservation.objects.filter(
        idempotency_key=key, mail_address=visitor.mail_address
    ).first()


def _to(reservation: Reservation) -> HttpResponse:
    return redirect("reservations:show", bureau=reservation.bureau, reference=reservation.reference)


def _confirm_page(
    request: HttpRequest,
    visitor: Visitor,
    wanted: DraftToConfirm,
    facts: CalendarFacts,
    at: datetime,
    reasons: list[Reason],
) -> HttpResponse:
    policy = visitor.policy
    starts_at = wanted.content.starts_at(policy.tz)
    if starts_at is None:
        return redirect("reservations:draft", bureau=policy.code, key=wanted.draft.key)
    cases = wanted.content.cases(policy)
    declared = request.POST.getlist("declared")
    person = wanted.claim.intermediary_id
    suspended = suspended_words_of(person, visitor.today)
    return render(
        request,
        "reservations/booking/confirm.html",
        {
            "draft": wanted.draft,
            "claim": wanted.claim,
            "visitor": visitor,
            "starts_at": starts_at,
            "closes_at": change_closes_at(visit_day=starts_at.date(), facts=facts),
            "cases": [case_words(case, policy) for case in cases],
            "stays": stay_warnings(case.type for case in cases),
            "declarations": declaration_words(cases, declared, reasons, policy),
            "notice": notice_at(policy.code, at),
            "notice_given": notice_read(request.POST) == notice_at(policy.code, at).number,
            "notice_wrong": any(reason.code in NOTICE_REFUSALS for reason in reasons),
            # nothing that could be mended leads to a booking of whoever is suspended
            "problems": [] if suspended else [_problem(reason, visitor) for reason in reasons],
            "suspended": suspended,
            "warnings": _in_one_line_each(warnings_of(wanted.content, wanted.claim, facts), policy),
        },
        status=422 if reasons else 200,
    )


def _problem(reason: Reason, visitor: Visitor) -> Problem:
    anchor = f"declared-{reason.facts['code']}" if "code" in reason.facts else ""
    if reason.code in NOTICE_REFUSALS:
        anchor = "notice"
    text = refusal_texts.refusal_text(reason, visitor.policy)
    if reason.case is not None:
        text = _("案件{order}：{text}").format(order=reason.case, text=text)
    return Problem(anchor, text, reason.code.value)


def _in_one_line_each(warnings: list[Reason], policy: BureauPolicy) -> list[str]:
    """Say each sentence once, with all the rows it is for."""
    rows: dict[str, list[str]] = {}
    for one in warnings:
        rows.setdefault(refusal_texts.refusal_text(one, policy), []).append(str(one.case))
    return [
        _("案件{order}：{text}").format(order="・".join(orders), text=text)
        for text, orders in rows.items()
    ]


def _offer_page(
    request: HttpRequest,
    visitor: Visitor,
    wanted: DraftToConfirm,
    at: datetime,
    reasons: list[Reason],
) -> HttpResponse:
    """Say what became of the hour, and offer the nearest ones that have room for all cases."""
    policy = visitor.policy
    free = availability(policy.code, at)
    held = held_by(wanted.claim.intermediary_id, at.astimezone(policy.tz).date())
    starts_at = wanted.content.starts_at(policy.tz)
    cases = len(wanted.content.number_keys())
    near = near_hours(free, held, wanted.claim.expires_on, starts_at, cases)
    return render(
        request,
        "reservations/booking/slot_taken.html",
        {
            "draft": wanted.draft,
            "claim": wanted.claim,
            "starts_at": starts_at,
            "problems": [_problem(reason, visitor) for reason in reasons],
            "code": reasons[0].code.value,
            "offers": offers_in_words(near, free),
            "cases": [case_words(case, policy) for case in wanted.content.cases(policy)],
            "declared": request.POST.getlist("declared"),
            "notice": notice_read(request.POST),
        },
        status=409,
    )
