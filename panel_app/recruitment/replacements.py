"""Seats that were given up: taken back, or given to others by a lottery of their own."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from panel_app.core import audit
from panel_app.core.db import db, locked
from panel_app.core.errors import Conflict, Refused
from panel_app.core.text import _
from panel_app.panels.models import HOLDS_A_SEAT, Member, Panel
from panel_app.recruitment import lotteries, lottery_rows
from panel_app.recruitment.models import Lottery, LotteryKind, Person


def start_replacement(
    *,
    panel: Panel,
    number: int,
    eased: Sequence[Mapping[str, Any]] = (),
    seed: int | None = None,
    actor: str,
) -> Lottery:
    """Ask for a lottery of people who take `number` seats that were given up.

    The targets hold for those who sit and those who come in together; `eased` moves some bounds
    for this lottery alone (rows of the changes that its last failure named). Commit, then queue
    `compute_lottery`. Where one is being computed, return that. Raises Refused where so many seats
    aren't free or so few people are left, and Conflict before the panel is drawn or while a
    replacement waits for its dice.
    """
    locked(panel)
    running = under_way(panel, "replacement")
    if running is not None:
        return running
    people = candidates(panel)
    drawn = lottery_of_the_panel(panel)
    _check_can_start(panel, number, people)
    lottery = Lottery(
        panel_id=panel.id,
        kind="replacement",
        parent_id=drawn.id,
        panels=lotteries.PANELS,
        seed=secrets.randbelow(lotteries.MOST_SEEDS) if seed is None else seed,
        size=number,
        pool_size=people,
        eased=list(eased),
        private={"salt": secrets.token_hex(16)},
    )
    return lotteries.begin(lottery, actor=actor)


def _check_can_start(panel: Panel, number: int, people: int) -> None:
    free = free_seats(panel)
    if not 1 <= number <= free:
        raise Refused(
            _("So many seats are free: %(free)s. Type a number up to that.", free=free),
            field="number",
        )
    if people < number:
        raise Refused(_("Only %(people)s people are left who could come in.", people=people))


def take_back(*, member: Member, actor: str) -> None:
    """Ask somebody again who declined or left; their letter works as before.

    Raises Conflict where their place is given, somebody of their home has a seat meanwhile, they
    were erased, or a lottery is under way: it was computed as if they stayed away.
    """
    locked(member.panel)
    if locked(member).state not in {"declined", "left"}:
        return
    back = select(Person.id).where(
        Person.member_id == member.id, *lottery_rows.may_sit(member.panel)
    )
    running = lottery_under_way(member.panel) is not None
    if running or not free_seats(member.panel) or db.session.scalar(back) is None:
        raise Conflict(_("The place is given to another neighbour already."))
    member.state, member.confirmed_at = "invited", None
    db.session.flush()
    audit.record("seat.taken_back", actor=actor, subject=f"member:{member.public_id}")


def free_seats(panel: Panel) -> int:
    """Return how many seats nobody holds."""
    holding = select(func.count()).where(Member.panel_id == panel.id, HOLDS_A_SEAT)
    return max(0, panel.size - (db.session.scalar(holding) or 0))


def candidates(panel: Panel) -> int:
    """Return how many of the pool could take a seat that was given up."""
    query = select(func.count()).where(
        Person.panel_id == panel.id, *lottery_rows.may_come_in(panel)
    )
    return db.session.scalar(query) or 0


def lottery_of_the_panel(panel: Panel) -> Lottery:
    """Return the lottery that drew the panel. Raises Conflict before it has."""
    drawn = lotteries.in_use(panel)
    if drawn is None or drawn.state != "drawn":
        raise Conflict(_("The panel itself is not drawn yet."))
    return drawn


def lottery_under_way(panel: Panel) -> Lottery | None:
    """Return the lottery after the draw that is computed or waits for its dice; at most one does.

    It fills seats that were given up, or a list of reserves: each is computed of who sits and who
    may come in, which the other would change.
    """
    query = select(Lottery).where(Lottery.panel_id == panel.id, Lottery.kind != "panel")
    return db.session.scalars(query.where(Lottery.state.not_in(("failed", "drawn")))).one_or_none()


def under_way(panel: Panel, kind: LotteryKind) -> Lottery | None:
    """Return the lottery of this kind that is being computed, if one is.

    Raises Conflict where one is committed, or one of the other kind is under way.
    """
    running = lottery_under_way(panel)
    if running is not None and running.state == "ready":
        raise Conflict(_("A lottery of this panel is committed: roll its dice first."))
    if running is not None and running.kind != kind:
        raise Conflict(_("Another lottery of this panel is under way: end it first."))
    return running
