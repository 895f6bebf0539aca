"""The application as the web server sees it, with the worker beside it where that is asked for."""

import os
import threading
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from uketori.config.proxies import Application, behind

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "uketori.config.settings")


def start_worker() -> threading.Thread:
    """Start the outbox worker in this process; it ends by itself when the process ends.

    Not a daemon: a mail in hand is finished and marked before the process is gone.
    """
    from uketori.outbox.worker import run_forever  # noqa: PLC0415 - Django is set up by now

    worker = threading.Thread(target=run_forever, args=(threading.Event(),), name="outbox")
    worker.start()
    return worker


def build() -> Application:
    """Return the application of this process."""
    application: Application = get_wsgi_application()
    import_module(settings.ROOT_URLCONF)  # what is broken shows at the start, not at a visitor
    if settings.WORKER_THREAD:
        start_worker()
    if settings.TRUSTED_PROXIES:
        application = behind(settings.TRUSTED_PROXIES, application)
    return application


application = build()
