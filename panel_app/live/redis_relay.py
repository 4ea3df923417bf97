"""Hints between workers through Redis; losing it makes pages slower, never wrong."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

import redis
import redis.asyncio

from panel_app.core import logs

if TYPE_CHECKING:
    from panel_app.live.hub import Hub

#: Seconds: the longest that a request waits for Redis, and how long it is then left alone.
PATIENCE, PAUSE = 0.5, 5.0
#: Seconds between two reports of who listens, and after which a report counts no more.
REPORT_EVERY, REPORT_HOLDS = 5.0, 15.0
#: Seconds of silence, though it was asked, after which Redis counts as lost; and between two
#: looks of every page while it is.
SILENT, LOOK_EVERY = 2.0, 4.0


class RedisRelay:
    """Carries hints and reports of who listens; one subscription a worker.

    `deployment` keeps those of several deployments on one Redis apart.
    """

    def __init__(self, url: str, deployment: str = "") -> None:
        self._url = url
        self._channel = f"panel-app:{deployment}:live"
        self._presence = f"panel-app:{deployment}:present:"
        self._redis = redis.Redis.from_url(
            url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
        )
        self._left_alone_until = 0.0

    def send(self, topic: str, number: int) -> None:
        """Pass a hint to the other workers, or lose it."""
        if time.monotonic() < self._left_alone_until:
            return
        try:
            self._redis.publish(self._channel, f"{topic} {number}")
        except redis.RedisError:
            self._give_up()

    def live_elsewhere(self, topic: str) -> frozenset[str] | None:
        """Return the members whose phones reported lately, on any worker."""
        if time.monotonic() < self._left_alone_until:
            return None
        try:
            since = time.time() - REPORT_HOLDS
            found = self._redis.zrangebyscore(self._presence + topic, since, "+inf")
        except redis.RedisError:
            self._give_up()
            return None
        return frozenset(one.decode() for one in found)  # type: ignore[union-attr]

    def _give_up(self) -> None:
        self._left_alone_until = time.monotonic() + PAUSE
        logs.event("live.redis_lost")

    async def carry(self, hub: Hub) -> None:
        """Listen to the other workers and report to them, for as long as the server runs."""
        await asyncio.gather(self._hear(hub), self._report(hub))

    async def _hear(self, hub: Hub) -> None:
        """Pass hints on to `hub`; while they may get lost, every page looks now and then."""
        while True:
            with contextlib.suppress(redis.RedisError, OSError):
                async with self._connection() as connection, connection.pubsub() as channel:
                    await channel.subscribe(self._channel)
                    hub.tell_everyone()
                    await _pass_on(channel, hub)
            hub.tell_everyone()
            await asyncio.sleep(LOOK_EVERY)

    async def _report(self, hub: Hub) -> None:
        """Say every few seconds which members' phones listen here."""
        async with self._connection() as connection:
            while True:
                with contextlib.suppress(redis.RedisError, OSError):
                    pipe = connection.pipeline(transaction=False)
                    for topic, subjects in hub.everybody().items():
                        if subjects:
                            pipe.zadd(self._presence + topic, dict.fromkeys(subjects, time.time()))
                            pipe.expire(self._presence + topic, int(REPORT_HOLDS))
                    await pipe.execute()
                await asyncio.sleep(REPORT_EVERY)

    def _connection(self) -> redis.asyncio.Redis:
        return redis.asyncio.Redis.from_url(
            self._url, socket_timeout=PATIENCE * 2, socket_connect_timeout=PATIENCE
        )


async def _pass_on(channel: redis.asyncio.client.PubSub, hub: Hub) -> None:
    """Deliver what comes. Raises TimeoutError where Redis no longer answers, though connected."""
    heard = time.monotonic()
    while time.monotonic() - heard < SILENT:
        message = await channel.get_message(timeout=PATIENCE)
        if message is None:
            # Answered like a message.
            await channel.ping()
            continue
        heard = time.monotonic()
        if message["type"] == "message":
            topic, _, number = message["data"].decode().rpartition(" ")
            hub.deliver(topic, int(number))
    raise TimeoutError
