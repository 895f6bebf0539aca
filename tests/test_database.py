"""What an error of the database means: it does not serve us now, or we asked for nonsense."""

import sqlite3

import psycopg
import pytest
from django.db import OperationalError, ProgrammingError

from uketori.database import Trouble, code_of, trouble_of


def raised(own: Exception, kind: type[Exception] = OperationalError) -> Exception:
    """The error as Django hands it on."""
    error = kind("words with a value in them")
    error.__cause__ = own
    return error


def of_postgresql(state: str) -> Exception:
    return raised(psycopg.errors.lookup(state)())


def of_sqlite(code: int, name: str = "") -> Exception:
    own = sqlite3.OperationalError("words with a value in them")
    own.sqlite_errorcode, own.sqlite_errorname = code, name
    return raised(own)


@pytest.mark.parametrize(
    ("state", "trouble"),
    [
        ("55P03", Trouble.BUSY),
        ("57014", Trouble.BUSY),
        ("40P01", Trouble.BUSY),
        ("25006", Trouble.AWAY),
        ("53100", Trouble.AWAY),
        ("53300", Trouble.AWAY),
        ("57P01", Trouble.AWAY),
        ("57P03", Trouble.AWAY),
        ("08006", Trouble.AWAY),
        ("42P01", None),
        ("23505", None),
        ("22021", None),
    ],
)
def test_postgresql(state: str, trouble: Trouble | None) -> None:
    assert trouble_of(of_postgresql(state)) is trouble


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (sqlite3.SQLITE_BUSY, Trouble.BUSY),
        (sqlite3.SQLITE_LOCKED, Trouble.BUSY),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, Trouble.BUSY),
        (sqlite3.SQLITE_READONLY, Trouble.AWAY),
        (sqlite3.SQLITE_FULL, Trouble.AWAY),
        (sqlite3.SQLITE_IOERR_WRITE, Trouble.AWAY),
        (sqlite3.SQLITE_CANTOPEN, Trouble.AWAY),
        (sqlite3.SQLITE_ERROR, None),
        (sqlite3.SQLITE_CORRUPT, None),
    ],
)
def test_sqlite(code: int, trouble: Trouble | None) -> None:
    assert trouble_of(of_sqlite(code)) is trouble


def test_server_that_is_not_there__has_no_code() -> None:
    assert trouble_of(raised(psycopg.OperationalError("connection refused"))) is Trouble.AWAY


def test_error_that_followed_from_trouble__is_trouble() -> None:
    """A session that could not be saved is told of as one that was deleted."""
    error = ProgrammingError()
    error.__context__ = of_postgresql("55P03")

    assert trouble_of(error) is Trouble.BUSY


@pytest.mark.parametrize("error", [None, RuntimeError(), OperationalError("no such table")])
def test_all_else__is_none(error: Exception | None) -> None:
    assert trouble_of(error) is None


def test_code__names_no_value() -> None:
    assert code_of(of_sqlite(5, "SQLITE_BUSY")) == "OperationalError SQLITE_BUSY"
    assert code_of(of_postgresql("53100")) == "OperationalError 53100"
    assert code_of(raised(psycopg.OperationalError("host 10.0.0.1"))) == "OperationalError"
