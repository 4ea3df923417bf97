"""The minute's round: ballots whose time is up are closed, interrupted cleanings finished."""

from __future__ import annotations

from flask import Flask
from huey import Huey, crontab
from sqlalchemy import select

from panel_app.balloting import cleaning
from panel_app.balloting.models import Ballot
from panel_app.balloting.services import close_if_due
from panel_app.core.db import db


def tidy() -> None:
    """Close what is due and finish what was interrupted; called at start and every minute."""
    for ballot in db.session.scalars(select(Ballot).where(Ballot.state == "open")).all():
        if close_if_due(ballot):
            db.session.commit()
    for ballot_id in cleaning.unfinished():
        db.session.rollback()
        cleaning.finish(ballot_id)


def init_app(app: Flask) -> None:
    """Put the round into the job process's timetable."""
    huey: Huey = app.extensions["huey"]

    @huey.periodic_task(crontab(), name="ballots-due")  # type: ignore[untyped-decorator]
    def round_of_the_minute() -> None:
        with app.app_context():
            tidy()
