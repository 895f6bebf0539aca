"""Pages on which the person who comes is entered and revised.  D03, D05."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from uketori import clock, refusal_texts
from uketori.bureaus.guide_handover import carried
from uketori.certificate_texts import TO_BE_SEEN
from uketori.intermediaries.holders.act import PersonDetails, enter_holder
from uketori.intermediaries.holders.forms import (
    HolderForm,
    PersonForm,
)
from uketori.intermediaries.holders.number_tries import count_number
from uketori.intermediaries.models import CertificateClaim
from uketori.intermediaries.session.keeping_forms import (
    begin_with,
    keeps_input,
    kept_by,
    typed_before,
)
from uketori.intermediaries.session.visitor import DRAFT_PAGE, Visitor, intermediary_only
from uketori.intermediaries.suspension.suspensions import suspended_among
from uketori.rules.eligibility import HolderFacts, kinds_that_book
from uketori.rules.policy import CertificateKind, IntermediaryKind
from uketori.rules.refusals import Reason, Refusal, Refused
from uketori.web.personal_page import own_page

FIELD_OF = {
    Refusal.CERTIFICATE_EXPIRED: "expires_on",
    Refusal.EDUCATION_INSTITUTION: "education",
    Refusal.KIND_PROVED: "kind",
}
"""Where a refusal stands on the form; the others concern the certificate's number."""

NOT_TYPED = frozenset({"csrfmiddlewaretoken", "next"})


@intermediary_only
@require_safe
def choose(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Ask who comes, when the address serves several certificates; maybe with a draft at hand."""
    bureau = visitor.policy.code
    draft = _draft_at_hand(request, bureau)
    claims = visitor.claims()
    suspended = suspended_among([one.intermediary_id for one in claims], visitor.today)
    return render(
        request,
        "intermediaries/holders/holders.html",
        {
            "claims": [
                (one, one.intermediary_id in suspended, suspended.get(one.intermediary_id))
                for one in claims
            ],
            "to_be_seen": TO_BE_SEEN,
            "draft": draft,
            "begin": draft or reverse("reservations:new", kwargs={"bureau": bureau}),
        },
    )


@intermediary_only
@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Enter a person and a certificate; asked once, kept for the next time."""
    form = HolderForm(request.POST if request.method == "POST" else None, policy=visitor.policy)
    form.initial["kind"] = carried(request, visitor.policy.code).kind
    begin_with(form, typed_before(request))
    if request.method == "POST" and form.is_valid():
        holder, number = holder_facts(visitor, form.cleaned_data), form.cleaned_data["number"]
        before = {one.pk: one.intermediary.kind for one in visitor.all_claims()}
        try:
            count_typed(visitor, holder.certificate_kind, number)
            claim = enter_holder(
                policy=visitor.policy,
                mail_address=visitor.mail_address,
                person=person_of(form.cleaned_data),
                holder=holder,
                number=number,
                actor=visitor.actor,
                at=clock.now(),
            )
        except Refused as refused:
            add_refusals(form, refused.reasons, visitor)
        else:
            tell_other_kind(request, visitor, before.get(claim.pk), form.cleaned_data["kind"])
            return go_on(request, visitor, claim)
    return holder_page(request, visitor, form)


def count_typed(visitor: Visitor, kind: CertificateKind, number: str) -> None:
    """Count a number that was typed at this address, or raise ``Refused``.  R-17."""
    count_number(
        policy=visitor.policy,
        mail_address=visitor.mail_address,
        kind=kind,
        number=number,
        at=clock.now(),
    )


def holder_page(request: HttpRequest, visitor: Visitor, form: HolderForm) -> HttpResponse:
    """Return the page of a new holder, with whatever was refused and the way on."""
    refused = {error.code for errors in form.errors.as_data().values() for error in errors}
    return render(
        request,
        "intermediaries/holders/holder.html",
        {
            "form": form,
            "next": next_page(request, visitor),
            "helps": _certificate_helps(visitor),
            "stopped": Refusal.EDUCATION_INSTITUTION in refused,
            "proved_elsewhere": Refusal.CERTIFICATE_PROVED_ELSEWHERE in refused,
            "typed": [one for one in request.POST.items() if one[0] not in NOT_TYPED],
            **kept_by("holder", request),
        },
        status=422 if form.errors else 200,
    )


def person_of(cleaned: dict[str, Any]) -> PersonDetails:
    return PersonDetails(
        name=cleaned["name"],
        name_kana=cleaned["name_kana"],
        organisation=cleaned["organisation"],
        phone=cleaned["phone"],
    )


def holder_facts(visitor: Visitor, cleaned: dict[str, Any]) -> HolderFacts:
    """Return what the rules ask about the person that was typed."""
    kind = IntermediaryKind(cleaned["kind"])
    return HolderFacts(
        kind=kind,
        certificate_kind=visitor.policy.certificate_of[kind],
        expires_on=cleaned["expires_on"],
        is_education_institution=cleaned.get("education") == "yes",
    )


def add_refusals(form: PersonForm, reasons: list[Reason], visitor: Visitor) -> None:
    """Let each refusal stand at the field it concerns."""
    for reason in reasons:
        field = FIELD_OF.get(Refusal(reason.code), "number")
        text = refusal_texts.refusal_text(reason, visitor.policy)
        form.add_refusal(field if field in form.fields else "expires_on", text, reason.code)


def _certificate_helps(visitor: Visitor) -> dict[str, str]:
    policy = visitor.policy
    return {
        kind.value: _("お持ちの証明書：{certificate}").format(
            certificate=policy.certificate_kinds[policy.certificate_of[kind]]
        )
        for kind in kinds_that_book(policy)
    }


def _draft_at_hand(request: HttpRequest, bureau: str) -> str:
    """Return the page of the draft for which somebody is chosen, if there is one."""
    try:
        key = UUID(request.GET.get("draft", ""))
    except ValueError:
        return ""
    return reverse("reservations:draft", kwargs={"bureau": bureau, "key": key})


def next_page(request: HttpRequest, visitor: Visitor) -> str:
    before = typed_before(request).get("next", "")
    wanted = request.POST.get("next", request.GET.get("next", before))
    return own_page(wanted, visitor.policy.code)


def go_on(request: HttpRequest, visitor: Visitor, claim: CertificateClaim) -> HttpResponse:
    if wanted := next_page(request, visitor):
        # a draft that was not saved yet, or is nobody's, learns here who comes
        is_draft = DRAFT_PAGE.fullmatch(wanted) is not None
        return redirect(f"{wanted}?holder={claim.pk}" if is_draft else wanted)
    response = redirect("reservations:new", bureau=visitor.policy.code)
    response["Location"] += f"?holder={claim.pk}"
    return response


def tell_other_kind(request: HttpRequest, visitor: Visitor, before: str | None, kind: str) -> None:
    """Say that a known person is of another kind from now on."""
    if before is None or before == kind:
        return
    told = _("立場を「{kind}」に変えました。いまある予約は、そのままです。")
    name = visitor.policy.intermediary_kinds[IntermediaryKind(kind)]
    messages.success(request, told.format(kind=name))
