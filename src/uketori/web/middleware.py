"""Headers that every page carries beside Django's own."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

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
