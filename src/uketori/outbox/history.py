"""What became of the mails about one subject.  R-19."""

from uketori.outbox.models import OutgoingMail


def is_superseded(mail: OutgoingMail) -> bool:
    """Tell whether a mail to the same person tells a later state of the same subject."""
    return OutgoingMail.objects.filter(
        bureau=mail.bureau,
        subject_id=mail.subject_id,
        recipient=mail.recipient,
        revision__gt=mail.revision,
    ).exists()


def last_mail(*, bureau: str, subject_id: str) -> OutgoingMail | None:
    """Return the newest mail about the subject, None if there never was one."""
    return (
        OutgoingMail.objects.filter(bureau=bureau, subject_id=subject_id)
        .order_by("-enqueued_at", "-pk")
        .first()
    )
