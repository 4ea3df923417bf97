"""At most once, with processes that are killed and processes that send at the same time."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from sqlalchemy import func, select, update

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.outbox.models import Message
from panel_app.outbox.sending import CLAIM_LASTS, send_due
from tests.factories.outbox import post
from tests.outbox.conftest import Room
from tests.outbox.post_room import Office, post_office

ROOT = Path(__file__).parents[2]
#: How many go out while senders are killed.
MANY = 500
SEND = """
import sys
from pathlib import Path
from panel_app.outbox.sending import send_due
from tests.outbox.post_room import sending_app

app = sending_app(sys.argv[1], Path(sys.argv[2]), mail="smtp", smtp_url=sys.argv[3])
print("ready", flush=True)
input()
with app.app_context():
    print(send_due())
"""


def start(room: Room) -> subprocess.Popen[str]:
    """Start a process that sends what is due once it is told to."""
    process = subprocess.Popen(
        [sys.executable, "-c", SEND, room.url, str(room.folder), f"smtp://127.0.0.1:{room.port}"],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


def fill(app: Flask, panel: int, number: int) -> None:
    with app.app_context():
        for each in range(number):
            post(f"person{each}", panel_id=panel)
        db.session.commit()


def by_state(app: Flask) -> Counter[str]:
    with app.app_context():
        rows = db.session.execute(select(Message.state, func.count()).group_by(Message.state))
        return Counter(dict(rows.all()))


def given_up(room: Room) -> None:
    """Let so much time pass that what was claimed by the dead is given up: sent by nobody."""
    with room.app.app_context():
        long_ago = clock.now() - CLAIM_LASTS - timedelta(minutes=1)
        db.session.execute(
            update(Message).where(Message.state == "sending").values(claimed_at=long_ago)
        )
        db.session.commit()
        assert send_due() == 0


class Killed(Office):
    """Has the sender killed at a step of the conversation, once."""

    def __init__(self, office: Office, step: str, at: int) -> None:
        super().__init__(office.taken)
        self.step, self.at = step, at
        self.victim: subprocess.Popen[str] | None = None
        self.seen: Counter[str] = Counter()

    def _kill(self, step: str) -> None:
        self.seen[step] += 1
        if step == self.step and self.seen[step] == self.at and self.victim:
            self.victim.send_signal(signal.SIGKILL)
            self.victim.wait()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, to: str, options: list[str]
    ) -> str:
        self._kill("recipient")
        return await super().handle_RCPT(server, session, envelope, to, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        self._kill("text")
        return answer


@pytest.mark.parametrize(("step", "arrived"), [("recipient", 3), ("text", 4)])
def test_a_killed_sender_sends_nothing_twice_and_says_what_is_unsure(
    room: Room, step: str, arrived: int
) -> None:
    fill(room.app, room.panel, 8)
    killer = Killed(room.office, step, 4)
    with post_office(killer) as port:
        room.port = port
        killer.victim = start(room)
        go(killer.victim)
        assert killer.victim.wait(30) == -signal.SIGKILL
        assert len(room.office.taken) == arrived
        assert by_state(room.app) == {"sent": 3, "sending": 1, "waiting": 4}
        again = start(room)
        go(again)
        assert again.wait(60) == 0
    assert by_state(room.app) == {"sent": 7, "sending": 1}
    given_up(room)
    assert by_state(room.app) == {"sent": 7, "unsure": 1}
    assert set(room.office.counted().values()) == {1}


@pytest.mark.slow
def test_of_five_hundred_each_got_none_or_one_though_senders_are_killed(room: Room) -> None:
    fill(room.app, room.panel, MANY)
    chance, died = random.Random(7), 0
    while died < 5:
        taken = len(room.office.taken)
        sender = start(room)
        go(sender)
        at = taken + chance.randint(1, 80)
        while len(room.office.taken) < at:
            time.sleep(0.001)
        sender.kill()
        died += sender.wait() == -signal.SIGKILL
    assert by_state(room.app)["waiting"] > 0, "killed while they went out"
    while by_state(room.app)["waiting"]:
        last = start(room)
        go(last)
        assert last.wait(120) == 0
    counted, stands = room.office.counted(), by_state(room.app)
    assert set(counted.values()) == {1}
    # What is not known to have been sent is exactly what was claimed when a sender died.
    assert stands["sent"] <= len(counted) <= stands["sent"] + stands["sending"]
    assert stands["sent"] + stands["sending"] == MANY
    assert stands["sending"] <= died
    given_up(room)
    assert by_state(room.app) == {"sent": stands["sent"], "unsure": stands["sending"]}
    with room.app.app_context():
        for message in db.session.scalars(select(Message)):
            assert message.state == "unsure" or counted[message.wording["to"]] == 1


def test_senders_at_the_same_time_send_each_message_once(room: Room) -> None:
    fill(room.app, room.panel, 60)
    senders = [start(room) for _each in range(3)]
    tellers = [threading.Thread(target=go, args=(sender,)) for sender in senders]
    for teller in tellers:
        teller.start()
    said = [int(sender.communicate(timeout=60)[0]) for sender in senders]
    assert sum(said) == 60
    assert by_state(room.app) == {"sent": 60}
    assert len(room.office.taken) == 60
    assert set(room.office.counted().values()) == {1}
