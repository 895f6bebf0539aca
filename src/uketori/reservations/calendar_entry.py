"""The .ics of a reservation: day, hour and place, without application numbers.  R-36."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from uketori.reservations.confirmation import Confirmation
from uketori.reservations.models import Reservation


def calendar_entry(reservation: Reservation, words: Confirmation, at: datetime) -> bytes:
    """Return the entry in UTC, with a stable UID, so that opening it twice makes one entry."""
    policy = words.policy
    event = Event()
    event.add("uid", f"{reservation.reference}@{policy.mail_domain.lstrip('@')}")
    event.add("sequence", reservation.revision)
    event.add("dtstamp", at)
    event.add("dtstart", reservation.starts_at)
    event.add("dtend", reservation.starts_at + timedelta(minutes=policy.slot_minutes))
    event.add(
        "summary",
        _("受け取り（{bureau}）　予約番号 {reference}").format(
            bureau=policy.bureau_name, reference=reservation.reference
        ),
    )
    event.add("location", f"{policy.bureau_name} {policy.counter}")
    page = reverse(
        "reservations:show",
        kwargs={"bureau": reservation.bureau, "reference": reservation.reference},
    )
    event.add("url", f"{settings.SITE_URL}{page}")
    event.add("description", _description(words))
    calendar = Calendar()
    calendar.add("prodid", "-//Uketori//JA")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _description(words: Confirmation) -> str:
    lines = [
        _("{count}件").format(count=words.count),
        _("変更・キャンセルの期限：{deadline}まで").format(deadline=words.deadline),
    ]
    if not settings.OFFICIAL:
        lines.append(_("これは公式のサービスではありません（開発中の見本）。"))
    return "\n".join(lines)
