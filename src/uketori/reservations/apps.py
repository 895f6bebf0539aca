"""The Django application ``reservations``."""

from django.apps import AppConfig


class ReservationsConfig(AppConfig):
    """Named by its path, labelled by its last part."""

    name = "uketori.reservations"
    label = "reservations"
    default_auto_field = "django.db.models.BigAutoField"
