"""The Django application ``bureaus``."""

from django.apps import AppConfig


class BureausConfig(AppConfig):
    """Named by its path, labelled by its last part."""

    name = "uketori.bureaus"
    label = "bureaus"
    default_auto_field = "django.db.models.BigAutoField"
