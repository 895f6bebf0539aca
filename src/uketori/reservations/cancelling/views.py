"""The page that cancels a whole reservation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from uketori.bureaus.availability import availability
from uketori.bureaus.hours_table import hours_table
from uketori.intermediaries.session.visitor import Visitor, arrival_of, intermediary_only
from uketori.reservations.cancelling.act import cancel
from uketori.reservations.changing.target import closed_page, target_of
from uketori.reservations.standing import kept_of
from uketori.reservations.visits.suspended_words import suspended_words_of
from uketori.rules.change import refuse_cancellation
from uketori.rules.refusals import Refused


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
        "reservations/cancelling/page.html",
        {
            "reservation": target.reservation,
            "may_reschedule": target.may_reschedule(at),
            "table": hours_table(free),
            "frees_place": free.can_be_booked(target.reservation.starts_at),
            "suspended": suspended_words_of(person, visitor.today),
        },
    )
