"""The browser's journeys once more, at みなと."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.every_bureau.bureaus import FOLDER, go_to
from tests.every_bureau.reading import only_its_own_words


@pytest.fixture
def bureau(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Everybody books at みなと; no page on the way knows a word or an address of Osaka's."""
    settings.BUREAUS_FOLDER = str(FOLDER)
    with only_its_own_words("minato", monkeypatch):
        yield go_to("minato", monkeypatch).code
