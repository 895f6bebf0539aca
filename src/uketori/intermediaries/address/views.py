"""Pages on which a new mail address is entered and proved, inside the session.  D03."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from uketori import clock, japanese
from uketori.intermediaries.address.by_person import (
    AddressInUse,
    asks_again_at,
    latest_change,
    move,
    request_change,
    try_code,
)
from uketori.intermediaries.address.by_staff import move_by_link
from uketori.intermediaries.address.change import ChangeState, FoundChange, find_change
from uketori.intermediaries.address.forms import NewAddressForm
from uketori.intermediaries.address.mail_status import asked_by_change
from uketori.intermediaries.address.obstacles import NotMoved
from uketori.intermediaries.entry.forms import MailCodeForm
from uketori.intermediaries.models import AddressChange
from uketori.intermediaries.proof.act import CodeAnswer
from uketori.intermediaries.session.keeping_forms import (
    begin_with,
    keeps_input,
    kept_by,
    typed_before,
)
from uketori.intermediaries.session.page import code_text, policy_or_404
from uketori.intermediaries.session.visitor import (
    Visitor,
    begin_visit,
    device_digest,
    intermediary_only,
    visitor_of,
)
from uketori.web.personal_page import personal_page

BY_STAFF = {
    ChangeState.FRESH: "intermediaries/address/by_staff_fresh.html",
    ChangeState.EXPIRED: "intermediaries/address/by_staff_expired.html",
}
"""The pages of a link that the staff asked for, where they say something else."""


@intermediary_only
@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Ask for the new address and mail a link there; the answer is the same for every address."""
    posted = request.POST if request.method == "POST" else None
    form = NewAddressForm(posted, current=visitor.address)
    begin_with(form, typed_before(request))
    if posted is not None and form.is_valid():
        change = request_change(
            policy=visitor.policy,
            mail_address=visitor.mail_address,
            new_address=form.cleaned_data["address"],
            actor=visitor.actor,
            at=clock.now(),
        )
        if change is not None:
            return redirect("my_data:address_code", bureau=visitor.policy.code)
        form.add_error("address", _asked_enough(visitor, form.cleaned_data["address"]))
    return render(
        request,
        "intermediaries/address/page.html",
        {"form": form, "visitor_address": visitor.address, **kept_by("address", request)},
        status=422 if form.errors else 200,
    )


@intermediary_only
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Say where the mail went; its code can be typed here."""
    at = clock.now()
    change = latest_change(visitor.mail_address, at)
    if change is None:
        if request.method == "POST":
            messages.warning(request, code_text(CodeAnswer.OVER))
        return redirect("my_data:address", bureau=visitor.policy.code)
    form = MailCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = try_code(
            change=change, typed=form.cleaned_data["code"], policy=visitor.policy, at=at
        )
        if answer is CodeAnswer.RIGHT:
            return _moved(request, visitor, change)
        form.add_error("code", code_text(answer))
    return render(
        request,
        "intermediaries/address/code.html",
        {"form": form, "asked": asked_by_change(change, at)},
        status=422 if form.errors else 200,
    )


@login_not_required
@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, bureau: str, token: str) -> HttpResponse:
    """Show the state of the link with its one button; only POST in the session moves."""
    at = clock.now()
    policy_or_404(bureau, at)
    visitor = visitor_of(request, bureau, at)
    visiting = visitor.mail_address if visitor else None
    found = find_change(bureau=bureau, token=token, visiting=visiting, at=at)
    if request.method != "POST" or found.state is not ChangeState.FRESH:
        return _link_page(request, found)
    if found.change is not None and found.change.claim_id is not None:
        return _moved_by_staff(request, found.change, at)
    if visitor is None or found.change is None:
        return _link_page(request, found)
    return _moved(request, visitor, found.change)


def _moved(request: HttpRequest, visitor: Visitor, change: AddressChange) -> HttpResponse:
    """Move, and go on in the session of the new address."""
    try:
        proof = move(
            change=change,
            policy=visitor.policy,
            device_digest=device_digest(request, create=True),
            actor=visitor.actor,
            at=clock.now(),
        )
    except AddressInUse:
        return render(request, "intermediaries/address/in_use.html", {"change": change}, status=409)
    if proof is None:
        messages.warning(request, _("このリンクと確認コードは、もう使えません。"))
        return redirect("my_data:show", bureau=visitor.policy.code)
    begin_visit(request, proof)
    messages.success(request, _("メールアドレスを変えました。これからは新しいアドレスに送ります。"))
    return redirect("my_data:show", bureau=visitor.policy.code)


def _moved_by_staff(request: HttpRequest, change: AddressChange, at: datetime) -> HttpResponse:
    """Let the person whom the staff moves come here, and enter at the new address."""
    try:
        proof = move_by_link(
            change=change,
            policy=policy_or_404(change.bureau, at),
            device_digest=device_digest(request, create=True),
            at=at,
        )
    except NotMoved:
        return render(request, "intermediaries/address/not_moved.html", {}, status=409)
    if proof is None:
        messages.warning(request, _("このリンクは、もう使えません。"))
        return redirect("entry:start", bureau=change.bureau)
    begin_visit(request, proof)
    messages.success(request, _("メールアドレスを変えました。これからはこのアドレスに送ります。"))
    return redirect("my_data:show", bureau=change.bureau)


def _asked_enough(visitor: Visitor, address: str) -> str:
    """Say from when a mail to this address can be asked for again."""
    at = clock.now()
    again = asks_again_at(visitor.mail_address, address, visitor.policy, at) or at
    told = _("続けて何度も送ったため、いまは送れません。{again}から送れます。")
    return told.format(again=japanese.moment_words(again, visitor.policy.tz))


def _link_page(request: HttpRequest, found: FoundChange) -> HttpResponse:
    is_by_staff = found.change is not None and found.change.claim_id is not None
    template = BY_STAFF.get(found.state, "") if is_by_staff else ""
    return render(
        request,
        template or f"intermediaries/address/{found.state.value}.html",
        {"change": found.change},
        status=404 if found.state is ChangeState.UNKNOWN else 200,
    )
