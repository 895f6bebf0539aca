"""What became of the mails about one subject.  R-19."""

from uketori.outbox.models import OutgoingMail


def last_mail(*, bureau: str, subject_id: str) -> OutgoingMail | None:
    """Return the newest mail about the subject, None if there never was one."""
    return (
        OutgoingMail.objects.filter(bureau=bureau, subject_id=subject_id)
        .order_by("-enqueued_at", "-pk")
        .first()
    )
