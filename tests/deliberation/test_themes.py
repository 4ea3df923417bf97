"""Themes of a round's statements, and its download for Polis, on the desk."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask

from panel_app.core.db import db
from panel_app.core.errors import Conflict
from panel_app.deliberation.statements import polis_files, queries, services, themes
from panel_app.opinions.api import read_polis
from panel_app.sessions import services as sessions
from panel_app.sessions.models import AgendaItem
from tests.checked_client import text_of
from tests.deliberation.test_rounds import Hall, SignIn
from tests.factories.deliberation import answer_all, in_english
from tests.factories.sessions import ACTOR

TREES = [
    f"Plant young trees along {place} street"
    for place in ("mill", "dock", "high", "bell", "king", "west")
]
LIGHTS = [
    f"Repair broken lamps behind {place} house"
    for place in ("oak", "elm", "ash", "fir", "yew", "bay")
]
SEATS = [
    f"Build wooden benches beside {place} pond"
    for place in ("swan", "duck", "frog", "newt", "carp", "pike")
]


@pytest.fixture
def sorted_round(app: Flask) -> Hall:
    """A closed round of eighteen statements on three matters, answered by six people."""
    hall = Hall(app)
    with app.app_context():
        item = item_of(hall)
        item.settings = {"seeds": in_english([*TREES, *LIGHTS, *SEATS]), "adding": False}
        services.seed_statements(item)
        for place, member in enumerate(item.session.panel.members[:6]):
            answer_all(item, member, 1 if place < 4 else -1)
        sessions.close_item(item=item, actor=ACTOR)
        db.session.commit()
    return hall


def item_of(hall: Hall) -> AgendaItem:
    return db.session.get_one(AgendaItem, hall.item_id)


def page_of(hall: Hall) -> str:
    return f"/desk/{hall.slug}/items/{hall.item}/themes"


def test_statements_on_one_matter_are_proposed_as_one_theme(sorted_round: Hall, app: Flask) -> None:
    with app.app_context():
        found = themes.sorting(item_of(sorted_round))
        together = [set(theme.statements.values()) for theme in found.themes]
        assert {frozenset(group) for group in together} >= {frozenset(TREES), frozenset(LIGHTS)}


def test_facilitator_names_joins_and_moves(sorted_round: Hall, app: Flask, sign_in: SignIn) -> None:
    desk, page = sign_in(sorted_round.facilitator), page_of(sorted_round)
    with app.app_context():
        first, second, *_ = (theme.id for theme in themes.sorting(item_of(sorted_round)).themes)
    desk.submit(page, {"name": "Greenery"}, action=f"{first}/name")
    assert "Greenery" in text_of(desk.page(page))
    desk.submit(page, {"theme": first}, action=f"{second}/merge")
    with app.app_context():
        kept = {theme.id: theme for theme in themes.sorting(item_of(sorted_round)).themes}
        assert second not in kept
        assert len(kept[first].statements) == 12
        assert kept[first].title == "Greenery"
        (other,) = (theme for theme in kept.values() if theme.id != first)
        number = min(other.statements)
        themes.move(item=item_of(sorted_round), number=number, theme=first, actor=ACTOR)
        again = {theme.id: theme for theme in themes.sorting(item_of(sorted_round)).themes}
        assert number in again[first].statements
        assert number not in again[other.id].statements


def test_rejected_statement_leaves_its_theme(sorted_round: Hall, app: Flask) -> None:
    with app.app_context():
        statement = queries.statements_of(item_of(sorted_round))[0]
        services.moderate(statement=statement, state="rejected", actor=ACTOR)
        kept = (item_of(sorted_round).snapshot or {})[themes.THEMES]
        assert str(statement.number) not in kept["assigned"]


def test_unknown_theme_is_not_found(sorted_round: Hall, sign_in: SignIn) -> None:
    desk, page = sign_in(sorted_round.facilitator), page_of(sorted_round)
    sent = {"csrf_token": desk.token_on(page), "name": "x"}
    assert desk.post(f"{page}/nothing/name", data=sent).status_code == 404


def test_download_is_read_back_as_a_conversation(
    sorted_round: Hall, app: Flask, tmp_path: Path
) -> None:
    with app.app_context():
        with pytest.raises(Conflict):
            polis_files.archive(item_of(sorted_round))
        sessions.reveal(item=item_of(sorted_round), actor=ACTOR)
        packed = polis_files.archive(item_of(sorted_round))
        people = {member.public_id for member in item_of(sorted_round).session.panel.members}
    zipfile.ZipFile(io.BytesIO(packed)).extractall(tmp_path / "polis")
    read = read_polis(tmp_path / "polis")
    assert (len(read.matrix.participants), len(read.statements)) == (6, 18)
    assert read.matrix.votes == 108
    assert int((read.matrix.values == 1).sum()) == 72
    assert not (tmp_path / "polis" / "votes.csv").exists()
    everything = "".join(path.read_text() for path in (tmp_path / "polis").iterdir())
    assert not [person for person in people if person in everything]


def test_statement_with_few_answers_is_not_in_the_download(app: Flask, tmp_path: Path) -> None:
    hall = Hall(app)
    with app.app_context():
        statements = queries.statements_of(item_of(hall))
        for place, member in enumerate(item_of(hall).session.panel.members):
            for statement in statements[: 1 if place > 3 else 2]:
                services.answer_statement(statement=statement, member=member, value=1, counter=1)
        sessions.close_item(item=item_of(hall), actor=ACTOR)
        sessions.reveal(item=item_of(hall), actor=ACTOR)
        packed = polis_files.archive(item_of(hall))
    zipfile.ZipFile(io.BytesIO(packed)).extractall(tmp_path / "polis")
    assert [s.id for s in read_polis(tmp_path / "polis").statements] == ["1"]


def test_only_organisers_download_rows_of_people(sorted_round: Hall, sign_in: SignIn) -> None:
    desk = sign_in(sorted_round.facilitator)
    path = f"/desk/{sorted_round.slug}/items/{sorted_round.item}/polis.zip"
    assert desk.get(path).status_code == 403
