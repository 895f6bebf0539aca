"""Bringing the database up to date before the site is served.  Import it after Django's set-up."""

import shlex
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max, Model
from django.utils import timezone

from uketori import japanese
from uketori.bureaus.first_rows import prepare
from uketori.config.arguments import CannotRun
from uketori.intermediaries.models import MailProof
from uketori.outbox.models import OutgoingMail
from uketori.reservations.models import Draft, Reservation

MOMENTS: tuple[tuple[type[Model], str], ...] = (
    (OutgoingMail, "enqueued_at"),
    (Reservation, "booked_at"),
    (MailProof, "requested_at"),
    (Draft, "touched_at"),
)


def newest_moment() -> datetime | None:
    """Return when the newest row was written, by the clock of then; None in an empty house."""
    newest: list[datetime] = []
    for model, field in MOMENTS:
        with suppress(DatabaseError):  # the table is made by the migrations that follow
            found = model.objects.aggregate(newest=Max(field))["newest"]  # type: ignore[attr-defined]  # any model
            newest.extend([found] if found else [])
    return max(newest, default=None)


def refuse_unprepared(*, shows_pages: bool = True) -> None:
    """Say in one line what of ``setup`` is missing.  Raises ``CannotRun``.

    A database that is away is no lack: it may come back, and ``/readyz`` tells of it meanwhile.
    """
    lacks = ["画面の部品（static）"] if shows_pages and not _has_static_files() else []
    with suppress(DatabaseError):
        lacks += [] if _has_tables() else ["データベースの表"]
    connection.close()
    if lacks:
        message = f"{'と'.join(lacks)}がありません。先に uketori setup（make setup）をどうぞ。"
        raise CannotRun(message)


def _has_static_files() -> bool:
    return (Path(settings.STATIC_ROOT) / "staticfiles.json").exists()


def _has_tables() -> bool:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not Path(name).exists():
        return False  # asking would make an empty file
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def prepare_everything(at: datetime) -> None:
    """Bring tables, static files, notices and slots up to date; bears being run again."""
    settings.VAR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    close_to_others()
    call_command("collectstatic", verbosity=0, interactive=False)
    prepare(at)


def close_to_others() -> None:
    """Take from other users what was readable to them before: the table file, the key, mails.

    What SQLite writes beside its file has the mode of that file.
    """
    private = [settings.VAR / "secret", *settings.MAILBOX.glob("*.eml")]
    if connection.vendor == "sqlite":
        tables = str(connection.settings_dict["NAME"])
        private += [Path(f"{tables}{ending}") for ending in ("", "-wal", "-shm")]
    for file in private:
        with suppress(FileNotFoundError):
            file.chmod(0o600)


def prepare_development(at: datetime) -> None:
    """Prepare for ``uketori run``: refuse a clock behind the rows, then fill in invented people.

    Raises ``CannotRun``.
    """
    if (newest := newest_moment()) and at < newest:
        database = Path(str(settings.DATABASES["default"]["NAME"]))
        raise CannotRun(clock_behind(at, newest, var=settings.VAR, database=database))
    from uketori.development import counter_day as counter_demo  # noqa: PLC0415 - the same
    from uketori.development import reservations  # noqa: PLC0415 - only development knows invented people
    from uketori.development import staff_accounts as staff_demo  # noqa: PLC0415 - the same

    lines = [f"{settings.SITE_URL}/", f"{settings.SITE_URL}/dev/mailbox", *staff_demo.lines()]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()
    prepare_everything(at)
    staff_demo.fill(at)
    reservations.fill(at)
    for line in counter_demo.fill(at):
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def clock_behind(at: datetime, newest: datetime, *, var: Path, database: Path) -> str:
    """Say both moments as a clock in Japan shows them, and what empties just these data."""
    tz = timezone.get_default_timezone()
    now, last = (japanese.moment_words(moment, tz, year=True) for moment in (at, newest))
    emptied = "UKETORI_DATABASE のデータベースを空にして"
    if database.parent == var:
        emptied = f"make reset VAR={shlex.quote(str(var))} でデータを消して"
    return (
        f"時計（{now}）が、データの最も新しい時刻（{last}）より前です。"
        f"それより後の時刻ではじめるか、{emptied}から、もう一度どうぞ。"
    )
