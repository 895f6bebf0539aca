"""Addresses of the telephone desk, below ``/staff/<bureau>/``."""

from django.urls import path

from uketori.counter.telephone import (
    booking_views,
    cancel_and_change_views,
    striking_views,
)
from uketori.counter.telephone import (
    views as telephone_views,
)
from uketori.reservations import urls as _urls  # noqa: F401 - brings the converter of references

CALL = "counter/calls/<reference:reference>"

urlpatterns = [
    path("counter/calls/", telephone_views.calls, name="calls"),
    path("counter/calls/search", telephone_views.search, name="call_search"),
    path(CALL, telephone_views.call, name="call"),
    path(f"{CALL}/cancellation", cancel_and_change_views.cancellation, name="call_cancellation"),
    path(f"{CALL}/<int:call_id>/striking", striking_views.striking, name="call_striking"),
    path(f"{CALL}/changes", cancel_and_change_views.changes, name="call_changes"),
    path(
        f"{CALL}/bureau-cancellation",
        cancel_and_change_views.bureau_cancellation,
        name="bureau_cancellation",
    ),
    path("counter/bookings/", booking_views.book_for, name="book_for"),
    path("counter/bookings/search", booking_views.search, name="book_for_search"),
    path("counter/bookings/holder", booking_views.holder, name="book_for_holder"),
    path(
        "counter/bookings/claims/<int:claim_id>",
        booking_views.book_for_claim,
        name="book_for_claim",
    ),
]
