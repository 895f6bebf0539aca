"""How long the database may let us wait, and what it means when it does not serve us.  ADR 0023."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from enum import StrEnum
from traceback import clear_frames
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, connections
from django.db.backends.utils import CursorWrapper

Context = dict[str, Any]
PATIENCE_SECONDS = 20
"""How long the worker and the commands wait for a lock: nobody sits in front of them."""
NOTICED_SECONDS = 0.1
"""A statement that took no longer was not waiting for anybody."""
TURNING_BACK = re.compile(r"\s*(SAVEPOINT|RELEASE|ROLLBACK)")
"""What must pass in a transaction that has failed, where nothing else does."""


class Trouble(StrEnum):
    """Why the database does not serve us; all else that it refuses is our own fault."""

    BUSY = "busy"  # somebody holds what is wanted longer than we wait
    AWAY = "away"  # it cannot be reached, or cannot write


_POSTGRESQL = {
    "55P03": Trouble.BUSY,  # lock_timeout
    "57014": Trouble.BUSY,  # statement_timeout
    "40P01": Trouble.BUSY,  # deadlock
    "40001": Trouble.BUSY,  # not serializable
    "25006": Trouble.AWAY,  # read-only, e.g. a standby
}
_POSTGRESQL_CLASSES = {
    "08": Trouble.AWAY,  # no connection
    "53": Trouble.AWAY,  # disk full, out of memory, too many connections
    "57": Trouble.AWAY,  # stopping, starting
    "58": Trouble.AWAY,  # the system below it
}
_SQLITE = {
    5: Trouble.BUSY,  # SQLITE_BUSY
    6: Trouble.BUSY,  # SQLITE_LOCKED
    8: Trouble.AWAY,  # SQLITE_READONLY
    10: Trouble.AWAY,  # SQLITE_IOERR
    13: Trouble.AWAY,  # SQLITE_FULL
    14: Trouble.AWAY,  # SQLITE_CANTOPEN
}


def trouble_of(error: BaseException | None) -> Trouble | None:
    """Return the trouble from which the error comes; None if it is no trouble of the database."""
    return next(filter(None, map(_own_trouble, _followed(error))), None)


def let_go_of(error: BaseException | None) -> None:
    """Free the cursors that the error's frames hold, now and in this thread.

    Frames and error hold each other.  The garbage collection would come across them in any thread,
    and there wait for this one's connection, which by then may wait for its next lock.
    """
    for one in _followed(error):
        clear_frames(one.__traceback__)


def _followed(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error and those from which it followed."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        yield error
        seen.add(id(error))
        error = error.__cause__ or error.__context__


def code_of(error: BaseException) -> str:
    """Name the error by its code, or its class: never by its text, which may repeat a value."""
    own = error.__cause__ or error
    code = getattr(own, "sqlite_errorname", None) or getattr(own, "sqlstate", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def _own_trouble(error: BaseException) -> Trouble | None:
    if code := getattr(error, "sqlite_errorcode", None):
        return _SQLITE.get(code & 0xFF)
    if state := getattr(error, "sqlstate", None):
        return _POSTGRESQL.get(state) or _POSTGRESQL_CLASSES.get(state[:2])
    # libpq's own words for "not there" and "gone" have no code
    if isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", "") is None:
        return Trouble.AWAY
    return None


def reopen() -> None:
    """Close this thread's connections: the next statement opens new ones.

    One that SQLite opened while the file was read-only would stay so for ever.
    """
    for one in connections.all(initialized_only=True):
        if not one.in_atomic_block:
            one.close()


def wait_patiently() -> None:
    """Let this thread wait longer than a request may; said before its connection is opened."""
    one = connections["default"]
    options = {**one.settings_dict["OPTIONS"]}
    if one.vendor == "sqlite":
        options["timeout"] = PATIENCE_SECONDS
    else:
        options["options"] = f"-c lock_timeout={PATIENCE_SECONDS}s -c statement_timeout=0"
    one.settings_dict = {**one.settings_dict, "OPTIONS": options}


@contextmanager
def waiting_shortly(seconds: float) -> Iterator[None]:
    """Wait so long for each lock meanwhile, and then as before."""
    sqlite = connection.vendor == "sqlite"
    words = "PRAGMA busy_timeout = {}" if sqlite else "SET lock_timeout = {}"
    with connection.cursor() as cursor:
        cursor.execute(words.format(int(seconds * 1000)))
        try:
            yield
        finally:
            cursor.execute(words.format(settings.DATABASE_WAIT_SECONDS * 1000))


def bounded() -> AbstractContextManager[Any]:
    """Let all locks that are waited for meanwhile cost the time of one together.

    Without it whoever waited for the first lock begins to wait anew at the second.  SQLite has one
    lock only.
    """
    if connection.vendor == "sqlite":
        return nullcontext()
    return connection.execute_wrapper(_Bound())


class _Bound:
    """Shortens the wait for the next lock of a transaction by what was spent waiting before."""

    def __init__(self) -> None:
        self.left = float(settings.DATABASE_WAIT_SECONDS)

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: object, many: object, context: Context
    ) -> object:
        has_waited = self.left < settings.DATABASE_WAIT_SECONDS
        if has_waited and not TURNING_BACK.match(sql) and connection.in_atomic_block:
            self._shorten(context["cursor"])
        began = time.monotonic()
        try:
            return execute(sql, params, many, context)
        finally:
            spent = time.monotonic() - began
            if spent > NOTICED_SECONDS:
                self.left -= spent

    def _shorten(self, wrapper: CursorWrapper) -> None:
        # beneath the wrapper, which would come back here
        with connection.wrap_database_errors:
            wrapper.cursor.execute(f"SET LOCAL lock_timeout = {max(1, int(self.left * 1000))}")
