"""The page on which day and hour of a reservation are exchanged, where the bureau does.  D07."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from uketori import refusal_texts
from uketori.bureaus.availability import Availability, availability
from uketori.intermediaries.session.keeping_forms import keeps_input, kept_by
from uketori.intermediaries.session.visitor import Visitor, arrival_of, intermediary_only
from uketori.reservations.cases.typed import DraftContent
from uketori.reservations.changing.target import ChangeTarget, closed_page, target_of, typed_in
from uketori.reservations.hours.offers import NO_HOUR_HELPS, SLOT_REFUSALS, offers_in_words
from uketori.reservations.models import Reservation
from uketori.reservations.rescheduling.act import (
    reasons_against,
    reschedule,
    standing_of,
)
from uketori.reservations.rescheduling.page import hour_page, near_places
from uketori.reservations.standing import UNTOUCHABLE, revision_of
from uketori.rules.refusals import Reason, Refusal, Refused
from uketori.rules.rescheduling import Standing, promise_after, refuse_any_rescheduling
from uketori.web.form_problems import Problem

KEPT_AS_IT_IS = NO_HOUR_HELPS | {Refusal.RESCHEDULING_NOT_ALLOWED}
"""Reasons for which this reservation keeps its hour, though it can be cancelled."""


@dataclass(frozen=True)
class HourExchange:
    """The reservation at hand, what is free, and the hour that was chosen."""

    target: ChangeTarget
    standing: Standing
    free: Availability
    slot: str
    """As the form sends it: ``2026-06-11T10:00``."""

    @property
    def reservation(self) -> Reservation:
        """The reservation as it was read for this page."""
        return self.target.reservation

    @property
    def starts_at(self) -> datetime | None:
        """The chosen hour; None if nothing usable was chosen."""
        return DraftContent(slot=self.slot).starts_at(self.free.facts.policy.tz)


@intermediary_only
@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
def hour(request: HttpRequest, visitor: Visitor, reference: str) -> HttpResponse:
    """Choose another hour, look at both, exchange them."""
    at = arrival_of(request)
    wanted = _wanted(request, visitor, reference, at)
    act = request.POST.get("do") if request.method == "POST" else None
    if act == "move":
        return _move(request, visitor, wanted, at)
    if reasons := refuse_any_rescheduling(wanted.standing, at, wanted.free.facts):
        return _refused(request, wanted, reasons, at)
    if act != "review":
        return _form(request, wanted, [])
    if reasons := _reasons(request, wanted, at):
        return _form(request, wanted, reasons)
    return _review(request, wanted)


def _wanted(request: HttpRequest, visitor: Visitor, reference: str, at: datetime) -> HourExchange:
    target = target_of(visitor, reference)
    free = availability(visitor.policy.code, at)
    standing = standing_of(target.reservation, free.facts, at)
    return HourExchange(target, standing, free, typed_in(request).get("slot", ""))


def _move(
    request: HttpRequest, visitor: Visitor, wanted: HourExchange, at: datetime
) -> HttpResponse:
    reference = wanted.reservation.reference
    try:
        reschedule(
            reservation=wanted.reservation,
            new_starts_at=wanted.starts_at,
            revision=revision_of(request.POST),
            actor=visitor.actor,
            at=at,
        )
    except Refused as refused:
        codes = {reason.code for reason in refused.reasons}
        wanted = _wanted(request, visitor, reference, at)
        if codes & (UNTOUCHABLE | KEPT_AS_IT_IS):
            return _refused(request, wanted, refused.reasons, at)
        if codes & SLOT_REFUSALS:
            return _taken(request, wanted, refused.reasons)
        return _form(request, wanted, refused.reasons)
    messages.success(request, _("予約の時間を変更しました。新しい日時をメールでもお送りします。"))
    return redirect("reservations:show", bureau=visitor.policy.code, reference=reference)


def _reasons(request: HttpRequest, wanted: HourExchange, at: datetime) -> list[Reason]:
    """Say all that can be told before the place is taken, also that none is left just now."""
    starts_at, facts = wanted.starts_at, wanted.free.facts
    reasons = reasons_against(
        wanted.reservation, wanted.standing, starts_at, revision_of(request.POST), facts, at
    )
    return reasons or wanted.free.refuse(starts_at, wanted.reservation.live_case_count)


def _form(request: HttpRequest, wanted: HourExchange, reasons: list[Reason]) -> HttpResponse:
    page = hour_page(
        free=wanted.free, standing=wanted.standing, chosen=wanted.starts_at, reasons=reasons
    )
    is_stale = any(reason.code is Refusal.RESERVATION_CHANGED for reason in reasons)
    return render(
        request,
        "reservations/rescheduling/page.html",
        {
            "reservation": wanted.reservation,
            "made_under": wanted.target.policy,
            "page": page,
            "chosen": wanted.slot,
            **kept_by("hour", request, enter="review"),
        },
        status=(409 if is_stale else 422) if reasons else 200,
    )


def _review(request: HttpRequest, wanted: HourExchange) -> HttpResponse:
    """Show the old and the new hour, and until when the new one can be changed."""
    starts_at = wanted.starts_at
    if starts_at is None:  # refused by the rules before
        return _form(request, wanted, [Reason(Refusal.NO_SLOT_CHOSEN)])
    return render(
        request,
        "reservations/rescheduling/review.html",
        {
            "reservation": wanted.reservation,
            "made_under": wanted.target.policy,
            "starts_at": starts_at,
            "slot": wanted.slot,
            "frees_place": wanted.free.can_be_booked(wanted.reservation.starts_at),
            "closes_at": promise_after(starts_at, wanted.standing, wanted.free.facts),
            **kept_by("hour", request, enter="edit"),
        },
    )


def _taken(request: HttpRequest, wanted: HourExchange, reasons: list[Reason]) -> HttpResponse:
    """Say what became of the hour, that the old one stands, and offer the nearest ones."""
    policy, reservation = wanted.free.facts.policy, wanted.reservation
    near = near_places(wanted.free, wanted.standing, wanted.starts_at)
    return render(
        request,
        "reservations/rescheduling/taken.html",
        {
            "reservation": reservation,
            "made_under": wanted.target.policy,
            "starts_at": wanted.starts_at,
            "problems": [
                Problem("", refusal_texts.refusal_text(one, policy), one.code.value)
                for one in reasons
            ],
            "offers": offers_in_words(near, wanted.free),
        },
        status=409,
    )


def _refused(
    request: HttpRequest, wanted: HourExchange, reasons: list[Reason], at: datetime
) -> HttpResponse:
    """Say why the hour stays: the telephone page, or that one cancels and books anew."""
    if reasons[0].code not in KEPT_AS_IT_IS:
        return closed_page(request, wanted.target, reasons, at)
    return render(
        request,
        "reservations/rescheduling/refused.html",
        {
            "reservation": wanted.reservation,
            "made_under": wanted.target.policy,
            "code": reasons[0].code.value,
            "text": refusal_texts.refusal_text(reasons[0], wanted.free.facts.policy),
            "may_book_anew": reasons[0].code is Refusal.RESCHEDULING_NOT_ALLOWED,
        },
        status=409 if request.method == "POST" else 200,
    )
