"""Pages on which a reservation is changed or cancelled.  利用案内 4, R-28 … R-33, D07."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from uketori.intermediaries.session.keeping_forms import keeps_input, kept_by
from uketori.intermediaries.session.visitor import Visitor, arrival_of, intermediary_only
from uketori.intermediaries.suspension.suspensions import suspended_among
from uketori.reservations.changing.act import (
    change,
    judge_lines,
    reasons_against,
    refuse_places,
    room_for_more,
)
from uketori.reservations.changing.edits import Edits, asked_for, lines_after
from uketori.reservations.changing.form import (
    ReviewedChange,
    differences,
    typed_in_vain,
)
from uketori.reservations.changing.page import change_page, warnings
from uketori.reservations.changing.target import ChangeTarget, closed_page, target_of, typed_in
from uketori.reservations.models import Reservation
from uketori.reservations.standing import UNTOUCHABLE, kept_of, refuse_stale
from uketori.reservations.visits.ahead_words import ahead_of
from uketori.rules.change import refuse_cancellation
from uketori.rules.refusals import Reason, Refusal, Refused


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
        "reservations/changing/review.html",
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


def _change(
    request: HttpRequest, visitor: Visitor, target: ChangeTarget, edits: Edits, at: datetime
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
    request: HttpRequest, target: ChangeTarget, edits: Edits, reasons: list[Reason], at: datetime
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
        "reservations/changing/page.html",
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
    request: HttpRequest, target: ChangeTarget, reasons: list[Reason], edits: Edits, at: datetime
) -> HttpResponse:
    typed = _typed(request, target, edits) if typed_in(request) else []
    return closed_page(request, target, reasons, at, typed=typed)


def _typed(request: HttpRequest, target: ChangeTarget, edits: Edits) -> list[ReviewedChange]:
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
