"""What a page with personal data owes its reader."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def personal_page(view: View[P]) -> View[P]:
    """Keep the page out of every cache, and its address away from other sites.

    The referrer policy is ``same-origin``: with ``no-referrer`` browsers send ``Origin: null``
    with a form, and Django's CSRF check refuses it.
    """

    @wraps(view)
    def personal(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return personal
