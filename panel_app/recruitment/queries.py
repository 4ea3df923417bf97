"""What pages and the public record show of a pool, its lottery and the panel drawn."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import Any

from sqlalchemy import Select, and_, func, select

from panel_app.core.db import db, one
from panel_app.core.translated import Translated
from panel_app.panels.models import HOLDS_A_SEAT, Member, Panel
from panel_app.recruitment import lottery_rows
from panel_app.recruitment.models import IN_POOL, Lottery, Person, Pool, Target
from panel_app.recruitment.wordings import Wordings, wordings_of
from panel_app.web.charts import Bar, bar
from sortition.not_this_one import Doubt
from sortition.pool import doubtful_columns

#: How many lotteries that were given up a page shows.
GIVEN_UP_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Value:
    """How many people drawn have one value of a feature, and how many were wanted."""

    #: As the file of targets has it, and as residents read it.
    name: str
    wording: Translated
    number: int
    minimum: int
    maximum: int
    bar: Bar


@dataclass(frozen=True, slots=True)
class Feature:
    """The panel's composition by one feature."""

    name: str
    wording: Translated
    values: list[Value]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """People whom no panel can hold, by the values they share, and what would include them."""

    people: int
    values: list[Translated]
    #: Changes of targets, as rows (lottery_rows.py).
    changes: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A lottery that was committed to and given up before the dice."""

    commitment: str
    committed_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class DrawStory:
    """How people were drawn; figures only. Before the draw, the fields of the draw are None."""

    lottery_id: str
    pool_size: int
    size: int
    panels: int
    #: In how many of the panels whoever had the smallest chance sits.
    least_panels: int
    #: N of "1 in N", which nobody's chance is below whom a panel can hold.
    chance_in: float
    smallest_chance: float
    commitment: str
    committed_at: datetime
    dice: str | None
    #: The number of the panel drawn, from 0.
    number: int | None
    drawn_at: datetime | None
    left_out: list[LeftOut]
    #: Targets eased for this lottery alone, as rows (lottery_rows.py).
    eased: list[dict[str, Any]]
    #: Of reserves: what they are for (models.py).
    plan: dict[str, Any] | None

    @property
    def left_out_people(self) -> int:
        """How many people no panel can hold."""
        return sum(group.people for group in self.left_out)


@dataclass(frozen=True, slots=True)
class Preparation:
    """How far the inputs of a lottery are."""

    targets: int
    features: int
    people: int
    shared_addresses: int
    #: None before any people; otherwise whether somebody chose the address columns.
    address_chosen: bool | None


def targets_of(panel: Panel) -> list[tuple[str, list[Target]]]:
    """Return the targets by feature, in the file's order."""
    query = select(Target).where(Target.panel_id == panel.id).order_by(Target.position)
    rows = db.session.scalars(query).all()
    order = {feature: at for at, feature in enumerate(dict.fromkeys(t.feature for t in rows))}
    ordered = sorted(rows, key=lambda target: (order[target.feature], target.position))
    return [(name, list(group)) for name, group in groupby(ordered, lambda t: t.feature)]


@dataclass(frozen=True, slots=True)
class Now:
    """How a panel that was drawn stands: how many sit, gave their seat up, and came in since."""

    sitting: int
    gone: int
    came: int


def standing(panel: Panel) -> Now:
    """Count who holds a seat now, who gave one up, and who came in since the draw."""
    replaced = Person.lottery_id.in_(
        select(Lottery.id).where(Lottery.panel_id == panel.id, Lottery.kind != "panel")
    )
    counts = select(
        func.count().filter(HOLDS_A_SEAT),
        func.count().filter(~HOLDS_A_SEAT),
        func.count().filter(replaced),
    )
    row = db.session.execute(
        counts.select_from(Member)
        .outerjoin(Person, Person.member_id == Member.id)
        .where(Member.panel_id == panel.id)
    ).one()
    return Now(*row)


def composition(panel: Panel) -> list[Feature]:
    """Return how the people drawn at first compare with the targets; empty before a draw."""
    first = Lottery.kind == "panel"
    return _composed(panel, select(Person.features).join(Person.lottery).where(first))


def sitting_composition(panel: Panel) -> list[Feature]:
    """Return how those who hold a seat now compare with the targets."""
    return _composed(panel, select(Person.features).join(Person.member).where(HOLDS_A_SEAT))


def _composed(panel: Panel, people: Select[dict[str, str]]) -> list[Feature]:
    drawn = db.session.scalars(people.where(Person.panel_id == panel.id)).all()
    if not drawn:
        return []
    wordings = wordings_of(panel)
    return [
        Feature(
            name,
            wordings.of(name),
            _values(targets, Counter(person.get(name) for person in drawn), len(drawn), wordings),
        )
        for name, targets in targets_of(panel)
    ]


def features_of(members: Iterable[Member]) -> dict[int, dict[str, str]]:
    """Return what is known of members' features, by Member.id; nothing where nobody was drawn."""
    ids = [member.id for member in members]
    rows = select(Person.member_id, Person.features).where(Person.member_id.in_(ids))
    return {row.member_id: row.features for row in db.session.execute(rows)}


def draw_story(panel: Panel) -> DrawStory | None:
    """Return how the panel was drawn, or None before a lottery is committed."""
    lottery = lottery_of(panel)
    return story_of(lottery) if lottery else None


def replacement_stories(panel: Panel) -> list[DrawStory]:
    """Return how each replacement came about that is committed or drawn, the newest first."""
    return _stories(lottery for lottery in after_the_draw(panel) if lottery.kind == "replacement")


def reserve_stories(panel: Panel) -> list[DrawStory]:
    """Return how each list of reserves came about that is committed or drawn, the newest first."""
    return _stories(lottery for lottery in after_the_draw(panel) if lottery.kind == "reserves")


def _stories(lotteries: Iterable[Lottery]) -> list[DrawStory]:
    return [story for lottery in lotteries if (story := story_of(lottery))]


def story_of(lottery: Lottery) -> DrawStory | None:
    """Return how people were drawn in one lottery, or None before it is committed."""
    if lottery.committed_at is None or lottery.state == "failed":
        return None
    chance = lottery.smallest_chance or 0.0
    least = round(chance * lottery.panels)
    return DrawStory(
        lottery_id=lottery.public_id,
        pool_size=lottery.pool_size,
        size=lottery.size,
        panels=lottery.panels,
        least_panels=least,
        chance_in=_one_in(least, lottery.panels),
        smallest_chance=chance,
        commitment=lottery.commitment or "",
        committed_at=lottery.committed_at,
        dice=lottery.dice,
        number=lottery.drawn_index,
        drawn_at=lottery.drawn_at,
        left_out=left_out(lottery),
        eased=lottery.eased,
        plan=lottery.plan,
    )


def given_up(panel: Panel) -> list[GivenUp]:
    """Return the lotteries that were committed to and given up, the newest first."""
    mine = Lottery.panel_id == panel.id, Lottery.state == "failed"
    rows = db.session.scalars(
        select(Lottery)
        .where(*mine, Lottery.committed_at.is_not(None))
        .order_by(Lottery.id.desc())
        .limit(GIVEN_UP_SHOWN)
    )
    return [
        GivenUp(row.commitment or "", row.committed_at, (row.fault or {}).get("reason", ""))
        for row in rows
        if row.committed_at
    ]


def lottery_of(panel: Panel) -> Lottery | None:
    """Return the newest lottery of the whole panel."""
    query = select(Lottery).where(Lottery.panel_id == panel.id, Lottery.kind == "panel")
    return db.session.scalars(query.order_by(Lottery.id.desc()).limit(1)).first()


def after_the_draw(panel: Panel) -> list[Lottery]:
    """Return the lotteries of replacements and reserves, the newest first."""
    query = select(Lottery).where(Lottery.panel_id == panel.id, Lottery.kind != "panel")
    return list(db.session.scalars(query.order_by(Lottery.id.desc())))


def lottery_called(panel: Panel, public_id: str) -> Lottery:
    """Return the panel's lottery named so. Raises NotFound for any other panel's."""
    mine = select(Lottery).where(Lottery.panel_id == panel.id)
    return one(mine.where(Lottery.public_id == public_id))


def feature_names(panel: Panel) -> list[str]:
    """Return the features of a panel's targets, in the file's order."""
    return [name for name, _targets in targets_of(panel)]


def pool_of(panel: Panel) -> Pool | None:
    """Return what is known of the file of people, or None where there is none."""
    return db.session.scalars(select(Pool).where(Pool.panel_id == panel.id)).one_or_none()


def chosen_language(panel: Panel) -> str:
    """Return the column that an organiser said holds people's language, or nothing."""
    plan = db.session.scalar(select(Pool.plan).where(Pool.panel_id == panel.id))
    return str((plan or {}).get("language", ""))


def pool_size(panel: Panel) -> int:
    """Return how many people are in the pool, without those who withdrew."""
    mine = Person.panel_id == panel.id, IN_POOL
    return db.session.scalar(select(func.count()).select_from(Person).where(*mine)) or 0


def drawable(panel: Panel) -> int:
    """Return how many people of the pool can be drawn."""
    mine = Person.panel_id == panel.id, IN_POOL, *lottery_rows.answers_enough(panel)
    return db.session.scalar(select(func.count()).select_from(Person).where(*mine)) or 0


def doubts(panel: Panel, source: bytes | str) -> list[Doubt]:
    """Return the columns of a file of people that may say who is not to be drawn."""
    return doubtful_columns(source, lottery_rows.stored_targets(panel))


def preparation(panel: Panel) -> Preparation:
    """Return how far targets and people are."""
    features = targets_of(panel)
    pool = pool_of(panel)
    mine = and_(Person.panel_id == panel.id, IN_POOL)
    homes = select(func.count()).where(mine, Person.household.is_not(None))
    homes = homes.group_by(Person.household).having(func.count() > 1)
    shared = select(func.count()).select_from(homes.subquery())
    return Preparation(
        targets=sum(len(targets) for _, targets in features),
        features=len(features),
        people=pool_size(panel),
        shared_addresses=db.session.scalar(shared) or 0,
        address_chosen=pool.address_columns is not None if pool else None,
    )


def _one_in(least: int, panels: int) -> float:
    """Return N so that 1 in N is no more than `least` in `panels`; with a decimal below ten."""
    exact = Fraction(panels, least or 1)
    return math.ceil(exact) if exact >= 10 else math.ceil(exact * 10) / 10


def left_out(lottery: Lottery) -> list[LeftOut]:
    """Return the people whom no panel can hold, by what they share."""
    wordings = wordings_of(lottery.panel)
    return [
        LeftOut(
            group["people"],
            [wordings.of(feature, value) for feature, value in group["features"].items()],
            group["changes"],
        )
        for group in lottery.uncoverable
    ]


def _values(
    targets: Sequence[Target], counts: Counter[str | None], size: int, wordings: Wordings
) -> list[Value]:
    return [
        Value(
            target.value,
            wordings.of(target.feature, target.value),
            counts[target.value],
            target.minimum,
            target.maximum,
            bar(counts[target.value], size, target.minimum, target.maximum),
        )
        for target in targets
    ]


def told_by_members(members: Select[Any]) -> Iterator[str]:
    """Return every kept value of the members whose row numbers a question finds."""
    for person in db.session.scalars(select(Person).where(Person.member_id.in_(members))):
        if person.person_key:
            yield from map(str, person.details.values())


def told_by_panel(panel: Panel) -> Iterator[str]:
    """Return every kept value of those who hold a seat, and of whoever shares a home with them."""
    seats = select(Person).join(Member, Member.id == Person.member_id)
    seats = seats.where(Person.panel_id == panel.id, HOLDS_A_SEAT)
    homes = seats.with_only_columns(Person.household).where(Person.household.is_not(None))
    shared = select(Person).where(Person.panel_id == panel.id, Person.household.in_(homes))
    for query in (seats, shared):
        for person in db.session.scalars(query):
            if person.person_key:
                yield from map(str, person.details.values())
