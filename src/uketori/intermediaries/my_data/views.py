"""「登録内容」: what is held about me, renewed, given back, taken along.  D03."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from uketori import clock, refusal_texts
from uketori.intermediaries.address.by_staff import changes_for
from uketori.intermediaries.certificates.renewal import (
    ClaimLeft,
    HeldByAnother,
    RenewedTooOften,
    WhyKept,
    give_back,
    renew_certificate,
    why_kept,
)
from uketori.intermediaries.export import export_of
from uketori.intermediaries.holders.views import count_typed
from uketori.intermediaries.hooks import told_of_expiry
from uketori.intermediaries.models import CertificateClaim, ClaimRequest, Intermediary
from uketori.intermediaries.my_data.forms import RenewalForm
from uketori.intermediaries.session.keeping_forms import (
    begin_with,
    keeps_input,
    kept_by,
    typed_before,
)
from uketori.intermediaries.session.visitor import Visitor, intermediary_only
from uketori.rules.policy import CertificateKind
from uketori.rules.refusals import Refusal, Refused


@dataclass(frozen=True)
class Card:
    """One certificate as it is shown."""

    claim: CertificateClaim
    is_newest: bool
    is_expired: bool
    may_be_given_back: bool


@dataclass(frozen=True)
class Holder:
    """One person with every certificate, the newest first."""

    person: Intermediary
    newest: CertificateClaim
    cards: list[Card]


@intermediary_only
@require_safe
def show(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Address, holders with their certificates, what was asked for, and the ways to change them."""
    waiting = ClaimRequest.objects.filter(
        mail_address=visitor.mail_address,
        granted_at=None,
        declined_at=None,
        expires_at__gt=clock.now(),
    )
    return render(
        request,
        "intermediaries/my_data/page.html",
        {
            "holders": holders_of(visitor),
            "waiting": waiting.order_by("pk"),
            "moves": changes_for(visitor.mail_address, clock.now()),
        },
    )


@intermediary_only
@require_safe
def export(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Everything held about the people of this address, as a file."""
    at = clock.now()
    response = JsonResponse(
        export_of(visitor.mail_address, at), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    day = at.astimezone(visitor.policy.tz).date()
    response["Content-Disposition"] = f'attachment; filename="my-data-{day.isoformat()}.json"'
    return response


@intermediary_only
@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
def renewal(request: HttpRequest, visitor: Visitor, claim_id: int) -> HttpResponse:
    """Add a renewed certificate to the same person."""
    claim = own_claim(visitor, claim_id)
    form = RenewalForm(request.POST if request.method == "POST" else None)
    begin_with(form, typed_before(request))
    if request.method == "POST" and form.is_valid() and _renew(form, visitor, claim):
        messages.success(request, _("新しい証明書を登録しました。次の予約から使います。"))
        for text in _told_of_expiry(visitor, claim):
            messages.warning(request, text)
        return redirect("my_data:show", bureau=visitor.policy.code)
    return render(
        request,
        "intermediaries/my_data/renewal.html",
        {"form": form, "claim": claim, **kept_by("renewal", request)},
        status=422 if form.errors else 200,
    )


@intermediary_only
@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: HttpRequest, visitor: Visitor, claim_id: int) -> HttpResponse:
    """Give a claim back, so that a mistyped number keeps no place."""
    if visitor.mail_address.claims.filter(pk=claim_id).exclude(ended_at=None).exists():
        return redirect("my_data:show", bureau=visitor.policy.code)  # pressed twice
    claim = own_claim(visitor, claim_id)
    if request.method == "POST":
        why = give_back(claim=claim, actor=visitor.actor, at=clock.now())
        if why is None:
            messages.success(request, _("この証明書の登録を取りやめました。"))
            return redirect("my_data:show", bureau=visitor.policy.code)
    else:
        why = why_kept(claim)
    return render(
        request,
        "intermediaries/my_data/removal.html",
        {"claim": claim, "why": _why_words(why) if why else ""},
        status=409 if why and request.method == "POST" else 200,
    )


def holders_of(visitor: Visitor) -> list[Holder]:
    """Return the people of this address in the order in which they were entered."""
    everything = visitor.all_claims()
    return [
        Holder(
            person=newest.intermediary,
            newest=newest,
            cards=[
                Card(
                    claim=claim,
                    is_newest=claim.pk == newest.pk,
                    is_expired=claim.expires_on < visitor.today,
                    may_be_given_back=why_kept(claim) is None,
                )
                for claim in reversed(everything)
                if claim.intermediary_id == newest.intermediary_id
            ],
        )
        for newest in visitor.claims()
    ]


def own_claim(visitor: Visitor, claim_id: int) -> CertificateClaim:
    """Return the claim, also one that was renewed since; not yours and not there are the same."""
    for claim in visitor.all_claims():
        if claim.pk == claim_id:
            return claim
    raise Http404


def _renew(form: RenewalForm, visitor: Visitor, claim: CertificateClaim) -> bool:
    """Do it, or let the form say why not."""
    try:
        kind = CertificateKind(claim.certificate.kind)
        count_typed(visitor, kind, form.cleaned_data["number"])
        renew_certificate(
            policy=visitor.policy,
            claim=claim,
            number=form.cleaned_data["number"],
            expires_on=form.cleaned_data["expires_on"],
            actor=visitor.actor,
            at=clock.now(),
        )
    except Refused as refused:
        for reason in refused.reasons:
            field = "expires_on" if reason.code is Refusal.CERTIFICATE_EXPIRED else "number"
            form.add_refusal(field, refusal_texts.refusal_text(reason, visitor.policy), reason.code)
    except HeldByAnother:
        form.add_error("number", _("この番号は、ほかの方の証明書として登録されています。"))
    except ClaimLeft:
        form.add_error(
            "number",
            _(
                "この方の登録は、ほかの画面か窓口で変わりました。"
                "この証明書を、ここから更新することはできません。"
            ),
        )
    except RenewedTooOften:
        form.add_error("number", _("続けて何度も登録したため、いまは登録できません。"))
    return not form.errors


def _told_of_expiry(visitor: Visitor, claim: CertificateClaim) -> list[str]:
    """Return what to say of visits after the last day of what this person books with now."""
    newest = [one for one in visitor.claims() if one.intermediary_id == claim.intermediary_id]
    return [text for one in newest for text in told_of_expiry(one, clock.now())]


def _why_words(why: WhyKept) -> str:
    return {
        WhyKept.PROVED: _("窓口で確認された証明書のため、取りやめられません。"),
        WhyKept.BOOKED: _("この証明書で予約したことがあるため、取りやめられません。"),
        WhyKept.RENEWED: _("新しい証明書に引きつがれているため、取りやめられません。"),
        WhyKept.LEFT: _("ほかのメールアドレスに移ったため、ここからは取りやめられません。"),
    }[why]
