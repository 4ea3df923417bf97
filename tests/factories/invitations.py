"""Lists of addresses, and waves of letters to them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

from panel_app.core import clock, crypto
from panel_app.core.db import db
from panel_app.panels.models import Panel
from panel_app.recruitment.invitations import codes
from panel_app.recruitment.invitations.models import Address, Invitation, Wave

_numbers = count(1)


def make_wave(panel: Panel, *, number: int = 1, closes_on: date | None = None) -> Wave:
    """Return a wave that was drawn; its codes work for three weeks unless said otherwise."""
    wave = Wave(
        panel_id=panel.id,
        number=number,
        state="drawn",
        letters=10,
        homes=100,
        plan=[{"area": "N", "homes": 100, "letters": 10, "rate": 0.05}],
        closes_on=closes_on or (clock.now() + timedelta(days=21)).date(),
        dice="407",
        drawn_at=clock.now(),
    )
    db.session.add(wave)
    db.session.flush()
    return wave


def make_invitation(wave: Wave) -> tuple[Invitation, str]:
    """Return an invitation of a wave to a home of its own, and its code."""
    number = next(_numbers)
    key = crypto.new_person_key()
    address = Address(
        panel_id=wave.panel_id,
        reference=f"a{number}",
        area="N",
        home=f"home {number}",
        address_key=key,
        sealed=crypto.seal({"street": f"{number} Canary Row", "postcode": "N1 1AA"}, key),
    )
    db.session.add(address)
    db.session.flush()
    public_id = f"inv{number:09}"
    code = codes.code_of(public_id, 1)
    invitation = Invitation(
        public_id=public_id,
        panel_id=wave.panel_id,
        wave_id=wave.id,
        address_id=address.id,
        number=number,
        area=address.area,
        home=address.home,
        code_digest=codes.digest(code),
    )
    db.session.add(invitation)
    db.session.flush()
    return invitation, code
