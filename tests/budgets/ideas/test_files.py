"""Ideas from a list come in together or not at all, and go out for staff and for everybody."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable

import pytest
from flask import Flask

from panel_app.budgets.ideas import files
from panel_app.budgets.ideas.models import Idea, IdeaCall
from panel_app.core.db import db
from panel_app.core.errors import FaultyFile
from panel_app.core.translated import Translated
from panel_app.outbox.models import Message
from panel_app.places.services import add_place
from tests.checked_client import CheckedClient, text_of
from tests.factories.budgets import make_pot
from tests.factories.ideas import make_call, make_idea
from tests.factories.panels import make_panel
from tests.factories.staff import make_user

HEAD = "title,why,origin,place,language,contact"


@pytest.fixture
def call(app: Flask) -> Flask:
    """Return the application with a call for ideas, and a block."""
    with app.app_context():
        add_place(kind="block", name=Translated.of(en="Block A"), parent=None, actor="system")
        make_call(make_pot(make_panel(slug="hillgrove")))
        db.session.commit()
    return app


def read(source: str) -> int:
    call = db.session.query(IdeaCall).one()
    return files.read(call=call, source=source, actor="staff:test")


def test_two_hundred_ideas_come_in_at_once_and_in_seconds(call: Flask) -> None:
    rows = [f"Bench number {n},For corner {n} of the square,stall,Block A,en," for n in range(200)]
    with call.test_request_context():
        began = time.process_time()
        assert read("\n".join([HEAD, *rows])) == 200
        db.session.commit()
        assert time.process_time() - began < 6
        numbers = [idea.number for idea in db.session.query(Idea).order_by(Idea.number)]
        assert numbers == list(range(1, 201))
        with pytest.raises(FaultyFile) as refused:
            read("\n".join([HEAD, *rows]))
        assert "there already" in refused.value.faults[0]
        db.session.rollback()
        assert db.session.query(Idea).count() == 200


def test_each_row_keeps_its_origin_language_place_and_contact(call: Flask) -> None:
    source = (
        f"{HEAD}\n"
        "Benches at the stop,We wait there,At a stall,block a,en,ana@residents.example\n"
        "পার্কে আরও আলো,অন্ধকারে ভয় লাগে,workshop,,bn,\n"
        "Pay Mr Brown less,He is lazy,council,,,\n"
    )
    with call.test_request_context():
        assert read(source) == 3
        db.session.commit()
        first, second, third = db.session.query(Idea).order_by(Idea.number)
        assert (first.origin, first.known_by, first.entered_by) == ("stall", "staff", "staff:test")
        assert first.place is not None
        assert first.contact == "ana@residents.example"
        assert (second.origin, second.language) == ("workshop", "bn")
        assert (third.origin, third.language, third.state) == ("council", "en", "held")
        assert db.session.query(Message).count() == 1


def test_every_fault_is_named_by_row_and_none_comes_in(call: Flask) -> None:
    source = (
        f"{HEAD}\n"
        "Good idea here,Because,stall,,,\n"
        "Benches,Because,stall,,,\n"
        "Two words,,stall,,,\n"
        "Two words,Because,pigeon,,,\n"
        "Two more words,Because,stall,Block Z,,\n"
        "Two other words,Because,stall,,xx,\n"
        "Good idea here,Because,stall,,,\n"
    )
    with call.test_request_context():
        with pytest.raises(FaultyFile) as refused:
            read(source)
        told = refused.value.faults
        for row, words in (
            (4, "why"),
            (5, "origin"),
            (6, "Block Z"),
            (7, "language"),
            (8, "more than once"),
        ):
            assert any(str(row) in line and words in line for line in told), told
        db.session.rollback()
        with pytest.raises(FaultyFile, match="Nothing was changed") as refused:
            read(f"{HEAD}\nGood idea here,Because,stall,,,\nBenches,Because,stall,,,\n")
        assert "one word alone" in refused.value.faults[0]
        db.session.rollback()
        assert db.session.query(Idea).count() == 0


def test_staff_read_a_list_in_and_take_all_ideas_out(
    call: Flask, sign_in: Callable[[str], CheckedClient]
) -> None:
    with call.app_context():
        pot = db.session.query(IdeaCall).one().pot
        email = make_user("organiser", pot.panel).email
        make_idea(db.session.query(IdeaCall).one(), contact="ana@residents.example")
        here = f"/desk/hillgrove/pots/{pot.public_id}/ideas"
        db.session.commit()
    desk = sign_in(email)
    assert "origin" in text_of(desk.page(f"{here}/file"))
    sent = {"text": f"{HEAD}\nLamps on the path,It is dark,workshop,,,\n"}
    assert desk.submit(f"{here}/file", sent).status_code == 303
    assert "Ideas from a list" in text_of(desk.page(here))
    listed = desk.get(f"{here}/list.csv").text
    assert "ana@" not in listed
    rows = list(csv.DictReader(io.StringIO(listed.removeprefix("\ufeff"))))
    assert [row["title"] for row in rows] == ["Benches at the stop", "Lamps on the path"]
    assert desk.get(rows[1]["link"].partition("localhost")[2]).status_code == 200
