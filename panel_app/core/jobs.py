"""Heavy work outside the web threads: a queue on SQLite, or on Redis for several machines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from huey import Huey, MemoryHuey, RedisHuey, SqliteHuey

from panel_app.core.feature import offered


@dataclass(frozen=True, slots=True)
class Task:
    """Work that a feature offers to the queue; it is queued by name and run by the job process."""

    run: Callable[..., None]

    @property
    def name(self) -> str:
        """Return what stands in the queue for it."""
        return f"{self.run.__module__}.{self.run.__qualname__}"


def queue(function: Callable[..., None], *arguments: Any) -> None:
    """Ask the job process to call a task's `function`; commit first what it is to read."""
    current_app.extensions["jobs"](Task(function).name, *arguments)


def init_app(app: Flask, *, redis_url: str, data_dir: Path, immediate: bool) -> None:
    """Open the queue; with `immediate` a task runs where it is queued, as the tests want."""

    def run(name: str, *arguments: Any) -> None:
        with app.app_context():
            _called(name).run(*arguments)

    huey = _open(redis_url, data_dir, immediate)
    app.extensions["huey"] = huey
    # The queue would keep a failure to itself; a test is to see it.
    app.extensions["jobs"] = run if immediate else huey.task(name="run")(run)


def _open(redis_url: str, data_dir: Path, immediate: bool) -> Huey:
    if immediate:
        return MemoryHuey("panel-app", immediate=True)
    if redis_url:
        return RedisHuey("panel-app", url=redis_url)
    data_dir.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("panel-app", filename=str(data_dir / "jobs.db"))


def _called(name: str) -> Task:
    return next(task for task in offered(Task) if task.name == name)
