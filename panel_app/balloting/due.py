"""The minute's round: ballots whose time is up are closed, interrupted cleanings finished."""

from __future__ import annotations

from sqlalchemy import select

from panel_app.balloting import cleaning
from panel_app.balloting.models import Ballot
from panel_app.balloting.services import close_if_due
from panel_app.core import logs
from panel_app.core.db import db


def tidy() -> None:
    """Close what is due and finish what was interrupted."""
    for ballot_id in db.session.scalars(select(Ballot.id).where(Ballot.state == "open")).all():
        _close_if_due(ballot_id)
    for ballot_id in cleaning.unfinished():
        db.session.rollback()
        cleaning.finish(ballot_id)


def _close_if_due(ballot_id: int) -> None:
    """Close one ballot; one that can't be closed keeps no other from closing."""
    try:
        if close_if_due(db.session.get_one(Ballot, ballot_id)):
            db.session.commit()
    except Exception as fault:
        db.session.rollback()
        logs.event("ballot.closing_failed", ballot=ballot_id, fault=type(fault).__name__)
