"""Work in the queue."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, current_app

from panel_app.core import jobs
from panel_app.core.feature import Feature, init_app, offer
from panel_app.core.jobs import Task

done: list[object] = []


def note(value: object) -> None:
    assert current_app
    done.append(value)


def fail(value: object) -> None:
    raise RuntimeError(str(value))


def test_task_runs_with_the_application(app: Flask) -> None:
    done.clear()
    offer(app, Task(note))
    with app.app_context():
        jobs.queue(note, 5)
    assert done == [5]


def test_failing_task_is_seen_by_the_test(app: Flask) -> None:
    offer(app, Task(fail))
    with app.app_context(), pytest.raises(RuntimeError, match="6"):
        jobs.queue(fail, 6)


def test_task_waits_in_a_file_until_the_job_process_takes_it(tmp_path: Path) -> None:
    done.clear()
    waiting = Flask("waiting")
    init_app(waiting, [Feature(name="waiting", offers=[Task(note)])])
    jobs.init_app(waiting, redis_url="", data_dir=tmp_path, immediate=False)
    with waiting.app_context():
        jobs.queue(note, 7)
    assert done == []
    huey = waiting.extensions["huey"]
    assert huey.pending_count() == 1
    huey.execute(huey.dequeue())
    assert done == [7]
    huey.storage.close()


def test_task_for_later_waits_for_its_time(tmp_path: Path) -> None:
    done.clear()
    waiting = Flask("waiting")
    init_app(waiting, [Feature(name="waiting", offers=[Task(note)])])
    jobs.init_app(waiting, redis_url="", data_dir=tmp_path, immediate=False)
    with waiting.app_context():
        jobs.queue_later(60, note, 8)
    huey = waiting.extensions["huey"]
    early = huey.dequeue()
    assert not huey.ready_to_run(early)
    huey.add_schedule(early)
    later = huey._get_timestamp() + timedelta(seconds=61)
    (due,) = huey.read_schedule(later)
    huey.execute(due, later)
    assert done == [8]
    huey.storage.close()
