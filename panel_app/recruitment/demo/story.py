"""How the demo's panel came about: a lottery, answers, one replacement, and reserves."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.story import ACTOR, Part, Story
from panel_app.panels import services as panels
from panel_app.panels.demo import Members
from panel_app.panels.models import Member, Panel
from panel_app.places.models import Place
from panel_app.recruitment import committing, lotteries, replacements, reserves, roll, services
from panel_app.recruitment.demo import pool, texts
from panel_app.recruitment.models import Lottery, Person
from panel_app.recruitment.wordings import save_wordings

#: What the dice showed: for the panel, the seat that was given up, the reserves.
DICE, DICE_AGAIN, DICE_RESERVES = "407", "152", "836"
SEED = 2026
#: How many have not answered yet; one more said no.
SILENT = 2


def set_up(story: Story) -> None:
    """Make the panel with its targets and its pool."""
    panel = panels.create_panel(
        area=story.the(Place),
        name=texts.PANEL_NAME,
        purpose=texts.PANEL_PURPOSE,
        mission=texts.MISSION,
        size=pool.SIZE,
        place="Community hall, 1 Hillgrove Road",
        languages=["en", "bn", "ar"],
        slug="hillgrove",
        sender="Hillgrove Panel\nCommunity Office\n1 Hillgrove Road",
        contact=texts.CONTACT,
        terms=texts.TERMS,
        reply_by=(clock.now() + clock.how_long_ago() + timedelta(days=21)).date(),
        actor=ACTOR,
    )
    services.import_targets(panel=panel, source=pool.targets_csv(), actor=ACTOR)
    typed = {name: said.texts() for name, said in texts.FEATURES.items()}
    save_wordings(panel=panel, typed=typed, actor=ACTOR)
    services.import_people(
        panel=panel,
        source=pool.people_csv(),
        name_columns=["first_name", "last_name"],
        address_columns=["address"],
        actor=ACTOR,
    )
    panels.publish(panel=panel, published=True, actor=ACTOR)
    story.keep(panel)


def fix(story: Story) -> None:
    """Fix the lottery, once the letters are answered."""
    panel = story.the(Panel)
    lottery = lotteries.start_lottery(panel=panel, seed=SEED, salt="hillgrove", actor=ACTOR)
    story.keep(_fixed(lottery))


def load_estate(story: Story) -> None:
    """Make a second panel, of everybody who lives in one block; some have said yes."""
    panel = panels.create_panel(
        kind="roll",
        area=story.the(Place),
        name=texts.ESTATE_NAME,
        purpose=texts.ESTATE_PURPOSE,
        mission=None,
        size=0,
        place="Canal Court, ground floor",
        languages=["en", "bn", "ar"],
        slug="canal-court",
        sender="Canal Court Residents\n1 Canal Court",
        contact=texts.CONTACT,
        actor=ACTOR,
    )
    roll.load_roll(panel=panel, source=pool.roll_csv(), actor=ACTOR)
    for member in panel.members[::3]:
        panels.confirm_seat(member=member, language=member.language)
    panels.publish(panel=panel, published=True, actor=ACTOR)


def draw(story: Story) -> None:
    """Roll the dice in public: 4, 0, 7."""
    lotteries.draw_panel(lottery=story.the(Lottery), dice=DICE, actor=ACTOR)


def answer(story: Story) -> None:
    """Let one say no and all but two of the others yes."""
    panel = story.the(Panel)
    query = select(Member).where(Member.panel_id == panel.id).order_by(Member.seat)
    members, gone = list(db.session.scalars(query)), _like_many(panel)
    members.remove(gone)
    panels.give_up_seat(member=gone)
    for member in members[:-SILENT]:
        panels.confirm_seat(member=member, language=member.language)
    story.keep(Members(members[:-SILENT]))


def replace(story: Story) -> None:
    """Fix a lottery for the seat that was given up."""
    lottery = replacements.start_replacement(
        panel=story.the(Panel), number=1, seed=SEED, actor=ACTOR
    )
    story.keep(_fixed(lottery))


def draw_again(story: Story) -> None:
    """Roll the dice for the seat: 1, 5, 2; whoever comes in says yes."""
    lotteries.draw_panel(lottery=story.the(Lottery), dice=DICE_AGAIN, actor=ACTOR)
    query = select(Member).where(Member.panel_id == story.the(Panel).id)
    came = db.session.scalars(query.order_by(Member.seat.desc())).first()
    if came is not None:
        panels.confirm_seat(member=came, language=came.language)
        story.the(Members).append(came)


def reserve(story: Story) -> None:
    """Fix a lottery of reserves, for whoever leaves before the end."""
    lottery = reserves.start_reserves(
        panel=story.the(Panel), number=3, share=0.1, seed=SEED, actor=ACTOR
    )
    story.keep(_fixed(lottery))


def draw_reserves(story: Story) -> None:
    """Roll the dice for the reserves: 8, 3, 6."""
    lotteries.draw_panel(lottery=story.the(Lottery), dice=DICE_RESERVES, actor=ACTOR)


def _like_many(panel: Panel) -> Member:
    """Return the member with whom most of those who were not drawn share every feature."""
    people = db.session.scalars(select(Person).where(Person.panel_id == panel.id)).all()
    left = Counter(str(sorted(p.features.items())) for p in people if p.member is None)
    seated = {left[str(sorted(p.features.items()))]: p.member for p in people if p.member}
    return seated[max(seated)]


def _fixed(lottery: Lottery) -> Lottery:
    """Compute a lottery at once, and commit to it."""
    db.session.commit()
    lotteries.compute_lottery(lottery.public_id)
    db.session.expire_all()
    committing.commit_lottery(lottery=lottery, actor=ACTOR)
    return lottery


PARTS = (
    Part(ago=timedelta(days=50), play=set_up),
    Part(ago=timedelta(days=49), play=fix),
    Part(ago=timedelta(days=48), play=draw),
    Part(ago=timedelta(days=40), play=answer),
    Part(ago=timedelta(days=36), play=replace),
    Part(ago=timedelta(days=35), play=draw_again),
    Part(ago=timedelta(days=34), play=reserve),
    Part(ago=timedelta(days=33), play=draw_reserves),
    Part(ago=timedelta(days=20), play=load_estate),
)
