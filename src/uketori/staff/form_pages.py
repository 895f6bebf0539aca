"""Which page shows the form that an address of the staff takes: one decorator says it for all.

An address that only takes POST is no page: whoever comes to it by GET (back, a bookmark, after the
session was locked) is led to the page on which its form stands.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.views.decorators.http import require_http_methods

View = TypeVar("View", bound=Callable[..., HttpResponse])
PAGE = "form_page"
"""Set on a view that only takes POST: the page of its form."""


@dataclass(frozen=True)
class FormPage:
    """A page by its name, and what its address takes over from that of the form."""

    name: str
    takes_over: frozenset[str]

    def address(self, match: ResolverMatch) -> str:
        """Return where the page stands for this form."""
        kwargs = {name: match.kwargs[name] for name in match.kwargs if name in self.takes_over}
        return reverse(self.name, kwargs=kwargs)


def sent_from(page: str, *takes_over: str) -> Callable[[View], View]:
    """Let the view take POST alone, and lead a GET to the page of its form.

    ``takes_over`` names what stands in both addresses beside the bureau.
    """
    form_page = FormPage(page, frozenset({"bureau", *takes_over}))

    def decorate(view: View) -> View:
        posted = require_http_methods(["GET", "HEAD", "POST"])(view)

        @wraps(view)
        def taken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 - handed on as they come
            if request.method in {"GET", "HEAD"}:
                assert request.resolver_match  # noqa: S101 - Django sets it before any view
                return redirect(form_page.address(request.resolver_match))
            return posted(request, *args, **kwargs)

        setattr(taken, PAGE, form_page)
        return cast("View", taken)

    return decorate


def shown_at(address: str) -> str:
    """Return the address itself if it is a page, else that of the page of its form."""
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        return address
    form_page: FormPage | None = getattr(match.func, PAGE, None)
    return form_page.address(match) if form_page else address
