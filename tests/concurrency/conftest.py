"""The clock of the races: it stands on a Monday morning and runs on."""

from datetime import datetime
from typing import Any

import pytest

from tests.concurrency import controls
from tests.situations import MONDAY_MORNING
from uketori import clock


@pytest.fixture
def monday_morning(settings: Any) -> datetime:
    """Move the application's clock to Mon 2026-06-08 10:00, for every thread alike."""
    settings.CLOCK_OFFSET_SECONDS = 0
    settings.CLOCK_OFFSET_SECONDS = int((MONDAY_MORNING - clock.now()).total_seconds())
    return MONDAY_MORNING


@pytest.fixture(autouse=True)
def _controls_take_their_time(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its guard everybody must have looked before the first one writes."""
    if "__control__" in request.node.name:
        monkeypatch.setattr(controls, "pause", 0.4)
