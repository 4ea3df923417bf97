"""The demo's letters: one round to homes of the estate, answered, returned and refused."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.story import ACTOR, Part, Story
from panel_app.panels.models import Panel
from panel_app.recruitment.invitations import addresses, queries, services, waves
from panel_app.recruitment.invitations.models import Invitation
from sortition.csv_cells import csv_text

#: Homes of each block, letters to all of them, and what the dice showed.
HOMES, LETTERS, DICE = 120, 240, "286"
#: What is expected of a letter, by block.
RATES = {"Block A": 0.4, "Block B": 0.5, "Block C": 0.35, "Block D": 0.45}
#: How many letters came back, and how many were refused.
RETURNED, REFUSED = 11, 7


def invite(story: Story) -> None:
    """Load the estate's addresses, and draw homes to write to."""
    panel = story.the(Panel)
    addresses.upload(panel=panel, source=addresses_csv(), actor=ACTOR)
    db.session.commit()
    addresses.read_list(panel.id)
    wave = waves.plan_wave(
        panel=panel,
        letters=LETTERS,
        rates=RATES,
        closes_on=(clock.now() + timedelta(days=21)).date(),
        actor=ACTOR,
    )
    waves.fix_wave(wave=wave, actor=ACTOR)
    public_id = wave.public_id
    db.session.commit()
    waves.seal(public_id)
    db.session.expire_all()
    waves.roll(wave=wave, dice=DICE, actor=ACTOR)
    db.session.commit()
    waves.draw(public_id)
    db.session.expire_all()
    _answer(panel)


def addresses_csv() -> str:
    """Return the invented addresses of four blocks as a file."""
    rows = [
        (f"{100_000 + 1000 * block + flat}", f"Flat {flat}, {area}", "Hillgrove Estate", area)
        for block, area in enumerate(RATES, 1)
        for flat in range(1, HOMES + 1)
    ]
    return csv_text(("UPRN", "address", "street", "block"), rows)


def _answer(panel: Panel) -> None:
    """Let some letters come back, some be refused, and as many be used as was expected."""
    sent = list(db.session.scalars(select(Invitation).order_by(Invitation.number)))
    for invitation in sent[:RETURNED]:
        services.mark(invitation=invitation, state="returned", actor=ACTOR)
    for invitation in sent[RETURNED : RETURNED + REFUSED]:
        services.mark(invitation=invitation, state="refused", actor=ACTOR)
    (wave,) = queries.waves_of(panel)
    left = {area.area: round(area.expected) for area in queries.areas_of(wave)}
    for invitation in sent[RETURNED + REFUSED :]:
        if left[invitation.area] > 0:
            left[invitation.area] -= 1
            services.use(invitation)


LETTERS_OUT = Part(ago=timedelta(days=50), play=invite)
