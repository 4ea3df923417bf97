"""What pages show of the list of addresses, the waves and their letters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from panel_app.core.db import db, one
from panel_app.core.disclosure import FEWEST, Told, tell
from panel_app.panels.models import Panel
from panel_app.recruitment import queries as recruitment
from panel_app.recruitment.invitations.models import Address, Invitation, Wave
from panel_app.web.charts import Bar, bar
from sortition.folding import fold

#: Registrations to expect of a letter where nothing was measured yet.
USUAL_RATE = 0.05


@dataclass(frozen=True, slots=True)
class Area:
    """One area of a wave: what was planned, and what came of its letters."""

    area: str
    homes: int
    letters: int
    rate: float
    used: int = 0
    returned: int = 0
    refused: int = 0

    @property
    def expected(self) -> float:
        """Registrations to expect."""
        return self.letters * self.rate


@dataclass(frozen=True, slots=True)
class Rate:
    """What to expect of a letter in one area, and where that comes from."""

    area: str
    homes: int
    rate: float
    #: Letters sent there so far, and how many were answered.
    letters: int
    used: int
    #: Measured in the area, in all areas together, or what is usual.
    source: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a wave's registrations mean for a target that is an area."""

    value: str
    expected: float
    minimum: int
    maximum: int
    bar: Bar


@dataclass(frozen=True, slots=True)
class PublicArea:
    """One area as everybody reads it: homes, letters and registrations; few are not told."""

    area: str
    homes: int
    letters: Told
    used: Told


@dataclass(frozen=True, slots=True)
class PublicWave:
    """One wave as everybody reads it."""

    wave: Wave
    areas: list[PublicArea]


def homes_left(panel: Panel) -> dict[str, int]:
    """Return how many homes of each area were not written to."""
    taken = select(Invitation.home).where(Invitation.panel_id == panel.id)
    rows = db.session.execute(
        select(Address.area, func.count(Address.home.distinct()))
        .where(Address.panel_id == panel.id, Address.address_key != b"")
        .where(Address.home.not_in(taken))
        .group_by(Address.area)
        .order_by(Address.area)
    )
    return {row[0]: row[1] for row in rows}


def addresses_of(panel: Panel) -> int:
    """Return how many rows the list of addresses has."""
    query = select(func.count()).select_from(Address).where(Address.panel_id == panel.id)
    return db.session.scalar(query) or 0


def waves_of(panel: Panel) -> list[Wave]:
    """Return the panel's waves in their order."""
    query = select(Wave).where(Wave.panel_id == panel.id).order_by(Wave.number)
    return list(db.session.scalars(query))


def wave_called(panel: Panel, public_id: str) -> Wave:
    """Return the panel's wave named so. Raises NotFound for any other panel's."""
    return one(select(Wave).where(Wave.panel_id == panel.id, Wave.public_id == public_id))


def invitation_called(wave: Wave, public_id: str) -> Invitation:
    """Return the wave's invitation named so. Raises NotFound for any other wave's."""
    mine = select(Invitation).where(Invitation.wave_id == wave.id)
    return one(mine.where(Invitation.public_id == public_id))


def areas_of(wave: Wave) -> list[Area]:
    """Return a wave's areas with what became of their letters."""
    states = _states(Invitation.wave_id == wave.id)
    return [
        Area(
            **row,
            used=states[row["area"], "used"],
            returned=states[row["area"], "returned"],
            refused=states[row["area"], "refused"],
        )
        for row in wave.plan
    ]


def rates_of(panel: Panel) -> list[Rate]:
    """Return what to expect of a letter in each area with homes left, from all waves so far.

    An area's own answers count where there are five or more, else those of all areas together,
    else what is usual: of few answers nothing follows.
    """
    states = _states(Invitation.panel_id == panel.id)
    sent: defaultdict[str, int] = defaultdict(int)
    used: defaultdict[str, int] = defaultdict(int)
    for (area, state), number in states.items():
        sent[area] += number
        used[area] += number if state == "used" else 0
    letters, answers = sum(sent.values()), sum(used.values())
    overall = (answers / letters, "all") if answers >= FEWEST else (USUAL_RATE, "usual")
    rates = []
    for area, homes in homes_left(panel).items():
        own = used[area] >= FEWEST
        rate, source = (used[area] / sent[area], "area") if own else overall
        rates.append(Rate(area, homes, rate, sent[area], used[area], source))
    return rates


def wanted(panel: Panel, areas: list[Area]) -> list[Wanted]:
    """Return the targets that are areas of a plan, with the registrations to expect of each."""
    expected = {fold(area.area): area.expected for area in areas}
    rows = (t for _name, targets in recruitment.targets_of(panel) for t in targets)
    return [
        Wanted(
            t.value,
            expected[fold(t.value)],
            t.minimum,
            t.maximum,
            bar(
                expected[fold(t.value)],
                max(*expected.values(), t.maximum, 1),
                t.minimum,
                t.maximum,
            ),
        )
        for t in rows
        if fold(t.value) in expected
    ]


def public_waves(panel: Panel) -> list[PublicWave]:
    """Return the waves that are published, as everybody may read them."""
    shown = (w for w in waves_of(panel) if w.commitment and w.state in ("ready", "drawn"))
    return [PublicWave(wave, list(_public_areas(wave))) for wave in shown]


def letters_sent(panel: Panel) -> int:
    """Return how many homes were written to."""
    query = select(func.count()).select_from(Invitation).where(Invitation.panel_id == panel.id)
    return db.session.scalar(query) or 0


def _public_areas(wave: Wave) -> Iterator[PublicArea]:
    areas = areas_of(wave)
    letters, used = tell([a.letters for a in areas]), tell([a.used for a in areas])
    for area, sent, answered in zip(areas, letters, used, strict=True):
        yield PublicArea(area.area, area.homes, sent, answered)


def _states(*which: Any) -> defaultdict[tuple[str, str], int]:
    query = select(Invitation.area, Invitation.state, func.count()).where(*which)
    rows = db.session.execute(query.group_by(Invitation.area, Invitation.state))
    return defaultdict(int, {(area, state): number for area, state, number in rows})
