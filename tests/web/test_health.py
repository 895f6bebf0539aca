"""The operators' two questions."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from uketori.web import health


def test_livez__asks_no_database() -> None:
    response = Client().get("/livez")

    assert response.status_code == 200
    assert response.content == b"ok"


@pytest.mark.django_db
def test_readyz__all_well__names_each_check() -> None:
    response = Client().get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "checks": {"database": "ok", "migrations": "ok", "clock": "ok"},
    }


@pytest.mark.django_db
def test_readyz__moved_clock__is_no_skew(settings: Any) -> None:
    settings.CLOCK_OFFSET_SECONDS = 40 * 24 * 3600

    assert Client().get("/readyz").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(("skew", "status"), [(0.3, 200), (-0.3, 200), (2, 503), (-2, 503)])
def test_readyz__clock_of_the_database(
    skew: float, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def skewed() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=skew)  # noqa: TID251 - the other clock

    monkeypatch.setattr(health, "_database_now", skewed)

    assert Client().get("/readyz").status_code == status


@pytest.mark.django_db
def test_readyz__migration_missing__is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    plan: Callable[..., list[str]] = lambda *_: ["a migration"]  # noqa: E731 - one line says it
    monkeypatch.setattr("django.db.migrations.executor.MigrationExecutor.migration_plan", plan)

    response = Client().get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["migrations"] == "failed: not every migration is applied"


@pytest.mark.django_db
def test_readyz__no_database__is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", unreachable)

    response = Client().get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"ready": False, "checks": {"database": "failed: OperationalError"}}
