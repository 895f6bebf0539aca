"""How the mail is doing, and the mails about one reservation, as staff see them.  R-19, b.10."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from uketori import japanese
from uketori.counter.lookup.openings import record_opening
from uketori.counter.lookup.reservation import find_reservation
from uketori.counter.mail.again import TO_BE_SENT_AGAIN, send_mail_again
from uketori.counter.mail.unreached import (
    MOST_UNREACHED,
    mails_of_reservations,
    other_lines,
    other_mails,
    reservation_lines,
)
from uketori.counter.telephone.page import head_of
from uketori.outbox.delivery import Delivery, delivery_of
from uketori.outbox.history import mails_about
from uketori.outbox.models import OutgoingMail
from uketori.outbox.statistics import figures
from uketori.reservations.mails.history import became_words, event_words
from uketori.rules.permissions import Act
from uketori.staff.access import Staff, staff_only
from uketori.staff.form_pages import sent_from
from uketori.staff.kept_posts import searched
from uketori.web.paging import page_of

SHAPES = {
    Delivery.WAITING: "waiting",
    Delivery.SENT: "done",
    Delivery.DELAYED: "late",
    Delivery.REFUSED: "over",
    Delivery.DROPPED: "closed",
    Delivery.SUPERSEDED: "closed",
}


@dataclass(frozen=True)
class Attempt:
    """One attempt that failed."""

    moment: str
    error: str


@dataclass(frozen=True)
class MailLine:
    """One mail about a reservation, whole: staff write to the address on record."""

    pk: int
    what: str
    address: str
    written: str
    became: str
    shape: str
    attempts: list[Attempt]
    can_be_sent_again: bool


@staff_only(Act.SEE_MAILS)
@require_GET
def mails(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Show the queue in numbers, and the people of this bureau who were not reached."""
    now = figures(staff.at)
    unreached = page_of(mails_of_reservations(staff), MOST_UNREACHED, request)
    others = page_of(other_mails(staff), MOST_UNREACHED, request, "others")
    return render(
        request,
        "counter/mail/page.html",
        {
            "nav_current": "counter:calls",
            "typed": searched(request),
            "figures": now,
            "oldest_minutes": int(now.oldest.total_seconds() // 60),
            "domains": list(now.failures_by_domain.items()),
            "unreached": reservation_lines(list(unreached), staff),
            "unreached_leaf": unreached,
            "others": other_lines(list(others), staff),
            "others_leaf": others,
        },
    )


@staff_only(Act.SEE_MAILS)
@require_GET
def about(request: HttpRequest, staff: Staff, reference: str) -> HttpResponse:
    """List every mail about the reservation with its failed attempts."""
    reservation = find_reservation(staff, reference)
    record_opening(staff, reservation)
    found = mails_about(bureau=reservation.bureau, subject_id=reference)
    may_resend = staff.may(Act.RESEND_MAIL)
    return render(
        request,
        "counter/mail/about.html",
        {
            **head_of(reservation, staff),
            "mails": [_line(mail, staff, may_resend=may_resend) for mail in found],
        },
    )


@staff_only(Act.RESEND_MAIL)
@sent_from("counter:mails_about", "reference")
def resending(request: HttpRequest, staff: Staff, reference: str, mail_id: int) -> HttpResponse:
    """Send one of these mails again."""
    reservation = find_reservation(staff, reference)
    mail = mails_about(bureau=reservation.bureau, subject_id=reference).filter(pk=mail_id).first()
    if mail is None or mail.state not in TO_BE_SENT_AGAIN:
        raise Http404
    send_mail_again(reservation=reservation, mail=mail, actor=staff.actor, at=staff.at)
    messages.success(
        request, _("メールをもう一度送ります。届くまで、しばらくかかることがあります。")
    )
    return redirect("counter:mails_about", bureau=staff.policy.code, reference=reference)


def _line(mail: OutgoingMail, staff: Staff, *, may_resend: bool) -> MailLine:
    tz = staff.policy.tz
    delivery = delivery_of(mail, staff.at)
    return MailLine(
        pk=mail.pk,
        what=event_words(mail),
        address=mail.recipient,
        written=japanese.moment_words(mail.enqueued_at, tz),
        became=became_words(mail, delivery, tz),
        shape=SHAPES[delivery],
        attempts=[_attempt(one.at, one.error, tz) for one in mail.failures.all()],
        can_be_sent_again=may_resend and mail.state in TO_BE_SENT_AGAIN,
    )


def _attempt(at: datetime, error: str, tz: tzinfo) -> Attempt:
    return Attempt(japanese.moment_words(at, tz), error)
