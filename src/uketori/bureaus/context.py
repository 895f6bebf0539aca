"""The bureau of the page, for every template."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from uketori import clock
from uketori.bureaus.banners import recent_banner
from uketori.bureaus.policies import UnknownBureau, policy_in_force

NO_BUREAU = {"bureau_code": None, "policy": None, "banner": None}


def _first_part(path: str) -> str | None:
    return path.split("/")[1] or None


def bureau(request: HttpRequest) -> dict[str, Any]:
    """Return ``bureau_code``, ``policy`` and ``banner`` of the bureau in the address, or None.

    The banner is read when a template asks, and not where the view has read it already.
    """
    match = request.resolver_match
    # a page that is not found has no match; its address may still name the bureau
    code = match.kwargs.get("bureau") if match else _first_part(request.path)
    if code is None:
        return NO_BUREAU
    at = clock.now()
    try:
        policy = policy_in_force(code, at)
    except UnknownBureau:
        return NO_BUREAU
    banner = SimpleLazyObject(lambda: recent_banner(code, at))
    return {"bureau_code": code, "policy": policy, "banner": banner}
