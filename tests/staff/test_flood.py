"""A flood of wrong sign-ins leaves the hall's page answering; `benchmarks.flood` times it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks import flood
from benchmarks.hall import Hall


@pytest.mark.slow
def test_every_member_is_answered_and_the_flood_is_refused(tmp_path: Path) -> None:
    hall = Hall(tmp_path, voters=flood.MEMBERS)
    hall.server.start()
    try:
        # In a thread of its own: a browser's tests leave a loop running in this one.
        with ThreadPoolExecutor(1) as other:
            measuring = flood.measure(hall, strangers=60, rounds=4)
            wrong, crowd = other.submit(asyncio.run, measuring).result()
    finally:
        hall.server.stop()
    assert set(wrong.answers) <= {200, 429}
    assert wrong.answers[429] > 0
    assert set(crowd.answers) == {200}
