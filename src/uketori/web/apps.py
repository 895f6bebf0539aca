"""The Django application ``web``."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Named by its path, labelled by its last part."""

    name = "uketori.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
