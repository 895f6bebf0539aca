"""Databases that do not serve: held by somebody else, read-only, away."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection, connections


def database_url() -> str:
    """Name the test's own database to another process."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:////{str(facts['NAME']).lstrip('/')}"
    person = f"{facts['USER']}:{facts['PASSWORD']}@" if facts["USER"] else ""
    place = f"{person}localhost:{facts['PORT']}" if facts["PORT"] else person
    return f"postgres://{place}/{facts['NAME']}?host={facts['HOST']}"


def _of_somebody_else() -> Any:
    """A connection that is none of ours."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return sqlite3.connect(facts["NAME"], isolation_level=None, check_same_thread=False)
    asked = {"dbname": facts["NAME"], "host": facts["HOST"], "port": facts["PORT"] or None}
    return psycopg.connect(**asked, user=facts["USER"], password=facts["PASSWORD"] or None)


@contextmanager
def held(*rows: str) -> Iterator[None]:
    """Let somebody else hold rows (``table WHERE …``); on SQLite always the whole file."""
    other = _of_somebody_else()
    try:
        if connection.vendor == "sqlite":
            other.execute("BEGIN IMMEDIATE")
        for one in rows if connection.vendor != "sqlite" else ():
            other.execute(f"SELECT 1 FROM {one} FOR UPDATE")  # noqa: S608 - our own words
        yield
        other.rollback()
    finally:
        other.close()


def let_it_be_read_only() -> None:
    """Let the open connection be as one is that was opened while nothing could be written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "PRAGMA query_only = ON"
            if connection.vendor == "sqlite"
            else "SET default_transaction_read_only = on"
        )


@contextmanager
def away() -> Iterator[None]:
    """Let the database be nowhere, as it is while its server does not run."""
    facts = connection.settings_dict
    nowhere = {"NAME": str(Path(__file__) / "nowhere"), "HOST": "127.0.0.1", "PORT": "9"}
    connections["default"].close()
    connection.settings_dict = {**facts, **nowhere}
    try:
        yield
    finally:
        connection.settings_dict = facts
