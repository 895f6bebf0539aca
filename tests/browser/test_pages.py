"""Every page in every state: axe at 1280 px, no sideways scrolling at 360 and 320 px."""

import pytest

from tests.browser import states, states_inside, states_mail
from tests.browser.looking import look_at
from tests.browser.stage import Stage

pytestmark = pytest.mark.browser

STATES_OF = (states, states_inside, states_mail)
"""Read for the states they register."""


@pytest.mark.parametrize("name", states.STATES)
def test_page__is_sound(stage: Stage, name: str) -> None:
    states.STATES[name](stage)

    look_at(stage.page, name)
