"""The Django application ``intermediaries``."""

from importlib import import_module

from django.apps import AppConfig


class IntermediariesConfig(AppConfig):
    """Brings its mails and jobs to the outbox."""

    name = "uketori.intermediaries"
    label = "intermediaries"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register mails and jobs, which can only be imported once the models are there."""
        import_module("uketori.intermediaries.entry.mails")
        import_module("uketori.intermediaries.sharing.mails")
        import_module("uketori.intermediaries.address.mails")
        import_module("uketori.intermediaries.address.mails_by_staff")
        import_module("uketori.intermediaries.suspension.mails")
