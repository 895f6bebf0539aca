"""The world that is attacked."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.world import World, make_world
from tests.situations import an_osaka_that_reschedules, at_moment, monday_morning

__all__ = ["at_moment", "monday_morning"]


@pytest.fixture(scope="session")
def every_form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a bureau that offers every form there is."""
    return an_osaka_that_reschedules(tmp_path_factory.mktemp("bureaus"))


@pytest.fixture
def every_form_is_offered(every_form: Path, settings: Any) -> None:
    settings.BUREAUS_FOLDER = str(every_form)


@pytest.fixture
def world(monday_morning: datetime) -> World:
    here = make_world()
    for client in (here.visitor, here.stranger):
        client.raise_request_exception = False
    return here
