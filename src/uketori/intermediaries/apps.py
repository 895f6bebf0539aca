"""The Django application ``intermediaries``."""

from django.apps import AppConfig


class IntermediariesConfig(AppConfig):
    """Named by its path, labelled by its last part."""

    name = "uketori.intermediaries"
    label = "intermediaries"
    default_auto_field = "django.db.models.BigAutoField"
