"""The Django application ``counter``."""

from django.apps import AppConfig


class CounterConfig(AppConfig):
    """Named by its path, labelled by its last part."""

    name = "uketori.counter"
    label = "counter"
    default_auto_field = "django.db.models.BigAutoField"
