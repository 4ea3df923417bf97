"""The pot under presses from several processes: threads of one process could hide behind a lock."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from panel_app.core.db import db
from panel_app.grants.models import Award, Programme, Round
from panel_app.outbox.models import Message
from panel_app.panels.models import Member
from tests.factories.casework import let_vote
from tests.factories.grants import make_application
from tests.grants.conftest import Scene

ROOT = Path(__file__).parents[2]
PROCESSES = 3
PRESS = """
import json, sys
from pathlib import Path
from panel_app.app import create_app
from panel_app.core.db import db
from panel_app.core.errors import Conflict
from panel_app.grants import services
from panel_app.grants.models import Application
from tests.conftest import settings_for

app = create_app(settings_for(sys.argv[1], Path(sys.argv[2])))
print("ready", flush=True)
input()
answers = []
with app.test_request_context():
    for number in json.loads(sys.argv[3]):
        try:
            services.decide_application(
                application=db.session.get_one(Application, number),
                outcome="fund",
                amount=None,
                reason="A clear need",
                actor="staff:test",
            )
            db.session.commit()
            answers.append("funded")
        except Conflict:
            db.session.rollback()
            answers.append("refused")
print(json.dumps(answers))
"""


def test_approvals_from_several_processes_never_pass_the_pot(
    app: Flask, scene: Scene, tmp_path: Path
) -> None:
    with app.test_request_context():
        db.session.get_one(Round, scene.round).pot = 500_000
        programme = db.session.get_one(Programme, scene.programme)
        applications = [make_application(programme) for _each in range(6)]
        members = [db.session.get_one(Member, number) for number in scene.members[:3]]
        for application in applications:
            assert application.case
            let_vote(application.case, members, "fund")
        db.session.commit()
        numbers = json.dumps([application.id for application in applications])
        url = db.engine.url.render_as_string(hide_password=False)
    presses = [
        subprocess.Popen(
            [sys.executable, "-c", PRESS, url, str(tmp_path), numbers],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _each in range(PROCESSES)
    ]
    for press in presses:
        assert press.stdout
        assert press.stdout.readline() == "ready\n"
    for press in presses:
        assert press.stdin
        press.stdin.write("\n")
        press.stdin.flush()
    answers = [answer for press in presses for answer in json.loads(press.communicate()[0])]
    assert answers.count("funded") == 2
    assert answers.count("refused") == 6 * PROCESSES - 2
    with app.app_context():
        awarded = db.session.scalar(select(func.sum(Award.amount)))
        assert db.session.get_one(Round, scene.round).committed == awarded == 2 * 185_000
        assert db.session.scalar(select(func.count()).select_from(Message)) == 2
