"""What a page with personal data owes its reader."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def personal_page(view: View) -> View:
    """Keep the page out of every cache, and its address away from other sites.

    The referrer policy is ``same-origin``: with ``no-referrer`` browsers send ``Origin: null``
    with a form, and Django's CSRF check refuses it.
    """

    @wraps(view)
    def personal(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - handed on as they come
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return cast("View", personal)


LONGEST_ADDRESS = 500


def own_page(wanted: str, bureau: str) -> str:
    """Return the address if it is a page of this bureau on this site, else nothing."""
    is_own = wanted.startswith(f"/{bureau}/") and len(wanted) <= LONGEST_ADDRESS
    return wanted if is_own and url_has_allowed_host_and_scheme(wanted, None) else ""
