"""The acts of the counter on one reservation, each a POST of its own.  R-38 … R-40, D03, D15."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from uketori.counter.board_page import back_to, find_reservation, open_page, refused_page
from uketori.counter.certificates import see_certificate, take_seeing_back
from uketori.counter.check_in import call_up, check_in, take_arrival_back
from uketori.counter.endings import STEP_OF, end_visit, take_ending_back
from uketori.counter.opened import live_cases
from uketori.counter.outcome_form import Typed
from uketori.counter.outcomes import record_outcome
from uketori.fact_words import ENDING_WORDS
from uketori.intermediaries.settling import rivals_of, settle
from uketori.reservations.models import Reservation
from uketori.rules.permissions import Act
from uketori.rules.refusals import Reason, Refused
from uketori.staff.access import Staff, staff_only

ENDINGS = {ending.value: ending for ending in STEP_OF}


@staff_only(Act.CHECK_IN)
@require_POST
def arrival(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Check in."""
    one, typed = _asked(request, staff, reference)

    def act() -> None:
        check_in(
            reservation=one,
            policy=one.made_under,
            actor=staff.actor,
            at=staff.at,
            happened_at=typed.happened_at(one, one.made_under),
        )

    return _done(request, staff, one, typed, act)


@staff_only(Act.CHECK_IN)
@require_POST
def arrival_removal(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Take back an arrival that was recorded by mistake."""
    one, typed = _asked(request, staff, reference)

    def act() -> None:
        take_arrival_back(reservation=one, policy=one.made_under, actor=staff.actor, at=staff.at)

    return _done(request, staff, one, typed, act)


@staff_only(Act.CHECK_IN)
@require_POST
def calling_up(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Call the person up to the desk."""
    one, typed = _asked(request, staff, reference)

    def act() -> None:
        call_up(
            reservation=one,
            policy=one.made_under,
            actor=staff.actor,
            at=staff.at,
            happened_at=typed.happened_at(one, one.made_under),
        )

    return _done(request, staff, one, typed, act)


@staff_only(Act.RECORD_ENDING)
@require_POST
def ending(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Mark as late, absent when called, or no-show."""
    one, typed = _asked(request, staff, reference)
    wanted = ENDINGS.get(request.POST.get("ending", ""))
    if wanted is None:
        raise Http404

    def act() -> None:
        end_visit(
            reservation=one,
            ending=wanted,
            policy=one.made_under,
            actor=staff.actor,
            at=staff.at,
            happened_at=typed.happened_at(one, one.made_under),
        )

    told = _("{name} 様を「{ending}」と記録しました。")
    said = told.format(name=one.holder_name, ending=ENDING_WORDS[wanted])
    return _done(request, staff, one, typed, act, said=said, closes=True)


@staff_only(Act.RECORD_ENDING)
@require_POST
def ending_removal(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Open a visit again whose ending was recorded by mistake."""
    one, typed = _asked(request, staff, reference)

    def act() -> None:
        take_ending_back(
            reservation=one,
            policy=one.made_under,
            actor=staff.actor,
            at=staff.at,
            of_past_days=staff.may(Act.CORRECT_PAST_OUTCOME),
        )

    return _done(request, staff, one, typed, act)


@staff_only(Act.RECORD_OUTCOME)
@require_POST
def outcome(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Record that all cases were issued, but for those that are marked."""
    one, typed = _asked(request, staff, reference)
    cases = live_cases(one)
    if reasons := [*typed.refuse(cases), *typed.refuse_clock()]:
        return open_page(request, staff, one, typed=typed, reasons=reasons)
    exceptions = typed.exceptions()
    try:
        record_outcome(
            reservation=one,
            exceptions=exceptions,
            policy=one.made_under,
            actor=staff.actor,
            at=staff.at,
            happened_at=typed.happened_at(one, one.made_under),
            of_past_days=staff.may(Act.CORRECT_PAST_OUTCOME),
            known=typed.seen,
        )
    except Refused as refused:
        fresh = find_reservation(staff, reference)
        return open_page(request, staff, fresh, typed=typed, reasons=refused.reasons)
    messages.success(request, _said(one, len(cases), len(exceptions)))
    return redirect("counter:board", bureau=staff.policy.code)


@staff_only(Act.PROVE_CERTIFICATE)
@require_POST
def certificate(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Record that the certificate was seen."""
    one, typed = _asked(request, staff, reference)

    def act() -> None:
        see_certificate(reservation=one, policy=one.made_under, actor=staff.actor, at=staff.at)

    return _done(request, staff, one, typed, act)


@staff_only(Act.PROVE_CERTIFICATE)
@require_POST
def certificate_removal(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Take back that the certificate was seen."""
    one, typed = _asked(request, staff, reference)

    def act() -> None:
        take_seeing_back(
            reservation=one,
            policy=one.made_under,
            actor=staff.actor,
            at=staff.at,
            of_past_days=staff.may(Act.CORRECT_PAST_OUTCOME),
        )

    return _done(request, staff, one, typed, act)


@staff_only(Act.SETTLE_CLAIMS)
@require_POST
def settlement(request: HttpRequest, staff: Staff, reference: str, claim_id: int) -> HttpResponse:
    """End another person's claim of the certificate that was seen."""
    one, typed = _asked(request, staff, reference)
    rivals = {rival.pk: rival for rival in rivals_of(one.claim)}
    if claim_id not in rivals:
        return redirect("counter:show", bureau=staff.policy.code, reference=reference)

    def act() -> None:
        settle(rival=rivals[claim_id], policy=staff.policy, actor=staff.actor, at=staff.at)

    said = _("登録を終え、そのメールアドレスに知らせます。")
    return _done(request, staff, one, typed, act, said=said)


def _asked(request: HttpRequest, staff: Staff, reference: str) -> tuple[Reservation, Typed]:
    one = find_reservation(staff, reference)
    return one, Typed.from_post(request.POST, live_cases(one))


def _done(
    request: HttpRequest,
    staff: Staff,
    one: Reservation,
    typed: Typed,
    act: Callable[[], None],
    *,
    said: str = "",
    closes: bool = False,
) -> HttpResponse:
    """Do it; lead back, or say why not.  Marks that were not recorded yet stay on the page."""
    reasons: list[Reason] = typed.refuse_clock()
    if not reasons:
        try:
            act()
        except Refused as refused:
            reasons = refused.reasons
    is_opened = request.POST.get("opened") == one.reference
    fresh = find_reservation(staff, one.reference)
    if reasons and not is_opened:
        return refused_page(request, staff, fresh, reasons)
    if reasons:
        return open_page(request, staff, fresh, typed=typed, reasons=reasons)
    if said:
        messages.success(request, said)
    if is_opened and closes:
        return redirect("counter:board", bureau=staff.policy.code)
    if is_opened and typed.differs(live_cases(fresh)):
        return open_page(request, staff, fresh, typed=typed)
    return back_to(request, staff)


def _said(one: Reservation, cases: int, not_issued: int) -> str:
    issued = _("{name} 様に{issued}件を交付しました。").format(
        name=one.holder_name, issued=cases - not_issued
    )
    if not not_issued:
        return issued
    return f"{issued}{_('交付しなかったのは{count}件です。').format(count=not_issued)}"
