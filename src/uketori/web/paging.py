"""One page of a long list: what is not on it is one press away."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest


def page_of(
    rows: "QuerySet[Any]", most: int, request: HttpRequest, name: str = "page"
) -> "Page[Any]":
    """Return the page that the address asks for; the first or the last where it asks oddly."""
    return Paginator(rows, most).get_page(request.GET.get(name))
