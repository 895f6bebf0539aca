"""The .ics of a reservation: day, hour and place, without application numbers.  R-36.

One UID for the whole life of a reservation, and a sequence that grows with it (RFC 5546): opened
again, the file moves the entry of an exchanged hour, and takes away that of a cancelled one.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from uketori.reservations.confirmation.words import Confirmation
from uketori.reservations.models import Reservation


def calendar_entry(reservation: Reservation, words: Confirmation, at: datetime) -> bytes:
    """Return the entry in UTC, with a stable UID, so that opening it twice makes one entry."""
    policy = words.policy
    is_cancelled = reservation.cancelled_at is not None
    summary = _("受け取り（{bureau}）　予約番号 {reference}")
    if is_cancelled:
        summary = _("【取消し】受け取り（{bureau}）　予約番号 {reference}")
    event = Event()
    event.add("uid", f"{reservation.reference}@{policy.mail_domain.lstrip('@')}")
    event.add("sequence", reservation.revision)
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("organizer", f"mailto:{policy.mail_from}")
    event.add("dtstamp", at)
    event.add("dtstart", reservation.starts_at)
    event.add("dtend", reservation.starts_at + timedelta(minutes=policy.slot_minutes))
    event.add(
        "summary",
        summary.format(bureau=policy.bureau_name, reference=reservation.reference),
    )
    event.add("location", f"{policy.bureau_name} {policy.counter}")
    page = reverse(
        "reservations:show",
        kwargs={"bureau": reservation.bureau, "reference": reservation.reference},
    )
    event.add("url", f"{settings.SITE_URL}{page}")
    event.add("description", _description(words, is_cancelled=is_cancelled))
    calendar = Calendar()
    calendar.add("prodid", "-//Uketori//JA")
    calendar.add("version", "2.0")
    calendar.add("method", method_of(reservation))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def method_of(reservation: Reservation) -> str:
    """Return what the file asks of a calendar: to take the entry in, or away."""
    return "PUBLISH" if reservation.cancelled_at is None else "CANCEL"


def _description(words: Confirmation, *, is_cancelled: bool) -> str:
    lines = [
        _("{count}件").format(count=words.count),
        _("変更・キャンセルの期限：{deadline}まで").format(deadline=words.deadline),
    ]
    if is_cancelled:
        lines = [_("この予約は取り消されています。窓口では使えません。")]
    if not settings.OFFICIAL:
        lines.append(_("これは公式のサービスではありません（開発中の見本）。"))
    return "\n".join(lines)
