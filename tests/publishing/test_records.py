"""The record of a session: what the wall showed, for staff, members and anyone."""

from __future__ import annotations

import csv
import io
import json
import re
from io import BytesIO

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from panel_app.core import audit
from panel_app.core.db import db
from panel_app.panels import devices
from panel_app.panels.models import Member, Panel
from panel_app.sessions import activities, wall
from panel_app.sessions.calendar import LONGEST_LINE, folded
from panel_app.sessions.models import AgendaItem, Session
from panel_app.sessions.wall import head_of
from panel_app.staff.roles import Role
from tests.checked_client import CheckedClient, text_of
from tests.conftest import new_client
from tests.core.test_documents import PDF
from tests.core.test_pictures import exif, picture
from tests.factories.staff import PASSWORD, make_user

#: Of the demo's panels, the one that is drawn.
OF_THE_PANEL = Session.panel.has(slug="hillgrove")


def held(app: Flask) -> str:
    """Return the public identifier of the demo's evening that is over."""
    with app.app_context():
        return db.session.scalars(
            select(Session.public_id).where(Session.state == "closed", OF_THE_PANEL)
        ).one()


def record(app: Flask) -> str:
    return f"/desk/hillgrove/sessions/{held(app)}/record"


def test_the_record_holds_each_result_that_the_wall_showed(hillgrove: Flask) -> None:
    page = new_client(hillgrove).get(f"/p/hillgrove/minutes/{held(hillgrove)}").text
    with hillgrove.test_request_context():
        query = select(AgendaItem).join(Session).where(Session.state == "closed", OF_THE_PANEL)
        shown = [item for item in db.session.scalars(query) if item.kind and item.revealed]
        assert {item.kind for item in shown} >= {"question", "statements", "tables"}
        assert [item.kind for item in shown if activities.in_minutes(item) not in page] == []


def test_what_tables_wrote_is_in_the_record(hillgrove: Flask) -> None:
    page = new_client(hillgrove).get(f"/p/hillgrove/minutes/{held(hillgrove)}").text
    assert "Heat, water, lifts and locks" in page
    assert 'lang="bn"' in page


def test_staff_add_decisions_and_documents_and_take_them_out(hillgrove: Flask) -> None:
    desk, path = _desk(hillgrove, "facilitator"), record(hillgrove)
    desk.submit(path, {"wording_en": "Order the lamps"}, button="Add")
    entry = {"wording_en": "Prices", "address": "https://example.org/prices"}
    desk.submit(path, entry, button="Add")
    wrong = desk.submit(path, {"wording_en": "Prices", "address": "javascript:x"}, button="Add")
    assert wrong.status_code == 422
    public = new_client(hillgrove).get(f"/p/hillgrove/minutes/{held(hillgrove)}").text
    assert "Order the lamps" in public
    assert 'href="https://example.org/prices"' in public
    desk.submit(path, {}, action="/remove")
    public = new_client(hillgrove).get(f"/p/hillgrove/minutes/{held(hillgrove)}").text
    assert ("Order the lamps" in public) != ("example.org/prices" in public)


def test_a_document_of_the_record_is_kept_here_and_goes_with_its_entry(hillgrove: Flask) -> None:
    desk, path = _desk(hillgrove, "facilitator"), record(hillgrove)
    minutes = f"/p/hillgrove/minutes/{held(hillgrove)}"
    entry = {"wording_en": "The plan of the yard"}
    wrong = desk.submit(path, {**entry, "file": (BytesIO(b"MZ\x90"), "plan.pdf")}, button="Add")
    assert wrong.status_code == 422
    desk.submit(path, {**entry, "file": (BytesIO(PDF), "evil.html")}, button="Add")
    desk.submit(path, {**entry, "file": (BytesIO(picture(exif=exif())), "x")}, button="Add")
    links = re.findall(r'href="(/documents/[^"]+)"', new_client(hillgrove).get(minutes).text)
    plan, photo = (new_client(hillgrove).get(link) for link in links)
    assert (plan.data, plan.mimetype) == (PDF, "application/pdf")
    assert plan.headers["Content-Disposition"] == 'attachment; filename="document.pdf"'
    assert plan.headers["X-Content-Type-Options"] == "nosniff"
    assert photo.mimetype == "image/jpeg"
    assert b"Exif" not in photo.data
    for _ in links:
        desk.submit(path, {}, action="/remove")
    assert "/documents/" not in new_client(hillgrove).get(minutes).text
    assert new_client(hillgrove).get(links[0]).status_code == 404


def test_a_part_is_published_by_itself(hillgrove: Flask) -> None:
    desk, path = _desk(hillgrove, "organiser"), record(hillgrove)
    with hillgrove.app_context():
        item = db.session.scalars(select(AgendaItem).where(AgendaItem.kind == "tables")).first()
        assert item is not None
        part = f"/items/{item.public_id}/"
    minutes = f"/p/hillgrove/minutes/{held(hillgrove)}"
    anyone = new_client(hillgrove)
    desk.submit(path, {}, action=f"{part}keep-back")
    for address in (minutes, f"{minutes}.json", "/p/hillgrove/data/notes.csv"):
        assert "Heat, water" not in anyone.get(address).text
    desk.submit(path, {}, action=f"{part}publish")
    for address in (minutes, f"{minutes}.json", "/p/hillgrove/data/notes.csv"):
        assert "Heat, water" in anyone.get(address).text


def test_one_session_is_given_as_files(hillgrove: Flask) -> None:
    anyone, path = new_client(hillgrove), f"/p/hillgrove/minutes/{held(hillgrove)}"
    whole = json.loads(anyone.get(f"{path}.json").text)
    assert whole["session"] == held(hillgrove)
    assert whole["log_head"]["hash"]
    rows = list(csv.DictReader(io.StringIO(anyone.get(f"{path}.csv").text.lstrip("\ufeff"))))
    assert [row["part"] for row in rows] == [str(part["part"]) for part in whole["parts"]]


def test_record_keeps_the_mark_that_the_wall_showed_at_the_end(hillgrove: Flask) -> None:
    path = f"/p/hillgrove/minutes/{held(hillgrove)}"
    with hillgrove.app_context():
        session = db.session.scalars(
            select(Session).where(Session.state == "closed", OF_THE_PANEL)
        ).one()
        at_end = head_of(session)
        assert at_end != audit.head()
        audit.record("test.done", actor="system", subject=session.topic)
        assert head_of(session) == at_end
        assert wall.mark(session).startswith(f"{at_end.number} · {at_end.hash[:4].upper()}")
        db.session.commit()
    anyone = new_client(hillgrove)
    assert f"{at_end.number} · {at_end.hash}" in text_of(anyone.page(path))
    told = json.loads(anyone.get(f"{path}.json").text)["log_head"]
    assert told == {"number": at_end.number, "hash": at_end.hash}


def test_members_read_past_evenings_also_where_nothing_is_published(hillgrove: Flask) -> None:
    with hillgrove.app_context():
        panel = db.session.scalars(select(Panel).where(Panel.slug == "hillgrove")).one()
        panel.published = False
        query = select(Member.id).where(Member.panel_id == panel.id, Member.state == "confirmed")
        token = devices.take_seat(db.session.get_one(Member, db.session.scalars(query).first()))
        db.session.commit()
    phone = new_client(hillgrove)
    phone.set_cookie(hillgrove.config["DEVICE_COOKIE_NAME"], token)
    assert "/my/records" in phone.get("/my/").text
    assert held(hillgrove) in phone.get("/my/records").text
    assert "Heat, water" in phone.get(f"/my/records/{held(hillgrove)}").text
    assert new_client(hillgrove).get(f"/p/hillgrove/minutes/{held(hillgrove)}").status_code == 404


def test_the_next_session_goes_into_a_calendar(hillgrove: Flask) -> None:
    with hillgrove.app_context():
        session = db.session.scalars(select(Session).where(Session.state == "open")).first()
        assert session is not None
        session.state = "planned"
        starts = session.starts_at
        db.session.commit()
    answer = new_client(hillgrove).get("/p/hillgrove/next.ics?l=ar")
    assert answer.mimetype == "text/calendar"
    lines = answer.data.decode().split("\r\n")
    assert all(len(line.encode()) <= LONGEST_LINE for line in lines)
    unfolded = answer.data.decode().replace("\r\n ", "").split("\r\n")
    assert f"DTSTART:{starts:%Y%m%dT%H%M%SZ}" in unfolded
    assert any(line.startswith("SUMMARY:") and "£100" in line for line in unfolded)


@given(st.text(alphabet="aé€বা😀 ", max_size=300))
def test_folded_lines_are_short_and_unfold_to_what_they_were(text: str) -> None:
    pieces = folded(text).split("\r\n")
    assert all(len(piece.encode()) <= LONGEST_LINE for piece in pieces)
    assert "".join([pieces[0], *(piece[1:] for piece in pieces[1:])]) == text


def _desk(app: Flask, role: Role) -> CheckedClient:
    with app.app_context():
        panel = db.session.scalars(select(Panel).where(Panel.slug == "hillgrove")).one()
        email = make_user(role, panel).email
        db.session.commit()
    desk = new_client(app)
    desk.submit("/staff/login", {"email": email, "password": PASSWORD})
    return desk


@pytest.mark.parametrize("language", ["en", "bn", "ar"])
def test_records_in_every_language(hillgrove: Flask, language: str) -> None:
    desk = _desk(hillgrove, "organiser")
    assert desk.page(f"{record(hillgrove)}?l={language}").get("lang") == language
