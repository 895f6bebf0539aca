"""One bureau after the other, with a real host in its links and the same seed in each link."""

from datetime import datetime
from typing import Any

import pytest

from tests import factories
from tests.every_bureau.conftest import both_bureaus, policy
from tests.mails import marked  # noqa: F401 - adds its situations
from tests.mails.stage import Stage
from tests.situations import at_moment, monday_morning
from uketori.intermediaries.proof import tokens
from uketori.rules.policy import BureauPolicy

__all__ = ["at_moment", "both_bureaus", "monday_morning", "policy"]


@pytest.fixture
def one_seed(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Links and codes that are the same at each run."""
    settings.SECRET_KEY = "a secret of the tests only"  # noqa: S105 - of the tests only
    monkeypatch.setattr(tokens, "new_seed", lambda: bytes(16))


@pytest.fixture
def stage(policy: BureauPolicy, monday_morning: datetime, one_seed: None, settings: Any) -> Stage:
    """Mon 2026-06-08 10:00 at the bureau's official site."""
    settings.OFFICIAL = True
    settings.SITE_URL = f"https://{policy.mail_domain.lstrip('@')}"
    factories.first_notice()
    return Stage(policy, monday_morning)
