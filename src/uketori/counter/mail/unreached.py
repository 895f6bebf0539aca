"""The mails that reached nobody, as the staff's page lists them.  R-19, b.10.

Those about a reservation lead to it.  The others (entry, addresses, certificates) have no page to
lead to: they tell staff why somebody on the telephone "never got the mail".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from uketori import japanese
from uketori.intermediaries.address import by_staff, change
from uketori.intermediaries.certificates import claims, settling
from uketori.intermediaries.masking import masked
from uketori.intermediaries.proof import act as proof_act
from uketori.intermediaries.sharing import asking
from uketori.intermediaries.suspension.mails import SUSPENDED_EVENT, SUSPENSION_ENDED_EVENT
from uketori.outbox.models import MailState, OutgoingMail
from uketori.reservations.mails.history import EVENT_WORDS, event_words
from uketori.reservations.models import Reservation
from uketori.staff.access import Staff

UNREACHED_OF = timedelta(days=7)
MOST_UNREACHED = 50
"""Of each kind on one leaf: mistyped addresses must not push the reservations out."""
WORDS_WITHOUT_RESERVATION = {
    proof_act.VERIFICATION_EVENT: _lazy("予約を始めるためのリンク"),
    change.NEW_EVENT: _lazy("新しいアドレスの確かめ"),
    change.CHANGED_EVENT: _lazy("アドレスが変わったお知らせ"),
    by_staff.LINK_EVENT: _lazy("電話で頼まれた、新しいアドレスの確かめ"),
    by_staff.ASKED_EVENT: _lazy("アドレスの変更のお申出があったお知らせ"),
    by_staff.CHANGED_EVENT: _lazy("お申出でアドレスが変わったお知らせ"),
    by_staff.ENTERED_EVENT: _lazy("窓口でアドレスを登録したお知らせ"),
    asking.REQUESTED_EVENT: _lazy("証明書を一緒に使うお願い"),
    asking.GRANTED_EVENT: _lazy("証明書を使えるようになったお知らせ"),
    asking.SHARED_EVENT: _lazy("証明書を一緒に使うことになったお知らせ"),
    asking.DECLINED_EVENT: _lazy("証明書を使えないお知らせ"),
    claims.RIVAL_EVENT: _lazy("同じ証明書の登録があったお知らせ"),
    settling.SETTLED_EVENT: _lazy("証明書の登録を終えたお知らせ"),
    SUSPENDED_EVENT: _lazy("利用停止のお知らせ"),
    SUSPENSION_ENDED_EVENT: _lazy("利用停止を終えたお知らせ"),
}
"""What each mail without a reservation was; a test fails for an event without words."""


@dataclass(frozen=True)
class Unreached:
    """One mail that reached nobody."""

    what: str
    address: str
    why: str
    moment: str
    reservation: Reservation | None = None


def mails_of_reservations(staff: Staff) -> QuerySet[OutgoingMail]:
    """Return the mails about reservations of this bureau that reached nobody, the newest first."""
    return _given_up(staff).filter(event__in=EVENT_WORDS)


def other_mails(staff: Staff) -> QuerySet[OutgoingMail]:
    """Return the mails of this bureau without a reservation that reached nobody."""
    return _given_up(staff).exclude(event__in=EVENT_WORDS)


def reservation_lines(mails: Sequence[OutgoingMail], staff: Staff) -> list[Unreached]:
    """Return these mails as lines that lead to their reservations."""
    rows = Reservation.objects.filter(
        bureau=staff.policy.code, reference__in=[mail.subject_id for mail in mails]
    )
    known = {one.reference: one for one in rows}
    return [
        _line(mail, event_words(mail), staff, known[mail.subject_id])
        for mail in mails
        if mail.subject_id in known
    ]


def other_lines(mails: Sequence[OutgoingMail], staff: Staff) -> list[Unreached]:
    """Return these mails as lines."""
    return [
        _line(mail, str(WORDS_WITHOUT_RESERVATION.get(mail.event, _("お知らせ"))), staff)
        for mail in mails
    ]


def _given_up(staff: Staff) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(
        bureau=staff.policy.code, given_up_at__gt=staff.at - UNREACHED_OF
    ).order_by("-given_up_at", "-pk")


def _line(
    mail: OutgoingMail, what: str, staff: Staff, reservation: Reservation | None = None
) -> Unreached:
    is_dead = mail.state == MailState.DEAD
    return Unreached(
        what=what,
        address=masked(mail.recipient),
        why=_("届かない") if is_dead else _("期限まで送れず"),
        moment=japanese.moment_words(mail.enqueued_at, staff.policy.tz),
        reservation=reservation,
    )
