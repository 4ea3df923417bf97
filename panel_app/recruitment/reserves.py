"""Reserves: drawn in advance by a lottery of their own, and called when a seat becomes free."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from panel_app.core import audit, clock
from panel_app.core.db import db, locked, one
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.core.translated import Translated
from panel_app.core.typed import cleaned
from panel_app.panels.models import HOLDS_A_SEAT, Member, Panel
from panel_app.recruitment import letters, lotteries, lottery_rows, queries, replacements
from panel_app.recruitment.models import Lottery, Person, Reserve, Target
from panel_app.recruitment.newcomers import give_seat
from panel_app.recruitment.reserve_plans import likely_most
from panel_app.recruitment.wordings import wordings_of

#: The share of members who leave, where this panel tells nothing better.
USUAL_SHARE = 0.1
#: Answers to letters from which the share that left is taken for that of the next.
ENOUGH_ANSWERS = 10
#: Members of whom hardly any, or nearly all, are expected to leave need no list of reserves.
LEAST_SHARE, MOST_SHARE = 0.01, 0.6
LONGEST_REASON = 400


def start_reserves(
    *, panel: Panel, number: int | None, share: float, seed: int | None = None, actor: str
) -> Lottery:
    """Ask for a lottery of reserves, where each member leaves with a chance of `share`.

    Without a `number` there are as many as will do nine times in ten. Commit, then queue
    `compute_lottery`. Where one is being computed, return that. Raises Refused where share or
    number make no sense, and Conflict before the draw or while another lottery is under way.
    """
    locked(panel)
    running = replacements.under_way(panel, "reserves")
    if running is not None:
        return running
    drawn, people = replacements.lottery_of_the_panel(panel), replacements.candidates(panel)
    if not LEAST_SHARE <= share <= MOST_SHARE:
        raise Refused(_("Type a number from 1 to 60."), field="share")
    wanted = likely_most(sitting(panel), share) if number is None else number
    if not 1 <= wanted <= people:
        raise Refused(
            _("%(people)s people are left. Type a number from 1 up to that.", people=people),
            field="number",
        )
    lottery = Lottery(
        panel_id=panel.id,
        kind="reserves",
        parent_id=drawn.id,
        panels=lotteries.PANELS,
        seed=secrets.randbelow(lotteries.MOST_SEEDS) if seed is None else seed,
        size=wanted,
        pool_size=people,
        plan={"share": share, "sitting": sitting(panel)},
        private={"salt": secrets.token_hex(16)},
    )
    return lotteries.begin(lottery, actor=actor)


def call_reserve(*, reserve: Reserve, reason: str = "", actor: str) -> Member:
    """Give a reserve a free seat, with a new number and a letter of their own.

    Calling them twice changes nothing. Whoever is called before others of the list needs a
    `reason`, which is public. Raises Refused without it, and Conflict where no seat is free, they
    can't sit any more, or another lottery is under way.
    """
    panel = locked(reserve.lottery.panel)
    if locked(reserve).called_at is not None and reserve.person.member is not None:
        return reserve.person.member
    if replacements.lottery_under_way(panel) is not None:
        raise Conflict(_("Another lottery of this panel is under way: end it first."))
    if not replacements.free_seats(panel):
        raise Conflict(_("No seat is free."))
    waiting = waiting_reserves(panel)
    if reserve not in waiting:
        raise Conflict(_("They can’t take a seat any more."))
    why = cleaned(reason) if reserve is not waiting[0] else None
    if why is not None and not 1 <= len(why) <= LONGEST_REASON:
        raise Refused(_("Say why they come before others; everybody may read it."), field="reason")
    member = give_seat(reserve.person, reserve.lottery)
    reserve.called_at, reserve.reason = clock.now(), why
    db.session.flush()
    audit.record(
        "reserve.called",
        actor=actor,
        subject=f"lottery:{reserve.lottery.public_id}",
        number=reserve.position,
        seat=member.seat,
        **({"words": why} if why else {}),
    )
    return member


def reserve_called(panel: Panel, public_id: str) -> Reserve:
    """Return a reserve of the panel. Raises NotFound for any other."""
    mine = select(Reserve).join(Reserve.lottery).where(Lottery.panel_id == panel.id)
    return one(mine.where(Reserve.public_id == public_id))


def waiting_reserves(panel: Panel) -> list[Reserve]:
    """Return the reserves who can be called, in the order in which they are."""
    query = select(Reserve).join(Reserve.lottery).join(Reserve.person)
    mine = Lottery.panel_id == panel.id, Person.member_id.is_(None), *lottery_rows.may_sit(panel)
    return list(db.session.scalars(query.where(*mine).order_by(*_ORDER)))


_ORDER = Reserve.lottery_id, Reserve.position


@dataclass(frozen=True, slots=True)
class Listed:
    """A reserve as organisers see them."""

    reserve: Reserve
    name: str
    #: Where they sit, once called.
    member: Member | None
    can_sit: bool
    #: Whether their turn is next.
    next: bool
    #: What the panel lacks and they have; and what it has enough of already.
    brings: list[Translated]
    beyond: list[Translated]


def listed(panel: Panel) -> list[Listed]:
    """Return every reserve in order, with what each would mean for the targets now."""
    waiting, pool = waiting_reserves(panel), queries.pool_of(panel)
    held, wordings = _held(panel), wordings_of(panel)
    targets = [target for _name, rows in queries.targets_of(panel) for target in rows]

    def said(person: Person, which: Sequence[Target]) -> list[Translated]:
        mine = person.features
        return [wordings.of(t.feature, t.value) for t in which if mine.get(t.feature) == t.value]

    lacking = [t for t in targets if held[t.feature, t.value] < t.minimum]
    full = [t for t in targets if held[t.feature, t.value] >= t.maximum]
    every = select(Reserve).join(Reserve.lottery).where(Lottery.panel_id == panel.id)
    return [
        Listed(
            reserve,
            letters.name_of(pool, reserve.person.details) if reserve.person.person_key else "",
            reserve.person.member,
            reserve in waiting,
            bool(waiting) and reserve is waiting[0],
            said(reserve.person, lacking),
            said(reserve.person, full),
        )
        for reserve in db.session.scalars(every.order_by(*_ORDER))
    ]


@dataclass(frozen=True, slots=True)
class Called:
    """What everybody may read of a reserve who was called: never who."""

    position: int
    called_at: datetime
    reason: str


def called(panel: Panel) -> dict[str, list[Called]]:
    """Return who was called from each list of reserves, by the lottery's public_id."""
    query = select(Reserve, Lottery.public_id).join(Reserve.lottery)
    mine = query.where(Lottery.panel_id == panel.id).order_by(*_ORDER)
    found: defaultdict[str, list[Called]] = defaultdict(list)
    for one_of_them, public_id in db.session.execute(mine):
        if (when := one_of_them.called_at) is not None:
            found[public_id].append(Called(one_of_them.position, when, one_of_them.reason or ""))
    return found


def told(person: Person) -> Iterator[tuple[Any, str]]:
    """Tell somebody their place among the reserves."""
    position = db.session.scalar(select(Reserve.position).where(Reserve.person_id == person.id))
    if position:
        yield _("Place among the reserves"), str(position)


def expected_share(panel: Panel) -> float:
    """Return the share of members to expect to leave: as many as did, once enough answered."""
    answered = [member.state for member in panel.members if member.state != "invited"]
    gone = sum(state in {"declined", "left"} for state in answered)
    if len(answered) < ENOUGH_ANSWERS:
        return USUAL_SHARE
    return min(max(round(gone / len(answered), 2), LEAST_SHARE), MOST_SHARE)


def sitting(panel: Panel) -> int:
    """Return how many people hold a seat."""
    return queries.standing(panel).sitting


def _held(panel: Panel) -> Counter[tuple[str, str]]:
    seated = select(Person.features).join(Person.member).where(HOLDS_A_SEAT)
    rows = db.session.scalars(seated.where(Person.panel_id == panel.id))
    return Counter(pair for features in rows for pair in features.items())
