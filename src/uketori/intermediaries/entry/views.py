"""The entry: an address, a mail, one POST.  利用案内 2, R-15 … R-18, D04."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from uketori import clock
from uketori.intermediaries.entry.forms import EntryForm, MailCodeForm
from uketori.intermediaries.entry.mail_status import asked_by_proof, asked_too_often
from uketori.intermediaries.models import CertificateClaim, MailProof
from uketori.intermediaries.proof import act, limits, tokens
from uketori.intermediaries.proof.act import CodeAnswer, LinkState
from uketori.intermediaries.session.not_done import KEPT_WORDS, undone_by
from uketori.intermediaries.session.page import code_text, policy_or_404
from uketori.intermediaries.session.visitor import (
    begin_visit,
    device_digest,
    end_visit,
    touch,
    visitor_of,
)
from uketori.rules.policy import BureauPolicy
from uketori.web.errors import too_many
from uketori.web.networks import network_of
from uketori.web.personal_page import own_page, personal_page

NETWORK_WINDOW = timedelta(hours=1)
ASKED_KEY = "asked"
NEXT_KEY = "next"


@login_not_required
@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, bureau: str) -> HttpResponse:
    """Ask for the address and send the link; the answer is the same for every address."""
    at = clock.now()
    policy = policy_or_404(bureau, at)
    if request.method != "POST":
        if visitor_of(request, bureau, at) is not None:
            return redirect(_next_page(request, bureau, request.GET.get("next", "")))
        form = EntryForm()
        return render(request, "intermediaries/entry/page.html", _entry_context(request, form))
    form = EntryForm(request.POST)
    if not form.is_valid():
        return render(
            request, "intermediaries/entry/page.html", _entry_context(request, form), status=422
        )
    if not _network_within_limit(request, policy, at):
        return too_many(request, again_at=limits.opens_again_at(NETWORK_WINDOW, at))
    address = form.cleaned_data["address"]
    proof = act.request_proof(policy=policy, address=address, at=at)
    device_digest(request, create=True)
    request.session[ASKED_KEY] = {
        "bureau": bureau,
        "address": address,
        "proof": proof.pk if proof else None,
    }
    if next_page := own_page(request.POST.get("next", ""), bureau):
        request.session[NEXT_KEY] = next_page
    return redirect("entry:sent", bureau=bureau)


@login_not_required
@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def sent(request: HttpRequest, bureau: str) -> HttpResponse:
    """Say what was sent and until when it works; the six digits can be typed here."""
    at = clock.now()
    policy = policy_or_404(bureau, at)
    asked = request.session.get(ASKED_KEY)
    if not asked or asked["bureau"] != bureau:
        return redirect("entry:start", bureau=bureau)
    proof = MailProof.objects.filter(pk=asked["proof"], bureau=bureau).first()
    if proof is None and asked["proof"] is not None:
        return redirect("entry:start", bureau=bureau)  # forgotten since
    form = MailCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if proof is not None and _code_is_right(form, proof, policy, at):
            digest = device_digest(request, create=True)
            if act.spend(proof=proof, device_digest=digest, at=at):
                return _enter(request, proof)
            form.add_error("code", code_text(CodeAnswer.OVER))
        elif proof is None:
            form.add_error("code", code_text(CodeAnswer.OVER))
    told = asked_by_proof(proof, at) if proof else asked_too_often(policy, asked["address"], at)
    context = {"form": form, "asked": told}
    return render(
        request, "intermediaries/entry/sent.html", context, status=422 if form.errors else 200
    )


@login_not_required
@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, bureau: str, token: str) -> HttpResponse:
    """Show the state of a link with its one button; only POST uses it up."""
    at = clock.now()
    policy_or_404(bureau, at)
    if request.method != "POST":
        found = act.find_link(
            bureau=bureau, token=token, device_digest=device_digest(request), at=at
        )
        return _link_page(request, found, at)
    digest = device_digest(request, create=True)
    found = act.find_link(bureau=bureau, token=token, device_digest=digest, at=at)
    if (
        found.proof is not None
        and found.state is LinkState.FRESH
        and act.spend(proof=found.proof, device_digest=digest, at=at)
    ):
        return _enter(request, found.proof)
    found = act.find_link(bureau=bureau, token=token, device_digest=digest, at=at)
    if found.state is LinkState.SPENT_HERE and visitor_of(request, bureau, at):
        return redirect("reservations:list", bureau=bureau)
    return _link_page(request, found, at)


@login_not_required
@require_POST
def logout(request: HttpRequest, bureau: str) -> HttpResponse:
    """End the visit in this browser and on the server."""
    at = clock.now()
    policy_or_404(bureau, at)
    end_visit(request, bureau, at)
    messages.success(request, _("ログアウトしました。保存した下書きは残っています。"))
    return redirect("bureaus:top", bureau=bureau)


@login_not_required
@require_POST
def extend(request: HttpRequest, bureau: str) -> HttpResponse:
    """Move the end of the session; nothing of the page it was asked from is lost."""
    at = clock.now()
    policy_or_404(bureau, at)
    visitor = visitor_of(request, bureau, at)
    if visitor is None:
        response = redirect("entry:start", bureau=bureau)
        back = {"next": _next_page(request, bureau, request.POST.get("next", "")), "ended": "1"}
        response["Location"] += f"?{urlencode(back)}"
        return response
    touch(visitor, at)
    return redirect(_next_page(request, bureau, request.POST.get("next", "")))


def _entry_context(request: HttpRequest, form: EntryForm) -> dict[str, object]:
    return {
        "form": form,
        "next": request.POST.get("next", request.GET.get("next", "")),
        "ended": request.GET.get("ended") == "1",
        "undone": _undone_words(request),
    }


def _undone_words(request: HttpRequest) -> str:
    """Say of a form that came after the session's end that it was not acted upon."""
    name = request.GET.get("undone", "")
    if not name:
        return ""
    kept = KEPT_WORDS.get(request.GET.get("kept", ""), "")
    return f"{undone_by(name).text}{kept}"


def _link_page(request: HttpRequest, found: act.FoundLink, at: datetime) -> HttpResponse:
    return render(
        request,
        f"intermediaries/entry/link_{found.state.value}.html",
        {
            "proof": found.proof,
            "visiting": found.proof is not None
            and visitor_of(request, found.proof.bureau, at) is not None,
        },
        status=404 if found.state is LinkState.UNKNOWN else 200,
    )


def _code_is_right(
    form: MailCodeForm, proof: MailProof, policy: BureauPolicy, at: datetime
) -> bool:
    answer = act.try_code(proof=proof, typed=form.cleaned_data["code"], policy=policy, at=at)
    if answer is CodeAnswer.RIGHT:
        return True
    form.add_error("code", code_text(answer))
    return False


def _enter(request: HttpRequest, proof: MailProof) -> HttpResponse:
    next_page = request.session.pop(NEXT_KEY, "")
    request.session.pop(ASKED_KEY, None)
    begin_visit(request, proof)
    known = CertificateClaim.objects.filter(
        mail_address__address=proof.address, mail_address__bureau=proof.bureau
    )  # also ended ones: something may be booked with them
    if not next_page and not known.exists():
        return redirect("holders:new", bureau=proof.bureau)
    return redirect(_next_page(request, proof.bureau, next_page))


def _next_page(request: HttpRequest, bureau: str, wanted: str) -> str:
    """Return the page to go on with: an own one of this bureau, or the list of reservations."""
    return own_page(wanted, bureau) or f"/{bureau}/reservations/"


def _network_within_limit(request: HttpRequest, policy: BureauPolicy, at: datetime) -> bool:
    return limits.within_limit(
        identity=tokens.keyed_digest("limit network", f"{policy.code} {network_of(request)}"),
        act="mail",
        limit=policy.max_mails_per_network_an_hour,
        window=NETWORK_WINDOW,
        at=at,
    )
