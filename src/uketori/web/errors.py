"""The pages for what went wrong: what happened, and what to do now.

``config/urls.py`` names them: ``handler400`` … ``handler500``.
"""

import math
from datetime import datetime
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static

from uketori import clock

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what was sent could not be read; 413: it was more than any of our forms sends."""
    if isinstance(exception, TOO_LARGE):
        return _page(request, "413", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return _page(request, "400", HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: this page is not for this person."""
    return _page(request, "403", HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "", **context: object) -> HttpResponse:
    """403: the form was open too long, or the browser keeps no cookies."""
    return _page(request, "csrf", HTTPStatus.FORBIDDEN, **context)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: not there, or not yours, which is the same."""
    return _page(request, "404", HTTPStatus.NOT_FOUND)


def too_many(request: HttpRequest, *, again_at: datetime | None = None) -> HttpResponse:
    """429: too often in too short a time; a view returns this itself."""
    response = _page(request, "429", HTTPStatus.TOO_MANY_REQUESTS, again_at=again_at)
    if again_at:
        left = (again_at - clock.now()).total_seconds()
        response.headers["Retry-After"] = str(max(1, math.ceil(left)))
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault.  Asks nothing of the database, the session or a context processor."""
    context = {"official": settings.OFFICIAL, "stylesheet": stylesheet(), "number": "500"}
    html = render_to_string("web/errors/500.html", context)
    return _uncached(HttpResponse(html, status=HTTPStatus.INTERNAL_SERVER_ERROR))


def _page(request: HttpRequest, name: str, status: HTTPStatus, **context: object) -> HttpResponse:
    return _uncached(render(request, f"web/errors/{name}.html", context, status=status))


def _uncached(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response


def stylesheet() -> str:
    """Return the address of the styles; nothing while there is none."""
    try:
        return static("web/css/main.css")
    except ValueError:  # no manifest yet, which may be the very reason for this page
        return ""
