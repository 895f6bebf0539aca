"""The Django application ``staff``."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Named by its path, labelled by its last part."""

    name = "uketori.staff"
    label = "staff"
    default_auto_field = "django.db.models.BigAutoField"
