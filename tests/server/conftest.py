"""A site of production, prepared once and started by each test as it needs it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.service import Service, database, free_port
from uketori.development.mail_catcher import start_catcher


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("service")
    mail_port = free_port()
    catcher = start_catcher(folder / "caught", mail_port)
    try:
        with database(folder) as url:
            ready = Service(folder, url, mail_port)
            done = ready.run("setup")
            assert done.returncode == 0, done.stderr
            yield ready
    finally:
        catcher.stop()


@pytest.fixture
def service(prepared: Service) -> Iterator[Service]:
    """Nothing runs yet, and nobody has been here."""
    here = Service(prepared.folder, prepared.database, prepared.mail_port)
    try:
        yield here
    finally:
        here.stop()


def caught(folder: Path, address: str) -> list[Path]:
    """The mails to the address that have arrived."""
    mails = (folder / "caught").glob("*.eml")
    return [mail for mail in mails if f"To: {address}".encode() in mail.read_bytes()]
