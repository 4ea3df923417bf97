"""Lists of addresses, and waves of letters to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import count

from panel_app.core import clock, crypto
from panel_app.core.db import db
from panel_app.panels.models import Panel
from panel_app.recruitment.invitations import addresses, codes, queries, waves
from panel_app.recruitment.invitations.models import Address, Invitation, Wave
from tests.factories.recruitment import ACTOR

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


def addresses_csv(number: int = 200, areas: int = 4, first: int = 1) -> str:
    """Return invented addresses with UPRNs, every tenth of them with a second row of its home."""
    lines = ["UPRN,Street,Postcode,Ward"]
    for at in range(first, first + number):
        same = at - 1 if at % 10 == 0 else at
        lines.append(f"{10_000_000 + at},{same} Canary Row,N1 {same % 9}AA,Ward {same % areas + 1}")
    return "\n".join(lines) + "\n"


def load_addresses(panel: Panel, source: str | bytes | None = None) -> None:
    """Load a list and have it read; commits, as the job does."""
    addresses.upload(panel=panel, source=source or addresses_csv(), actor=ACTOR)
    db.session.commit()
    addresses.read_list(panel.id)
    db.session.expire_all()


def draw_letters(
    panel: Panel, letters: int = 40, dice: str = "407", rates: Mapping[str, float] | None = None
) -> Wave:
    """Plan, publish and draw a wave of letters; commits, as the jobs do."""
    usual = dict.fromkeys(queries.homes_left(panel), 0.05)
    wave = waves.plan_wave(
        panel=panel,
        letters=letters,
        rates=rates or usual,
        closes_on=(clock.now() + timedelta(days=21)).date(),
        actor=ACTOR,
    )
    waves.fix_wave(wave=wave, actor=ACTOR)
    public_id = wave.public_id
    db.session.commit()
    waves.seal(public_id)
    db.session.expire_all()
    waves.roll(wave=wave, dice=dice, actor=ACTOR)
    db.session.commit()
    waves.draw(public_id)
    db.session.expire_all()
    return wave
