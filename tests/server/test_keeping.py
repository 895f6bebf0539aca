"""The parent and its processes: no orphan serves on, and the dead are started again."""

import os
import signal
import socket
import sys
import threading

import pytest

from tests.server.service import Service, family, free_port, is_gone, wait_until
from uketori.config.arguments import CannotRun
from uketori.config.ports import refuse_taken_port
from uketori.server.keeping import LONGEST_PAUSE_SECONDS, SOUND_SECONDS, Kept, pause_after


def test_parent_killed__nobody_serves_on__and_the_next_one_starts(service: Service) -> None:
    parent = service.serve()
    pids = family(parent.pid)
    assert len(pids) > 1

    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    wait_until(lambda: all(is_gone(pid) for pid in pids))
    service.serve()

    assert service.get("/livez").status == 200


def test_process_killed_again_and_again__served_again(service: Service) -> None:
    parent = service.serve("--workers", "1")

    for times in range(1, 4):
        _, child = family(parent.pid)
        os.kill(child, signal.SIGKILL)
        wait_until(lambda times=times: service.log.count("it is started again") >= times)  # type: ignore[misc]
        wait_until(service.answers)

    assert parent.poll() is None


def test_pauses__grow_to_a_bound__and_begin_anew_after_a_sound_life() -> None:
    pauses = [0.0]
    for _ in range(8):
        pauses.append(pause_after(pauses[-1], lived=1))

    assert pauses == [0, 0.5, 1, 2, 4, 8, 16, LONGEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS]
    assert pause_after(LONGEST_PAUSE_SECONDS, lived=SOUND_SECONDS) == 0.5


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end__all_are_gone(service: Service, number: int) -> None:
    parent = service.serve()
    pids = family(parent.pid)

    parent.send_signal(number)

    assert parent.wait(60) == 0
    assert all(is_gone(pid) for pid in pids)
    assert "Traceback" not in service.log
    assert "panic" not in service.log


def test_port_of_another__one_line__even_of_one_who_would_share_it() -> None:
    port = free_port()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(CannotRun, match=f"ポート{port}は使われています"):
            refuse_taken_port("127.0.0.1", port)

        threading.Timer(0.5, other.close).start()
        refuse_taken_port("127.0.0.1", port, patience=30)  # whoever is leaving is waited for


def test_process_that_cannot_be_started__tried_again_after_a_pause(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = Kept(0, [])
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    kept.look(100.0)
    assert (kept.process, kept.pause) == (None, 0.5)
    kept.look(100.4)
    assert kept.pause == 0.5
    kept.look(100.6)
    assert kept.pause == 1
