"""Messages leave once; what was not taken waits, what can't be taken is listed with its reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.feature import offered
from panel_app.outbox import sending
from panel_app.outbox.due import Reminder
from panel_app.outbox.models import Message
from panel_app.outbox.sending import send_due
from tests.factories.outbox import SECRET, post
from tests.outbox.conftest import Room
from tests.outbox.post_room import by_smtp, free_port


def states(room: Room) -> dict[str, tuple[str, str | None, int | None]]:
    """Return how each message stands, by what it is about."""
    with room.app.app_context():
        return {
            m.subject_ref.removeprefix("test:"): (m.state, m.fault, m.answer)
            for m in db.session.scalars(select(Message))
        }


def send(room: Room, *who: str) -> int:
    """Post notes to these addresses' names and send what is due."""
    with room.app.app_context():
        for each in who:
            post(each, panel_id=room.panel)
        db.session.commit()
        return send_due()


def test_a_message_is_sent_once_in_its_own_letters(room: Room) -> None:
    with room.app.app_context():
        post("রোজা", panel_id=room.panel, to="rosa@example.org", language="bn")
        db.session.commit()
        assert (send_due(), send_due()) == (1, 0)
    (mail,) = room.office.mails()
    assert mail["To"] == "rosa@example.org"
    assert mail["From"] == "Hillgrove <panel@hillgrove.example>"
    assert mail["Subject"] == "A note for রোজা"
    assert mail.get_content().splitlines()[-2:] == [".", "Hillgrove Council"]
    assert mail["Content-Language"] == "bn"
    assert room.office.taken[0][1].isascii()
    assert states(room)["রোজা"] == ("sent", None, None)


def test_what_is_posted_and_rolled_back_is_never_sent(room: Room) -> None:
    with room.app.app_context():
        post("rosa", panel_id=room.panel)
        db.session.rollback()
        assert send_due() == 0
    assert room.office.taken == []


def test_refusals_for_good_are_listed_and_the_others_go(room: Room) -> None:
    assert send(room, "refuse550", "rosa", "spam", "two words") == 1
    assert room.office.counted() == {"rosa@example.org": 1, "spam@example.org": 1}
    assert states(room) == {
        "refuse550": ("failed", "refused", 550),
        "rosa": ("sent", None, None),
        "spam": ("failed", "refused", 554),
        "two words": ("failed", "address", None),
    }


def test_refusals_for_now_are_tried_again_later_each_time(room: Room) -> None:
    send(room, "later450")
    for tries in range(1, sending.MOST_TRIES):
        with room.app.app_context():
            message = db.session.scalars(select(Message)).one()
            assert (message.state, message.tries, message.answer) == ("waiting", tries, 450)
            waits = (message.due_at - clock.now()).total_seconds() / 60
            assert waits == pytest.approx(min(2 ** (tries - 1), 240), abs=0.5)
            assert send_due() == 0
            message = db.session.scalars(select(Message)).one()
            message.due_at = clock.now()
            db.session.commit()
            send_due()
    assert states(room)["later450"] == ("failed", "given_up", 450)


def test_a_line_that_breaks_after_the_text_leaves_it_perhaps_sent(room: Room) -> None:
    send(room, "hangup")
    assert states(room)["hangup"][0] == "unsure"
    with room.app.app_context():
        assert send_due() == 0
    assert room.office.counted()["hangup@example.org"] == 1


def test_a_silent_server_costs_no_tries_and_is_said(room: Room) -> None:
    nowhere = by_smtp(room.app, room.folder, free_port())
    with nowhere.app_context():
        post("rosa", panel_id=room.panel)
        db.session.commit()
        assert send_due() == 0
        message = db.session.scalars(select(Message)).one()
        assert (message.state, message.fault, message.tries) == ("waiting", "unreachable", 0)
        db.session.remove()
        db.engine.dispose()
    assert send(room) == 1
    assert states(room)["rosa"] == ("sent", None, None)


def test_one_person_gets_a_day_s_number_and_the_rest_after(room: Room) -> None:
    with room.app.app_context():
        for number in range(7):
            post(f"note {number}", panel_id=room.panel, to="Rosa@Example.org")
        post("sol", panel_id=room.panel)
        db.session.commit()
        assert send_due() == 6
        waiting = select(Message).where(Message.state == "waiting")
        for message in db.session.scalars(waiting):
            assert message.fault == "limit"
            assert message.due_at > clock.now() + timedelta(hours=23)
            message.due_at = clock.now()
        everything = db.session.scalars(select(Message).where(Message.claimed_at.is_not(None)))
        for message in everything:
            message.claimed_at = clock.now() - timedelta(hours=25)
        db.session.commit()
        assert send_due() == 2


def test_a_claim_without_an_outcome_is_doubted_and_never_repeated(room: Room) -> None:
    with room.app.app_context():
        post("rosa", panel_id=room.panel)
        db.session.commit()
        letter = sending._claim()
        assert letter is not None
        send_due()
        assert states(room)["rosa"][0] == "sending"
        message = db.session.scalars(select(Message)).one()
        message.claimed_at = clock.now() - sending.CLAIM_LASTS - timedelta(seconds=1)
        db.session.commit()
        send_due()
        assert states(room)["rosa"][0] == "unsure"
        sending._settle(letter, None)
        assert states(room)["rosa"][0] == "sent"
    assert room.office.taken == []


def test_a_secret_is_nowhere_once_it_was_sent(room: Room) -> None:
    with room.app.app_context():
        post("rosa", panel_id=room.panel, template=SECRET)
        db.session.commit()
        assert "All is well" in db.session.scalars(select(Message)).one().wording["body"]
        db.session.commit()
        assert send_due() == 1
        wording = db.session.scalars(select(Message)).one().wording
    assert (wording["to"], wording["body"]) == ("rosa@example.org", "")
    assert "All is well" in room.office.mails()[0].get_content()


def test_switching_mail_on_sends_nothing_that_was_for_a_person_to_hand_over(room: Room) -> None:
    with room.app.app_context():
        message = post("rosa", panel_id=room.panel)
        message.by_hand = True
        db.session.commit()
        assert send_due() == 0
    assert room.office.taken == []


def test_rows_and_logs_hold_no_address_in_clear(
    room: Room, capfd: pytest.CaptureFixture[str]
) -> None:
    send(room, "canary", "hangup-canary", "refuse550canary")
    with room.app.app_context():
        rows = repr(db.session.execute(text("SELECT * FROM message")).all())
        entries = repr(db.session.execute(text("SELECT * FROM audit_entry")).all())
    assert "canary@" not in rows + entries + "".join(capfd.readouterr())


def test_every_reminder_can_be_asked_on_either_database(app: Flask) -> None:
    with app.test_request_context():
        for reminder in offered(Reminder):
            assert reminder.post() == 0, reminder.name
