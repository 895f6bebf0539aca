"""Static files as the service has them, collected into a folder of the tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.test import override_settings


@contextmanager
def collected_static_files(folder: Path) -> Iterator[Path]:
    """Let pages link to the collected files meanwhile, and WhiteNoise serve them."""
    with override_settings(STATIC_ROOT=folder, STORAGES=settings.SERVED_STORAGES):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield folder
