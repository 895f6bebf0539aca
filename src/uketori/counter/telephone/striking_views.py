"""Asking before a call is struck, and striking it.  4(2), R-41."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from uketori import refusal_texts
from uketori.counter.lookup.openings import record_opening
from uketori.counter.lookup.reservation import find_reservation
from uketori.counter.models import Call
from uketori.counter.telephone.page import head_of
from uketori.counter.telephone.striking import may_strike, strike_call
from uketori.counter.telephone.words import call_lines, left_after_striking
from uketori.rules.permissions import Act
from uketori.rules.refusals import Reason, Refused
from uketori.staff.access import Staff, staff_only
from uketori.web.form_problems import Problem


@staff_only(Act.STRIKE_CALL)
@require_http_methods(["GET", "POST"])
def striking(request: HttpRequest, staff: Staff, reference: str, call_id: int) -> HttpResponse:
    """Show the call and what striking it leaves as it is; a POST strikes it."""
    reservation = find_reservation(staff, reference)
    call = (
        Call.objects.select_related("reservation")
        .filter(pk=call_id, reservation=reservation)
        .first()
    )
    if call is None:
        raise Http404
    reasons: list[Reason] = []
    if request.method == "POST":
        of_others = staff.may(Act.STRIKE_OTHERS_CALL)
        try:
            strike_call(call=call, actor=staff.actor, at=staff.at, of_others=of_others)
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(request, _("電話の記録を、まちがいとして取り消しました。"))
            return redirect("counter:call", bureau=staff.policy.code, reference=reference)
    return _page(request, staff, call, reasons)


def _page(request: HttpRequest, staff: Staff, call: Call, reasons: list[Reason]) -> HttpResponse:
    record_opening(staff, call.reservation)
    policy = call.reservation.made_under
    of_others = staff.may(Act.STRIKE_OTHERS_CALL)
    return render(
        request,
        "counter/telephone/striking.html",
        {
            **head_of(call.reservation, staff),
            "call": call,
            "lines": call_lines([call], policy),
            "left": left_after_striking(call),
            "is_open": may_strike(call, staff.actor, staff.at, of_others=of_others),
            "problems": [
                Problem("", refusal_texts.refusal_text(one, policy), one.code.value)
                for one in reasons
            ],
        },
        status=422 if reasons else 200,
    )
