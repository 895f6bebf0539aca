"""What every test stands on: both databases, the audit triggers, and a GET that cannot write."""

import atexit
import os
import re
import shutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, settings

# One commit has one answer, on a slow machine, too.  New examples are looked for with
# `pytest --hypothesis-profile=explore`.
_UNTIMED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("steady", derandomize=True, database=None, **_UNTIMED)
settings.register_profile("explore", max_examples=2000, print_blob=True, **_UNTIMED)
settings.load_profile("steady")

# Playwright keeps an event loop in the thread of the test; the ORM is called there all the same.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# No test reads or writes what `make run` keeps.
_VAR = Path(mkdtemp(prefix="uketori-tests-"))
atexit.register(shutil.rmtree, _VAR, ignore_errors=True)
(_VAR / "static").mkdir()
django_settings.VAR = _VAR
django_settings.STATIC_ROOT = _VAR / "static"
django_settings.MAILBOX = _VAR / "mailbox"

# The same hasher as everywhere, in a fraction of the time.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost = 1, 8
Argon2PasswordHasher.parallelism = 1

append_only = import_module("uketori.audit.migrations.0002_append_only")

READS = re.compile(
    r"^\s*(SELECT|SET|BEGIN|SAVEPOINT|RELEASE|ROLLBACK|PRAGMA|EXPLAIN|SHOW)\b", re.IGNORECASE
)
EXCEPTED = re.compile(
    r'"django_session"'  # the session itself
    r'|^(UPDATE|INSERT INTO) "outbox_signoflife"'  # /readyz asks whether a row can be written
    r'|^UPDATE "intermediaries_mailproof" SET "last_seen_at" = (%s|\?) WHERE'  # its sliding end
)

LOCKS = re.compile(r" FOR (NO KEY )?UPDATE")

OPENED = frozenset({"calls_opened", "holder_opened", "preparation_opened", "reservation_opened"})


@pytest.fixture(autouse=True)
def _as_impatient_as_a_request() -> Iterator[None]:
    """Undo what a command that is run here says for its own process: it waits longer."""
    before = connection.settings_dict
    yield
    connection.settings_dict = before


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Give SQLite a real file, one a worker, since threads share no memory database."""
    test = django_settings.DATABASES["default"].setdefault("TEST", {})
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    if django_settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        test["NAME"] = str(tmp_path_factory.mktemp("database") / f"{worker}.sqlite3")
    else:
        test["NAME"] = f"test_uketori_{worker}"


@pytest.fixture(autouse=True)
def _events_can_be_flushed(request: pytest.FixtureRequest) -> None:
    """Take the triggers off SQLite's event table, which a transactional test ends by emptying."""
    marker = request.node.get_closest_marker("django_db")
    is_transactional = {"transactional_db", "live_server"} & set(request.fixturenames) or (
        marker and marker.kwargs.get("transaction")
    )
    if is_transactional and connection.vendor == "sqlite":
        request.getfixturevalue("transactional_db")
        append_only.execute(append_only.REMOVE, connection)


def _is_look(statement: str, params: Any) -> bool:
    """Tell the one event that a page of the staff writes when it shows what is personal."""
    texts = {one for one in params or () if isinstance(one, str)}
    return statement.startswith('INSERT INTO "audit_event"') and bool(OPENED & texts)


def _refuse_writes(execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
    statement = str(sql)
    is_excepted = EXCEPTED.search(statement) or _is_look(statement, params)
    if not READS.match(statement) and not is_excepted:
        message = f"a GET wrote to the database: {statement[:200]}"
        raise AssertionError(message)
    return execute(sql, params, *rest)


@pytest.fixture(autouse=True)
def _no_writes_in_get(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail any SQL but SELECT during a GET or HEAD of the test client."""

    def reading(method: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(self: Client, *args: Any, **kwargs: Any) -> Any:
            with connection.execute_wrapper(_refuse_writes):
                return method(self, *args, **kwargs)

        return wrapped

    for name in ("get", "head"):
        monkeypatch.setattr(Client, name, reading(getattr(Client, name)))


@pytest.fixture(autouse=True)
def _locks_in_transactions_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a lock that only the transaction of the test allows: in service it would be a 500.

    PostgreSQL alone has the words; there every request of every test is looked at.
    """
    request = Client.request

    def wrapped(self: Client, **extra: Any) -> Any:
        of_the_test = len(connection.atomic_blocks)

        def looking(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            if LOCKS.search(sql) and len(connection.atomic_blocks) == of_the_test:
                message = f"a lock outside of a transaction: {sql[:200]}"
                raise AssertionError(message)
            return execute(sql, *rest)

        with connection.execute_wrapper(looking):
            return request(self, **extra)

    monkeypatch.setattr(Client, "request", wrapped)


@pytest.fixture
def repository() -> Path:
    """The root of the working tree."""
    return Path(__file__).parent.parent
