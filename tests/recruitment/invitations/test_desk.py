"""An organiser goes from a list to letters on the desk's pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.staff.models import User
from tests.checked_client import CheckedClient, text_of
from tests.factories.invitations import addresses_csv
from tests.factories.panels import make_panel
from tests.factories.staff import make_user


def test_from_a_list_to_letters_that_are_marked(
    app: Flask, sign_in: Callable[[User | str], CheckedClient]
) -> None:
    with app.app_context():
        make_panel(slug="hillgrove")
        email = make_user("organiser").email
        db.session.commit()
    desk, here = sign_in(email), "/desk/hillgrove/invitations"
    desk.submit(here, {"text": addresses_csv()})
    assert "180" in text_of(desk.page(here))
    assert "Street" in text_of(desk.page(f"{here}/columns"))
    day = (clock.now() + timedelta(days=9)).date().isoformat()
    refused = desk.submit(f"{here}/plan", {"letters": "500", "closes_on": day})
    assert refused.status_code == 422
    planned = desk.submit(f"{here}/plan", {"letters": "40", "closes_on": day})
    wave = planned.headers["Location"]
    assert "40 of 180 homes" in text_of(desk.page(wave))
    desk.submit(wave, action="/fix")
    dice = {"first": "4", "second": "0", "third": "7"}
    asked = desk.submit(wave, dice, action="/dice")
    assert "4, 0, 7: is that what the dice show?" in asked.text
    assert "What do the dice show?" in text_of(desk.page(wave))
    desk.submit(wave, {**dice, "sure": "y"}, action="/dice")
    assert "1-0001" in text_of(desk.page(wave))
    assert "To the people who live here" in text_of(desk.page(f"{wave}/letters"))
    assert "addresses-and-codes" in desk.get(f"{wave}/letters.csv").headers["Content-Disposition"]
    desk.submit(f"{wave}/mark", {"letters": "1-0001 1-0002", "state": "returned"})
    assert "2 letters are marked." in text_of(desk.page(wave))
