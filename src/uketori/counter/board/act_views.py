"""The acts of the counter on one reservation, each a POST of its own.  R-38 … R-40, D03, D15."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from uketori import japanese
from uketori.counter.board.outcome_form import Typed
from uketori.counter.board.page import back_to, open_page, refused_page
from uketori.counter.board.panel import live_cases
from uketori.counter.lookup.reservation import find_reservation
from uketori.counter.visit.certificate import see_certificate, take_seeing_back
from uketori.counter.visit.certificate_brought import certificates_at_desk
from uketori.counter.visit.check_in import call_up, check_in, take_arrival_back
from uketori.counter.visit.endings import STEP_OF, end_visit, take_ending_back
from uketori.counter.visit.facts import visit_of
from uketori.counter.visit.outcomes import record_outcome
from uketori.counter.visit.same_numbers import booked_though_issued
from uketori.counter.visit.stale_page import PageState
from uketori.intermediaries.certificates.settling import rivals_of, settle
from uketori.intermediaries.models import CertificateClaim
from uketori.refusal_facts import ENDING_WORDS
from uketori.reservations.models import Reservation
from uketori.rules.permissions import Act
from uketori.rules.policy import BureauPolicy
from uketori.rules.refusals import Reason, Refused
from uketori.rules.showing_certificate import remind_of_certificate
from uketori.rules.visit import is_late
from uketori.staff.access import Staff, staff_only
from uketori.staff.form_pages import sent_from

ENDINGS = {ending.value: ending for ending in STEP_OF}


class Basis(TypedDict):
    """What every act on a visit is told."""

    reservation: Reservation
    policy: BureauPolicy
    actor: str
    at: datetime
    shown: PageState | None


@dataclass(frozen=True)
class Pressed:
    """A button of one reservation, with what stood in the form beside it."""

    request: HttpRequest
    staff: Staff
    one: Reservation
    typed: Typed

    @property
    def basis(self) -> Basis:
        """Return what the act is told, by the rules that the reservation was made under."""
        return Basis(
            reservation=self.one,
            policy=self.one.made_under,
            actor=self.staff.actor,
            at=self.staff.at,
            shown=self.typed.shown,
        )

    @property
    def happened_at(self) -> datetime | None:
        """Return the moment from paper, None for now; only where the clock was well-formed."""
        return self.typed.happened_at(self.one, self.one.made_under)

    @property
    def of_past_days(self) -> bool:
        """Whether this member of the staff may correct what is older than today."""
        return self.staff.may(Act.CORRECT_PAST_OUTCOME)


@staff_only(Act.CHECK_IN)
@sent_from("counter:show", "reference")
def arrival(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Check in."""
    pressed = _pressed(request, staff, reference)
    return _done(pressed, lambda: check_in(**pressed.basis, happened_at=pressed.happened_at))


@staff_only(Act.CHECK_IN)
@sent_from("counter:show", "reference")
def arrival_removal(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Take back an arrival that was recorded by mistake."""
    pressed = _pressed(request, staff, reference)
    said = _("{name} 様の来庁の記録を取り消しました。").format(name=pressed.one.holder_name)
    return _done(pressed, lambda: take_arrival_back(**pressed.basis), said=said)


@staff_only(Act.CHECK_IN)
@sent_from("counter:show", "reference")
def calling_up(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Call the person up to the desk."""
    pressed = _pressed(request, staff, reference)
    return _done(pressed, lambda: call_up(**pressed.basis, happened_at=pressed.happened_at))


@staff_only(Act.RECORD_ENDING)
@sent_from("counter:show", "reference")
def ending(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Mark as late, absent when called, or no-show."""
    pressed = _pressed(request, staff, reference)
    wanted = ENDINGS.get(request.POST.get("ending", ""))
    if wanted is None:
        raise Http404
    told = _("{name} 様を「{ending}」と記録しました。")
    return _done(
        pressed,
        lambda: end_visit(**pressed.basis, ending=wanted, happened_at=pressed.happened_at),
        said=told.format(name=pressed.one.holder_name, ending=ENDING_WORDS[wanted]),
        closes=True,
    )


@staff_only(Act.RECORD_ENDING)
@sent_from("counter:show", "reference")
def ending_removal(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Open a visit again whose ending was recorded by mistake."""
    pressed = _pressed(request, staff, reference)
    return _done(
        pressed,
        lambda: take_ending_back(**pressed.basis, of_past_days=pressed.of_past_days),
        said=_("{name} 様の結果の記録を取り消しました。").format(name=pressed.one.holder_name),
    )


@staff_only(Act.RECORD_OUTCOME)
@sent_from("counter:show", "reference")
def outcome(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Record that all cases were issued, but for those that are marked."""
    pressed = _pressed(request, staff, reference)
    one, typed = pressed.one, pressed.typed
    cases = live_cases(one)
    if reasons := [*typed.refuse(cases), *typed.refuse_clock(), *_unseen(pressed)]:
        return open_page(request, staff, one, typed=typed, reasons=reasons)
    exceptions = typed.exceptions()
    try:
        served = record_outcome(
            **pressed.basis,
            exceptions=exceptions,
            happened_at=pressed.happened_at,
            of_past_days=pressed.of_past_days,
        )
    except Refused as refused:
        fresh = find_reservation(staff, reference)
        return open_page(request, staff, fresh, typed=typed, reasons=refused.reasons)
    messages.success(request, _said(one, len(cases), len(exceptions)))
    for told in [*_came_late(served), *booked_though_issued(one)]:
        messages.warning(request, told)
    return redirect("counter:board", bureau=staff.policy.code)


@staff_only(Act.PROVE_CERTIFICATE)
@sent_from("counter:show", "reference")
def certificate(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Record that the certificate was seen."""
    pressed = _pressed(request, staff, reference)
    return _done(
        pressed,
        lambda: see_certificate(
            **pressed.basis, claim=_claim_named(pressed), happened_at=pressed.happened_at
        ),
    )


@staff_only(Act.PROVE_CERTIFICATE)
@sent_from("counter:show", "reference")
def certificate_removal(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """Take back that the certificate was seen."""
    pressed = _pressed(request, staff, reference)
    return _done(
        pressed,
        lambda: take_seeing_back(
            **pressed.basis, claim=_claim_named(pressed), of_past_days=pressed.of_past_days
        ),
    )


@staff_only(Act.SETTLE_CLAIMS)
@sent_from("counter:show", "reference")
def settlement(request: HttpRequest, staff: Staff, reference: str, claim_id: int) -> HttpResponse:
    """End another person's claim of the certificate that was seen."""
    pressed = _pressed(request, staff, reference)
    rivals = {rival.pk: rival for claim in _claims_of(pressed) for rival in rivals_of(claim)}
    if claim_id not in rivals:
        return redirect("counter:show", bureau=staff.policy.code, reference=reference)
    return _done(
        pressed,
        lambda: settle(rival=rivals[claim_id], policy=staff.policy, actor=staff.actor, at=staff.at),
        said=_("登録を終え、そのメールアドレスに知らせます。予約は取り消していません。"),
    )


def _unseen(pressed: Pressed) -> list[Reason]:
    """Return the word that nobody has seen the certificate, unless the page said it before."""
    claim = _claims_of(pressed)[0]
    return remind_of_certificate(
        visit_of(pressed.one, pressed.one.made_under),
        is_proved=claim.proved_at is not None,
        was_told=pressed.typed.unseen == str(claim.pk),
    )


def _claims_of(pressed: Pressed) -> list[CertificateClaim]:
    """Return the certificates of the page: what is shown, then what was booked with."""
    today = pressed.staff.at.astimezone(pressed.one.made_under.tz).date()
    return certificates_at_desk(pressed.one, today)


def _claim_named(pressed: Pressed) -> CertificateClaim:
    """Return the certificate beside whose number the button stood, or else what is shown."""
    named = pressed.request.POST.get("claim", "")
    claims = _claims_of(pressed)
    return next((one for one in claims if str(one.pk) == named), claims[0])


def _pressed(request: HttpRequest, staff: Staff, reference: str) -> Pressed:
    one = find_reservation(staff, reference)
    return Pressed(request, staff, one, Typed.from_post(request.POST, live_cases(one)))


def _done(
    pressed: Pressed, act: Callable[[], object], *, said: str = "", closes: bool = False
) -> HttpResponse:
    """Do it; lead back, or say why not.  Marks that were not recorded yet stay on the page."""
    request, staff, typed = pressed.request, pressed.staff, pressed.typed
    reasons: list[Reason] = typed.refuse_clock()
    if not reasons:
        try:
            act()
        except Refused as refused:
            reasons = refused.reasons
    reference = pressed.one.reference
    is_opened = request.POST.get("opened") == reference
    fresh = find_reservation(staff, reference)
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


def _came_late(one: Reservation) -> list[str]:
    """Say that what was issued was issued to somebody late: 利用案内 6(3) sends them elsewhere."""
    policy = one.made_under
    if one.arrived_at is None or not is_late(one.arrived_at, visit_of(one, policy)):
        return []
    told = _(
        "来庁は{moment}で、予約の時間を過ぎています。"
        "遅刻だったとき、時刻が違うときは、記録を取り消して入れなおしてください。"
    )
    return [told.format(moment=japanese.clock_words(one.arrived_at, policy.tz))]


def _said(one: Reservation, cases: int, not_issued: int) -> str:
    issued = _("{name} 様に{issued}件を交付しました。").format(
        name=one.holder_name, issued=cases - not_issued
    )
    if not not_issued:
        return issued
    return f"{issued}{_('交付しなかったのは{count}件です。').format(count=not_issued)}"
