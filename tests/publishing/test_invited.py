"""Anyone reads which homes were written to, and how people came from homes to seats."""

from __future__ import annotations

import io
import json
import zipfile

from flask import Flask
from sqlalchemy import select

from panel_app.core.db import db
from panel_app.panels import services as panels
from panel_app.recruitment.invitations import services
from panel_app.recruitment.invitations.models import Invitation
from sortition.verify import verify_bytes
from tests.checked_client import CheckedClient, text_of
from tests.factories.invitations import draw_letters, load_addresses
from tests.factories.panels import make_panel
from tests.factories.recruitment import make_draw


def story(app: Flask, answers: int = 8) -> str:
    """Draw letters, have some answered, draw the panel; return the wave's fingerprint."""
    with app.test_request_context():
        panel = make_panel(slug="hillgrove", size=6)
        load_addresses(panel)
        wave = draw_letters(panel, 100)
        first = select(Invitation).where(Invitation.area == "Ward 1").limit(answers)
        other = select(Invitation).where(Invitation.area == "Ward 2").limit(2)
        for invitation in [*db.session.scalars(first), *db.session.scalars(other)]:
            services.use(invitation)
        make_draw(panel)
        panels.give_up_seat(member=panel.members[0])
        commitment = wave.commitment or ""
        db.session.commit()
    return commitment


def test_the_public_page_tells_from_homes_to_seats(app: Flask, client: CheckedClient) -> None:
    commitment = story(app)
    for path in ("/p/hillgrove/", "/p/hillgrove/chosen", "/p/hillgrove/invited"):
        words = text_of(client.page(path))
        for said in ("Homes written to 100", "People who said yes 24", "Drawn 6", "Sit now 5"):
            assert said in words, (path, words)
    assert "100 homes are written to" in text_of(client.page("/p/hillgrove/"))
    assert commitment in text_of(client.page("/p/hillgrove/invited")).replace(" ", "")
    people = json.loads(client.get("/p/hillgrove/data/people.json").text)
    assert people["invited"] == 100
    assert people["gone"] == 1


def test_few_of_an_area_are_not_told_nor_given_away(app: Flask, client: CheckedClient) -> None:
    story(app)
    rows = json.loads(client.get("/p/hillgrove/data/invitations.json").text)["invitations"]
    told = {row["area"]: row["registered"] for row in rows}
    assert told["Ward 2"] is None, "two registered there"
    assert told["Ward 1"] is None, "with the total, 8 would tell of the two"
    assert told["Ward 3"] == 0
    assert all(row["letters"] for row in rows)


def test_a_stranger_takes_the_letters_bundle_and_checks_it(
    app: Flask, client: CheckedClient
) -> None:
    commitment = story(app)
    page = client.page("/p/hillgrove/invited")
    (link,) = {a.get("href", "") for a in page.iter("a") if "/letters/" in a.get("href", "")}
    archive = zipfile.ZipFile(io.BytesIO(client.get(link).data))
    files = {
        name.removeprefix("letters-1/"): archive.read(name)
        for name in archive.namelist()
        if name.startswith("letters-1/")
    }
    assert all(check.ok for check in verify_bytes(files, commitment))
    assert "verify.py" in archive.namelist()


def test_without_published_letters_there_is_no_page(app: Flask, client: CheckedClient) -> None:
    with app.app_context():
        make_panel(slug="quiet")
        db.session.commit()
    assert client.get("/p/quiet/invited").status_code == 404
