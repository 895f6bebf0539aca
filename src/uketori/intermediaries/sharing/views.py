"""Pages on which a proved certificate is asked for, and shared.  D03."""

from collections.abc import Sequence
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from uketori import clock
from uketori.intermediaries.holders.forms import HolderForm
from uketori.intermediaries.holders.views import (
    add_refusals,
    count_typed,
    holder_facts,
    holder_page,
)
from uketori.intermediaries.masking import masked
from uketori.intermediaries.request_models import ClaimRequest
from uketori.intermediaries.session.keeping_forms import rescued_at
from uketori.intermediaries.session.page import policy_or_404
from uketori.intermediaries.session.visitor import Visitor, intermediary_only
from uketori.intermediaries.sharing.answering import (
    FoundRequest,
    RequestState,
    decline,
    find_request,
    grant,
)
from uketori.intermediaries.sharing.asking import RequestOutcome, request_claim
from uketori.rules.refusals import Refused
from uketori.web.form_problems import Problem
from uketori.web.personal_page import personal_page


@intermediary_only
@rescued_at("holders:new")
@require_POST
def new(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Ask the address for which the certificate is proved; it is not told which one that is."""
    form = HolderForm(request.POST, policy=visitor.policy)
    if not form.is_valid():
        return holder_page(request, visitor, form)
    holder, number = holder_facts(visitor, form.cleaned_data), form.cleaned_data["number"]
    try:
        count_typed(visitor, holder.certificate_kind, number)
        asked = request_claim(
            policy=visitor.policy,
            mail_address=visitor.mail_address,
            name=form.cleaned_data["name"],
            holder=holder,
            number=number,
            actor=visitor.actor,
            at=clock.now(),
        )
    except Refused as refused:
        add_refusals(form, refused.reasons, visitor)
        return holder_page(request, visitor, form)
    if asked is not RequestOutcome.SENT:
        _say_why_not(request, form, asked)
        return holder_page(request, visitor, form)
    messages.success(
        request,
        _(
            "登録済みのメールアドレスに、確認のメールを送ります。"
            "{minutes}分以内に認められると、このアドレスにお知らせが届きます。"
        ).format(minutes=visitor.policy.link_ttl_minutes),
    )
    return redirect("reservations:list", bureau=visitor.policy.code)


@login_not_required
@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, bureau: str, token: str) -> HttpResponse:
    """Show who asks; only POST answers.  Whoever holds the link holds the mailbox."""
    at = clock.now()
    policy = policy_or_404(bureau, at)
    found = find_request(bureau=bureau, token=token, at=at)
    if request.method != "POST" or found.state is not RequestState.FRESH:
        return _link_page(request, found)
    act = {"grant": grant, "decline": decline}.get(request.POST.get("answer", ""))
    if act is None:
        text = _("「認める」か「認めない」のどちらかを押してください。")
        return _link_page(request, found, problems=[Problem("grant", text)])
    try:
        act(request=cast(ClaimRequest, found.request), policy=policy, at=at)
    except Refused:
        return _link_page(request, found, full=True)
    # the page itself says what became of it, also when another answer was faster
    return redirect("claim_requests:answer", bureau=bureau, token=token)


def _say_why_not(request: HttpRequest, form: HolderForm, asked: RequestOutcome) -> None:
    """Say why nothing was sent: at the number, or above the form where another way is open."""
    if asked is RequestOutcome.NOBODY:
        messages.info(
            request, _("いまは、確認を送らなくても登録できます。もう一度ボタンを押してください。")
        )
    elif asked is RequestOutcome.BOOKED:
        form.add_error(
            "number",
            _(
                "このアドレスでは、この番号で予約したことがあるため、確認を送れません。"
                "証明書をご用意のうえ、お電話でご相談ください。"
            ),
        )
    else:
        form.add_error(
            "number",
            _("続けて申し出があったため、いまは送れません。答えを待つか、お電話でご相談ください。"),
        )


def _link_page(
    request: HttpRequest,
    found: FoundRequest,
    *,
    full: bool = False,
    problems: Sequence[Problem] = (),
) -> HttpResponse:
    row = found.request
    status = 404 if found.state is RequestState.UNKNOWN else 200
    return render(
        request,
        f"intermediaries/sharing/request_{found.state.value}.html",
        {
            "row": row,
            "proved": found.proved,
            "asking": masked(row.mail_address.address) if row else "",
            "full": full,
            "problems": problems,
        },
        status=422 if full or problems else status,
    )
