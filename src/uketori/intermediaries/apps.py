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
        import_module("uketori.intermediaries.mails")
        import_module("uketori.intermediaries.claim_mails")
        import_module("uketori.intermediaries.address_mails")
        import_module("uketori.intermediaries.address_by_staff_mails")
        import_module("uketori.intermediaries.suspension_mails")
