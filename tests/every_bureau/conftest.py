"""A site of several bureaus; the people of ``factories`` come to the one that is asked for."""

from datetime import datetime
from typing import Any

import pytest

from tests import factories
from tests.every_bureau.bureaus import CODES, FOLDER, go_to
from tests.policies import at
from tests.situations import at_moment, monday_morning
from uketori.intermediaries.models import CertificateClaim
from uketori.reservations.models import Reservation
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


@pytest.fixture
def claim(monday_morning: datetime, minato: BureauPolicy) -> CertificateClaim:
    """青木, at みなと, on Mon 2026-06-08 at ten: Wednesday to Friday are displayed."""
    factories.first_notice()
    return factories.claim()


@pytest.fixture
def reservation(claim: CertificateClaim) -> Reservation:
    """Thursday at eight, three cases."""
    return factories.reservation(
        claim, at("2026-06-11 08:00"), ["湊K00001", "湊K00002", "湊K00003"]
    )
