"""The sample files are imported as they are, and a panel can be drawn from them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core.db import db
from panel_app.panels.models import Panel
from panel_app.recruitment import queries, services
from panel_app.recruitment.invitations.models import AddressList
from panel_app.staff.models import User
from tests.checked_client import CheckedClient
from tests.factories.importing import import_by_pages
from tests.factories.invitations import load_addresses
from tests.factories.panels import make_panel
from tests.factories.staff import make_user


@pytest.mark.parametrize("size", [2, 12])
def test_samples_of_any_size_are_imported_and_drawn_from(
    app: Flask, sign_in: Callable[[User | str], CheckedClient], size: int
) -> None:
    with app.app_context():
        panel = make_panel(size=size)
        slug, email = panel.slug, make_user("organiser", panel).email
        db.session.commit()
    desk = sign_in(email)
    home = f"/desk/{slug}"
    targets, people = (desk.get(f"{home}/{kind}/sample.csv").text for kind in ("targets", "people"))
    assert desk.submit(f"{home}/targets", {"text": targets}).status_code == 303
    import_by_pages(desk, {"text": people}, f"{home}/people")
    with app.test_request_context():
        panel = db.session.scalars(select(Panel)).one()
        assert queries.preparation(panel).people == size * 4
        lottery = services.start_lottery(panel=panel, actor="test")
        db.session.commit()
        services.compute_lottery(lottery.public_id)
        assert lottery.state == "proposed", lottery.fault


def test_sample_of_addresses_is_read_as_it_is(
    app: Flask, sign_in: Callable[[User | str], CheckedClient]
) -> None:
    with app.app_context():
        panel = make_panel(size=12)
        slug, email = panel.slug, make_user("organiser", panel).email
        db.session.commit()
    sample = sign_in(email).get(f"/desk/{slug}/addresses/sample.csv").text
    with app.app_context():
        panel = db.session.scalars(select(Panel)).one()
        load_addresses(panel, sample)
        kept = db.session.scalars(select(AddressList)).one()
        assert (kept.state, kept.area_column) == ("ready", "ward")
        assert kept.address_columns == ["address", "town"]
