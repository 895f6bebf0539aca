"""Pages of a draft: ①②③ on one page, then ④.  利用案内 3, D12, D13."""

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from uketori import clock, refusal_texts
from uketori.bureaus.availability import availability
from uketori.bureaus.guide_handover import carried, put_down
from uketori.bureaus.notice import clauses_of, notice_at
from uketori.bureaus.number_fields import tell_left_out
from uketori.intermediaries.models import CertificateClaim
from uketori.intermediaries.session.visitor import Visitor, intermediary_only, rescued_by, touch
from uketori.reservations.booking.checking import judge_page
from uketori.reservations.booking.draft_words import DraftWords, draft_words
from uketori.reservations.booking.drafts import drafts_for, find_draft, save_draft
from uketori.reservations.booking.page import BLANK_ROWS, BookingPage, booking_page
from uketori.reservations.booking.who_comes import (
    Named,
    address_of,
    ask_who_comes,
    holder_of,
    named_by,
)
from uketori.reservations.cases.rows import after_button, with_pasted
from uketori.reservations.cases.typed import DraftContent, DraftRow
from uketori.reservations.held import held_by
from uketori.reservations.models import Draft
from uketori.reservations.visits.suspended_words import suspended_words_of
from uketori.rules.drafts import MOST_DRAFTS, MOST_RESCUED
from uketori.rules.refusals import Reason, Refusal, Refused
from uketori.web.form_problems import Problem

INSTEAD = re.compile(r"instead-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
"""The button that throws away another draft, to save this one in its place."""


@intermediary_only
@require_safe
def new(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Lead to an empty draft under a fresh key; nothing is written before something is sent."""
    claims = visitor.claims()
    if not claims:
        return redirect("holders:new", bureau=visitor.policy.code)
    wanted = request.GET.get("holder", "")
    chosen = [claim for claim in claims if str(claim.pk) == wanted]
    if not chosen and len(claims) > 1:
        return redirect("holders:choose", bureau=visitor.policy.code)
    claim = (chosen or claims)[0]
    address = reverse("reservations:draft", kwargs={"bureau": visitor.policy.code, "key": uuid4()})
    return redirect(f"{address}?holder={claim.pk}")


def rescue(request: HttpRequest, visitor: Visitor, key: UUID) -> str:
    """Save what was sent after the session's end; the person finds it after proving the address."""
    content = DraftContent.from_post(request.POST)
    content = with_pasted(content, None, visitor.policy).content
    if content.is_too_large:
        return ""
    named = named_by(request.POST.get("holder", ""), visitor)
    try:
        saved = _save(visitor, key, named, content, clock.now(), most=MOST_RESCUED)
    except Refused:
        return ""
    return address_of(saved) if saved else ""


@intermediary_only
@rescued_by(rescue)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, visitor: Visitor, key: UUID) -> HttpResponse:
    """The booking page; every POST saves first, then does what its button says."""
    if request.method == "POST":
        return _save_and_go_on(request, visitor, key)
    found = find_draft(visitor.mail_address, key)
    claim = holder_of(found, request.GET.get("holder", ""), visitor)
    if claim is None:
        return ask_who_comes(visitor, found)
    content = DraftContent.from_json(found.content) if found else _fresh(request, visitor, claim)
    return _page(request, visitor, key, claim, content, check="check" in request.GET)


@intermediary_only
@require_POST
def delete(request: HttpRequest, visitor: Visitor, key: UUID) -> HttpResponse:
    """Throw a draft away."""
    visitor.mail_address.drafts.filter(key=key).delete()
    messages.success(request, _("下書きを消しました。"))
    return redirect("reservations:list", bureau=visitor.policy.code)


def _save_and_go_on(request: HttpRequest, visitor: Visitor, key: UUID) -> HttpResponse:
    at = clock.now()
    touch(visitor, at)
    named = named_by(request.POST.get("holder", ""), visitor)
    if not named.is_known_here:
        raise Http404
    content = DraftContent.from_post(request.POST)
    act = request.POST.get("do", "keep")
    content, remark = _after(act, request, visitor, content)
    if named.claim is None:
        return _save_and_ask(request, visitor, key, named, content)
    claim = named.claim
    if remark:
        return _page(request, visitor, key, claim, content, remark=remark)
    if content.is_too_large:
        return _page(request, visitor, key, claim, content, check=True)
    try:
        with transaction.atomic():  # thrown away only if the other one is saved for it
            if instead := INSTEAD.fullmatch(act):
                theirs = visitor.mail_address.drafts.filter(
                    claim__intermediary=claim.intermediary_id
                )
                theirs.filter(key=instead[1]).delete()
            saved = _save(visitor, key, named, content, at)
    except Refused as refused:
        return _page(request, visitor, key, claim, content, refused=refused.reasons)
    if saved is None:
        raise Http404
    put_down(request)
    return _next(request, visitor, saved, content, act)


def _after(
    act: str, request: HttpRequest, visitor: Visitor, content: DraftContent
) -> tuple[DraftContent, str]:
    """Return the content after the button, and a sentence if what was pasted cannot be read."""
    upload = request.FILES.get("csv")
    content = after_button(act, content)
    if act != "add-paste" and not content.paste.strip() and not upload:
        return content, ""
    taken = with_pasted(content, upload, visitor.policy)
    tell_left_out(request, taken.left_out)
    return taken.content, taken.remark


def _save_and_ask(
    request: HttpRequest, visitor: Visitor, key: UUID, named: Named, content: DraftContent
) -> HttpResponse:
    """Save what was typed for somebody who does not come under this address any more."""
    saved = None
    try:
        if not content.is_too_large:
            saved = _save(visitor, key, named, content, clock.now(), most=MOST_RESCUED)
    except Refused as refused:
        messages.warning(request, refusal_texts.refusal_text(refused.reasons[0], visitor.policy))
        return redirect("reservations:list", bureau=visitor.policy.code)
    if saved is None:
        raise Http404
    messages.warning(
        request,
        _(
            "受け取りに来る方の登録が、ほかの画面で変わりました。"
            "入力した内容は、下書きに保存してあります。"
        ),
    )
    return ask_who_comes(visitor, saved)


def _save(
    visitor: Visitor,
    key: UUID,
    named: Named,
    content: DraftContent,
    at: datetime,
    most: int = MOST_DRAFTS,
) -> Draft | None:
    """Save under the key, or under a new one where the draft went away with its person."""
    saved = None
    for under in (key, uuid4()):
        saved = save_draft(
            mail_address=visitor.mail_address,
            key=under,
            claim=named.claim,
            content=content,
            at=at,
            most=most,
        )
        if saved or named.claim or not named.is_known_here:
            break
    return saved


def _next(
    request: HttpRequest, visitor: Visitor, saved: Draft, content: DraftContent, act: str
) -> HttpResponse:
    address = address_of(saved)
    if act == "proceed":
        return redirect("reservations:confirm", bureau=visitor.policy.code, key=saved.key)
    if act == "keep" or INSTEAD.fullmatch(act):
        messages.success(request, _("入力を保存しました。あとから続きを入力できます。"))
        return redirect(address)
    if act == "add-row":
        return redirect(f"{address}#number-{len(content.filled().rows) + 1}")
    return redirect(f"{address}#cases")


def _fresh(request: HttpRequest, visitor: Visitor, claim: CertificateClaim) -> DraftContent:
    """Return an empty draft; what the guide found out of one application is in its first row."""
    told = carried(request, visitor.policy.code)
    asked = DraftRow(type=told.type, category=told.category_for(claim.intermediary.kind))
    return DraftContent(rows=(asked, *[DraftRow()] * (BLANK_ROWS - 1)))


def _page(
    request: HttpRequest,
    visitor: Visitor,
    key: UUID,
    claim: CertificateClaim,
    content: DraftContent,
    *,
    check: bool = False,
    remark: str = "",
    refused: Sequence[Reason] = (),
) -> HttpResponse:
    at = clock.now()
    free = availability(visitor.policy.code, at)
    held = held_by(claim.intermediary_id, at.astimezone(visitor.policy.tz).date())
    judged = judge_page(content, claim, held, free)
    reasons = [*(judged.refusals if check else _early(judged.refusals)), *judged.warnings]
    page = booking_page(content=content, claim=claim, free=free, held=held, reasons=reasons)
    clauses = clauses_of(notice_at(visitor.policy.code, at), 3, 4)
    told = [
        Problem("full", refusal_texts.refusal_text(one, visitor.policy), one.code)
        for one in refused
    ]
    problems = [*told, *_problems(page, remark, check=check)]
    return render(
        request,
        "reservations/booking/draft.html",
        {
            "key": key,
            "claim": claim,
            "keep_form": "booking",
            "page": page,
            "paste": content.paste,
            "is_from_guide": bool(content.filled().rows)
            and content == _fresh(request, visitor, claim),
            "paste_remark": remark,
            "reentry_for_all": content.reentry_for_all,
            "clauses": clauses,
            "step": _step(content),
            "suspended": suspended_words_of(claim.intermediary_id, visitor.today),
            "problems": problems,
            "full": _full(visitor, claim) if refused else [],
        },
        status=422 if problems else 200,
    )


def _full(visitor: Visitor, claim: CertificateClaim) -> list[DraftWords]:
    """Return the drafts of which one has to go first, the one untouched the longest first."""
    kept = reversed(drafts_for(visitor.mail_address, claim))
    return [draft_words(one, visitor.policy) for one in kept]


def _problems(page: BookingPage, remark: str, *, check: bool) -> list[Problem]:
    """Return the lines of the summary: what the button found wrong, or all when going on."""
    found = page.problems if check else []
    return [Problem("paste", remark), *found] if remark else found


def _early(refusals: list[Reason]) -> list[Reason]:
    """What is told before anybody asked to go on.

    That is what nothing here mends, wrong numbers, and an hour without room for them.
    """
    early = {
        Refusal.SLOT_FULL,
        Refusal.SLOT_STOPPED,
        Refusal.TOO_FEW_CASES_LEFT,
        Refusal.CERTIFICATE_SHOWN_BY_ANOTHER,
        Refusal.NUMBER_REPEATED,
        Refusal.NUMBER_FORBIDDEN_CHARACTERS,
        Refusal.NUMBER_TOO_LONG,
        Refusal.NUMBER_IN_OTHER_RESERVATION,
        Refusal.TOO_MANY_CASES,
    }
    return [reason for reason in refusals if reason.code in early]


def _step(content: DraftContent) -> int:
    """Return the step at which the person is: ③ once a day and hour are chosen."""
    return 3 if content.slot else 1
