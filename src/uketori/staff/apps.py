"""The Django application ``staff``."""

from importlib import import_module

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Brings its periodic jobs to the outbox."""

    name = "uketori.staff"
    label = "staff"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the jobs, which can only be imported once the models are there."""
        import_module("uketori.staff.jobs")
