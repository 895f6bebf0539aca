"""The clock of the situations, and 青木 on Monday morning."""

from datetime import datetime

import pytest
from django.test import Client

from tests import situations
from tests.situations import at_moment, monday_morning
from uketori.intermediaries.models import CertificateClaim

__all__ = ["at_moment", "monday_morning"]


@pytest.fixture
def aoki(monday_morning: datetime) -> CertificateClaim:
    """青木, who has entered a certificate."""
    return situations.aoki()


@pytest.fixture
def client(aoki: CertificateClaim) -> Client:
    """青木's browser."""
    return situations.signed_in_client(aoki)
