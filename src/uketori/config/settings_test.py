"""Settings of the tests: a secret, plain static files, no cache between requests."""

import os

os.environ.setdefault("UKETORI_SECRET_KEY", "a secret of the tests only")
os.environ.setdefault("UKETORI_DEVELOPMENT", "1")

from uketori.config.settings import *  # noqa: F403 - a settings module extends the other by import

STORAGES["staticfiles"]["BACKEND"] = (  # noqa: F405 - comes with the line above
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
AVAILABILITY_CACHE_SECONDS = 0
SITE_URL = "http://testserver"
DATABASES["default"]["TEST"] = {}  # noqa: F405 - comes with the line above
