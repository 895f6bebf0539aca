"""The world that is attacked."""

from datetime import datetime

import pytest

from tests.hostile.world import World, make_world
from tests.situations import at_moment, monday_morning

__all__ = ["at_moment", "monday_morning"]


@pytest.fixture
def world(monday_morning: datetime) -> World:
    here = make_world()
    for client in (here.visitor, here.stranger):
        client.raise_request_exception = False
    return here
