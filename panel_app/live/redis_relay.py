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

CHANNEL = "panel-app:live"
PRESENCE = "panel-app:present:"
#: Seconds: the longest that a request waits for Redis, and how long it is then left alone.
PATIENCE, PAUSE = 0.5, 5.0
#: Seconds between two reports of who listens, and after which a report counts no more.
REPORT_EVERY, REPORT_HOLDS = 5.0, 15.0


class RedisRelay:
    """Carries hints and reports of who listens; one subscription a worker."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._redis = redis.Redis.from_url(
            url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
        )
        self._left_alone_until = 0.0

    def send(self, topic: str, number: int) -> None:
        """Pass a hint to the other workers, or lose it."""
        if time.monotonic() < self._left_alone_until:
            return
        try:
            self._redis.publish(CHANNEL, f"{topic} {number}")
        except redis.RedisError:
            self._give_up()

    def live_elsewhere(self, topic: str) -> frozenset[str] | None:
        """Return the members whose phones reported lately, on any worker."""
        if time.monotonic() < self._left_alone_until:
            return None
        try:
            since = time.time() - REPORT_HOLDS
            found = self._redis.zrangebyscore(PRESENCE + topic, since, "+inf")
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
        """Pass hints on to `hub`; after a loss every page looks again."""
        wait = 1.0
        while True:
            try:
                async with self._connection() as connection, connection.pubsub() as channel:
                    await channel.subscribe(CHANNEL)
                    hub.tell_everyone()
                    wait = 1.0
                    await _pass_on(channel, hub)
            except (redis.RedisError, OSError):
                await asyncio.sleep(wait)
                wait = min(wait * 2, 10.0)

    async def _report(self, hub: Hub) -> None:
        """Say every few seconds which members' phones listen here."""
        async with self._connection() as connection:
            while True:
                with contextlib.suppress(redis.RedisError, OSError):
                    pipe = connection.pipeline(transaction=False)
                    for topic, subjects in hub.all_phones().items():
                        if subjects:
                            pipe.zadd(PRESENCE + topic, dict.fromkeys(subjects, time.time()))
                            pipe.expire(PRESENCE + topic, int(REPORT_HOLDS))
                    await pipe.execute()
                await asyncio.sleep(REPORT_EVERY)

    def _connection(self) -> redis.asyncio.Redis:
        return redis.asyncio.Redis.from_url(
            self._url, socket_timeout=PATIENCE * 2, socket_connect_timeout=PATIENCE
        )


async def _pass_on(channel: redis.asyncio.client.PubSub, hub: Hub) -> None:
    while True:
        # A ping proves that a silent Redis is still there: it is answered like a message.
        message = await channel.get_message(ignore_subscribe_messages=True, timeout=PATIENCE)
        if message is None:
            await channel.ping()
        elif message["type"] == "message":
            topic, _, number = message["data"].decode().rpartition(" ")
            hub.deliver(topic, int(number))
