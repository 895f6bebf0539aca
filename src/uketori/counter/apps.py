"""The Django application ``counter``."""

from importlib import import_module

from django.apps import AppConfig


class CounterConfig(AppConfig):
    """Brings its part of the export."""

    name = "uketori.counter"
    label = "counter"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what is exported; it needs the models."""
        import_module("uketori.counter.export").register()
