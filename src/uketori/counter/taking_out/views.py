"""Taking a case out that is none of this counter's: chosen on the list, reviewed, done.  R-32."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from uketori import refusal_texts
from uketori.counter.lookup.openings import record_opening
from uketori.counter.lookup.reservation import find_reservation
from uketori.counter.preparation.marking_views import back_to_list, chosen_of
from uketori.counter.taking_out.act import Chosen, standing, take_out, why_not
from uketori.counter.taking_out.form import TakingOutForm
from uketori.counter.visit.state import seen
from uketori.reservations.cases.words import case_facts, case_words
from uketori.reservations.models import Reservation, ReservedCase
from uketori.reservations.standing import kept_of
from uketori.reservations.visits.taken_out_words import told
from uketori.rules.permissions import Act
from uketori.rules.refusals import Reason, Refusal, Refused
from uketori.rules.taking_out import without
from uketori.staff.access import Staff, staff_only
from uketori.staff.form_pages import sent_from
from uketori.staff.kept_posts import kept_post
from uketori.web.form_problems import Problem, of_form


@staff_only(Act.TAKE_OUT)
@sent_from("counter:preparation-day", "day")
def chosen(request: HttpRequest, staff: Staff, day: date) -> HttpResponse:
    """Lead from the list to the reservation of the chosen cases; one reservation at a time."""
    found = chosen_of(request.POST.getlist("case"), staff, day)
    if len(found) == 1:
        ((reservation, cases),) = found.items()
        query = QueryDict(mutable=True)
        query.setlist("case", [str(case) for case in cases])
        way = reverse("counter:taking_out", args=[staff.policy.code, reservation.reference])
        return redirect(f"{way}?{query.urlencode()}")
    if found:
        text = _("予約から除くときは、１つの予約の案件だけを選んでください。")
    else:
        text = _("案件を選んでから、押してください。")
    messages.warning(request, text)
    ticked = [case for cases in found.values() for case in cases]
    return back_to_list(request, staff, day, ticked=ticked)


@staff_only(Act.TAKE_OUT)
@require_http_methods(["GET", "POST"])
def taking_out(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Ask which and why, show what it comes to, and do it."""
    reservation = find_reservation(staff, reference)
    typed = request.POST if request.method == "POST" else kept_post(request)
    form = _form(reservation, typed, request.GET.getlist("case"))
    if request.method == "GET":
        return _form_page(request, staff, reservation, form)
    if reasons := _too_late(request, staff, reservation):
        return _form_page(request, staff, reservation, _form(reservation, None), reasons)
    if not form.is_valid() or request.POST.get("do") == "edit":
        return _form_page(request, staff, reservation, form)
    choice = form.chosen(reservation.revision)
    if request.POST.get("do") != "take_out":
        return _review(request, staff, reservation, choice)
    return _done(request, staff, reservation, choice)


def _done(
    request: HttpRequest, staff: Staff, reservation: Reservation, choice: Chosen
) -> HttpResponse:
    """Take them out, and say so on the list of the day; or say why not."""
    policy, actor, at = reservation.made_under, staff.actor, staff.at
    try:
        left = take_out(reservation=reservation, chosen=choice, policy=policy, actor=actor, at=at)
    except Refused as refused:
        fresh = find_reservation(staff, reservation.reference)
        return _form_page(request, staff, fresh, _form(fresh, None), refused.reasons)
    if left.cancelled_at is not None:
        text = _(
            "{reference}の案件がなくなったため、予約を取り消しました。"
            "予約した方に、メールでお知らせします。"
        )
    else:
        text = _("{reference}から{count}件を除きました。予約した方に、メールでお知らせします。")
    words = text.format(reference=left.reference, count=len(choice.cases))
    messages.success(request, words)
    way = reverse("counter:preparation-day", args=[staff.policy.code, left.visit_day])
    return redirect(f"{way}#visit-{left.reference}")


def _too_late(request: HttpRequest, staff: Staff, reservation: Reservation) -> list[Reason]:
    """Return why what the page showed is no more: before its cases are looked for."""
    if reasons := why_not(reservation, reservation.made_under, staff.at):
        return reasons
    if request.POST.get("revision") != str(reservation.revision):
        return [Reason(Refusal.RESERVATION_CHANGED)]
    return []


def _form(
    reservation: Reservation, typed: QueryDict | None, chosen: Sequence[str] = ()
) -> TakingOutForm:
    cases = reservation.cases.filter(withdrawn_at=None).order_by("order")
    lines = [(case.pk, _line(case, reservation)) for case in cases]
    return TakingOutForm(typed, cases=lines, chosen=chosen)


def _line(case: ReservedCase, reservation: Reservation) -> str:
    words = case_words(case_facts(case), reservation.made_under)
    return f"{words.number}　{words.type}　{words.letter}"


def _form_page(
    request: HttpRequest,
    staff: Staff,
    reservation: Reservation,
    form: TakingOutForm,
    reasons: Sequence[Reason] = (),
) -> HttpResponse:
    policy = reservation.made_under
    closed = why_not(reservation, policy, staff.at)
    told_above = [
        Problem("", refusal_texts.refusal_text(one, policy), one.code.value) for one in reasons
    ]
    problems = [*told_above, *of_form(form)]
    record_opening(staff, reservation)
    return render(
        request,
        "counter/taking_out/page.html",
        {
            **_head(staff, reservation),
            "form": form,
            "problems": problems,
            "closed": refusal_texts.refusal_text(closed[0], policy)
            if closed and not reasons
            else "",
            "is_open": not closed,
        },
        status=422 if problems and request.method == "POST" else 200,
    )


def _review(
    request: HttpRequest, staff: Staff, reservation: Reservation, choice: Chosen
) -> HttpResponse:
    cases = standing(reservation, choice.cases)
    sentence, next_step = told(choice.because, reservation.made_under)
    record_opening(staff, reservation)
    return render(
        request,
        "counter/taking_out/review.html",
        {
            **_head(staff, reservation),
            "lines": [_line(case, reservation) for case in cases],
            "sentence": sentence,
            "next_step": next_step,
            "left": without(len(cases), kept_of(reservation)),
            "cases": [case.pk for case in cases],
            "because": choice.because.value,
        },
    )


def _head(staff: Staff, reservation: Reservation) -> dict[str, Any]:
    return {
        "reservation": reservation,
        "made_under": reservation.made_under,
        "seen": seen(reservation, staff.at),
        "nav_current": "counter:preparation",
    }
