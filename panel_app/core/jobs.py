"""Heavy work outside the web threads: a queue on SQLite, or on Redis for several machines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from huey import Huey, MemoryHuey, RedisHuey, SqliteHuey

#: Work by name; a task is queued by its name and run with the application's context.
TASKS: dict[str, Callable[..., None]] = {}


def task(function: Callable[..., None]) -> Callable[..., None]:
    """Make `function` known to the queue; call `queue` to run it elsewhere."""
    TASKS[_name(function)] = function
    return function


def queue(function: Callable[..., None], *arguments: Any) -> None:
    """Ask the job process to call `function`; commit first what it is to read."""
    current_app.extensions["jobs"](_name(function), *arguments)


def init_app(app: Flask, *, redis_url: str, data_dir: Path, immediate: bool) -> None:
    """Open the queue; with `immediate` a task runs where it is queued, as the tests want."""

    def run(name: str, *arguments: Any) -> None:
        with app.app_context():
            TASKS[name](*arguments)

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


def _name(function: Callable[..., None]) -> str:
    return f"{function.__module__}.{function.__qualname__}"
