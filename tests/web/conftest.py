"""The shared pages alone: our own addresses, and no bureau."""

from copy import deepcopy
from typing import Any

import pytest
from django.http import HttpRequest

PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.messages.context_processors.messages",
    "uketori.web.context.site",
    "tests.web.conftest.no_bureau",
]


def no_bureau(_request: HttpRequest) -> dict[str, None]:
    """What the bureaus' own context processors say of an address without a bureau."""
    return {"policy": None, "bureau_code": None, "banner": None, "visitor": None}


@pytest.fixture(autouse=True)
def shared_pages(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.web.urls"
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["context_processors"] = PROCESSORS
    settings.TEMPLATES = templates
