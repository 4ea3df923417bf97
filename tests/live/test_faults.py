"""Killing the server while people answer: what was acknowledged is there, once."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import time

import aiohttp
import pytest

from panel_app.core.db import db
from panel_app.deliberation.statements.models import Statement, StatementAnswer
from panel_app.panels.models import Member
from tests.live.conftest import Hall, apart, redis_or_skip

KILLS = 2
CHANGES = 12


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_kill_loses_no_acknowledged_answer_and_doubles_none(hall: Hall, workers: int) -> None:
    """The whole server is killed, or one worker of two."""
    if workers > 1:
        hall.server.stop()
        hall.server.redis_url = redis_or_skip()
        hall.server.start(workers=workers)
    acknowledged = apart(_vote_through_kills(hall))
    assert len(acknowledged) == hall.members
    with hall.app.app_context():
        query = (
            db.session.query(Member.public_id, StatementAnswer.counter, StatementAnswer.value)
            .join(StatementAnswer, StatementAnswer.member_id == Member.id)
            .join(Statement, Statement.id == StatementAnswer.statement_id)
            .filter(Statement.public_id == hall.statements[0])
        )
        rows = query.all()
    assert len(rows) == len({subject for subject, _counter, _value in rows}) == hall.members
    for subject, counter, value in rows:
        assert (counter, value) == (CHANGES, acknowledged[subject])


async def _vote_through_kills(hall: Hall) -> dict[str, int]:
    """Have every member change an answer many times while the server is killed and restarted."""
    acknowledged: dict[str, int] = {}
    ready = asyncio.Barrier(hall.members + 1)
    voters = [_vote(hall, number, acknowledged, ready) for number in range(hall.members)]
    await asyncio.gather(_kill(hall, ready), *voters)
    return acknowledged


async def _vote(
    hall: Hall, number: int, acknowledged: dict[str, int], ready: asyncio.Barrier
) -> None:
    """Send each change again and again until the server acknowledges it, as the queue does."""
    chance = random.Random(number)
    cookies = {"seat": hall.seats[number]}
    jar = aiohttp.CookieJar(unsafe=True)
    patience = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(cookies=cookies, cookie_jar=jar, timeout=patience) as phone:
        token = await _token(phone, hall)
        await ready.wait()
        for counter in range(1, CHANGES + 1):
            fields = {"csrf_token": token, "counter": counter, "value": chance.choice([-1, 0, 1])}
            until = time.monotonic() + 90
            while not await _acknowledged(phone, hall, fields):
                assert time.monotonic() < until, "the server never came back"
                await asyncio.sleep(0.1 + chance.random() / 5)
            acknowledged[hall.subjects[number]] = int(fields["value"])
            await asyncio.sleep(chance.random() / 2)


async def _acknowledged(
    phone: aiohttp.ClientSession, hall: Hall, fields: dict[str, object]
) -> bool:
    path = f"{hall.server.address}/my/statements/{hall.statements[0]}/answer"
    try:
        async with phone.post(path, data=fields, headers={"X-Queue": "x"}) as answer:
            return "X-Received" in answer.headers
    except (aiohttp.ClientError, TimeoutError):
        return False


async def _token(phone: aiohttp.ClientSession, hall: Hall) -> str:
    async with phone.get(hall.server.address + hall.phone) as answer:
        found = re.search(r'name="csrf_token" value="([^"]+)"', await answer.text())
    assert found is not None
    return found[1]


async def _kill(hall: Hall, ready: asyncio.Barrier) -> None:
    await ready.wait()
    for turn in range(KILLS):
        await asyncio.sleep(1)
        workers = hall.server.workers()
        if workers:
            os.kill(workers[turn % len(workers)], signal.SIGKILL)
        else:
            await asyncio.to_thread(hall.server.kill)
            await asyncio.to_thread(hall.server.start)
