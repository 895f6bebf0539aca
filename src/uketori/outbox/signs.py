"""Signs of life: whoever watches reads in the database that somebody works."""

from datetime import datetime

from uketori.outbox.models import SignOfLife

WORKER = "worker"
"""Of all workers together: one that lives is enough."""


def show_sign(name: str, at: datetime) -> None:
    """Write down that this works at the moment."""
    if not SignOfLife.objects.filter(name=name).update(at=at):
        SignOfLife.objects.get_or_create(name=name, defaults={"at": at})


def last_sign(name: str) -> datetime | None:
    """Return when this last showed that it works."""
    return SignOfLife.objects.filter(name=name).values_list("at", flat=True).first()
