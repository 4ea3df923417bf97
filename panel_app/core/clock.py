"""The one place that asks what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

#: How long ago what is told now happened; only the demo tells of other times than the present.
_ago: ContextVar[timedelta] = ContextVar("ago", default=timedelta(0))


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC) - _ago.get()


@contextmanager
def ago(time: timedelta) -> Iterator[None]:
    """Let what is done inside the block have been done `time` ago."""
    mark = _ago.set(time)
    try:
        yield
    finally:
        _ago.reset(mark)


def how_long_ago() -> timedelta:
    """Return how long ago what is told now happened."""
    return _ago.get()
