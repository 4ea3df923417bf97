"""Pots with projects, and ballots on them."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from panel_app.balloting.models import Ballot
from panel_app.balloting.services import open_ballot
from panel_app.budgets import services
from panel_app.budgets.commitments import services as commitments
from panel_app.budgets.models import Commitment, CommitmentState, Pot, Project
from panel_app.budgets.rules import Rules
from panel_app.core.db import db
from panel_app.core.translated import Translated
from panel_app.panels.models import Panel
from panel_app.sessions import activities
from panel_app.sessions.models import AgendaItem
from tests.factories.sessions import make_item, make_session

POT = 100_000_00
#: Title, cost in pence, what it would cost if the council did it all, and a Bengali title.
PROJECTS: tuple[tuple[str, int, int | None, str], ...] = (
    ("Better lighting on the garage path", 18_500_00, None, "গ্যারেজের পথে ভালো আলো"),
    ("Caretaker on Saturdays", 24_000_00, None, "শনিবারে কেয়ারটেকার"),
    ("Growing beds and a tool store", 6_200_00, 11_000_00, ""),
    ("New play surface", 52_000_00, None, "নতুন খেলার জায়গা"),
    ("Lift refurbishment, Block A", 68_000_00, None, ""),
)


def make_pot(panel: Panel, *, amount: int = POT) -> Pot:
    """Return a pot with a service line and the five projects of the estate."""
    name = Translated.of(en="Estate budget", ar="ميزانية المجمع")
    pot = services.create_pot(panel=panel, name=name, amount=amount, actor="system")
    line = services.add_line(
        pot=pot, name=Translated.of(en="Green spaces"), yearly=40_000_00, actor="system"
    )
    for title, cost, council_cost, bengali in PROJECTS:
        made = services.add_project(
            pot=pot,
            line=line if council_cost else None,
            title=Translated.of(en=title, bn=bengali),
            summary=Translated.of(en=f"{title}: costed by the council in October."),
            cost=cost,
            council_cost=council_cost,
            plan_b="full" if council_cost else None,
            actor="system",
        )
        if council_cost:
            make_commitment(made)
    return pot


def make_commitment(project: Project, *, state: CommitmentState = "agreed") -> Commitment:
    """Return forty hours that a group of residents takes on for a project."""
    offer = commitments.Offer(
        kind="hours",
        hours=40,
        who=Translated.of(en="The gardening group"),
        what=Translated.of(en="Building the beds"),
    )
    made = commitments.offer(project=project, offer=offer, actor="system")
    if state != "offered":
        words = Translated.of(en="Said at the meeting.")
        commitments.move(commitment=made, state=state, words=words, actor="system")
    return made


def make_small_pot(panel: Panel, *, projects: int, cost: int = 100) -> Pot:
    """Return a pot that can pay for all of its `projects` equal projects."""
    name = Translated.of(en="Small things")
    pot = services.create_pot(panel=panel, name=name, amount=projects * cost, actor="system")
    add_projects(pot, projects, cost=cost)
    return pot


def add_projects(pot: Pot, number: int, *, cost: int = 100) -> None:
    """Add small projects of equal cost, in pence."""
    for place in range(number):
        services.add_project(
            pot=pot,
            title=Translated.of(en=f"Thing {place}"),
            summary=Translated.of(en="Small"),
            cost=cost,
            actor="system",
        )


def make_ballot(pot: Pot, rules: Rules | None = None) -> Ballot:
    """Return a draft ballot on `pot` by `rules`."""
    question = Translated.of(en="What should the money pay for?", bn="টাকা কীসে খরচ হবে?")
    return services.create_budget_ballot(pot=pot, question=question, rules=rules, actor="system")


def make_open_ballot(
    pot: Pot, *, closes_at: datetime | None = None, rules: Rules | None = None
) -> Ballot:
    """Return a ballot on `pot` that takes papers by `rules`."""
    return open_ballot(ballot=make_ballot(pot, rules), closes_at=closes_at, actor="system")


def make_ballot_item(panel: Panel, ballot: Ballot) -> AgendaItem:
    """Return an item about `ballot` as if it were open, in an open session of `panel`."""
    item = make_item(
        make_session(panel),
        title="The ballot",
        kind="ballot",
        settings={"ballot": ballot.public_id},
    )
    item.state = "open"
    db.session.flush()
    return item


def on_wall(item: AgendaItem) -> Markup:
    """Return every screen that the wall has for an item just now."""
    screens = activities.named("ballot").screens(item, item.revealed)
    return Markup().join(screen() for screen in screens)
