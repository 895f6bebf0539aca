"""A site of several bureaus; the people of ``factories`` come to the one that is asked for."""

from typing import Any

import pytest

from tests.every_bureau.bureaus import CODES, FOLDER, go_to
from tests.situations import at_moment, monday_morning
from uketori.rules.policy import BureauPolicy

__all__ = ["at_moment", "monday_morning"]


@pytest.fixture
def both_bureaus(settings: Any) -> None:
    """The site serves every bureau of the tests' own folder (``UKETORI_BUREAUS``)."""
    settings.BUREAUS_FOLDER = str(FOLDER)


@pytest.fixture(params=CODES)
def policy(
    request: pytest.FixtureRequest, both_bureaus: None, monkeypatch: pytest.MonkeyPatch
) -> BureauPolicy:
    """One bureau after the other, at which everybody made by ``factories`` books."""
    return go_to(request.param, monkeypatch)


@pytest.fixture
def minato(both_bureaus: None, monkeypatch: pytest.MonkeyPatch) -> BureauPolicy:
    """みなと alone, at which everybody made by ``factories`` books."""
    return go_to("minato", monkeypatch)
