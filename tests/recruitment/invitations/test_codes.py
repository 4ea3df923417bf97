"""Codes of letters: found, used once, and refused with words of their own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused
from panel_app.core.ids import spell
from panel_app.recruitment.invitations import services
from panel_app.recruitment.invitations.models import Invitation
from tests.factories.invitations import make_invitation, make_wave
from tests.factories.panels import make_panel
from tests.factories.recruitment import ACTOR


def test_a_code_is_found_however_it_is_typed_and_is_not_kept(app: Flask) -> None:
    with app.test_request_context():
        invitation, code = make_invitation(make_wave(make_panel()))
        assert services.find(code) == invitation
        assert services.find(f" {spell(code).lower()} ") == invitation
        assert code not in str(vars(invitation))
        for wrong in ("", code[:-1], code[:-1] + ("A" if code[-1] != "A" else "B"), "x" * 500):
            with pytest.raises(Refused, match="letter by letter"):
                services.find(wrong)


def test_each_thing_wrong_with_a_code_has_its_own_words(app: Flask) -> None:
    with app.test_request_context():
        panel, over = make_panel(), (clock.now() - timedelta(days=2)).date()
        used, used_code = make_invitation(make_wave(panel))
        services.use(used)
        with pytest.raises(Refused, match="registered with this code already"):
            services.find(used_code)
        _, late_code = make_invitation(make_wave(make_panel(), closes_on=over))
        with pytest.raises(Refused, match="could be used until"):
            services.find(late_code)
        _, earlier_code = make_invitation(make_wave(panel, number=2, closes_on=over))
        returned, returned_code = make_invitation(make_wave(panel, number=4))
        services.mark(invitation=returned, state="returned", actor=ACTOR)
        with pytest.raises(Refused, match="came back"):
            services.find(returned_code)
        with pytest.raises(Refused, match="from an earlier round"):
            services.find(earlier_code)


def test_a_code_that_was_given_back_works_again(app: Flask) -> None:
    with app.test_request_context():
        invitation, code = make_invitation(make_wave(make_panel()))
        services.use(invitation)
        with pytest.raises(Conflict):
            services.mark(invitation=invitation, state="returned", actor=ACTOR)
        services.release(invitation)
        assert services.find(code).used_at is None


def test_a_letter_made_anew_replaces_the_printed_one(app: Flask) -> None:
    with app.test_request_context():
        invitation, code = make_invitation(make_wave(make_panel()))
        services.reissue(invitation=invitation, actor=ACTOR)
        with pytest.raises(Refused):
            services.find(code)


def test_of_forty_who_use_one_code_at_once_one_does(app: Flask) -> None:
    with app.test_request_context():
        invitation, _code = make_invitation(make_wave(make_panel()))
        number = invitation.id
        db.session.commit()
        db.session.remove()

    def use(_: int) -> bool:
        with app.test_request_context():
            try:
                services.use(db.session.get_one(Invitation, number))
                db.session.commit()
            except Conflict:
                db.session.rollback()
                return False
            return True

    with ThreadPoolExecutor(40) as pool:
        assert sum(pool.map(use, range(40))) == 1
