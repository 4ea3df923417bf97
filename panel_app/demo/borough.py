"""The story of the demo borough, told through the services that real people's clicks use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from sqlalchemy import select

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.demo import pool, texts
from panel_app.demo.evenings import evenings
from panel_app.demo.grants import small_grants
from panel_app.demo.money import open_pot, past_pot
from panel_app.panels import services as panels
from panel_app.panels.models import Member, Panel
from panel_app.places.models import Place
from panel_app.places.services import add_place
from panel_app.recruitment import committing, lotteries
from panel_app.recruitment import services as recruitment
from panel_app.recruitment.wordings import save_wordings
from panel_app.staff.accounts import create_user
from panel_app.staff.models import Role

PASSWORD = "three-otters-dance"  # noqa: S105
STAFF: tuple[tuple[str, str, Role], ...] = (
    ("admin@hillgrove.example", "Ada Administrator", "administrator"),
    ("organiser@hillgrove.example", "Oren Organiser", "organiser"),
    ("facilitator@hillgrove.example", "Fola Facilitator", "facilitator"),
)
ACTOR = "system"
DICE = "407"
SEED = 2026


def load() -> None:
    """Fill an empty database with the borough; commits as it goes."""
    random = Random(SEED)
    for email, name, role in STAFF:
        create_user(email=email, name=name, password=PASSWORD, role=role)
    panel = drawn_panel()
    members = seated(panel)
    past_pot(panel, members, random)
    ballot = open_pot(panel, members, random)
    round = small_grants(panel, members, random)
    evenings(panel, members, ballot, round, random)


def drawn_panel() -> Panel:
    """Make the panel, its pool and targets, and hold the lottery with the dice 4, 0, 7."""
    panel = panels.create_panel(
        area=estate(),
        name=texts.PANEL_NAME,
        purpose=texts.PANEL_PURPOSE,
        mission=texts.MISSION,
        size=pool.SIZE,
        place="Community hall, 1 Hillgrove Road",
        languages=["en", "bn", "ar"],
        slug="hillgrove",
        sender="Hillgrove Panel\nCommunity Office\n1 Hillgrove Road",
        reply_by=(clock.now() + timedelta(days=21)).date(),
        actor=ACTOR,
    )
    recruitment.import_targets(panel=panel, source=pool.targets_csv(), actor=ACTOR)
    save_wordings(
        panel=panel,
        typed={name: said.texts() for name, said in texts.FEATURES.items()},
        actor=ACTOR,
    )
    recruitment.import_people(
        panel=panel,
        source=pool.people_csv(),
        name_columns=["first_name", "last_name"],
        address_columns=["address"],
        actor=ACTOR,
    )
    panels.publish(panel=panel, published=True, actor=ACTOR)
    lottery = lotteries.start_lottery(panel=panel, seed=SEED, salt="hillgrove", actor=ACTOR)
    db.session.commit()
    lotteries.compute_lottery(lottery.public_id)
    db.session.expire_all()
    committing.commit_lottery(lottery=lottery, actor=ACTOR)
    lotteries.draw_panel(lottery=lottery, dice=DICE, actor=ACTOR)
    db.session.commit()
    return panel


def estate() -> Place:
    """Make the tree of places; return the estate."""
    borough = add_place(kind="borough", name=texts.BOROUGH, parent=None, actor=ACTOR)
    made = add_place(kind="estate", name=texts.ESTATE, parent=borough, actor=ACTOR)
    for name in texts.BLOCKS:
        add_place(kind="block", name=name, parent=made, actor=ACTOR)
    return made


def seated(panel: Panel) -> Sequence[Member]:
    """Let all but two of those drawn say yes; return those who did."""
    query = select(Member).where(Member.panel_id == panel.id).order_by(Member.seat)
    members = list(db.session.scalars(query))
    for member in members[:-2]:
        panels.confirm_seat(member=member, language=member.language)
    db.session.commit()
    return members[:-2]
