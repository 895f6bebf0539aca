"""Settings of the tests: a secret, plain static files, no cache, no undefined variable."""

import os

os.environ.setdefault("UKETORI_SECRET_KEY", "a secret of the tests only")
os.environ.setdefault("UKETORI_DEVELOPMENT", "1")

from uketori.config.settings import *  # noqa: F403 - a settings module extends the other by import

SERVED_STORAGES = dict(STORAGES)  # noqa: F405 - comes with the line above
"""Those of the service, for tests of what is really served."""
STORAGES["staticfiles"] = {  # noqa: F405 - comes with the line above
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}


class Undefined(str):
    """What a template would show for a variable nobody set: an error that names it."""

    __slots__ = ()

    def __contains__(self, part: object) -> bool:
        """Pretend to hold a place for the name, so that Django hands it over."""
        return part == "%s"

    def __mod__(self, name: object) -> str:
        """Refuse to be shown."""
        message = f"a template shows {name!s}, which is not defined"
        raise LookupError(message)


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined("undefined")  # type: ignore[index]  # noqa: F405
AVAILABILITY_CACHE_SECONDS = 0
WORKER_EXPECTED = False
SITE_URL = "http://testserver"
DATABASES["default"]["TEST"] = {}  # noqa: F405 - comes with the line above
