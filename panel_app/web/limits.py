"""Limits on tries, counted by code and never by address: a hall shares one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask
from flask_limiter import Limiter
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter, RateLimiter
from redis import RedisError

from panel_app.core import logs
from panel_app.core.errors import TooManyTries
from panel_app.core.text import _

limiter = Limiter(key_func=lambda: "everyone")

#: Where Redis does not answer, each process counts by itself meanwhile: nobody is kept out.
_alone = MovingWindowRateLimiter(MemoryStorage())

T = TypeVar("T")

#: Wrong tries of one code.
WRONG_TRIES = parse("10 per 15 minutes")


def init_app(app: Flask, *, redis_url: str) -> None:
    """Count in Redis where there are several workers, in memory otherwise."""
    app.config["RATELIMIT_STORAGE_URI"] = redis_url or "memory://"
    app.config["RATELIMIT_STRATEGY"] = "moving-window"
    if redis_url:
        patience = {"socket_connect_timeout": 1, "socket_timeout": 1}
        app.config["RATELIMIT_STORAGE_OPTIONS"] = patience
    limiter.init_app(app)


def check_tries(*key: str, message: Any = None) -> None:
    """Raise TooManyTries, with `message`, where this code was tried wrongly too often."""
    if not _counted(lambda counter: counter.test(WRONG_TRIES, *key)):
        raise TooManyTries(
            message
            or _(
                "This code was tried too often. Wait 15 minutes, or scan the QR code on your"
                " letter."
            )
        )


def count_wrong_try(*key: str) -> None:
    """Remember a wrong try of this code."""
    _counted(lambda counter: counter.hit(WRONG_TRIES, *key))


def forget_tries(*key: str) -> None:
    """Start counting anew: the right one was given."""
    _counted(lambda counter: counter.clear(WRONG_TRIES, *key))


def _counted(act: Callable[[RateLimiter], T]) -> T:
    try:
        return act(limiter.limiter)
    except RedisError:
        logs.event("limits.redis_is_silent")
        return act(_alone)
