"""Heavy work outside the web threads: a queue on SQLite, or on Redis for several machines."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import redis
from flask import Flask, current_app
from huey import Huey, MemoryHuey, RedisHuey, SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from panel_app.core import logs
from panel_app.core.db import db
from panel_app.core.feature import offered

_WAITING = "jobs_to_queue"
#: The queue's file in the data folder, where there is no Redis; seconds that it is waited for.
FILE, BUSY = "jobs.db", 2


@dataclass(frozen=True, slots=True)
class Task:
    """Work that a feature offers to the queue; it is queued by name and run by the job process."""

    run: Callable[..., None]

    @property
    def name(self) -> str:
        """Return what stands in the queue for it."""
        return f"{self.run.__module__}.{self.run.__qualname__}"


#: What a queue answers with that is silent, locked, damaged or on a full disk.
SILENT = (sqlite3.Error, redis.RedisError, OSError)


def queue(function: Callable[..., None], *arguments: Any) -> None:
    """Ask the job process to call a task's `function`; commit first what it is to read.

    What is committed is not undone by a silent queue: it is logged, and the round of whose work
    it is queues again what the queue forgot.
    """
    try:
        current_app.extensions["jobs"](Task(function).name, *arguments)
    except SILENT as fault:
        logs.event("job.not_queued", **logs.place(fault))


def queue_later(seconds: int, function: Callable[..., None], *arguments: Any) -> None:
    """Queue a task's `function` some seconds from now; as `queue`, it survives a silent queue."""
    try:
        current_app.extensions["jobs_later"](seconds, Task(function).name, *arguments)
    except SILENT as fault:
        logs.event("job.not_queued", **logs.place(fault))


def fault(app: Flask) -> str:
    """Return in a sentence what is wrong with the queue; nothing where it answers."""
    try:
        app.extensions["huey"].pending_count()
    except redis.RedisError as error:
        return f"Redis does not answer ({type(error).__name__}): see REDIS_URL"
    except (sqlite3.Error, OSError) as error:
        file = app.extensions["settings"].data_dir / FILE
        return (
            f"The job queue {file} does not answer: {error}. End what locks it; or stop the server"
            " and delete the file: what waits in it is queued again"
        )
    return ""


class PlainMessages(Serializer):  # type: ignore[misc]
    """Messages as JSON: whoever can write to the queue can't have code of theirs run."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data, default=datetime.isoformat).encode()

    def _deserialize(self, data: bytes) -> Message:
        message = Message(*json.loads(data))
        return message._replace(eta=datetime.fromisoformat(message.eta) if message.eta else None)


def queue_after_commit(function: Callable[..., None], *arguments: Any) -> None:
    """Queue a task's `function` when the current transaction has ended.

    The task looks at what is committed.
    """
    db.session().info.setdefault(_WAITING, []).append((function, arguments))


@event.listens_for(Session, "after_transaction_end")
def _ended(session: Session, transaction: SessionTransaction) -> None:
    """Queue what waited, once the connection is given back."""
    if transaction.parent is None:
        for function, arguments in session.info.pop(_WAITING, ()):
            queue(function, *arguments)


def init_app(
    app: Flask, *, redis_url: str, data_dir: Path, immediate: bool, deployment: str = ""
) -> None:
    """Open the queue; with `immediate` a task runs where it is queued, as the tests want, and one
    for later does not run.

    `deployment` keeps the queues of several deployments on one Redis apart.
    """

    def run(name: str, *arguments: Any) -> None:
        with app.app_context():
            _called(name).run(*arguments)

    huey = _open(f"panel-app-{deployment}", redis_url, data_dir, immediate)
    app.extensions["huey"] = huey
    # The queue would keep a failure to itself; a test is to see it.
    queued = None if immediate else huey.task(name="run")(run)
    app.extensions["jobs"] = queued or run

    def later(seconds: int, name: str, *arguments: Any) -> None:
        if queued:
            queued.schedule((name, *arguments), delay=seconds)

    app.extensions["jobs_later"] = later


def _open(name: str, redis_url: str, data_dir: Path, immediate: bool) -> Huey:
    if immediate:
        return MemoryHuey(name, immediate=True)
    plain = {"serializer": PlainMessages(), "results": False}
    if redis_url:
        return RedisHuey(name, url=redis_url, **plain)
    data_dir.mkdir(parents=True, exist_ok=True)
    return _file(name, data_dir / FILE, plain)


def _file(name: str, file: Path, plain: dict[str, Any]) -> Huey:
    """Open the queue in a file; one that is locked or damaged keeps no page from being served."""
    place = str(file)
    try:
        return SqliteHuey(name, filename=place, timeout=BUSY, **plain)
    except sqlite3.Error as error:
        logs.event("jobs.queue_is_silent", **logs.place(error))
        return SqliteHuey(name, filename=place, timeout=BUSY, create_tables=False, **plain)


def _called(name: str) -> Task:
    return next(task for task in offered(Task) if task.name == name)
