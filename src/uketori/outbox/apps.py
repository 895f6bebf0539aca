"""The Django application ``outbox``."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Named by its path, labelled by its last part."""

    name = "uketori.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
