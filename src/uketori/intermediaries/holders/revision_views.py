"""The page on which a person's own data are revised.  D03, D05."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from uketori import clock, refusal_texts
from uketori.intermediaries.holders.act import revise_holder
from uketori.intermediaries.holders.forms import RevisionForm, needs_organisation
from uketori.intermediaries.holders.people import is_known
from uketori.intermediaries.holders.views import (
    add_refusals,
    go_on,
    next_page,
    person_of,
    tell_other_kind,
)
from uketori.intermediaries.hooks import told_of_expiry
from uketori.intermediaries.models import CertificateClaim
from uketori.intermediaries.session.keeping_forms import (
    begin_with,
    keeps_input,
    kept_by,
    typed_before,
)
from uketori.intermediaries.session.visitor import Visitor, intermediary_only
from uketori.rules.eligibility import kinds_with
from uketori.rules.policy import CertificateKind, IntermediaryKind
from uketori.rules.refusals import Reason, Refusal, Refused


@intermediary_only
@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: HttpRequest, visitor: Visitor, claim_id: int) -> HttpResponse:
    """Revise name, organisation, telephone or expiry of one's own holder."""
    claim = _own_claim(visitor, claim_id)
    before = claim.intermediary.kind
    form = _revision_form(request, visitor, claim)
    if request.method == "POST" and form.is_valid():
        try:
            revise_holder(
                policy=visitor.policy,
                claim=claim,
                person=person_of(form.cleaned_data),
                expires_on=form.cleaned_data["expires_on"],
                actor=visitor.actor,
                at=clock.now(),
                kind=_kind_of(form),
            )
        except Refused as refused:
            add_refusals(form, refused.reasons, visitor)
        else:
            messages.success(request, _("受け取りに来る方の情報を保存しました。"))
            tell_other_kind(request, visitor, before, form.cleaned_data.get("kind") or before)
            return _after_revising(request, visitor, claim, form.cleaned_data["expires_on"])
    return render(
        request,
        "intermediaries/holders/revise.html",
        {
            "form": form,
            "claim": claim,
            "kind_stays": refusal_texts.refusal_text(Reason(Refusal.KIND_PROVED), visitor.policy)
            if is_known(claim.intermediary)
            else "",
            "next": next_page(request, visitor),
            "told": told_of_expiry(claim, clock.now()),
            **kept_by("holder", request),
        },
        status=422 if form.errors else 200,
    )


def _revision_form(request: HttpRequest, visitor: Visitor, claim: CertificateClaim) -> RevisionForm:
    """Ask for what is known; for the kind until it was seen, or where the page had asked."""
    person = claim.intermediary
    is_asked = not is_known(person) or "kind" in request.POST
    certificate = CertificateKind(claim.certificate.kind)
    form = RevisionForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(claim),
        kinds=kinds_with(certificate, visitor.policy) if is_asked else {},
    )
    begin_with(form, typed_before(request))
    if needs_organisation(person.kind):
        form.fields["organisation"].required = True
        form.fields["organisation"].error_messages["required"] = _("所属を入力してください。")
    return form


def _kind_of(form: RevisionForm) -> IntermediaryKind | None:
    chosen = form.cleaned_data.get("kind")
    return IntermediaryKind(chosen) if chosen else None


def _after_revising(
    request: HttpRequest, visitor: Visitor, claim: CertificateClaim, expires_on: date
) -> HttpResponse:
    """Go on; or stay, once, where the new last day comes before what is booked, to be told."""
    is_new = expires_on != claim.expires_on
    claim.expires_on = expires_on
    if not is_new or not told_of_expiry(claim, clock.now()):
        return go_on(request, visitor, claim)
    here = redirect("holders:revise", bureau=visitor.policy.code, claim_id=claim.pk)
    if wanted := next_page(request, visitor):
        here["Location"] += f"?{urlencode({'next': wanted})}"
    return here


def _own_claim(visitor: Visitor, claim_id: int) -> CertificateClaim:
    """Return the claim; not yours and not there are the same."""
    for claim in visitor.claims():
        if claim.pk == claim_id:
            return claim
    raise Http404


def _initial(claim: CertificateClaim) -> dict[str, Any]:
    person = claim.intermediary
    return {
        "kind": person.kind,
        "name": person.name,
        "name_kana": person.name_kana,
        "organisation": person.organisation,
        "phone": person.phone,
        "expires_on": claim.expires_on,
    }
