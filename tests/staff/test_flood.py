"""A flood of wrong sign-ins leaves the hall's page answering."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from benchmarks import flood
from benchmarks.hall import Hall

#: Before hashing had places of its own, a member's page took nine times as long.
MOST = 4.0


@pytest.mark.slow
def test_members_page_answers_as_under_as_many_requests_for_help(tmp_path: Path) -> None:
    hall = Hall(tmp_path, voters=flood.MEMBERS)
    hall.server.start()
    try:
        wrong, crowd = asyncio.run(flood.measure(hall, strangers=60, rounds=4))
    finally:
        hall.server.stop()
    assert set(wrong.answers) <= {200, 429}
    assert wrong.answers[429] > 0
    assert set(crowd.answers) == {200}
    assert wrong.median < MOST * crowd.median, (wrong.median, crowd.median)
