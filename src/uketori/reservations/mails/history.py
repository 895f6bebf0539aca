"""The mails about a reservation, as its page tells of them: what, where to, what became.  R-19."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from uketori import japanese
from uketori.intermediaries.masking import masked
from uketori.outbox.delivery import Delivery, delivery_of
from uketori.outbox.history import mails_about
from uketori.outbox.models import OutgoingMail
from uketori.reservations.mails.reminders import EVENT_OF
from uketori.reservations.mails.telling import (
    BOOKED_EVENT,
    CANCELLED_BY_BUREAU_EVENT,
    CANCELLED_EVENT,
    CHANGED_EVENT,
    MARK_TAKEN_BACK_EVENT,
    MOVED_BY_BUREAU_EVENT,
    NOT_READY_EVENT,
    NUMBER_UNKNOWN_EVENT,
    RESCHEDULED_EVENT,
    TAKEN_OUT_EVENT,
    CallResult,
)
from uketori.reservations.mails.words import is_off
from uketori.reservations.models import Reservation
from uketori.rules.reminders import Reminder

SHOWN = 10
"""On one leaf; the confirmation can be sent again and again."""
EVENT_WORDS = {
    BOOKED_EVENT: _lazy("予約が決まりました"),
    CHANGED_EVENT: _lazy("予約を変更しました"),
    RESCHEDULED_EVENT: _lazy("時間を変更しました"),
    CANCELLED_EVENT: _lazy("予約を取り消しました"),
    CANCELLED_BY_BUREAU_EVENT: _lazy("当局が予約を取り消しました"),
    MOVED_BY_BUREAU_EVENT: _lazy("当局が予約の時間を変えました"),
    TAKEN_OUT_EVENT: _lazy("当局が案件を除きました"),
    CallResult.CANCELLED.value: _lazy("お電話での取消し"),
    CallResult.CHANGED.value: _lazy("お電話での変更"),
    CallResult.LATE.value: _lazy("お電話での遅れの連絡"),
    NOT_READY_EVENT: _lazy("まだ交付できない案件"),
    NUMBER_UNKNOWN_EVENT: _lazy("番号が分からない案件"),
    MARK_TAKEN_BACK_EVENT: _lazy("案件についてのお知らせの取消し"),
    EVENT_OF[Reminder.FIRST]: _lazy("変更の期限のお知らせ"),
    EVENT_OF[Reminder.SECOND]: _lazy("持ち物のお知らせ"),
}
"""What each mail was, in a few words; a test fails for an event of this app without any."""


@dataclass(frozen=True)
class ToldMail:
    """One line of the list."""

    what: str
    address: str
    delivery: Delivery
    became: str


def mails_of(reservation: Reservation) -> QuerySet[OutgoingMail]:
    """Return the mails about the reservation, the newest first."""
    return mails_about(bureau=reservation.bureau, subject_id=reservation.reference)


def told_mails(
    mails: Sequence[OutgoingMail], *, tz: tzinfo, visitor_address: str, at: datetime
) -> list[ToldMail]:
    """Return these mails in words.

    Another address that speaks for the same person is not shown whole.
    """
    return [_told(mail, visitor_address, tz, at) for mail in mails]


def is_waited_for(reservation: Reservation, at: datetime) -> bool:
    """Tell whether the visit still lies ahead, mail or no mail."""
    ends_at = reservation.starts_at + timedelta(minutes=reservation.made_under.slot_minutes)
    return at < ends_at and not is_off(reservation)


def _told(mail: OutgoingMail, visitor_address: str, tz: tzinfo, at: datetime) -> ToldMail:
    delivery = delivery_of(mail, at)
    is_own = mail.recipient == visitor_address
    return ToldMail(
        what=event_words(mail),
        address=mail.recipient if is_own else masked(mail.recipient),
        delivery=delivery,
        became=became_words(mail, delivery, tz),
    )


def event_words(mail: OutgoingMail) -> str:
    """Say what a mail was, in a few words."""
    return str(EVENT_WORDS.get(mail.event, _("お知らせ")))


def became_words(mail: OutgoingMail, delivery: Delivery, tz: tzinfo) -> str:
    """Say what became of a mail, as one says it to a person."""
    if delivery is Delivery.SENT and mail.sent_at is not None:
        return _("{moment}に送りました。").format(moment=japanese.moment_words(mail.sent_at, tz))
    return {
        Delivery.WAITING: _("送っているところです。"),
        Delivery.DELAYED: _("まだ送れていません。くり返し送っています。"),
        Delivery.REFUSED: _("届きませんでした。アドレスを確かめてください。"),
        Delivery.SUPERSEDED: _(
            "送りませんでした。あとのメールで、新しい内容をお知らせしています。"
        ),
        Delivery.DROPPED: _(
            "送りませんでした。お知らせする時期が過ぎたか、内容が変わったためです。"
        ),
    }[delivery]
