"""The Django application ``reservations``."""

from importlib import import_module

from django.apps import AppConfig


class ReservationsConfig(AppConfig):
    """Brings its mails and jobs to the outbox."""

    name = "uketori.reservations"
    label = "reservations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register mails, jobs and what follows a person; all of it needs the models."""
        import_module("uketori.reservations.mails.own")
        import_module("uketori.reservations.mails.bureau")
        import_module("uketori.reservations.mails.reminders")
        import_module("uketori.reservations.following").register()
