"""Several workers at once: every mail leaves exactly once, every job runs once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from tests.post import Post
from uketori.outbox import registry
from uketori.outbox.enqueue import enqueue
from uketori.outbox.jobs import LEASE, RETRY_AFTER, run_due_jobs
from uketori.outbox.models import Job, MailState, OutgoingMail
from uketori.outbox.registry import PeriodicJob, Rendered, Renderer
from uketori.outbox.worker import run_forever, run_once

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # Tuesday 12:00 in Osaka
WORKERS = 3


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_workers_at_once__each_mail_exactly_once(
    post: Post, renderers: dict[str, Renderer]
) -> None:
    renderers["told"] = lambda _mail, _at: Rendered("件名", "本文", "a@b.jp", "局")
    for number in range(120):
        enqueue(
            bureau="osaka",
            message_domain="@example.jp",
            event="told",
            subject_id="R",
            recipient=f"n{number}@e.jp",
            at=AT,
        )
    begin = threading.Barrier(WORKERS)

    def work() -> int:
        begin.wait()
        done = 0
        try:
            while batch := run_once(AT):
                done += batch
        finally:
            connections.close_all()
        return done

    with ThreadPoolExecutor(WORKERS) as pool:
        done = [future.result() for future in [pool.submit(work) for _ in range(WORKERS)]]

    assert sum(done) >= 120
    assert sorted(post.recipients) == sorted({f"n{number}@e.jp" for number in range(120)})
    assert OutgoingMail.objects.filter(state=MailState.SENT, lease_until=None).count() == 120


@pytest.mark.django_db(transaction=True)
def test_run_forever__woken_and_stopped(post: Post, renderers: dict[str, Renderer]) -> None:
    renderers["told"] = lambda _mail, _at: Rendered("件名", "本文", "a@b.jp", "局")
    arrived, stop = threading.Event(), threading.Event()
    post.on_arrival = arrived.set
    worker = threading.Thread(target=run_forever, args=(stop,))
    worker.start()
    try:
        past = datetime(2026, 1, 1, tzinfo=UTC)
        enqueue(
            bureau="osaka",
            message_domain="@example.jp",
            event="told",
            subject_id="R",
            recipient="a@b.jp",
            at=past,
        )
        assert arrived.wait(30)
    finally:
        stop.set()
        worker.join(30)
    assert not worker.is_alive()
    assert OutgoingMail.objects.get().state == MailState.SENT


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> dict[str, PeriodicJob]:
    own: dict[str, PeriodicJob] = {}
    monkeypatch.setattr(registry, "_jobs", own)
    return own


@pytest.mark.django_db
def test_job__runs_at_its_pace(jobs: dict[str, PeriodicJob]) -> None:
    runs: list[datetime] = []
    registry.job("slots", timedelta(hours=1))(runs.append)

    for minutes in (0, 59, 60, 61, 119, 120):
        run_due_jobs(AT + timedelta(minutes=minutes))

    assert runs == [AT, AT + timedelta(hours=1), AT + timedelta(hours=2)]


@pytest.mark.django_db
def test_job__fails__others_run_and_it_comes_back(jobs: dict[str, PeriodicJob]) -> None:
    runs: list[datetime] = []

    @registry.job("broken", timedelta(hours=1))
    def broken(at: datetime) -> None:
        runs.append(at)
        raise ZeroDivisionError

    registry.job("sound", timedelta(hours=1))(lambda at: None)

    assert run_due_jobs(AT) == 1
    assert run_due_jobs(AT + RETRY_AFTER - timedelta(seconds=1)) == 0
    run_due_jobs(AT + RETRY_AFTER)
    assert len(runs) == 2


@pytest.mark.django_db
def test_job__leased_by_another__left_alone_until_it_ends(jobs: dict[str, PeriodicJob]) -> None:
    runs: list[datetime] = []
    registry.job("slots", timedelta(hours=1))(runs.append)
    Job.objects.create(name="slots", lease_until=AT + LEASE, lease_owner="another")

    run_due_jobs(AT)
    assert runs == []
    run_due_jobs(AT + LEASE)
    assert runs == [AT + LEASE]
