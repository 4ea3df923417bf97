"""Work in the queue, and the outbox."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, current_app
from sqlalchemy import select, text

from panel_app.core import jobs
from panel_app.core.db import db
from panel_app.core.feature import Feature, init_app, offer
from panel_app.core.jobs import Task
from panel_app.core.messages import Message, post
from tests.factories.panels import make_panel

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


def test_message_is_sealed_and_waits(app: Flask) -> None:
    with app.app_context():
        message = post(
            panel_id=make_panel().id,
            to="canary@example.org",
            title="Decision",
            body="We can pay",
            language="bn",
            subject_ref="application:abc",
        )
        db.session.commit()
        db.session.expire_all()
        assert message.state == "waiting"
        assert message.wording == {
            "to": "canary@example.org", "title": "Decision", "body": "We can pay",
        }  # fmt: skip
        row = db.session.execute(text("SELECT * FROM message")).one()
        assert "canary" not in repr(row)


def test_message_is_lost_with_its_transaction(app: Flask) -> None:
    with app.app_context():
        panel_id = make_panel().id
        db.session.commit()
        post(panel_id=panel_id, to="a", title="b", body="c", language="en", subject_ref="x")
        db.session.rollback()
        assert db.session.scalar(select(Message)) is None
