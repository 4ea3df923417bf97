"""A panel with an open ballot, and papers in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from sqlalchemy import select

from panel_app.balloting.models import Ballot
from panel_app.balloting.services import CastPaper, cast_paper, close_ballot
from panel_app.budgets.rules import Rules
from panel_app.core.db import db
from panel_app.panels.models import Member
from tests.factories.budgets import add_projects, make_open_ballot, make_pot
from tests.factories.panels import make_members, make_panel


@dataclass(frozen=True)
class Vote:
    """A committed, open ballot on five projects, by identifiers only."""

    panel_slug: str
    public_id: str
    ballot_id: int
    #: Member.id of those who may vote, and the identifiers of the projects in order.
    members: list[int]
    projects: list[str]

    @property
    def page(self) -> str:
        """The address of the ballot page."""
        return f"/my/ballots/{self.public_id}"

    @property
    def desk(self) -> str:
        """The address of the ballot's desk page."""
        return f"/desk/{self.panel_slug}/ballots/{self.public_id}"


def make_vote(
    app: Flask,
    *,
    members: int = 6,
    closes_at: datetime | None = None,
    rules: Rules | None = None,
    projects: int = 5,
) -> Vote:
    """Commit a published panel with members and an open ballot by `rules` on so many projects."""
    with app.app_context():
        panel = make_panel()
        people = make_members(panel, members)
        pot = make_pot(panel)
        add_projects(pot, projects - len(pot.projects))
        ballot = make_open_ballot(pot, closes_at=closes_at, rules=rules)
        db.session.commit()
        return Vote(
            panel.slug,
            ballot.public_id,
            ballot.id,
            [member.id for member in people],
            [project.public_id for project in pot.projects],
        )


def the_ballot(vote: Vote) -> Ballot:
    """Return the ballot in the current context."""
    return db.session.scalars(select(Ballot).where(Ballot.public_id == vote.public_id)).one()


def cast(vote: Vote, member_id: int, choice: object, counter: object = 1) -> CastPaper:
    """Cast and commit one paper in the current context."""
    member = db.session.get(Member, member_id)
    assert member is not None
    made = cast_paper(ballot=the_ballot(vote), member=member, choice=choice, counter=counter)  # type: ignore[arg-type]
    db.session.commit()
    return made


def close(vote: Vote) -> Ballot:
    """Close and commit in the current context."""
    ballot = close_ballot(ballot=the_ballot(vote), actor="system")
    db.session.commit()
    return ballot
