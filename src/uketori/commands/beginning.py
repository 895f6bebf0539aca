"""What every command does first and last: set Django up or refuse, and write the answer."""

import argparse
import os
import secrets
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import TypeAlias

from uketori.config.arguments import CannotRun

# argparse has no public name for it
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - argparse names it nowhere else


def answer(lines: Iterable[str]) -> None:
    """Write the lines; a database that is not ready is said in one sentence."""
    from django.db import DatabaseError  # noqa: PLC0415 - after Django's set-up

    try:
        for line in lines:
            sys.stdout.write(f"{line}\n")
    except DatabaseError:
        message = "データベースの準備ができていません。先に make setup（uketori setup）をどうぞ。"
        raise CannotRun(message) from None


def set_up_django(*, any_secret: bool = False, is_serving: bool = False) -> None:
    """Set Django up; ``any_secret`` for commands whose work needs none, as nothing is signed."""
    if any_secret and not os.environ.get("UKETORI_SECRET_KEY"):
        os.environ["UKETORI_SECRET_KEY"] = secrets.token_urlsafe(48)
    refuse_wrong_settings(is_serving=is_serving)
    import django  # noqa: PLC0415 - takes a third of a second
    from django.apps import apps  # noqa: PLC0415 - only this command needs it

    if not apps.ready:
        django.setup()
    from uketori.database import wait_patiently  # noqa: PLC0415 - after Django's set-up

    wait_patiently()


def refuse_wrong_settings(*, is_serving: bool = False) -> None:
    """Turn a setting or a policy file that is missing or wrong into its one line.

    ``is_serving`` for what shows pages or sends links: there the site must be reached, and safely.
    """
    from django.conf import settings  # noqa: PLC0415 - only this command needs it
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - the same

    from uketori.config.production import refuse_unsafe_site  # noqa: PLC0415 - brings Django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "uketori.config.settings")
    try:
        import_module(os.environ["DJANGO_SETTINGS_MODULE"])
        if is_serving:
            refuse_unsafe_site(settings)
    except ImproperlyConfigured as error:
        raise CannotRun(str(error)) from None
    _refuse_wrong_bureaus()


def _refuse_wrong_bureaus() -> None:
    """Turn a policy or notice that cannot be read into its one line; settings are read by now."""
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - after settings

    from uketori.bureaus import policies  # noqa: PLC0415 - the same
    from uketori.bureaus.notice_file import read_notice  # noqa: PLC0415 - the same

    what = "規則"
    try:
        for code in policies.bureau_codes():
            policies.policies_of(code)
        what = "利用案内"
        for code in policies.bureau_codes():
            read_notice(policies.bureau_folder(code))
    except ImproperlyConfigured as error:
        message = f"{what}のファイルを読み取れません：{error}"
        raise CannotRun(message) from None
    except OSError:
        message = f"局のフォルダ（UKETORI_BUREAUS）を読めません：{policies.bureaus_folder()}"
        raise CannotRun(message) from None
