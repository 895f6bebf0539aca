"""The mails about a suspension and its end.  利用案内 6(4), R-41, D24.

The row of a suspension comes with the standing desk; until then the mail carries its days and
grounds, which are codes and dates.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from uketori import japanese
from uketori.bureaus.policies import policy_in_force
from uketori.intermediaries.models import Intermediary, MailAddress
from uketori.intermediaries.rendering import rendered
from uketori.outbox.enqueue import enqueue
from uketori.outbox.models import MailState, OutgoingMail
from uketori.outbox.registry import Rendered, renderer
from uketori.rules.policy import BureauPolicy

SUSPENDED_EVENT = "suspended"
SUSPENSION_ENDED_EVENT = "suspension_ended"


class Ground(StrEnum):
    """What a suspension is decided on, as the notice names it.  6(4), D14."""

    NO_SHOW = "no_show"
    ABSENT = "absent"
    LATE_CANCELLATION = "late_cancellation"
    LATE_CHANGE = "late_change"
    OTHER = "other"


GROUND_WORDS = {
    Ground.NO_SHOW: _("予約した日に、お越しになりませんでした。"),
    Ground.ABSENT: _("お呼びしたときに、いらっしゃいませんでした。"),
    Ground.LATE_CANCELLATION: _("期限のあとのキャンセルが、たびたびありました。"),
    Ground.LATE_CHANGE: _("期限のあとの変更が、たびたびありました。"),
    Ground.OTHER: _("予約システムの運用に支障がありました。"),
}


def tell_suspended(
    *,
    intermediary: Intermediary,
    policy: BureauPolicy,
    first_day: date,
    last_day: date,
    grounds: Collection[Ground],
    at: datetime,
) -> list[OutgoingMail]:
    """Tell every address that speaks for the person; nothing leaves once the last day is over."""
    facts = {
        "first_day": first_day.isoformat(),
        "last_day": last_day.isoformat(),
        "grounds": [ground.value for ground in Ground if ground in grounds],
    }
    over = datetime.combine(last_day + timedelta(days=1), time(), policy.tz)
    return _tell(intermediary, policy, SUSPENDED_EVENT, facts, at, over)


def tell_suspension_ended(
    *, intermediary: Intermediary, policy: BureauPolicy, is_lifted: bool, at: datetime
) -> list[OutgoingMail]:
    """Tell that the person may book again: lifted by staff, or over by itself."""
    facts = {"is_lifted": is_lifted}
    return _tell(intermediary, policy, SUSPENSION_ENDED_EVENT, facts, at, None)


def follow_to_address(people: Iterable[int], old: MailAddress, new: MailAddress) -> None:
    """Let what waits to be told to these people go where they went."""
    OutgoingMail.objects.filter(
        bureau=old.bureau,
        event__in=[SUSPENDED_EVENT, SUSPENSION_ENDED_EVENT],
        subject_id__in=[str(person) for person in people],
        recipient=old.address,
        state=MailState.WAITING,
    ).update(recipient=new.address)


@renderer(SUSPENDED_EVENT)
def suspended(mail: OutgoingMail, at: datetime) -> Rendered:
    """Say from when to when, why, what still stands, and whom to call."""
    grounds = [GROUND_WORDS[Ground(one)] for one in mail.facts["grounds"]]
    context = {
        "first_day": japanese.long_day_words(date.fromisoformat(mail.facts["first_day"])),
        "last_day": japanese.long_day_words(date.fromisoformat(mail.facts["last_day"])),
        "grounds": grounds,
    }
    return _rendered(mail, at, "intermediaries/mail/suspended.txt", context)


@renderer(SUSPENSION_ENDED_EVENT)
def suspension_ended(mail: OutgoingMail, at: datetime) -> Rendered:
    """Say that the person may book again."""
    context = {"is_lifted": mail.facts["is_lifted"]}
    return _rendered(mail, at, "intermediaries/mail/suspension_ended.txt", context)


def _tell(
    intermediary: Intermediary,
    policy: BureauPolicy,
    event: str,
    facts: Mapping[str, object],
    at: datetime,
    not_after: datetime | None,
) -> list[OutgoingMail]:
    claims = intermediary.claims.filter(ended_at=None)
    addresses = claims.values_list("mail_address__address", flat=True).distinct()
    return [
        enqueue(
            bureau=policy.code,
            event=event,
            subject_id=str(intermediary.pk),
            recipient=address,
            at=at,
            not_after=not_after,
            message_domain=policy.mail_domain,
            facts=facts,
        )
        for address in sorted(addresses)
    ]


def _rendered(
    mail: OutgoingMail, at: datetime, template: str, context: Mapping[str, object]
) -> Rendered:
    person = Intermediary.objects.get(pk=int(mail.subject_id))
    entry = reverse("entry:start", kwargs={"bureau": mail.bureau})
    return rendered(
        template,
        policy_in_force(mail.bureau, at),
        {"name": person.name, "entry": f"{settings.SITE_URL}{entry}", **context},
    )
