"""Hints between two servers through Redis, and life without it."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from pathlib import Path

import pytest
from flask import Flask

from panel_app.core import jobs
from panel_app.live import redis_relay
from panel_app.live.hub import Hub
from panel_app.live.redis_relay import RedisRelay
from tests.live.conftest import apart, redis_or_skip


@pytest.fixture
def address() -> str:
    return redis_or_skip()


def test_hint_crosses_to_the_other_server(address: str) -> None:
    async def scene() -> tuple[int | None, frozenset[str] | None]:
        here, there = Hub(RedisRelay(address)), Hub(RedisRelay(address))
        topic = f"session:{os.getpid()}"
        listener = there.listen(topic, "phone", "a")
        assert isinstance(there.relay, RedisRelay)
        carrying = asyncio.create_task(there.relay.carry(there))
        # Once it hears the other servers, every page looks.
        await asyncio.wait_for(listener.wake.wait(), 20)
        listener.wake.clear()
        await asyncio.to_thread(here.publish, topic, 3)
        await asyncio.wait_for(listener.wake.wait(), 5)
        assert isinstance(here.relay, RedisRelay)
        present: frozenset[str] | None = frozenset()
        until = time.monotonic() + 20
        while not present and time.monotonic() < until:
            present = await asyncio.to_thread(here.relay.live_elsewhere, topic)
        carrying.cancel()
        return listener.news, present

    assert apart(scene()) == (3, frozenset({"a"}))


def test_two_deployments_on_one_redis_do_not_hear_each_other(address: str) -> None:
    async def scene() -> tuple[int | None, bool, frozenset[str] | None]:
        ours, theirs = (Hub(RedisRelay(address, name)) for name in ("ours", "theirs"))
        again = Hub(RedisRelay(address, "ours"))
        topic = f"session:{os.getpid()}:apart"
        far, near = theirs.listen(topic, "phone", "a"), again.listen(topic, "phone", "b")
        assert isinstance(theirs.relay, RedisRelay)
        assert isinstance(again.relay, RedisRelay)
        carrying = [asyncio.create_task(hub.relay.carry(hub)) for hub in (theirs, again)]  # type: ignore[union-attr]
        for listener in (far, near):
            await asyncio.wait_for(listener.wake.wait(), 20)
            listener.wake.clear()
        await asyncio.to_thread(ours.publish, topic, 3)
        await asyncio.wait_for(near.wake.wait(), 5)
        heard = far.news == 3
        present: frozenset[str] | None = frozenset()
        until = time.monotonic() + 20
        while not present and time.monotonic() < until:
            present = await asyncio.to_thread(ours.relay.live_elsewhere, topic)  # type: ignore[union-attr]
        for task in carrying:
            task.cancel()
        return near.news, heard, present

    assert apart(scene()) == (3, False, frozenset({"b"}))


def test_two_deployments_on_one_redis_take_no_work_of_each_other(
    address: str, tmp_path: Path
) -> None:
    queues = []
    for name in ("ours", "theirs"):
        app = Flask(name)
        named = f"{name}-{os.getpid()}"
        jobs.init_app(app, redis_url=address, data_dir=tmp_path, immediate=False, deployment=named)
        queues.append(app)
    ours, theirs = (app.extensions["huey"] for app in queues)
    with queues[0].app_context():
        jobs.queue(os.getpid)  # type: ignore[arg-type]
    try:
        assert (ours.pending_count(), theirs.pending_count()) == (1, 0)
    finally:
        ours.flush()


@pytest.mark.parametrize("greeting", [b"", b"+OK\r\n" * 8])
def test_pages_look_by_themselves_while_redis_is_silent(
    monkeypatch: pytest.MonkeyPatch, greeting: bytes
) -> None:
    """One that takes connections and never answers, and one that falls silent after a greeting."""
    monkeypatch.setattr(redis_relay, "SILENT", 0.2)
    monkeypatch.setattr(redis_relay, "LOOK_EVERY", 0.1)

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)

    async def scene() -> None:
        silent = await asyncio.start_server(greet, "127.0.0.1", 0)
        hub = Hub(RedisRelay(f"redis://127.0.0.1:{silent.sockets[0].getsockname()[1]}/0"))
        listener = hub.listen("t", "phone", "a")
        assert isinstance(hub.relay, RedisRelay)
        carrying = asyncio.create_task(hub.relay.carry(hub))
        for _ in range(3):
            await asyncio.wait_for(listener.wake.wait(), 20)
            listener.wake.clear()
        carrying.cancel()
        silent.close()

    apart(scene())


def test_lost_redis_is_not_asked_again_and_again() -> None:
    hub = Hub(RedisRelay("redis://127.0.0.1:1/0"))
    began = time.monotonic()
    for number in range(50):
        hub.publish("t", number)
    assert time.monotonic() - began < 50 * redis_relay.PATIENCE / 2


def test_hanging_redis_is_left_alone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hub = Hub(RedisRelay(f"redis://127.0.0.1:{silent.getsockname()[1]}/0"))
        began = time.monotonic()
        for number in range(50):
            hub.publish("t", number)
        assert time.monotonic() - began < 50 * redis_relay.PATIENCE / 2
        assert hub.relay is not None
        assert hub.relay.live_elsewhere("t") is None
