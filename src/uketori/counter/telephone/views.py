"""The telephone desk: find the caller's reservation, note the call, read the answer aloud.  4(2)"""

from datetime import date, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from uketori.audit.record import record
from uketori.counter.lookup.openings import record_listing, record_opening
from uketori.counter.lookup.reservation import find_reservation
from uketori.counter.lookup.rivals import rival_lines
from uketori.counter.lookup.search import MOST, find
from uketori.counter.lookup.spelling import spelled
from uketori.counter.models import Call, CallKind
from uketori.counter.telephone.calls import calls_between, calls_of, known_call, record_call
from uketori.counter.telephone.forms import RecordForm
from uketori.counter.telephone.page import NOTED, head_of, status_of, to_call
from uketori.counter.telephone.striking import may_strike
from uketori.counter.telephone.words import (
    call_lines,
    left_after_striking,
    said,
    said_of_booking,
)
from uketori.counter.visit.certificate_brought import certificate_shown
from uketori.counter.visit.standing_remarks import remarks_on
from uketori.counter.visit.state import seen
from uketori.reservations.cases.words import case_facts, case_words
from uketori.reservations.confirmation.ledger import ledger_of
from uketori.reservations.models import Reservation
from uketori.reservations.standing import kept_of
from uketori.rules.change import refuse_any_change, refuse_cancellation, refuse_ended
from uketori.rules.permissions import Act
from uketori.rules.refusals import Refused
from uketori.staff.access import Staff, staff_only
from uketori.staff.form_pages import sent_from
from uketori.staff.kept import sent
from uketori.staff.kept_posts import searched
from uketori.web.form_problems import Problem

BOOKED = "booked"
"""The part of the address that asks for the answer to whoever was just booked for."""

LOG_OPENED = "calls_opened"
"""The event of reading the calls of a day."""


@staff_only(Act.RECORD_CALL)
@require_http_methods(["GET", "HEAD"])
def calls(request: HttpRequest, staff: Staff) -> HttpResponse:
    """List the calls of a day, the newest first; today's unless another day is asked for."""
    return _log_page(request, staff, typed=searched(request))


@staff_only(Act.FIND_RESERVATION)
@sent_from("counter:calls")
def search(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Find the caller's reservation; the only one that is meant is opened at once.

    What was typed may be a name, so it is sent in the body and stands in no address.
    """
    typed = request.POST.get("find", "")
    found = find(typed, staff.policy, staff.at).reservations
    if len(found) == 1:
        return redirect("counter:call", bureau=staff.policy.code, reference=found[0].reference)
    record_listing(staff, found)
    return _log_page(request, staff, typed=typed, found=found)


@staff_only(Act.RECORD_CALL)
@require_http_methods(["GET", "POST"])
def call(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Show what the caller's reservation is, and note the call."""
    reservation = find_reservation(staff, reference)
    form = RecordForm(sent(request), at=staff.at, tz=staff.policy.tz)
    if request.method == "POST" and form.is_valid():
        try:
            noted = record_call(
                reservation=reservation,
                kind=CallKind(form.cleaned_data["kind"]),
                noted=form.noted(),
                actor=staff.actor,
                at=staff.at,
            )
        except Refused as refused:
            form.add_refusals(refused.reasons, reservation.made_under)
        else:
            return to_call(noted)
    return _call_page(request, staff, reservation, form)


def record_log_opening(staff: Staff, day: date) -> None:
    """Record that somebody read the calls of a day: who called, and what was noted."""
    record(
        bureau=staff.policy.code,
        kind=LOG_OPENED,
        actor=staff.actor,
        subject=f"day:{day.isoformat()}",
        at=staff.at,
    )


def _call_page(
    request: HttpRequest, staff: Staff, reservation: Reservation, form: RecordForm
) -> HttpResponse:
    record_opening(staff, reservation)
    policy = reservation.made_under
    kept, now = kept_of(reservation), known_call(reservation, staff.at)
    earliest = known_call(reservation, reservation.booked_at)  # what paper could tell of
    about = calls_of([reservation]).get(reservation.pk, [])
    noted = _noted(request, about)
    is_booked = BOOKED in request.GET
    today = staff.at.astimezone(policy.tz).date()
    certificate = certificate_shown(reservation, today)
    return render(
        request,
        "counter/telephone/call.html",
        {
            **head_of(reservation, staff),
            "form": form,
            "typed": searched(request),
            "spelled": spelled(reservation.reference),
            "cases": [
                case_words(case_facts(case), policy)
                for case in reservation.cases.filter(withdrawn_at=None).order_by("order")
            ],
            "said": said(noted, staff.at) if noted else _said_of(reservation, is_booked=is_booked),
            "is_booked": is_booked,
            "lines": call_lines(about[::-1], policy, _strikable(about, staff)),
            "struck_cancellation": _struck_cancellation(reservation, about),
            "certificate": certificate,
            "rivals": rival_lines(certificate, today),
            "standing": remarks_on(reservation, staff.at),
            "may_book": staff.may(Act.BOOK_FOR) and reservation.claim.ended_at is None,
            "ledger": ledger_of(reservation),
            "only_paper": bool(refuse_cancellation(kept, staff.at, now)),
            "can_cancel": not refuse_cancellation(kept, staff.at, earliest)
            and staff.may(Act.CANCEL_FOR),
            "can_change": not refuse_any_change(kept, staff.at, earliest)
            and staff.may(Act.CHANGE_FOR),
            "can_cancel_by_bureau": not refuse_ended(kept) and staff.may(Act.CANCEL_BY_BUREAU),
            "may_see_mails": staff.may(Act.SEE_MAILS),
            "may_move_address": reservation.claim.ended_at is None and staff.may(Act.MOVE_ADDRESS),
        },
        status=status_of(request, form),
    )


def _strikable(about: list[Call], staff: Staff) -> set[int]:
    of_others = staff.may(Act.STRIKE_OTHERS_CALL)
    return {one.pk for one in about if may_strike(one, staff.actor, staff.at, of_others=of_others)}


def _struck_cancellation(reservation: Reservation, about: list[Call]) -> str:
    """Say that a cancellation stays although its call was a mistake; empty where there is none."""
    struck = [one for one in about if one.struck_at and one.is_done]
    done = [one for one in struck if one.kind == CallKind.CANCEL]
    return left_after_striking(done[-1]) if done and reservation.cancelled_at else ""


def _said_of(reservation: Reservation, *, is_booked: bool) -> list[str]:
    return said_of_booking(reservation) if is_booked else []


def _noted(request: HttpRequest, about: list[Call]) -> Call | None:
    wanted = request.GET.get(NOTED, "")
    return next((one for one in about if str(one.pk) == wanted), None)


def _log_page(
    request: HttpRequest,
    staff: Staff,
    *,
    typed: str = "",
    found: list[Reservation] | None = None,
) -> HttpResponse:
    policy = staff.policy
    today = staff.at.astimezone(policy.tz).date()
    day = _day_of(request, today)
    begin = datetime.combine(day, time(), tzinfo=policy.tz)
    of_the_day = list(calls_between(policy.code, begin, begin + timedelta(days=1)))
    if of_the_day:
        record_log_opening(staff, day)
    missing = _(
        "「{typed}」にあたる予約が見つかりません。予約番号、お名前、証明書の番号、申請番号をもう一度聞いてください。"
    )
    problems = [Problem("find", missing.format(typed=typed[:60]))] if found == [] else []
    return render(
        request,
        "counter/telephone/calls.html",
        {
            "nav_current": "counter:calls",
            "day": day,
            "before": day - timedelta(days=1),
            "after": day + timedelta(days=1) if day < today else None,
            "lines": call_lines(of_the_day, policy),
            "typed": typed,
            "hits": [(one, seen(one, staff.at)) for one in found or []],
            "most_hits": MOST,
            "problems": problems,
            "may_book": staff.may(Act.BOOK_FOR),
            "may_see_mails": staff.may(Act.SEE_MAILS),
        },
        status=422 if problems else 200,
    )


def _day_of(request: HttpRequest, today: date) -> date:
    """Return the day that is asked for; what is no day, or still to come, is today."""
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today
    return day if today - timedelta(days=3660) < day <= today else today
