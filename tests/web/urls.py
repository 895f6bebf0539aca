"""A tiny site: every address that the shared pages link to, and views that go wrong."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, include, path

from uketori.web import errors, health
from uketori.web.personal_page import personal_page


@login_not_required
def base(request: HttpRequest, bureau: str = "") -> HttpResponse:
    return render(request, "web/base.html")


@login_not_required
def gone_wrong(request: HttpRequest) -> HttpResponse:
    message = "secret of the stack trace"
    raise RuntimeError(message)


@login_not_required
def suspicious(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


@login_not_required
def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


@login_not_required
def too_often(request: HttpRequest) -> HttpResponse:
    return errors.too_many(request)


def of_bureau(namespace: str, *names: str) -> URLPattern | URLResolver:
    pages = [path(f"{name}/", base, name=name) for name in names]
    return path(f"<slug:bureau>/{namespace}/", include((pages, namespace)))


urlpatterns = [
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("base/", base),
    path("personal/", personal_page(base)),
    path("gone-wrong/", gone_wrong),
    path("suspicious/", suspicious),
    path("forbidden/", forbidden),
    path("too-often/", too_often),
    of_bureau("bureaus", "top", "eligibility", "notice", "privacy", "accessibility"),
    of_bureau("entry", "start", "logout", "extend"),
    of_bureau("reservations", "list", "new"),
    of_bureau("my_data", "show"),
]
handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
