"""``serve`` and ``worker`` as an operator starts them: asked for a link, the mail arrives."""

from django.db import connection

from tests.server.conftest import caught
from tests.server.service import Service, family, wait_until


def ask_for_a_link(service: Service, address: str) -> None:
    assert service.post("/osaka/entry", {"address": address}).status == 302


def test_serve__asked_for_a_link__the_mail_arrives(service: Service) -> None:
    service.serve()

    ask_for_a_link(service, "aoki@example.jp")

    wait_until(lambda: caught(service.folder, "aoki@example.jp"))


def test_serve__on_a_name__listens_on_its_number(service: Service) -> None:
    service.serve("--host", "localhost")

    refused = service.run("serve", "--host", "nowhere.invalid")
    assert refused.returncode == 2
    assert refused.stderr == (
        "--host の「nowhere.invalid」が見つかりません。IPアドレスで指定してください。\n"
    )


def test_serve_without_worker__the_mail_waits_until_a_worker_is_started(service: Service) -> None:
    service.serve("--no-worker")
    ask_for_a_link(service, "beppu@example.jp")
    assert service.get("/readyz").status in {200, 503}
    assert not caught(service.folder, "beppu@example.jp")

    service.start("worker")

    wait_until(lambda: caught(service.folder, "beppu@example.jp"))


def test_serve__processes__one_a_core_on_postgresql_and_one_on_sqlite(service: Service) -> None:
    """More are refused on SQLite: there several writers shut each other out for seconds."""
    asked = service.run("serve", "--workers", "2", "--port", "1") if is_sqlite() else None
    serving = service.serve("--workers", "1" if is_sqlite() else "2")

    assert len(family(serving.pid)) == (2 if is_sqlite() else 3)
    if asked:
        assert asked.returncode == 2
        assert (
            asked.stderr
            == "SQLite では --workers は 1 だけです。増やすには PostgreSQL が要ります。\n"
        )


def test_serve__several_processes__each_mail_leaves_once(service: Service) -> None:
    service.serve(*([] if is_sqlite() else ["--workers", "3"]))
    addresses = [f"nakai{number}@example.jp" for number in range(3)]

    for address in addresses:
        service.cookies.clear()
        ask_for_a_link(service, address)

    wait_until(lambda: all(caught(service.folder, address) for address in addresses))
    assert [len(caught(service.folder, address)) for address in addresses] == [1, 1, 1]


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"
