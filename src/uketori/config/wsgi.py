"""Django's application, as ``uketori.server`` calls it for each request."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from uketori.config.proxies import Application, behind

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "uketori.config.settings")


def build() -> Application:
    """Return the application of this process."""
    application: Application = get_wsgi_application()
    import_module(settings.ROOT_URLCONF)  # what is broken shows at the start, not at a visitor
    if settings.TRUSTED_PROXIES:
        application = behind(settings.TRUSTED_PROXIES, application)
    return application


application = build()
