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
from panel_app.recruitment import engine, lotteries
from panel_app.recruitment.models import Lottery, Person


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
    running = replacement_in_use(panel)
    if running is not None:
        if running.state == "ready":
            raise Conflict(_("A lottery of replacements is committed: roll its dice first."))
        return running
    people = candidates(panel)
    _check_can_start(panel, number, people)
    lottery = Lottery(
        panel_id=panel.id,
        kind="replacement",
        panels=lotteries.PANELS,
        seed=secrets.randbelow(lotteries.MOST_SEEDS) if seed is None else seed,
        size=number,
        pool_size=people,
        eased=list(eased),
        private={"salt": secrets.token_hex(16)},
    )
    return lotteries.begin(lottery, actor=actor)


def _check_can_start(panel: Panel, number: int, people: int) -> None:
    drawn, free = lotteries.in_use(panel), free_seats(panel)
    if drawn is None or drawn.state != "drawn":
        raise Conflict(_("The panel itself is not drawn yet."))
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
    back = select(Person.id).where(Person.member_id == member.id, *engine.may_sit(member.panel))
    under_way = replacement_in_use(member.panel) is not None
    if under_way or not free_seats(member.panel) or db.session.scalar(back) is None:
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
    query = select(func.count()).where(Person.panel_id == panel.id, *engine.may_come_in(panel))
    return db.session.scalar(query) or 0


def replacement_in_use(panel: Panel) -> Lottery | None:
    """Return the replacement that is being computed or waits for its dice; at most one does."""
    query = select(Lottery).where(Lottery.panel_id == panel.id, Lottery.kind == "replacement")
    return db.session.scalars(query.where(Lottery.state.not_in(("failed", "drawn")))).one_or_none()
