"""What every request and every page goes through beside Django's own."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from uketori.database import bounded
from uketori.web.errors import bad_request

UNUSED = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def permissions_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Give up the powers of the browser that no page uses."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Permissions-Policy"] = UNUSED
        return response

    return middleware


def bounded_waits(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let the waits of one request for the database add up to no more than the bound of one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with bounded():
            return get_response(request)

    return middleware


def only_utf8(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse a body in another charset than that of our pages; no browser sends one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in {"utf-8", "utf8"}:
            return bad_request(request, BadRequest("charset"))
        return get_response(request)

    return middleware


def kept_by_no_cache(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Keep out of every cache what somebody known is shown, or is given a cookie with.

    Also a public page, on which only the way out stands beside what everybody sees.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        is_known = bool(request.COOKIES)
        response = get_response(request)
        if (is_known or response.cookies) and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response

    return middleware
