"""What is held of a home is told, and erased where the published draw allows it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from panel_app.core.db import db
from panel_app.core.errors import Conflict
from panel_app.core.holdings import Sought, Who
from panel_app.recruitment.invitations import addresses, exports, holdings, letters, queries, waves
from panel_app.recruitment.invitations.models import Address, Invitation
from sortition.verify import verify_files
from tests.factories.invitations import draw_letters, load_addresses
from tests.factories.panels import make_panel
from tests.factories.recruitment import ACTOR


def test_an_address_is_found_told_and_erased_and_the_draw_still_verifies(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel()
        load_addresses(panel)
        wave = draw_letters(panel, 40)
        written, other = _homes()
        (found,) = holdings.find(Sought(written.reference))
        who = Who((found.ref, f"address:{other.public_id}"))
        held = list(holdings.tell(who))
        assert any(("Street", written.details["Street"]) in each.rows for each in held)
        assert list(holdings.stays(who))
        before = sum(queries.homes_left(panel).values())
        holdings.erase(who, ACTOR)
        holdings.erase(who, ACTOR)
        db.session.commit()
        assert sum(queries.homes_left(panel).values()) == before - 1
        assert written.sealed == b""
        assert not written.details
        invitation = db.session.scalars(
            select(Invitation).where(Invitation.address_id == written.id)
        ).one()
        assert letters.letter_of(wave, invitation) == []
        assert len(list(letters.merge_rows(wave))) == 39
        files = exports.wave_files(wave)
        assert all(check.ok for check in verify_files(files, wave.commitment))


def test_an_erased_address_does_not_come_back_with_the_file_it_was_in(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel()
        load_addresses(panel)
        kept = addresses.list_of(panel)
        assert kept
        assert kept.upload
        address = db.session.scalars(select(Address).limit(1)).one()
        holdings.erase(Who((f"address:{address.public_id}",)), ACTOR)
        db.session.commit()
        db.session.refresh(kept, ["upload", "told"])
        assert (kept.upload, kept.told) == (None, None)
        with pytest.raises(Conflict):
            addresses.choose_columns(
                panel=panel, address_columns=kept.address_columns, area_column="", actor=ACTOR
            )


def test_nobody_is_erased_between_fingerprint_and_dice(app: Flask) -> None:
    with app.test_request_context():
        panel = make_panel()
        load_addresses(panel)
        draw_letters(panel, 40)
        wave = waves.plan_wave(
            panel=panel,
            letters=10,
            rates=dict.fromkeys(queries.homes_left(panel), 0.05),
            closes_on=queries.waves_of(panel)[0].closes_on,
            actor=ACTOR,
        )
        waves.fix_wave(wave=wave, actor=ACTOR)
        _written, other = _homes()
        with pytest.raises(Conflict, match="waits for its dice"):
            holdings.erase(Who((f"address:{other.public_id}",)), ACTOR)


def _homes() -> tuple[Address, Address]:
    """Return an address that was written to, and one alone at its address that was not."""
    invited = select(Invitation.home)
    query = select(Address).order_by(Address.id)
    named = select(Invitation.address_id)
    written = db.session.scalars(query.where(Address.id.in_(named))).first()
    others = db.session.scalars(query.where(Address.home.not_in(invited))).all()
    homes = [one.home for one in others]
    other = next(one for one in others if homes.count(one.home) == 1)
    assert written is not None
    return written, other
