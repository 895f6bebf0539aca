"""Addresses of drafts and reservations, below ``/<bureau>/``."""

from django.urls import path, register_converter

from uketori.reservations import (
    change_views,
    confirm_views,
    draft_views,
    hour_views,
    reservation_views,
)
from uketori.reservations.references import ReferenceConverter

register_converter(ReferenceConverter, "reference")

app_name = "reservations"
urlpatterns = [
    path("reservations/", reservation_views.index, name="list"),
    path("reservations/new", draft_views.new, name="new"),
    path("reservations/drafts/<uuid:key>", draft_views.draft, name="draft"),
    path("reservations/drafts/<uuid:key>/deletion", draft_views.delete, name="delete_draft"),
    path("reservations/drafts/<uuid:key>/confirmation", confirm_views.confirm, name="confirm"),
    path("reservations/<reference:reference>", reservation_views.show, name="show"),
    path(
        "reservations/<reference:reference>/calendar.ics",
        reservation_views.calendar,
        name="calendar",
    ),
    path("reservations/<reference:reference>/changes", change_views.changes, name="changes"),
    path(
        "reservations/<reference:reference>/cancellation",
        change_views.cancellation,
        name="cancellation",
    ),
    path("reservations/<reference:reference>/hour", hour_views.hour, name="hour"),
    path("reservations/<reference:reference>/mails", reservation_views.mail_again, name="mails"),
    path("reservations/<reference:reference>/copy", reservation_views.copy, name="copy"),
]
