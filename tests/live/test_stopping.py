"""A server that stops, and processes that die: nothing stays behind, nothing goes unsaid."""

from __future__ import annotations

import os
import signal
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests.live.conftest import Hall, redis_or_skip

PATIENCE = 30.0


def alive(process: int) -> bool:
    """Whether a process runs; one that only waits to be looked at does not."""
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def eventually(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < until:
        time.sleep(0.1)
    return true()


def children(hall: Hall) -> list[int]:
    """Return the workers and the job process, whichever thread started them."""
    assert hall.server.process is not None
    threads = Path(f"/proc/{hall.server.process.pid}/task").glob("*/children")
    found = [int(child) for thread in threads for child in thread.read_text().split()]
    return [one for one in found if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]


def two_workers(hall: Hall) -> list[int]:
    """Start the hall's server again with two workers and jobs; return its processes."""
    hall.server.stop()
    hall.server.redis_url = redis_or_skip()
    hall.server.start(workers=2, jobs=True)
    assert eventually(lambda: len(children(hall)) == 3)
    return children(hall)


def test_no_process_outlives_a_server_that_was_killed(hall: Hall) -> None:
    processes = two_workers(hall)
    assert hall.server.process is not None
    hall.server.process.kill()
    hall.server.process.wait()
    assert eventually(lambda: not any(map(alive, processes)))


def test_worker_that_died_is_told_and_replaced(hall: Hall) -> None:
    before = two_workers(hall)
    log = hall.server.folder / "server.log"
    for process in before:
        os.kill(process, signal.SIGKILL)
    for event in ("worker.died", "jobs.restarted"):
        assert eventually(lambda event=event: event in log.read_text()), event  # type: ignore[misc]
    assert eventually(lambda: len(set(children(hall)) - set(before)) == 3)
    hall.server.wait()


def test_server_with_workers_jobs_and_a_stream_stops_in_five_seconds(hall: Hall) -> None:
    processes = two_workers(hall)
    address = f"{hall.server.address}/live/stream?ticket={hall.ticket(0)}"
    with urllib.request.urlopen(address, timeout=20) as stream:
        assert stream.readline() == b"retry: 2000\n"
        began = time.monotonic()
        hall.server.stop()
        assert time.monotonic() - began < 5
    assert not any(map(alive, processes))
