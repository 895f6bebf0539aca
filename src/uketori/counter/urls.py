"""Addresses of the counter's pages, below ``/staff/<bureau>/``: one line a page."""

from django.urls import path

from uketori.counter import board_views, visit_views
from uketori.reservations import urls as _urls  # noqa: F401 - brings the converter of references

app_name = "counter"
urlpatterns = [
    path("counter/", board_views.board, name="board"),
    path("counter/list", board_views.people, name="people"),
    path("counter/search", board_views.search, name="search"),
    path("counter/<reference:reference>", board_views.show, name="show"),
    path("counter/<reference:reference>/arrival", visit_views.arrival, name="arrival"),
    path(
        "counter/<reference:reference>/arrival/removal",
        visit_views.arrival_removal,
        name="arrival_removal",
    ),
    path("counter/<reference:reference>/calling-up", visit_views.calling_up, name="calling_up"),
    path("counter/<reference:reference>/outcome", visit_views.outcome, name="outcome"),
    path("counter/<reference:reference>/ending", visit_views.ending, name="ending"),
    path(
        "counter/<reference:reference>/ending/removal",
        visit_views.ending_removal,
        name="ending_removal",
    ),
    path("counter/<reference:reference>/certificate", visit_views.certificate, name="certificate"),
    path(
        "counter/<reference:reference>/rivals/<int:claim_id>/settlement",
        visit_views.settlement,
        name="settlement",
    ),
]
