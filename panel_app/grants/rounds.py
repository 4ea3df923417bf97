"""A programme's rounds: adding one, changing its dates and pot, closing it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from panel_app.casework import services as casework
from panel_app.casework.models import Case
from panel_app.core import audit, clock, errors, jobs
from panel_app.core.db import db, found, locked
from panel_app.core.text import _
from panel_app.grants import letters
from panel_app.grants.models import Application, Programme, Round
from panel_app.grants.queries import next_round
from panel_app.grants.round_dates import Rule, dates_of
from panel_app.web.i18n import money_text


def add_round(
    *,
    programme: Programme,
    opens_at: datetime,
    closes_at: datetime,
    meets_at: datetime,
    pot: int,
    actor: str,
    number: int | None = None,
    papers_at: datetime | None = None,
) -> Round:
    """Add a round with a pot in pence; its number follows the last one's unless given.

    Raises Refused where the pot is not positive, the times don't follow one another, or the
    number is taken.
    """
    locked(programme)
    _check_round(opens_at, closes_at, meets_at, pot)
    numbers = set(
        db.session.scalars(select(Round.number).where(Round.programme_id == programme.id))
    )
    number = number or max(numbers, default=0) + 1
    if number in numbers or number < 1:
        raise errors.Refused(_("There is a round with this number already."), field="number")
    added = Round(
        programme=programme,
        number=number,
        opens_at=opens_at,
        closes_at=closes_at,
        meets_at=meets_at,
        papers_at=papers_at,
        pot=pot,
    )
    db.session.add(added)
    db.session.flush()
    audit.record(
        "round.added", actor=actor, subject=f"round:{added.public_id}", number=number, pot=pot
    )
    return added


def add_year(*, programme: Programme, rule: Rule, pot: int, actor: str) -> list[Round]:
    """Add the rounds of a rule, each with a pot in pence, after those that there are.

    Each opens as the one before closes: no application falls between two. Raises Refused where the
    first would close before the last one there is, or before now.
    """
    locked(programme)
    last = select(func.max(Round.closes_at)).where(Round.programme_id == programme.id)
    opens_at = max(filter(None, [db.session.scalar(last), clock.now()]))
    dates = dates_of(rule, opens_at)
    if any(one.closes_at <= one.opens_at for one in dates):
        raise errors.Refused(
            _("The first of these would close before the round that there is. Choose a later day."),
            field="first",
        )
    return [
        add_round(
            programme=programme,
            opens_at=one.opens_at,
            closes_at=one.closes_at,
            papers_at=one.papers_at,
            meets_at=one.meets_at,
            pot=pot,
            actor=actor,
        )
        for one in dates
    ]


def change_round(
    *,
    round_: Round,
    opens_at: datetime,
    closes_at: datetime,
    meets_at: datetime,
    pot: int,
    actor: str,
    papers_at: datetime | None = None,
) -> None:
    """Change a round's dates, and its pot in pence.

    A round that opened as this one closed goes on doing so, and this one as the one before.

    Raises Conflict where it is closed, Refused where the pot is less than what is awarded from it
    or the times don't follow one another.
    """
    if locked(round_).state == "closed":
        raise errors.Conflict(_("This round is closed already."))
    _check_round(opens_at, closes_at, meets_at, pot)
    if pot < round_.awarded:
        awarded = money_text(round_.awarded)
        raise errors.Refused(
            _("%(awarded)s is awarded from it already.", awarded=awarded), field="pot"
        )
    _keep_joined(round_, opens_at, closes_at)
    round_.opens_at, round_.closes_at, round_.meets_at = opens_at, closes_at, meets_at
    round_.papers_at = papers_at
    round_.pot = pot
    db.session.flush()
    closing = closes_at.isoformat()
    audit.record(
        "round.changed",
        actor=actor,
        subject=f"round:{round_.public_id}",
        pot=pot,
        closes_at=closing,
    )


def close_round(*, round_: Round, actor: str) -> int:
    """End a round and move what it left undecided to the next; return how many moved.

    Votes that are open close, and are forgotten: the next meeting votes anew. Raises Conflict
    where something is undecided and there is no round to move it to.
    """
    waiting = _hold_waiting(round_)
    if locked(round_).state == "closed":
        raise errors.Conflict(_("This round is closed already."))
    following = next_round(round_.programme, after=round_) if waiting else None
    if waiting and following is None:
        raise errors.Conflict(
            _("Some applications are not decided. Add the next round first, so that they can move.")
        )
    for application in waiting:
        casework.adjourn(case=found(application.case))
    round_.state = "closed"
    db.session.flush()
    audit.record(
        "round.closed", actor=actor, subject=f"round:{round_.public_id}", moved=len(waiting)
    )
    for application in waiting:
        casework.tell(found(application.case))
        application.round = following
    db.session.flush()
    if waiting:
        moved = [application.public_id for application in waiting]
        jobs.queue_after_commit(letters.tell_moved, moved)
    return len(waiting)


def _keep_joined(round_: Round, opens_at: datetime, closes_at: datetime) -> None:
    """Move the ends of the rounds beside, so that no moment falls between them."""
    beside = select(Round).where(
        Round.programme_id == round_.programme_id, Round.id != round_.id, Round.state != "closed"
    )
    for other in db.session.scalars(beside.order_by(Round.id)):
        if other.opens_at == round_.closes_at:
            _check_round(closes_at, other.closes_at, other.meets_at, other.pot)
            other.opens_at = closes_at
        elif other.closes_at == round_.opens_at:
            _check_round(other.opens_at, opens_at, other.meets_at, other.pot)
            other.closes_at = opens_at


def _check_round(opens_at: datetime, closes_at: datetime, meets_at: datetime, pot: int) -> None:
    if pot <= 0:
        raise errors.Refused(_("Type an amount above nothing."), field="pot")
    if closes_at <= opens_at:
        raise errors.Refused(_("It must close after it opens."), field="closes_at")
    if meets_at < closes_at:
        raise errors.Refused(_("The panel meets after the round closes."), field="meets_at")


def _hold_waiting(round_: Round) -> Sequence[Application]:
    """Return a round's undecided applications, held with their cases; none can come meanwhile.

    Before the round itself: who decides holds an application first, and the pot last.
    """
    locked(round_.programme)
    query = (
        select(Application)
        .join(Case, Case.id == Application.case_id)
        .where(Application.round_id == round_.id, Application.state == "submitted")
        .order_by(Application.id)
        .with_for_update(of=[Application, Case])
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()
