"""What became of the mails about one subject, and forgetting them with it.  R-19, D23."""

from collections.abc import Collection
from typing import Any

from django.db.models import Prefetch, QuerySet, TextField
from django.db.models.functions import Cast

from uketori.outbox.models import FailedAttempt, OutgoingMail


def is_superseded(mail: OutgoingMail) -> bool:
    """Tell whether a mail to the same person tells a later state of the same subject."""
    return OutgoingMail.objects.filter(
        bureau=mail.bureau,
        subject_id=mail.subject_id,
        recipient=mail.recipient,
        revision__gt=mail.revision,
    ).exists()


def mails_about(*, bureau: str, subject_id: str) -> QuerySet[OutgoingMail]:
    """Return all mails about the subject, the newest first, with their failed attempts."""
    return (
        OutgoingMail.objects.filter(bureau=bureau, subject_id=subject_id)
        .prefetch_related(Prefetch("failures", FailedAttempt.objects.order_by("at")))
        .order_by("-enqueued_at", "-pk")
    )


def mails_of(
    *, bureau: str, events: Collection[str], subjects: Collection[object]
) -> list[OutgoingMail]:
    """Return the mails of these events about these subjects, the newest first."""
    found = OutgoingMail.objects.filter(
        bureau=bureau, event__in=events, subject_id__in=[str(one) for one in subjects]
    )
    return list(found.order_by("-enqueued_at", "-pk"))


def forget_mails(*, events: Collection[str], about: QuerySet[Any]) -> None:
    """Delete the mails of these events about these rows: they hold addresses as the rows do.

    ``about`` goes into the statement as it stands, so it must still find the rows.
    """
    keys = about.order_by().annotate(key=Cast("pk", TextField())).values("key")
    OutgoingMail.objects.filter(event__in=events, subject_id__in=keys).delete()
