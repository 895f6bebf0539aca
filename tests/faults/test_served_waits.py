"""The service as it is started, while somebody else holds the hour that everybody wants."""

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as django_settings

from tests import factories, situations
from tests.faults.databases import database_url, held
from uketori import clock
from uketori.reservations.models import Reservation

pytestmark = pytest.mark.django_db(transaction=True)

BOUND = django_settings.DATABASE_WAIT_SECONDS
SLACK = 1.5
AT_ONCE = 7


@dataclass(frozen=True)
class Answer:
    """What the service answered, and after how long."""

    status: int
    body: str
    seconds: float


@dataclass
class Service:
    """A running service and the browser of 青木."""

    port: int
    cookies: str

    def ask(self, method: str, path: str, body: str = "") -> Answer:
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            headers = {"Cookie": self.cookies, "Content-Type": "application/x-www-form-urlencoded"}
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            return Answer(answer.status, text, time.monotonic() - began)
        finally:
            connection.close()

    def wait_until_it_answers(self) -> None:
        end = time.monotonic() + 60
        while True:
            try:
                self.ask("GET", "/livez")
            except OSError:
                assert time.monotonic() < end, "the service never answered"
                time.sleep(0.05)
            else:
                return


@pytest.fixture
def morning(settings: Any) -> datetime:
    """The clock of the tests and of the service stands at Monday 10:00 and runs on."""
    settings.CLOCK_OFFSET_SECONDS = 0
    offset = int((situations.MONDAY_MORNING - clock.now()).total_seconds())
    settings.CLOCK_OFFSET_SECONDS = offset
    return situations.MONDAY_MORNING


@pytest.fixture
def service(morning: datetime, settings: Any, free_port: int, tmp_path: Path) -> Iterator[Service]:
    """The real program on the database of the test."""
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "staticfiles.json").touch()  # it is asked for, and not read by tests
    ours = {name: text for name, text in os.environ.items() if not name.startswith("UKETORI_")}
    environment = {
        **ours,
        "DJANGO_SETTINGS_MODULE": "uketori.config.settings_test",
        "UKETORI_DEVELOPMENT": "1",
        "UKETORI_VAR": str(tmp_path),
        "UKETORI_SECRET_KEY": settings.SECRET_KEY,
        "UKETORI_DATABASE": database_url(),
        "UKETORI_CLOCK_OFFSET": str(settings.CLOCK_OFFSET_SECONDS),
    }
    command = [sys.executable, "-m", "uketori.cli", "serve", "--port", str(free_port)]
    with subprocess.Popen([*command, "--no-worker"], env=environment) as running:  # noqa: S603
        try:
            running_service = Service(free_port, "")
            running_service.wait_until_it_answers()
            yield running_service
        finally:
            running.terminate()
            running.wait(30)


def test_hour_held__seven_bookings_at_once__all_end_soon_and_the_rest_answers(
    service: Service, morning: datetime
) -> None:
    claim = situations.aoki()
    starts_at = factories.displayed_hours(morning)[7]
    factories.slot(starts_at)
    draft = factories.draft(claim, starts_at, 2)
    path = f"/osaka/reservations/drafts/{draft.key}/confirmation"
    client = situations.signed_in_client(claim)
    client.get(path)
    service.cookies = "; ".join(f"{one.key}={one.value}" for one in client.cookies.values())
    form = {
        "csrfmiddlewaretoken": client.cookies["csrftoken"].value,
        "revision": draft.revision,
        "declared": factories.DECLARED,
        "notice": "1",
    }
    sent = urlencode(form, doseq=True)

    with ThreadPoolExecutor(AT_ONCE) as crowd, held("bureaus_slot"):
        bookings = [crowd.submit(service.ask, "POST", path, sent) for _one in range(AT_ONCE)]
        time.sleep(BOUND / 4)  # they are waiting
        meanwhile = [service.ask("GET", one) for one in ("/livez", "/readyz", "/osaka/")]
        answers = [one.result() for one in bookings]

    assert [one.status for one in answers] == [503] * AT_ONCE
    assert max(one.seconds for one in answers) <= 2 * BOUND + SLACK  # more than there are threads
    assert min(one.seconds for one in answers) <= BOUND + SLACK
    assert [one.status for one in meanwhile][::2] == [200, 200]
    assert max(one.seconds for one in meanwhile) <= BOUND + SLACK
    again = re.findall(r'name="([^"]+)" value="([^"]*)"', answers[0].body)
    assert {name for name, _value in again} >= set(form)
    assert service.ask("POST", path, urlencode(again)).status == 302
    assert service.ask("POST", path, urlencode(again)).status == 302
    assert Reservation.objects.count() == 1
