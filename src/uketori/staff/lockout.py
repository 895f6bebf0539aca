"""What django-axes asks us: whose attempt it is, and what a shut out person is shown."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from uketori.rules.folding import Dashes
from uketori.staff.forms import folded


def name_of(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return the name that was typed, folded: another case or width is no other name."""
    typed = (credentials or {}).get("username") or request.POST.get("login", "")
    return folded(str(typed), Dashes.BETWEEN_LATIN)[:150]


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: object = None
) -> HttpResponse:
    """429: too many wrong passwords for this name from this address; says what to do now."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    page = render(
        request,
        "staff/locked_out.html",
        {"minutes": minutes},
        status=HTTPStatus.TOO_MANY_REQUESTS,
    )
    page.headers["Cache-Control"] = "no-store"
    page.headers["Retry-After"] = str(minutes * 60)
    return page
