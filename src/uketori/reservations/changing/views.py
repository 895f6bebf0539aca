"""Pages on which a reservation is changed or cancelled.  利用案内 4, R-28 … R-33, D07."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from uketori import refusal_texts
from uketori.bureaus.availability import availability
from uketori.bureaus.calendar import facts_at
from uketori.bureaus.hours_table import hours_table
from uketori.intermediaries.session.keeping_forms import keeps_input, kept_by, typed_before
from uketori.intermediaries.session.visitor import Visitor, arrival_of, intermediary_only
from uketori.intermediaries.suspension.suspensions import suspended_among
from uketori.reservations.cancelling.act import cancel
from uketori.reservations.changing.act import (
    UNTOUCHABLE,
    change,
    judge_lines,
    kept_of,
    reasons_against,
    refuse_places,
    refuse_stale,
    room_for_more,
)
from uketori.reservations.changing.edits import Edits, asked_for, lines_after
from uketori.reservations.changing.form import (
    Difference,
    differences,
    edits_from,
    is_done,
    typed_in_vain,
)
from uketori.reservations.changing.page import change_page, warnings
from uketori.reservations.confirmation.words import policy_of
from uketori.reservations.mine.views import own_reservation
from uketori.reservations.models import Reservation, ReservedCase
from uketori.reservations.visits.ahead_words import ahead_of
from uketori.reservations.visits.suspended_words import suspended_words_of
from uketori.rules.change import refuse_cancellation
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason, Refusal, Refused
from uketori.rules.rescheduling import may_reschedule


@dataclass(frozen=True)
class Target:
    """The reservation at hand, with the rules it was made under."""

    reservation: Reservation
    cases: list[ReservedCase]
    policy: BureauPolicy

    def edits(self, request: HttpRequest) -> Edits:
        """Return what the request asks of it."""
        return edits_from(typed_in(request), self.reservation, self.cases, self.policy)

    def may_reschedule(self, at: datetime) -> bool:
        """Tell whether its hour can be exchanged, or one cancels and books anew.  D07"""
        return may_reschedule(self.policy, facts_at(self.reservation.bureau, at).policy)

    def frees_place(self, at: datetime) -> bool:
        """Tell whether others can book what comes free in its hour."""
        free = availability(self.reservation.bureau, at)
        return free.can_be_booked(self.reservation.starts_at)

    def is_done(self, request: HttpRequest) -> bool:
        """Tell whether the request asks for what an earlier one did."""
        return is_done(request.POST, self.reservation, self.cases, self.policy)


@intermediary_only
@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
def changes(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Correct, withdraw and put back; after the promised moment the telephone page."""
    at = arrival_of(request)
    target = target_of(visitor, reference)
    edits = target.edits(request)
    act = request.POST.get("do") if request.method == "POST" else None
    if act == "change":
        return _change(request, visitor, target, edits, at)
    if reasons := refuse_cancellation(kept_of(target.reservation), at):
        return _closed_page(request, target, reasons, edits, at)
    if act in {None, "edit"}:
        stale = refuse_stale(target.reservation, edits.revision) if typed_in(request) else []
        return _form(request, target, edits, stale, at)
    lines = lines_after(target.cases, edits)
    asked = asked_for(lines, target.cases, edits)
    reasons = reasons_against(target.reservation, lines, asked, edits, target.policy, at)
    if reasons := reasons or refuse_places(target.reservation, asked, at):
        return _form(request, target, edits, reasons, at)
    return render(
        request,
        "reservations/change_review.html",
        {
            "reservation": target.reservation,
            "differences": differences(target.cases, edits, target.policy),
            "count_after": asked.count_after(kept_of(target.reservation)),
            "withdraws": bool(asked.withdrawn),
            "frees_place": target.frees_place(at),
            "warnings": warnings(
                judge_lines(target.reservation, lines, target.policy, at), lines, target.policy
            ),
            "sent": _sent_fields(request),
            **kept_by("change", request, enter="edit"),
        },
    )


@intermediary_only
@require_http_methods(["GET", "HEAD", "POST"])
def cancellation(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Cancel the whole; what is free is shown before.  D07."""
    at = arrival_of(request)
    target = target_of(visitor, reference)
    reasons = refuse_cancellation(kept_of(target.reservation), at)
    if not reasons and request.method == "POST":
        try:
            cancel(
                reservation=target.reservation,
                policy=target.policy,
                actor=visitor.actor,
                at=at,
            )
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(
                request,
                _("予約を取り消しました。同じ案件で、新しい予約の下書きを作れます。"),
            )
            return redirect("reservations:show", bureau=visitor.policy.code, reference=reference)
    if reasons:
        return closed_page(request, target, reasons, at)
    person = target.reservation.intermediary_id
    free = availability(visitor.policy.code, at)
    return render(
        request,
        "reservations/cancellation.html",
        {
            "reservation": target.reservation,
            "may_reschedule": target.may_reschedule(at),
            "table": hours_table(free),
            "frees_place": free.can_be_booked(target.reservation.starts_at),
            "suspended": suspended_words_of(person, visitor.today),
        },
    )


def typed_in(request: HttpRequest) -> QueryDict:
    """Return what was sent; when the page is only looked at, what was kept of its form."""
    return request.POST or typed_before(request)


def target_of(visitor: Visitor, reference: str) -> Target:
    """Return the visitor's own reservation, or raise 404."""
    reservation = own_reservation(visitor, reference)
    cases = list(reservation.cases.filter(withdrawn_at=None).order_by("order"))
    return Target(reservation, cases, policy_of(reservation))


def _change(
    request: HttpRequest, visitor: Visitor, target: Target, edits: Edits, at: datetime
) -> HttpResponse:
    try:
        changed = change(
            reservation=target.reservation,
            edits=edits,
            policy=target.policy,
            actor=visitor.actor,
            at=at,
        )
    except Refused as refused:
        target = target_of(visitor, target.reservation.reference)
        if target.reservation.cancelled_at is None and target.is_done(request):
            return _changed(request, target.reservation)
        if any(reason.code in UNTOUCHABLE for reason in refused.reasons):
            return _closed_page(request, target, refused.reasons, target.edits(request), at)
        return _form(request, target, target.edits(request), refused.reasons, at)
    return _changed(request, changed)


def _changed(request: HttpRequest, reservation: Reservation) -> HttpResponse:
    """Tell that it was done, also to whoever sent the same form twice."""
    messages.success(request, _("予約を変更しました。新しい内容をメールでもお送りします。"))
    return redirect("reservations:show", bureau=reservation.bureau, reference=reservation.reference)


def _form(
    request: HttpRequest, target: Target, edits: Edits, reasons: list[Reason], at: datetime
) -> HttpResponse:
    page = change_page(
        reservation=target.reservation,
        cases=target.cases,
        edits=edits,
        policy=target.policy,
        reasons=reasons,
        room=room_for_more(target.reservation, at),
    )
    on_day = at.astimezone(target.policy.tz).date()
    return render(
        request,
        "reservations/changes.html",
        {
            "reservation": target.reservation,
            "made_under": target.policy,
            "page": page,
            "ahead": ahead_of(target.reservation, target.cases, at),
            "in_vain": typed_in_vain(typed_in(request), target.reservation, target.policy),
            "may_reschedule": target.may_reschedule(at),
            "frees_place": target.frees_place(at),
            "is_stopped": bool(suspended_among([target.reservation.intermediary_id], on_day)),
            **kept_by("change", request, enter="edit"),
        },
        status=_status_of(reasons) if request.method == "POST" else 200,
    )


def _status_of(reasons: list[Reason]) -> int:
    """Say 409 where the reservation moved on, 422 where the input is wrong."""
    if any(reason.code is Refusal.RESERVATION_CHANGED for reason in reasons):
        return 409
    return 422 if reasons else 200


def _closed_page(
    request: HttpRequest, target: Target, reasons: list[Reason], edits: Edits, at: datetime
) -> HttpResponse:
    typed = _typed(request, target, edits) if typed_in(request) else []
    return closed_page(request, target, reasons, at, typed=typed)


def closed_page(
    request: HttpRequest,
    target: Target,
    reasons: list[Reason],
    at: datetime,
    *,
    typed: Sequence[Difference] = (),
) -> HttpResponse:
    """Say that nothing can be changed here any more, whom to call, and keep what was typed."""
    refused = request.method == "POST"
    return render(
        request,
        "reservations/after_deadline.html",
        {
            "reservation": target.reservation,
            "made_under": target.policy,
            "code": reasons[0].code.value,
            "text": refusal_texts.refusal_text(reasons[0], target.policy),
            "is_closed": reasons[0].code is Refusal.CHANGE_CLOSED,
            "now": at,
            "ahead": ahead_of(target.reservation, target.cases, at),
            "typed": typed,
            "shows_typed_before": bool(typed_before(request)),
        },
        status=409 if refused else 200,
    )


def _typed(request: HttpRequest, target: Target, edits: Edits) -> list[Difference]:
    """Return everything that was asked for, also for cases that another page withdrew since."""
    in_vain = typed_in_vain(typed_in(request), target.reservation, target.policy)
    return [*differences(target.cases, edits, target.policy), *in_vain]


def _sent_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what the form sent, to be sent again from the review."""
    left_out = {"csrfmiddlewaretoken", "do"}
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in left_out
        for value in values
    ]
