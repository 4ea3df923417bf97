"""Limits on tries and requests, counted by code or place, never by address: a hall shares one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter, RateLimiter
from redis import RedisError

from panel_app.core import logs
from panel_app.core.errors import TooManyTries
from panel_app.core.text import _

#: Where Redis does not answer, each process counts by itself meanwhile: nobody is kept out.
_alone = MovingWindowRateLimiter(MemoryStorage())

T = TypeVar("T")

#: Wrong tries of one code.
WRONG_TRIES = parse("10 per 15 minutes")


def init_app(app: Flask, *, redis_url: str, deployment: str) -> None:
    """Count in Redis where there are several workers, in memory otherwise.

    `deployment` keeps the counts of several deployments on one Redis apart.
    """
    if redis_url:
        storage = storage_from_string(
            redis_url,
            key_prefix=f"panel-app:{deployment}:tries",
            socket_connect_timeout=1,
            socket_timeout=1,
        )
    else:
        storage = MemoryStorage()
    app.extensions["tries"] = MovingWindowRateLimiter(storage)


def check_tries(*key: str, message: Any = None) -> None:
    """Raise TooManyTries, with `message`, where this code was tried wrongly too often."""
    if not _counted(lambda counter: counter.test(WRONG_TRIES, *key)):
        logs.event("tries.locked_out", kind=key[0])
        raise TooManyTries(
            message
            or _(
                "This code was tried too often. Wait 15 minutes, or scan the QR code on your"
                " letter."
            )
        )


def count_wrong_try(*key: str) -> None:
    """Remember a wrong try of this code; the log hears of its kind alone."""
    logs.event("tries.wrong", kind=key[0])
    _counted(lambda counter: counter.hit(WRONG_TRIES, *key))


def forget_tries(*key: str) -> None:
    """Start counting anew: the right one was given."""
    _counted(lambda counter: counter.clear(WRONG_TRIES, *key))


def take(limit: RateLimitItem, *key: str, message: Any) -> None:
    """Count one more under this key. Raises TooManyTries, with `message`, past the limit."""
    if not _counted(lambda counter: counter.hit(limit, *key)):
        logs.event("tries.limit_reached", kind=key[0])
        raise TooManyTries(message)


def _counted(act: Callable[[RateLimiter], T]) -> T:
    try:
        return act(current_app.extensions["tries"])
    except RedisError:
        logs.event("limits.redis_is_silent")
        return act(_alone)
