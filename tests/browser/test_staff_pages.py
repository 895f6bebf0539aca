"""Every page of the staff in every state: axe at 1280 px, whole at 1024; sign-in at 360, too."""

import pytest

from tests.browser import states_preparation, states_staff
from tests.browser.looking import (
    assert_fits,
    assert_is_dressed,
    look_at,
    take_picture,
    violations,
)
from tests.browser.stage import Stage

pytestmark = pytest.mark.browser

STATES_OF = (states_staff, states_preparation)
"""Read for the states they register."""
STATES = states_staff.STAFF_STATES


@pytest.mark.parametrize("name", STATES)
def test_staff_page__is_sound(stage: Stage, name: str) -> None:
    STATES[name](stage)
    page = stage.page
    page.set_viewport_size({"width": 1024, "height": 900})
    take_picture(page, f"{name}-1024")
    assert_fits(page)
    page.set_viewport_size({"width": 1280, "height": 900})

    if name in states_staff.ON_TELEPHONES:
        look_at(page, name)
        return
    take_picture(page, f"{name}-1280")
    assert_is_dressed(page)
    assert violations(page) == []
