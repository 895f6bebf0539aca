"""Booking for somebody who called: who comes, when, which cases, what was asked aloud.  R-29, D26.

Every rule applies as for anybody: quota, room, window, certificate, declarations.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from uketori import refusal_texts
from uketori.bureaus.availability import availability
from uketori.bureaus.notice import notice_at
from uketori.bureaus.number_fields import tell_left_out, were_rows_added
from uketori.counter.lookup.openings import record_holder_opening
from uketori.counter.lookup.people import claim_at, find_claims
from uketori.counter.lookup.rivals import rival_lines
from uketori.counter.telephone.booking_forms import CallerForm, ConfirmationForm, TypedBooking
from uketori.counter.telephone.calls import note_booking
from uketori.counter.telephone.holder import enter_caller
from uketori.counter.telephone.stopped import why_stopped
from uketori.counter.telephone.views import BOOKED
from uketori.intermediaries.holders.act import PersonDetails
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.booking.act import Order, book
from uketori.reservations.booking.checking import judge_page
from uketori.reservations.booking.declarations import declaration_words
from uketori.reservations.booking.drafts import content_again
from uketori.reservations.booking.page import BookingPage, booking_page
from uketori.reservations.cases.rows import after_button, with_pasted
from uketori.reservations.cases.typed import DraftContent
from uketori.reservations.held import held_by
from uketori.reservations.hours.offers import NO_HOUR_HELPS
from uketori.reservations.models import Reservation
from uketori.reservations.visits.suspended_words import suspended_words
from uketori.rules.eligibility import HolderFacts
from uketori.rules.permissions import Act
from uketori.rules.policy import BureauPolicy, IntermediaryKind
from uketori.rules.refusals import Reason, Refusal, Refused
from uketori.staff.access import Staff, staff_only
from uketori.staff.form_pages import sent_from
from uketori.staff.kept import sent
from uketori.staff.kept_posts import searched
from uketori.web.form_problems import Problem, of_form

ASKED_ALOUD = frozenset(
    {
        Refusal.DECLARATION_MISSING,
        Refusal.NOTICE_NOT_READ,
        Refusal.NOTICE_CHANGED,
        Refusal.DRAFT_CHANGED,
    }
)
"""Refusals that concern what the caller was asked, not the hour or the cases."""
FIELD_OF = {
    Refusal.CERTIFICATE_EXPIRED: "expires_on",
    Refusal.EDUCATION_INSTITUTION: "education",
}


@dataclass(frozen=True)
class BookingRemarks:
    """What is said on the booking page beside what was typed."""

    reasons: Sequence[Reason] = ()
    remark: str = ""
    checks: bool = False
    """Whether everything that is missing is told, or only what is wrong in itself."""


@staff_only(Act.BOOK_FOR)
@require_safe
def book_for(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Ask who will come."""
    return _choice_page(request, staff, typed=searched(request), found=None)


@staff_only(Act.BOOK_FOR)
@sent_from("counter:book_for")
def search(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Find a holder by certificate, mail address or name; what was typed stands in no address."""
    typed = request.POST.get("find", "")
    found = find_claims(typed, staff)
    if len(found) == 1:
        return redirect("counter:book_for_claim", bureau=staff.policy.code, claim_id=found[0].pk)
    for claim in found:
        record_holder_opening(staff, claim)
    return _choice_page(request, staff, typed=typed, found=found)


@staff_only(Act.BOOK_FOR)
@require_http_methods(["GET", "POST"])
def holder(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Enter somebody new, with the same facts as the public's form."""
    form = CallerForm(sent(request), policy=staff.policy)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            claim = enter_caller(
                staff=staff,
                address=cleaned["address"],
                person=PersonDetails(
                    **{name: cleaned[name] for name in PersonDetails.__dataclass_fields__}
                ),
                holder=_holder_facts(cleaned, staff.policy),
                number=cleaned["number"],
                at=staff.at,
            )
        except Refused as refused:
            _add_refusals(form, refused.reasons, staff.policy)
        else:
            return redirect("counter:book_for_claim", bureau=staff.policy.code, claim_id=claim.pk)
    return render(
        request,
        "counter/telephone/book_for_holder.html",
        {"form": form, "nav_current": "counter:calls"},
        status=422 if request.method == "POST" and form.errors else 200,
    )


@staff_only(Act.BOOK_FOR)
@require_http_methods(["GET", "POST"])
def book_for_claim(request: HttpRequest, staff: Staff, claim_id: int) -> HttpResponse:
    """Choose the hour, type the cases, ask aloud, book."""
    claim = claim_at(staff, claim_id)
    asked = TypedBooking.from_post(sent(request))
    if (like := _like(request, claim)) and sent(request) is None:
        asked = replace(asked, content=content_again(like))
    form = ConfirmationForm(sent(request))
    act = request.POST.get("do", "check") if request.method == "POST" else ""
    upload = request.FILES.get("csv")
    if request.method == "POST" and (asked.content.paste.strip() or upload):
        taken = with_pasted(asked.content, upload, staff.policy)
        tell_left_out(request, taken.left_out)
        asked = replace(asked, content=taken.content)
        return _page(request, staff, claim, asked, form, BookingRemarks(remark=taken.remark))
    if were_rows_added(request):
        return _page(request, staff, claim, asked, form, BookingRemarks(checks=True))
    if act == "book" and form.is_valid():
        try:
            reservation = book(
                order=_order(claim, asked, form),
                facts=availability(staff.policy.code, staff.at).facts,
                actor=staff.actor,
                at=staff.at,
            )
        except Refused as refused:
            shown = BookingRemarks(reasons=refused.reasons, checks=True)
            return _page(request, staff, claim, asked, form, shown)
        note_booking(reservation=reservation, key=asked.key, actor=staff.actor, at=staff.at)
        return _booked(reservation)
    asked = replace(asked, content=after_button(act, asked.content))
    return _page(
        request, staff, claim, asked, form, BookingRemarks(checks=act in {"check", "book"})
    )


def _like(request: HttpRequest, claim: CertificateClaim) -> Reservation | None:
    """Return the person's earlier reservation whose cases the page begins with, if any."""
    earlier = Reservation.objects.filter(
        reference=request.GET.get("like", "")[:12], intermediary=claim.intermediary_id
    )
    return earlier.first()


def _order(claim: CertificateClaim, asked: TypedBooking, form: ConfirmationForm) -> Order:
    return Order(
        mail_address=claim.mail_address,
        claim=claim,
        content=asked.content,
        declared=asked.declared,
        notice_version=asked.notice,
        key=asked.key,
        confirmation_to=form.cleaned_data["confirmation_to"],
    )


def _booked(reservation: Reservation) -> HttpResponse:
    """Lead to the reservation, where its reference stands to be read aloud."""
    kwargs = {"bureau": reservation.bureau, "reference": reservation.reference}
    return redirect(f"{reverse('counter:call', kwargs=kwargs)}?{BOOKED}=1")


def _page(
    request: HttpRequest,
    staff: Staff,
    claim: CertificateClaim,
    asked: TypedBooking,
    form: ConfirmationForm,
    shown: BookingRemarks,
) -> HttpResponse:
    record_holder_opening(staff, claim)
    policy = staff.policy
    is_told = any(one.code in NO_HOUR_HELPS for one in shown.reasons)
    today = staff.at.astimezone(policy.tz).date()
    page = _written(staff, claim, asked.content, shown)
    aloud = [one for one in shown.reasons if one.code in ASKED_ALOUD]
    problems = [
        *([Problem("paste", shown.remark)] if shown.remark else []),
        *page.problems,
        *[_aloud_problem(one, policy) for one in aloud],
        *of_form(form),
    ]
    return render(
        request,
        "counter/telephone/book_for_claim.html",
        {
            "claim": claim,
            "rivals": rival_lines(claim, today),
            "stopped": [] if is_told else why_stopped(claim, policy, today),
            "page": page,
            "asked": asked,
            "form": form,
            "paste_remark": shown.remark,
            "declarations": declaration_words(
                asked.content.cases(policy), asked.declared, aloud, policy
            ),
            "notice": notice_at(policy.code, staff.at),
            "notice_wrong": any(one.code is not Refusal.DECLARATION_MISSING for one in aloud),
            "problems": problems,
            "may_move_address": staff.may(Act.MOVE_ADDRESS),
            "nav_current": "counter:calls",
        },
        status=422 if problems and request.method == "POST" else 200,
    )


def _written(
    staff: Staff, claim: CertificateClaim, content: DraftContent, shown: BookingRemarks
) -> BookingPage:
    """Return the hours and the cases, with what stands against them."""
    policy = staff.policy
    free = availability(policy.code, staff.at)
    held = held_by(claim.intermediary_id, staff.at.astimezone(policy.tz).date())
    judged = judge_page(content, claim, held, free)
    refused = [one for one in shown.reasons if one.code not in ASKED_ALOUD]
    if shown.checks and not shown.reasons:
        refused = judged.refusals
    return booking_page(
        content=content,
        claim=claim,
        free=free,
        held=held,
        reasons=[*refused, *judged.warnings],
    )


def _aloud_problem(reason: Reason, policy: BureauPolicy) -> Problem:
    anchor = f"declared-{reason.facts['code']}" if "code" in reason.facts else "notice"
    return Problem(anchor, refusal_texts.refusal_text(reason, policy), reason.code.value)


def _choice_page(
    request: HttpRequest, staff: Staff, *, typed: str, found: list[CertificateClaim] | None
) -> HttpResponse:
    people = [one.intermediary_id for one in found or []]
    stopped = suspended_words(people, staff.at.astimezone(staff.policy.tz).date())
    missing = _("「{typed}」にあたる方は、まだ登録されていません。")
    problems = [Problem("find", missing.format(typed=typed[:60]))] if found == [] else []
    return render(
        request,
        "counter/telephone/book_for.html",
        {
            "typed": typed,
            "found": [(one, stopped.get(one.intermediary_id)) for one in found or []],
            "problems": problems,
            "nav_current": "counter:calls",
        },
        status=422 if problems else 200,
    )


def _holder_facts(cleaned: dict[str, Any], policy: BureauPolicy) -> HolderFacts:
    kind = IntermediaryKind(cleaned["kind"])
    return HolderFacts(
        kind=kind,
        certificate_kind=policy.certificate_of[kind],
        expires_on=cleaned["expires_on"],
        is_education_institution=cleaned.get("education") == "yes",
    )


def _add_refusals(form: CallerForm, reasons: Sequence[Reason], policy: BureauPolicy) -> None:
    for reason in reasons:
        field = FIELD_OF.get(Refusal(reason.code), "number")
        form.add_refusal(field, refusal_texts.refusal_text(reason, policy), reason.code)
