"""A year of a pot, through the pages: 120 ideas, 30 costed, 12 projects, 500 votes, the result."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask
from pabulib.checker import Checker

from panel_app.balloting.models import Ballot
from panel_app.balloting.services import cast_paper
from panel_app.budgets import counts
from panel_app.budgets.ideas import joining, queries
from panel_app.budgets.ideas.models import Idea, IdeaCall
from panel_app.budgets.models import Pot, Project
from panel_app.core import clock
from panel_app.core.db import db
from panel_app.core.translated import Translated
from panel_app.counting import count, election_of, parse_pb
from panel_app.panels.models import Member
from panel_app.places.services import add_place
from panel_app.web import robots
from tests.balloting.phones import cast_by_phone
from tests.checked_client import CheckedClient, text_of
from tests.conftest import new_client
from tests.factories.balloting import Vote
from tests.factories.panels import make_members, make_panel
from tests.factories.staff import make_user

VOTERS, BY_PAGE, FROM_A_LIST, ON_PHONES = 500, 4, 112, 8
#: What the whole of it may take of one core, in seconds.
SECONDS = 40.0
POTS = "/desk/hillgrove/pots"


@dataclass
class Year:
    """The deployment, an organiser's browser, and where the pot is."""

    app: Flask
    desk: CheckedClient
    here: str = ""
    call: str = ""


@pytest.fixture
def year(app: Flask, sign_in: Callable[[str], CheckedClient]) -> Year:
    with app.app_context():
        panel = make_panel(slug="hillgrove")
        panel.published = True
        make_members(panel, VOTERS)
        add_place(kind="block", name=Translated.of(en="Block A"), parent=None, actor="system")
        email = make_user("organiser", panel).email
        db.session.commit()
    return Year(app, sign_in(email))


def sent(year: Year, path: str, **fields: Any) -> str:
    """Send a form of the desk that is to be taken, and return where it leads."""
    answer = year.desk.submit(path, fields)
    assert answer.status_code == 303, text_of_answer(answer.text)
    return str(answer.headers["Location"])


def text_of_answer(html: str) -> str:
    return " ".join(re.findall(r'class="error"[^>]*>([^<]*)', html)) or html[-2_000:]


def test_a_year_of_a_pot_from_the_first_idea_to_the_counted_result(
    year: Year, join: Callable[[int], CheckedClient], tmp_path: Path
) -> None:
    began = time.process_time()
    set_up(year)
    say_ideas(year)
    cost_thirty(year)
    make_twelve_projects(year)
    take_work_on(year)
    vote = open_it(year)
    cast_all(year, vote, join)
    sent(year, f"{vote.desk}/close")
    the_result_is_told(year, vote, tmp_path)
    assert time.process_time() - began < SECONDS


def set_up(year: Year) -> None:
    """Set up the pot with a line, and ask for ideas."""
    year.here = sent(year, f"{POTS}/new", name_en="Estate budget", amount="100,000")
    sent(year, f"{year.here}/lines/new", name_en="Green spaces", yearly="21000")
    today = clock.now().date()
    sent(
        year,
        f"{year.here}/ideas/ask",
        taking="y",
        closes_on=str(today + timedelta(days=30)),
        costed_by=str(today + timedelta(days=60)),
    )
    with year.app.app_context():
        year.call = db.session.query(IdeaCall).one().public_id


def say_ideas(year: Year) -> None:
    """Read in what was told at stalls and workshops, and send the rest from phones."""
    origins = ("stall", "workshop", "council")
    rows = [
        f"Mend thing {n} behind the block,Thing {n + 1000} is fine,{origins[n % 3]},Block A"
        for n in range(FROM_A_LIST)
    ]
    sent(year, f"{year.here}/ideas/file", text="\n".join(["title,why,origin,place", *rows]))
    with year.app.app_context():
        home = queries.places_for(db.session.query(IdeaCall).one())[0][0].public_id
    for n in range(ON_PHONES):
        with year.app.test_request_context(), clock.ago(timedelta(minutes=1)):
            shown = robots.signed(year.call)
        fields = {
            "title": f"Plant tree number {n} by the path",
            "why": f"Shade for {n + 1} benches.",
            "home": home,
            "shown": shown,
            "contact": f"resident{n}@residents.example",
        }
        phone = new_client(year.app)
        answer = phone.submit(f"/ideas/{year.call}/new", fields)
        if answer.status_code == 200:
            assert "Send mine all the same" in answer.text
            answer = phone.submit(f"/ideas/{year.call}/new", {**fields, "sure": "yes"})
        assert answer.status_code == 303
    told = text_of(new_client(year.app).page(f"/ideas/{year.call}"))
    assert "120 ideas so far. 120 are still to be costed (by " in told


def cost_thirty(year: Year) -> None:
    """Work through the queue: twenty-six cost something, two aren't known, two are refused."""
    for n in range(30):
        page = str(year.desk.get(f"{year.here}/ideas/next").headers["Location"])
        verdict = {28: "unknown", 29: "unknown", 26: "no", 27: "no"}.get(n, "costed")
        sent(
            year,
            page,
            verdict=verdict,
            pence=str(4_000 + 700 * n),
            basis=f"{n + 1} days at £650",
            reason_en="Worked out with the caretakers.",
        )
    told = text_of(new_client(year.app).page(f"/ideas/{year.call}"))
    assert "92 are still to be costed" in told
    assert "2 were answered no, with the reason." in told
    assert "26 are costed. Together they cost £331,500 once." in told


def make_twelve_projects(year: Year) -> None:
    """Make projects of the costed ideas, two ideas in each of the first."""
    for n in range(12):
        with year.app.app_context():
            other = db.session.query(Idea).filter(Idea.number == 13 + n).one().public_id
        sent(
            year,
            f"{year.here}/ideas/{n + 1}/join",
            ideas=[other],
            title_en=f"Project {n}",
            summary_en="Two ideas together.",
            goal_en="Fewer complaints, counted in the caretakers’ book.",
            cost=str(4_000 + 2_100 * n),
        )
    refused = year.desk.submit(f"{year.here}/ideas/30/join", {"title_en": "Unknown"})
    assert refused.status_code in {404, 422}
    with year.app.app_context():
        assert db.session.query(Project).count() == 12
        assert db.session.query(Idea).filter(Idea.project_id.is_not(None)).count() == 24


def take_work_on(year: Year) -> None:
    """Lower the price of the first project by what residents do themselves, with a plan B."""
    with year.app.app_context():
        project = db.session.query(Project).filter(Project.position == 1).one().public_id
    page = f"{year.here}/projects/{project}"
    assert year.desk.submit(page, {"cost": "3000", "council_cost": "4000"}).status_code == 422
    sent(year, page, cost="3000", council_cost="4000", plan_b="full")
    offer = {"who_en": "The gardening group", "what_en": "Digging", "kind": "hours", "hours": "90"}
    sent(year, f"{page}/commitments/new", **offer)


def open_it(year: Year) -> Vote:
    """Agree on the rules and open the ballot, once somebody has agreed to do the work."""
    drafted = sent(
        year,
        f"{year.here}/ballots/new",
        question_en="What should the £100,000 pay for?",
        way="approval",
        limit="5",
        count="equal-shares",
        agreed_by="the residents’ meeting",
    )
    assert "nobody has agreed" in year.desk.submit(f"{drafted}/open").text
    with year.app.app_context():
        project = db.session.query(Project).filter(Project.position == 1).one()
        agree = f"{year.here}/projects/{project.public_id}/commitments/"
        agree += f"{project.commitments[0].public_id}/move"
    sent(year, agree, state="agreed", words_en="Said at the meeting.")
    sent(year, f"{drafted}/open")
    with year.app.app_context():
        ballot = db.session.query(Ballot).one()
        members = [one.id for one in db.session.query(Member).order_by(Member.id)]
        projects = [one.public_id for one in db.session.query(Pot).one().projects]
        return Vote("hillgrove", ballot.public_id, ballot.id, members, projects)


def cast_all(year: Year, vote: Vote, join: Callable[[int], CheckedClient]) -> None:
    """Cast five hundred papers, the first through the pages of a phone."""
    rng = Random(2026)
    page = text_of(join(vote.members[0]).page(vote.page))
    assert "The gardening group: Digging (90 hours) Agreed" in page
    assert "If that falls through, the council does it all, for £4,000." in page
    choices = [[vote.projects[0], *rng.sample(vote.projects[1:], 3)] for _ in vote.members]
    for member, choice in zip(vote.members[:BY_PAGE], choices, strict=False):
        cast_by_phone(join(member), vote, choice)
    with year.app.app_context():
        for number, choice in list(zip(vote.members, choices, strict=True))[BY_PAGE:]:
            ballot, voter = db.session.get(Ballot, vote.ballot_id), db.session.get(Member, number)
            assert ballot is not None
            assert voter is not None
            cast_paper(ballot=ballot, member=voter, choice=choice, counter=1)
            db.session.commit()


def the_result_is_told(year: Year, vote: Vote, folder: Path) -> None:
    """The result, its files and the authors' road say the same, and others can count it again."""
    anyone, result = new_client(year.app), f"/p/hillgrove/budget/{vote.public_id}"
    told = text_of(anyone.page(result))
    assert "500 of 500 chose it." in told
    assert "The gardening group: Digging (90 hours) Agreed" in told
    exported = anyone.get(f"{result}.pb").text
    (folder / "ballot.pb").write_text(exported)
    assert Checker().process_files([str(folder / "ballot.pb")])["metadata"]["invalid"] == 0
    published = json.loads(anyone.get(f"{result}.json").text)
    with year.app.app_context():
        ballot = db.session.query(Ballot).one()
        rule = counts.rules(ballot)["equal-shares"]
        again = count(election_of(parse_pb(exported.splitlines(keepends=True))), rule)
        assert len(published["covered"]["papers"]) == VOTERS
        assert counts.recount_agrees(ballot)
        titles = {
            str(one.title)
            for one in db.session.query(Pot).one().projects
            if one.public_id in again.winners
        }
        assert set(published["winners"]) == titles
        joining.move_on()
        first = db.session.query(Idea).filter(Idea.number == 1).one()
        road = [step.step for step in queries.road_of(first)]
        assert road == ["received", "costed", "joined", "listed", "funded"]
    assert "Funded" in text_of(anyone.page(f"/ideas/{year.call}/1"))
