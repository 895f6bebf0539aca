"""The Django application ``audit``."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Named by its path, labelled by its last part."""

    name = "uketori.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
