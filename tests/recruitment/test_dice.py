"""Dice in two steps, on the desk and on the wall: nothing is drawn by three mistyped digits."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused
from panel_app.panels.models import Member
from panel_app.recruitment import dice
from panel_app.recruitment.models import Lottery
from tests.checked_client import CheckedClient, text_of
from tests.factories.panels import make_panel
from tests.factories.recruitment import ACTOR, make_lottery, make_pool
from tests.factories.staff import make_user

DICE = {"first": "4", "second": "0", "third": "7"}


@pytest.fixture
def desk(app: Flask, sign_in: Any) -> CheckedClient:
    """Return an organiser's browser; a committed lottery waits for its dice."""
    with app.test_request_context():
        panel = make_panel(slug="hillgrove", size=6)
        make_pool(panel)
        make_lottery(panel)
        email = make_user("organiser").email
        db.session.commit()
    browser: CheckedClient = sign_in(email)
    return browser


def the_lottery() -> Lottery:
    return db.session.scalars(select(Lottery)).one()


def drawn(app: Flask) -> int:
    """Return how many have a seat."""
    with app.app_context():
        return len(db.session.scalars(select(Member)).all())


def wall_of(app: Flask) -> str:
    with app.app_context():
        return f"/desk/hillgrove/draw/{the_lottery().public_id}/wall"


def test_dice_are_asked_about_before_anything_is_drawn(app: Flask, desk: CheckedClient) -> None:
    assert desk.submit("/desk/hillgrove/draw", DICE, action="/dice").status_code == 303
    assert drawn(app) == 0
    page = text_of(desk.page("/desk/hillgrove/draw"))
    assert "4, 0, 7 is panel 407. Is that what the dice show?" in page
    desk.submit("/desk/hillgrove/draw", action="/dice/again")
    assert drawn(app) == 0
    desk.submit("/desk/hillgrove/draw", {**DICE, "third": "8"}, action="/dice")
    desk.submit("/desk/hillgrove/draw", action="/dice/yes")
    assert drawn(app) == 6
    with app.app_context():
        assert (the_lottery().dice, the_lottery().drawn_index) == ("408", 408)


def test_yes_holds_for_the_dice_that_were_looked_at(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel(size=6)
        make_pool(panel)
        lottery = make_lottery(panel)
        with pytest.raises(Conflict):
            dice.draw_as_typed(lottery=lottery, dice="407", actor=ACTOR)
        with pytest.raises(Refused):
            dice.type_dice(lottery=lottery, dice="4o7", actor=ACTOR)
        dice.type_dice(lottery=lottery, dice="407", actor=ACTOR)
        dice.type_dice(lottery=lottery, dice="408", actor=ACTOR)
        with pytest.raises(Conflict):
            dice.draw_as_typed(lottery=lottery, dice="407", actor=ACTOR)
        dice.draw_as_typed(lottery=lottery, dice="408", actor=ACTOR)
        dice.draw_as_typed(lottery=lottery, dice="408", actor=ACTOR)
        assert len(panel.members) == 6
        with pytest.raises(Conflict):
            dice.type_dice(lottery=lottery, dice="409", actor=ACTOR)


def test_two_who_say_yes_at_once_draw_once(app: Flask, desk: CheckedClient) -> None:
    desk.submit("/desk/hillgrove/draw", DICE, action="/dice")

    def say_yes(_: int) -> str:
        with app.test_request_context():
            dice.draw_as_typed(lottery=the_lottery(), dice="407", actor=ACTOR)
            db.session.commit()
            return the_lottery().state

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(say_yes, range(4))) == {"drawn"}
    assert drawn(app) == 6


def test_wall_shows_the_draw_from_the_pool_to_the_panel(app: Flask, desk: CheckedClient) -> None:
    wall = wall_of(app)
    with app.app_context():
        commitment = the_lottery().commitment or ""
    before = text_of(desk.page(wall))
    assert "The draw of 6 residents" in before
    assert "People in the pool: 24" in before
    assert f"{commitment[:4]} {commitment[4:8]}" in before
    assert commitment not in before
    desk.submit("/desk/hillgrove/draw", DICE, action="/dice")
    asked = text_of(desk.page(wall))
    assert "4, 0, 7 is panel 407." in asked
    assert "Is that what the dice show?" in asked
    desk.submit("/desk/hillgrove/draw", action="/dice/yes")
    drawn_now = text_of(desk.page(wall))
    assert "Panel 407: these are our 6" in drawn_now
    assert "gender: Female" in drawn_now


def test_wall_of_the_draw_follows_within_its_topic(app: Flask, desk: CheckedClient) -> None:
    wall = wall_of(app)
    before = desk.get(f"{wall}/now")
    again = desk.get(f"{wall}/now", headers={"If-None-Match": before.headers["ETag"]})
    assert again.status_code == 304
    desk.submit("/desk/hillgrove/draw", DICE, action="/dice")
    after = desk.get(f"{wall}/now", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert int(after.headers["X-Live-Version"]) > int(before.headers["X-Live-Version"])


@pytest.mark.parametrize("role", ["facilitator", "observer"])
def test_who_only_watches_says_no_yes(
    app: Flask, desk: CheckedClient, sign_in: Callable[[str], CheckedClient], role: str
) -> None:
    desk.submit("/desk/hillgrove/draw", DICE, action="/dice")
    with app.app_context():
        email = make_user(role).email
        db.session.commit()
    watching = sign_in(email)
    assert "Is that what the dice show?" in text_of(watching.page(wall_of(app)))
    address = wall_of(app).removesuffix("wall") + "dice/yes"
    token = watching.token_on("/join")
    answer = watching.post(address, data={"csrf_token": token, "dice": "407"})
    assert answer.status_code == 403
    assert drawn(app) == 0
