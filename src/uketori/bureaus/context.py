"""The bureau of the page, for every template."""

from typing import Any

from django.http import HttpRequest

from uketori import clock
from uketori.bureaus.policies import UnknownBureau, policy_in_force


def _first_part(path: str) -> str | None:
    return path.split("/")[1] or None


def bureau(request: HttpRequest) -> dict[str, Any]:
    """Return ``bureau_code`` and ``policy`` of the bureau named in the address, or None."""
    match = request.resolver_match
    # a page that is not found has no match; its address may still name the bureau
    code = match.kwargs.get("bureau") if match else _first_part(request.path)
    if code is None:
        return {"bureau_code": None, "policy": None}
    try:
        return {"bureau_code": code, "policy": policy_in_force(code, clock.now())}
    except UnknownBureau:
        return {"bureau_code": None, "policy": None}
