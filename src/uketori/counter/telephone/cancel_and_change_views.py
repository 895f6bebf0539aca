"""Cancelling and changing for somebody who called, and cancelling for the bureau.  4(2), R-42."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from uketori import refusal_texts
from uketori.bureaus.availability import availability
from uketori.counter.lookup.openings import record_opening
from uketori.counter.lookup.reservation import find_reservation
from uketori.counter.lookup.spelling import spelled
from uketori.counter.telephone.calls import cancel_for, change_for, known_call
from uketori.counter.telephone.forms import BureauReasonForm, CallForm
from uketori.counter.telephone.page import head_of, to_call
from uketori.counter.telephone.words import asked_before_cancelling
from uketori.reservations.cancelling.act import cancel_by_bureau
from uketori.reservations.changing.act import (
    judge_lines,
    reasons_against,
    refuse_places,
    room_for_more,
)
from uketori.reservations.changing.edits import Edits, asked_for, lines_after
from uketori.reservations.changing.form import differences, edits_from, typed_in_vain
from uketori.reservations.changing.page import change_page, warnings
from uketori.reservations.mails.telling import BureauReason
from uketori.reservations.models import Reservation, ReservedCase
from uketori.reservations.standing import kept_of
from uketori.rules.change import CallMoment as KnownCall
from uketori.rules.change import refuse_any_change, refuse_cancellation, refuse_ended
from uketori.rules.permissions import Act
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason, Refusal, Refused
from uketori.staff.access import Staff, staff_only
from uketori.staff.kept import sent
from uketori.web.form_problems import Problem, of_form

OF_THE_CALL = frozenset(
    {Refusal.CALL_NOT_YET_HAPPENED, Refusal.CALL_BEFORE_BOOKING, Refusal.CALL_AFTER_THE_HOUR}
)
"""Refusals that another moment of the call may mend."""


@dataclass(frozen=True)
class CallerReservation:
    """The caller's reservation with the cases that stand."""

    reservation: Reservation
    cases: list[ReservedCase]
    policy: BureauPolicy

    @classmethod
    def of(cls, staff: Staff, reference: str) -> "CallerReservation":
        """Return it as it stands now, or 404."""
        reservation = find_reservation(staff, reference)
        cases = list(reservation.cases.filter(withdrawn_at=None).order_by("order"))
        return cls(reservation, cases, reservation.made_under)

    def edits(self, typed: Any) -> Edits:  # noqa: ANN401 - a QueryDict, as forms take it
        """Return what the form asks of it."""
        return edits_from(typed, self.reservation, self.cases, self.policy)


@staff_only(Act.CANCEL_FOR)
@require_http_methods(["GET", "POST"])
def cancellation(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Cancel the whole for the caller: which one it is read aloud, then done."""
    reservation = find_reservation(staff, reference)
    form = CallForm(sent(request), at=staff.at, tz=staff.policy.tz)
    if request.method == "GET" or not form.is_valid():
        return _cancellation_form(request, staff, reservation, form, [])
    if request.POST.get("do") != "cancel":
        return _cancellation_review(request, staff, reservation, form)
    try:
        noted = cancel_for(
            reservation=reservation, noted=form.noted(), actor=staff.actor, at=staff.at
        )
    except Refused as refused:
        fresh = find_reservation(staff, reference)
        return _cancellation_form(request, staff, fresh, form, refused.reasons)
    return to_call(noted)


def _cancellation_review(
    request: HttpRequest, staff: Staff, reservation: Reservation, form: CallForm
) -> HttpResponse:
    """Show what to read to the caller; or the form again, with what stands against it."""
    called_at = form.noted().called_at
    call = known_call(reservation, called_at)
    reasons = refuse_cancellation(kept_of(reservation), staff.at, call)
    if reasons or request.POST.get("do") == "edit":
        return _cancellation_form(request, staff, reservation, form, reasons)
    record_opening(staff, reservation)
    return render(
        request,
        "counter/telephone/cancellation_review.html",
        {
            **head_of(reservation, staff, called_at),
            "aloud": asked_before_cancelling(reservation),
            "spelled": spelled(reservation.reference),
            "sent": _sent_fields(request),
        },
    )


def _cancellation_form(
    request: HttpRequest,
    staff: Staff,
    reservation: Reservation,
    form: CallForm,
    reasons: Sequence[Reason],
) -> HttpResponse:
    policy = reservation.made_under
    left = _to_form(form, reasons, policy) if form.is_bound else list(reasons)
    record_opening(staff, reservation)
    problems = [*of_form(form), *_problems(left, policy)]
    return render(
        request,
        "counter/telephone/cancellation.html",
        {
            **head_of(reservation, staff),
            "form": form,
            "problems": problems,
            "frees_place": availability(reservation.bureau, staff.at).can_be_booked(
                reservation.starts_at
            ),
            "is_open": not refuse_cancellation(
                kept_of(reservation), staff.at, _earliest_call(reservation)
            ),
        },
        status=422 if problems and request.method == "POST" else 200,
    )


@staff_only(Act.CANCEL_BY_BUREAU)
@require_http_methods(["GET", "POST"])
def bureau_cancellation(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Cancel for the bureau's own reason; it counts against nobody."""
    reservation = find_reservation(staff, reference)
    form = BureauReasonForm(sent(request))
    reasons: list[Reason] = []
    if request.method == "POST" and form.is_valid():
        try:
            cancel_by_bureau(
                reservation=reservation,
                reason=BureauReason(form.cleaned_data["reason"]),
                actor=staff.actor,
                at=staff.at,
            )
        except Refused as refused:
            reasons = refused.reasons
        else:
            messages.success(
                request, _("当局の都合により予約を取り消し、お知らせのメールを送りました。")
            )
            return redirect("counter:call", bureau=staff.policy.code, reference=reference)
    record_opening(staff, reservation)
    problems = [*of_form(form), *_problems(reasons, reservation.made_under)]
    return render(
        request,
        "counter/telephone/bureau_cancellation.html",
        {
            **head_of(reservation, staff),
            "form": form,
            "problems": problems,
            "is_open": not refuse_ended(kept_of(reservation)),
        },
        status=422 if problems and request.method == "POST" else 200,
    )


@staff_only(Act.CHANGE_FOR)
@require_http_methods(["GET", "POST"])
def changes(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Withdraw, correct and put back for the caller: typed, read aloud, done."""
    target = CallerReservation.of(staff, reference)
    form = CallForm(sent(request), at=staff.at, tz=staff.policy.tz)
    if request.method == "GET" or not form.is_valid():
        return _form_page(request, staff, target, form, [])
    if request.POST.get("do") == "change":
        try:
            noted = change_for(
                reservation=target.reservation,
                edits=target.edits(request.POST),
                noted=form.noted(),
                actor=staff.actor,
                at=staff.at,
            )
        except Refused as refused:
            return _form_page(
                request, staff, CallerReservation.of(staff, reference), form, refused.reasons
            )
        return to_call(noted)
    return _review_or_form(request, staff, target, form)


def _review_or_form(
    request: HttpRequest, staff: Staff, target: CallerReservation, form: CallForm
) -> HttpResponse:
    """Show what would change, to be read to the caller; or the form again, with what is wrong."""
    edits = target.edits(request.POST)
    lines = lines_after(target.cases, edits)
    asked = asked_for(lines, target.cases, edits)
    reasons = reasons_against(
        target.reservation,
        lines,
        asked,
        edits,
        target.policy,
        staff.at,
        call=known_call(target.reservation, form.noted().called_at),
    )
    reasons = reasons or refuse_places(target.reservation, asked, staff.at)
    if reasons or request.POST.get("do") == "edit":
        return _form_page(request, staff, target, form, reasons)
    judged = judge_lines(target.reservation, lines, target.policy, staff.at)
    record_opening(staff, target.reservation)
    return render(
        request,
        "counter/telephone/change_review.html",
        {
            **head_of(target.reservation, staff, form.noted().called_at),
            "differences": differences(target.cases, edits, target.policy),
            "count_after": asked.count_after(kept_of(target.reservation)),
            "warnings": warnings(judged, lines, target.policy),
            "sent": _sent_fields(request),
        },
    )


def _form_page(
    request: HttpRequest,
    staff: Staff,
    target: CallerReservation,
    form: CallForm,
    reasons: Sequence[Reason],
) -> HttpResponse:
    typed = sent(request) or request.POST
    left = _to_form(form, reasons, target.policy) if form.is_bound else list(reasons)
    page = change_page(
        reservation=target.reservation,
        cases=target.cases,
        edits=target.edits(typed),
        policy=target.policy,
        reasons=left,
        room=room_for_more(target.reservation, staff.at),
    )
    record_opening(staff, target.reservation)
    problems = [*page.problems, *of_form(form)]
    earliest = _earliest_call(target.reservation)
    return render(
        request,
        "counter/telephone/changes.html",
        {
            **head_of(target.reservation, staff),
            "form": form,
            "page": page,
            "problems": problems,
            "in_vain": typed_in_vain(typed, target.reservation, target.policy),
            "is_open": not refuse_any_change(kept_of(target.reservation), staff.at, earliest),
        },
        status=422 if problems and request.method == "POST" else 200,
    )


def _to_form(form: CallForm, reasons: Sequence[Reason], policy: BureauPolicy) -> list[Reason]:
    """Let what concerns the moment of the call stand at its field; return the rest."""
    form.add_refusals([one for one in reasons if one.code in OF_THE_CALL], policy)
    return [one for one in reasons if one.code not in OF_THE_CALL]


def _problems(reasons: Sequence[Reason], policy: BureauPolicy) -> list[Problem]:
    return [Problem("", refusal_texts.refusal_text(one, policy), one.code.value) for one in reasons]


def _earliest_call(reservation: Reservation) -> KnownCall:
    """Return the earliest call that paper could tell of: what it does not open, none does."""
    return known_call(reservation, reservation.booked_at)


def _sent_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what the form sent, to be sent again from the review."""
    left_out = {"csrfmiddlewaretoken", "do"}
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in left_out
        for value in values
    ]
