"""The page on which a supervisor moves somebody to another mail address.  D03, R-29."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from uketori.counter.address.act import NotKnown, is_seen_today, move_for
from uketori.counter.address.forms import MoveForm
from uketori.counter.lookup.openings import record_holder_opening
from uketori.counter.lookup.people import claim_at
from uketori.counter.lookup.rivals import rival_lines
from uketori.intermediaries.address.by_staff import pending, withdraw
from uketori.intermediaries.address.obstacles import NotMoved
from uketori.intermediaries.models import AddressChange, CertificateClaim
from uketori.rules.permissions import Act
from uketori.staff.access import Staff, staff_only
from uketori.staff.form_pages import sent_from
from uketori.staff.kept import sent


@staff_only(Act.MOVE_ADDRESS)
@require_http_methods(["GET", "POST"])
def address(request: HttpRequest, staff: Staff, claim_id: int) -> HttpResponse:
    """Ask who it is and where they can be reached; mail the link, or move at once."""
    claim = claim_at(staff, claim_id)
    form = MoveForm(sent(request), current=claim.mail_address.address)
    if request.method == "POST" and form.is_valid():
        change = _moved(staff, claim, form)
        if change is not None:
            messages.success(request, _said(change))
            return redirect("counter:address_for", bureau=staff.policy.code, claim_id=claim_id)
    record_holder_opening(staff, claim)
    return render(
        request,
        "counter/address/page.html",
        {
            "claim": claim,
            "form": form,
            "pending": pending(claim, staff.at),
            "rivals": rival_lines(claim, staff.at.astimezone(staff.policy.tz).date()),
            "is_seen_today": is_seen_today(claim, staff),
            "nav_current": "counter:calls",
        },
        status=422 if request.method == "POST" else 200,
    )


@staff_only(Act.MOVE_ADDRESS)
@sent_from("counter:address_for", "claim_id")
def withdrawal(request: HttpRequest, staff: Staff, claim_id: int) -> HttpResponse:
    """Stop what was asked for on the telephone, since the owner of the old mailbox called."""
    claim = claim_at(staff, claim_id)
    if withdraw(claim=claim, actor=staff.actor, at=staff.at):
        messages.success(request, _("変更を止めました。送ったリンクは、もう使えません。"))
    return redirect("counter:address_for", bureau=staff.policy.code, claim_id=claim_id)


def _moved(staff: Staff, claim: CertificateClaim, form: MoveForm) -> AddressChange | None:
    """Do it, or let the form say why not."""
    try:
        return move_for(staff=staff, claim=claim, wanted=form.wanted())
    except NotKnown as refused:
        form.add_unknown(refused.why)
    except NotMoved as refused:
        form.add_why(refused.why, most=staff.policy.max_certificates_per_address)
    return None


def _said(change: AddressChange) -> str:
    if change.spent_at is not None:
        return _("メールアドレスを変えました。新しいアドレスと元のアドレスに、お知らせを送ります。")
    return _(
        "新しいアドレスに確認のメールを送り、元のアドレスにもお知らせします。リンクが開かれたときに変わります。"
    )
