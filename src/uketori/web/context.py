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


def site(_request: HttpRequest) -> dict[str, Site]:
    """Context processor: ``site``."""
    return {
        "site": {
            "official": settings.OFFICIAL,
            "development": settings.DEVELOPMENT,
            "clock_offset": clock.offset(),
            "now": clock.now(),
        }
    }
