"""The audit log's chain holds against changes by SQL and against writers at the same time."""

from __future__ import annotations

import ast
import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

import panel_app
from panel_app.core import audit
from panel_app.core.db import db

TAMPERING = {
    "a detail changed": ("UPDATE audit_entry SET details = '[99]' WHERE number = 3", 3),
    "an actor changed": ("UPDATE audit_entry SET actor = 'nobody' WHERE number = 2", 2),
    "an entry deleted": ("DELETE FROM audit_entry WHERE number = 3", 3),
    "the first deleted": ("DELETE FROM audit_entry WHERE number = 1", 1),
    "one inserted at the end": (
        (
            "INSERT INTO audit_entry (number, at, actor, action, subject, details, hash)"
            # Another hash whatever that one is: a letter that no hash has.
            " SELECT 6, at, actor, action, subject, details, 'x' || substr(hash, 2)"
            " FROM audit_entry WHERE number = 5"
        ),
        6,
    ),
}


def write(number: int) -> None:
    for n in range(number):
        audit.record("panel.drawn", actor="staff:abc", subject="panel:xyz", size=n, by={"b": 1.5})
    db.session.commit()


def test_untouched_log_verifies(app: Flask) -> None:
    with app.app_context():
        assert audit.verify() == (0, None)
        assert audit.head() == audit.Head(0, audit.START)
        write(5)
        assert audit.verify() == (5, None)


@pytest.mark.parametrize("what", TAMPERING)
def test_first_bad_entry_is_named(app: Flask, what: str) -> None:
    statement, named = TAMPERING[what]
    with app.app_context():
        write(5)
        db.session.execute(text(statement.replace(":", r"\:")))
        db.session.commit()
        assert audit.verify()[1] == named


def test_swapped_entries_are_named(app: Flask) -> None:
    with app.app_context():
        write(5)
        for was, becomes in ((2, 99), (4, 2), (99, 4)):
            move = text("UPDATE audit_entry SET number = :becomes WHERE number = :was")
            db.session.execute(move, {"was": was, "becomes": becomes})
        db.session.commit()
        assert audit.verify()[1] == 2


def test_head_differs_after_the_end_is_cut_off(app: Flask) -> None:
    """A chain alone can't tell that its end is missing; a head written down elsewhere can."""
    with app.app_context():
        write(5)
        written_down = audit.head()
        db.session.execute(text("DELETE FROM audit_entry WHERE number = 5"))
        db.session.commit()
        assert audit.verify() == (4, None)
        assert audit.head() != written_down


def test_parallel_writers_keep_one_chain(app: Flask) -> None:
    def append() -> None:
        with app.app_context():
            for _ in range(5):
                write(1)

    writers = [threading.Thread(target=append) for _ in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with app.app_context():
        assert audit.verify() == (30, None)


def test_entry_is_undone_with_its_transaction(app: Flask) -> None:
    with app.app_context():
        audit.record("panel.drawn", actor="system", subject="panel:xyz")
        db.session.rollback()
        assert audit.verify() == (0, None)


def test_details_hold_after_a_round_trip(app: Flask) -> None:
    with app.app_context():
        audit.record("x", actor="system", subject="y", shares={10: 1, 9: 2}, ids=("a", "b"))
        db.session.commit()
        db.session.expire_all()
        assert audit.verify() == (1, None)


def test_numbers_that_json_lacks_are_refused(app: Flask) -> None:
    with app.app_context(), pytest.raises(ValueError, match="not JSON compliant"):
        audit.record("x", actor="system", subject="y", share=float("nan"))


#: Where nobody acts: time ends a vote, a queue sends or computes, a first score fixes the scheme.
BY_ITSELF = {
    "balloting/services.py",
    "casework/services.py",
    "outbox/sending.py",
    "records/cleaning.py",
    "recruitment/invitations/addresses.py",
    "recruitment/invitations/waves.py",
    "recruitment/lotteries.py",
    "recruitment/near_matches.py",
}


def test_log_says_system_only_where_nobody_acts() -> None:
    package = Path(panel_app.__file__).parent
    found = {
        str(file.relative_to(package))
        for file in package.rglob("*.py")
        if "demo" not in file.parts
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call)
        for given in call.keywords
        if given.arg == "actor" and getattr(given.value, "value", None) == "system"
    }
    assert found == BY_ITSELF
