"""What happens by itself: each feature's rounds of the minute, the hour and the night."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from flask import Flask
from huey import Huey, crontab

from panel_app.core.feature import offered

#: Minutes, hours and the night, in the server's own time.
TIMES = {
    "minute": crontab(),
    "hour": crontab(minute="7"),
    "night": crontab(minute="23", hour="3"),
}


@dataclass(frozen=True, slots=True)
class Timed:
    """A round that the job process runs; it commits what it did, and may find nothing to do."""

    name: str
    every: Literal["minute", "hour", "night"]
    run: Callable[[], None]


def init_app(app: Flask) -> None:
    """Put every round into the job process's timetable, each on its own: one waits for none."""
    with app.app_context():
        for timed in offered(Timed):
            _enter(app, timed)


def _enter(app: Flask, timed: Timed) -> None:
    huey: Huey = app.extensions["huey"]

    @huey.periodic_task(TIMES[timed.every], name=timed.name)  # type: ignore[untyped-decorator]
    def due() -> None:
        with app.app_context():
            timed.run()
