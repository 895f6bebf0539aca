"""Writing an event beside the change it tells of."""

from datetime import datetime

from uketori.audit.models import Event


def record(
    *,
    bureau: str,
    kind: str,
    actor: str,
    subject: str,
    at: datetime,
    facts: dict[str, object] | None = None,
) -> Event:
    """Insert one event, inside the transaction of the change; ``facts`` hold no personal value."""
    return Event.objects.create(
        bureau=bureau, kind=kind, actor=actor, subject=subject, facts=facts or {}, happened_at=at
    )
