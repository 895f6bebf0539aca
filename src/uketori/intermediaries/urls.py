"""Addresses of the entry and of the holders, below ``/<bureau>/``."""

from django.urls import include, path

from uketori.intermediaries.address import views as address_views
from uketori.intermediaries.entry import views as entry_views
from uketori.intermediaries.holders import revision_views
from uketori.intermediaries.holders import views as holders_views
from uketori.intermediaries.my_data import views as my_data_views
from uketori.intermediaries.sharing import views as sharing_views

entry_patterns = (
    [
        path("entry", entry_views.start, name="start"),
        path("entry/sent", entry_views.sent, name="sent"),
        path("entry/<str:token>", entry_views.link, name="link"),
        path("session/ending", entry_views.logout, name="logout"),
        path("session/extension", entry_views.extend, name="extend"),
    ],
    "entry",
)
holder_patterns = (
    [
        path("holders/", holders_views.choose, name="choose"),
        path("holders/new", holders_views.new, name="new"),
        path("holders/<int:claim_id>", revision_views.revise, name="revise"),
        path("holders/<int:claim_id>/renewal", my_data_views.renewal, name="renewal"),
        path("holders/<int:claim_id>/removal", my_data_views.removal, name="removal"),
    ],
    "holders",
)

claim_request_patterns = (
    [
        path("requests/new", sharing_views.new, name="new"),
        path("requests/<str:token>", sharing_views.answer, name="answer"),
    ],
    "claim_requests",
)
my_data_patterns = (
    [
        path("my-data", my_data_views.show, name="show"),
        path("my-data/export", my_data_views.export, name="export"),
        path("my-data/address", address_views.new, name="address"),
        path("my-data/address/code", address_views.code, name="address_code"),
        path("address/<str:token>", address_views.link, name="address_link"),
    ],
    "my_data",
)

urlpatterns = [
    path("", include(entry_patterns)),
    path("", include(holder_patterns)),
    path("", include(claim_request_patterns)),
    path("", include(my_data_patterns)),
]
