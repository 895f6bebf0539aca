"""Addresses of the public pages."""

from django.urls import path

from uketori.bureaus import guide_views, views

app_name = "bureaus"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:bureau>/", views.top, name="top"),
    path("<slug:bureau>/eligibility", guide_views.eligibility, name="eligibility"),
    path("<slug:bureau>/notice", views.notice, name="notice"),
    path("<slug:bureau>/notice/<int:number>", views.notice, name="notice_version"),
    path("<slug:bureau>/privacy", views.privacy, name="privacy"),
    path("<slug:bureau>/accessibility", views.accessibility, name="accessibility"),
]
