"""What every page says about the site itself."""

from datetime import datetime, timedelta
from typing import TypedDict

from django.conf import settings
from django.http import HttpRequest

from uketori import clock


class Site(TypedDict):
    """Whether this is the official service, and what its clock says."""

    official: bool
    development: bool
    clock_offset: timedelta
    now: datetime


class Shared(TypedDict):
    """What every template may rely on."""

    site: Site
    keep_form: str
    """Id of a form that the page saves when its time is lengthened; a view may name one."""
    keep_enter: str
    """What the enter key does in that form; without it, it saves."""
    shows_typed_before: bool
    """Whether a form shows what was typed into it at another time."""


def site(_request: HttpRequest) -> Shared:
    """Context processor: ``site``, and blanks for what few pages set."""
    return {
        "keep_form": "",
        "keep_enter": "",
        "shows_typed_before": False,
        "site": {
            "official": settings.OFFICIAL,
            "development": settings.DEVELOPMENT,
            "clock_offset": clock.offset(),
            "now": clock.now(),
        },
    }
