"""The application as the web server sees it, with the worker beside it where that is asked for."""

import os
import threading
from collections.abc import Callable, Iterable
from importlib import import_module
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "uketori.config.settings")

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def behind(proxies: tuple[str, ...], application: Application) -> Application:
    """Believe what the named proxies say of the visitor, and nobody else."""
    networks = [ip_network(proxy) for proxy in proxies]
    trusting: Application = wrap_wsgi_with_proxy_headers(application, list(proxies))

    def wrapped(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        peer = environ.get("REMOTE_ADDR", "")
        if not peer or not any(ip_address(peer) in network for network in networks):
            for name in [name for name in environ if name.startswith("HTTP_X_FORWARDED_")]:
                del environ[name]
        return trusting(environ, start_response)

    return wrapped


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
