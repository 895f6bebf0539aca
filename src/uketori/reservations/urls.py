"""Addresses of drafts and reservations, below ``/<bureau>/``."""

from django.urls import path, register_converter

from uketori.reservations.booking import confirm_views, draft_views
from uketori.reservations.cancelling import views
from uketori.reservations.changing import views as changing_views
from uketori.reservations.mine import views as mine_views
from uketori.reservations.references import ReferenceConverter
from uketori.reservations.rescheduling import views as rescheduling_views

register_converter(ReferenceConverter, "reference")

app_name = "reservations"
urlpatterns = [
    path("reservations/", mine_views.index, name="list"),
    path("reservations/new", draft_views.new, name="new"),
    path("reservations/drafts/<uuid:key>", draft_views.draft, name="draft"),
    path("reservations/drafts/<uuid:key>/deletion", draft_views.delete, name="delete_draft"),
    path("reservations/drafts/<uuid:key>/confirmation", confirm_views.confirm, name="confirm"),
    path("reservations/<reference:reference>", mine_views.show, name="show"),
    path(
        "reservations/<reference:reference>/calendar.ics",
        mine_views.calendar,
        name="calendar",
    ),
    path("reservations/<reference:reference>/changes", changing_views.changes, name="changes"),
    path(
        "reservations/<reference:reference>/cancellation",
        views.cancellation,
        name="cancellation",
    ),
    path("reservations/<reference:reference>/hour", rescheduling_views.hour, name="hour"),
    path("reservations/<reference:reference>/mails", mine_views.mail_again, name="mails"),
    path("reservations/<reference:reference>/copy", mine_views.copy, name="copy"),
]
