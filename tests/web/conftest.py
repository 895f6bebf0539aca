"""The shared pages alone: our own addresses, and only our own context processor."""

from copy import deepcopy
from typing import Any

import pytest

PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.messages.context_processors.messages",
    "uketori.web.context.site",
]


@pytest.fixture(autouse=True)
def shared_pages(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.web.urls"
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["context_processors"] = PROCESSORS
    settings.TEMPLATES = templates
