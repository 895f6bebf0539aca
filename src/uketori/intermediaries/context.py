"""Who is visiting, for every template."""

from typing import Any

from django.http import Http404, HttpRequest

from uketori import clock
from uketori.bureaus.policies import UnknownBureau
from uketori.intermediaries.session.visitor import visitor_of


def visitor(request: HttpRequest) -> dict[str, Any]:
    """Return ``visitor``: the live session's visitor, or None.  Reads at most once a request."""
    if hasattr(request, "visitor"):
        return {"visitor": request.visitor}
    match = request.resolver_match
    bureau = match.kwargs.get("bureau") if match else None
    if bureau is None or not hasattr(request, "session"):
        return {"visitor": None}
    try:
        return {"visitor": visitor_of(request, bureau, clock.now())}
    except (UnknownBureau, Http404):
        return {"visitor": None}
