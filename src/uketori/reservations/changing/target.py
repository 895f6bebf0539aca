"""The reservation that a change page is about, and what was typed into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from uketori import refusal_texts
from uketori.bureaus.availability import availability
from uketori.bureaus.calendar import facts_at
from uketori.intermediaries.session.keeping_forms import typed_before
from uketori.intermediaries.session.visitor import Visitor
from uketori.reservations.changing.edits import Edits
from uketori.reservations.changing.form import ReviewedChange, edits_from, is_done
from uketori.reservations.models import Reservation, ReservedCase
from uketori.reservations.own import own_reservation
from uketori.reservations.visits.ahead_words import ahead_of
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason, Refusal
from uketori.rules.rescheduling import may_reschedule


@dataclass(frozen=True)
class ChangeTarget:
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


def typed_in(request: HttpRequest) -> QueryDict:
    """Return what was sent; when the page is only looked at, what was kept of its form."""
    return request.POST or typed_before(request)


def target_of(visitor: Visitor, reference: str) -> ChangeTarget:
    """Return the visitor's own reservation, or raise 404."""
    reservation = own_reservation(visitor, reference)
    cases = list(reservation.cases.filter(withdrawn_at=None).order_by("order"))
    return ChangeTarget(reservation, cases, reservation.made_under)


def closed_page(
    request: HttpRequest,
    target: ChangeTarget,
    reasons: list[Reason],
    at: datetime,
    *,
    typed: Sequence[ReviewedChange] = (),
) -> HttpResponse:
    """Say that nothing can be changed here any more, whom to call, and keep what was typed."""
    refused = request.method == "POST"
    return render(
        request,
        "reservations/changing/after_deadline.html",
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
