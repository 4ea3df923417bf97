"""Counting a closed ballot: both rules, from what is published, and again by anyone."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pabulib.checker import Checker
from sqlalchemy import select, update

from panel_app.balloting import queries as balloting
from panel_app.balloting.models import Ballot
from panel_app.balloting.services import close_ballot
from panel_app.budgets import activity, counts, exports, frozen_terms, paper_kind, queries, services
from panel_app.budgets.models import Count, Project
from panel_app.core import canonical
from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused
from panel_app.counting import own_share
from panel_app.counting.pb_election import election_of
from panel_app.counting.pb_file import parse_pb
from panel_app.panels.models import Member
from panel_app.sessions.models import AgendaItem
from tests.checked_client import CheckedClient, text_of
from tests.factories.balloting import Vote, cast, close, make_vote, the_ballot
from tests.factories.budgets import (
    make_ballot_item,
    make_open_ballot,
    make_pot,
    make_small_pot,
    on_wall,
)
from tests.factories.panels import make_members, make_panel

#: Which projects of the estate (by place) each of the panel chose.
CHOICES = [(0, 1, 2), (0, 1), (0, 3), (3,), (3, 2), (3,), (0, 2), (1,), (0,), (2, 0)]


@pytest.fixture
def counted(app: Flask) -> Vote:
    vote = make_vote(app, members=len(CHOICES))
    with app.app_context():
        for member, places in zip(vote.members, CHOICES, strict=True):
            cast(vote, member, [vote.projects[place] for place in places])
        close(vote)
    return vote


def result_address(vote: Vote) -> str:
    return f"/p/{vote.panel_slug}/budget/{vote.public_id}"


def test_closing_counts_by_both_rules(app: Flask, counted: Vote) -> None:
    with app.app_context():
        ballot = the_ballot(counted)
        rows = db.session.scalars(select(Count).where(Count.ballot_id == ballot.id)).all()
        assert {row.rule for row in rows} == {"equal-shares", "most-votes"}
        assert {row.counted_from for row in rows} == {ballot.fingerprint}
        results = counts.stored(ballot)
        assert all(result.papers == len(CHOICES) for result in results.values())
        assert all(result.spent <= result.pot for result in results.values())
        assert results["most-votes"].winners[0] == counted.projects[0]


def test_counting_the_published_papers_again_gives_what_is_stored(
    app: Flask, counted: Vote
) -> None:
    with app.app_context():
        assert counts.recount_agrees(the_ballot(counted))
        before = counts.stored(the_ballot(counted))
        services.count_ballot(ballot=the_ballot(counted), actor="system")
        db.session.commit()
        assert counts.stored(the_ballot(counted)) == before


def test_altered_count_is_noticed(app: Flask, counted: Vote) -> None:
    with app.app_context():
        row = db.session.scalars(select(Count)).first()
        assert row is not None
        row.result = {**row.result, "winners": []}
        db.session.commit()
        assert not counts.recount_agrees(the_ballot(counted))


def test_open_ballot_is_not_counted(app: Flask) -> None:
    vote = make_vote(app)
    with app.app_context():
        with pytest.raises(Conflict):
            services.count_ballot(ballot=the_ballot(vote), actor="system")
        assert queries.result(the_ballot(vote)) is None


def test_terms_stay_as_they_were_when_the_ballot_opened(app: Flask) -> None:
    vote = make_vote(app)
    with app.app_context():
        frozen = the_ballot(vote).terms
        db.session.execute(update(Project).values(cost=1))
        db.session.commit()
        db.session.expire_all()
        assert the_ballot(vote).terms == frozen
        with pytest.raises(Refused):
            cast(vote, vote.members[0], vote.projects)


def test_exactly_the_pot_fits_and_a_penny_more_does_not(app: Flask) -> None:
    with app.app_context():
        pot = make_small_pot(make_panel(), projects=4, cost=25)
        frozen = frozen_terms.write(pot)
        everything = [project.public_id for project in pot.projects]
        assert paper_kind.check(frozen, everything) == sorted(everything)
        frozen["pot"] = 99
        with pytest.raises(Refused):
            paper_kind.check(frozen, everything)


@pytest.mark.parametrize(
    "choice",
    [None, "text", 7, -1, float("nan"), 1e309, {"a": 1}, [1], [None], [["a"]], [True], ["x"], [{}]],
)
def test_choice_of_another_shape_is_refused(app: Flask, choice: object) -> None:
    with app.app_context():
        frozen = frozen_terms.write(make_pot(make_panel()))
        with pytest.raises(Refused):
            paper_kind.check(frozen, choice)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_choice_is_taken_exactly_when_it_fits(app: Flask, data: st.DataObject) -> None:
    costs = data.draw(st.lists(st.integers(1, 50), min_size=1, max_size=6))
    pot = data.draw(st.integers(1, 150))
    places = data.draw(st.lists(st.integers(0, len(costs) - 1), unique=True))
    text = {"original": "en", "versions": {"en": ["x", "person"]}}
    frozen = {
        "pot": pot,
        "projects": [
            {
                "id": f"p{i}",
                "title": text,
                "summary": text,
                "cost": cost,
                "council_cost": None,
                "line": None,
            }
            for i, cost in enumerate(costs)
        ],
    }
    choice = [f"p{place}" for place in places]
    with app.test_request_context():
        if sum(costs[place] for place in places) <= pot:
            assert paper_kind.check(frozen, choice) == sorted(choice)
        else:
            with pytest.raises(Refused):
                paper_kind.check(frozen, choice)


def test_result_page_says_who_paid_what(client: CheckedClient, counted: Vote) -> None:
    shown = text_of(client.page(result_address(counted)))
    assert "What the £100,000 will pay for" in shown
    assert "10 votes" in shown
    assert "Everyone was given an equal share, £10,000" in shown
    assert "6 of 10 chose it" in shown
    assert "people paid at most £" in shown
    assert "If most votes had simply won:" in shown
    assert "0 of 10 chose it" in shown


@pytest.mark.parametrize("language", ["en", "bn", "ar"])
def test_result_page_in_every_language(client: CheckedClient, counted: Vote, language: str) -> None:
    assert client.page(f"{result_address(counted)}?l={language}").get("lang") == language


@pytest.mark.parametrize("number", [1, 4])
def test_result_of_few_papers_is_told_nowhere(
    app: Flask, client: CheckedClient, number: int
) -> None:
    vote = make_vote(app)
    with app.app_context():
        made, *_others = [cast(vote, m, vote.projects[:1]) for m in vote.members[:number]]
        close(vote)
        assert exports.papers_rows(the_ballot(vote)) == []
        told = exports.ballot_result(the_ballot(vote))
        assert (told["winners"], told["published"]) == ([], False)
        assert not {"covered", "counts"} & set(told)
        assert {row["funded"] for row in exports.projects_rows(the_ballot(vote))} == {None}
        item = make_ballot_item(the_ballot(vote).panel, the_ballot(vote))
        item.revealed = True
        assert activity.snapshot(item)["funded"] == []
        db.session.commit()
    shown = client.get(result_address(vote)).text
    assert "Fewer than five people voted" in shown
    for secret in ("lighting", "18,500", "Funded", "raised"):
        assert secret not in shown
    for ending in ("/papers.csv", ".pb"):
        assert client.get(result_address(vote) + ending).status_code == 404
    with app.test_request_context():
        wall = on_wall(db.session.query(AgendaItem).one())
        assert "Fewer than five people voted" in wall
        assert "lighting" not in wall
    codes = {"tracker": made.tracker, "nonce": made.nonce}
    opened = client.submit(f"/p/{vote.panel_slug}/ballots/{vote.public_id}/open", codes)
    assert "Better lighting" not in opened.text


def test_json_is_enough_to_check_fingerprint_and_count(
    client: CheckedClient, counted: Vote
) -> None:
    told = json.loads(client.get(f"{result_address(counted)}.json").text)
    assert canonical.fingerprint(told["covered"]) == told["fingerprint"]
    assert len(told["covered"]["papers"]) == len(told["covered"]["receipts"]) == len(CHOICES)
    assert set(told["counts"]) == {"equal-shares", "most-votes"}
    funded = set(told["counts"]["equal-shares"]["result"]["winners"])
    assert len(funded) == len(told["winners"])


def test_csv_has_a_row_for_each_paper_in_no_order_of_time(
    client: CheckedClient, counted: Vote
) -> None:
    body = client.get(f"{result_address(counted)}/papers.csv").text
    rows = list(csv.DictReader(io.StringIO(body.removeprefix("\ufeff"))))
    chosen = [row["projects"].split() for row in rows]
    wanted = [sorted(counted.projects[place] for place in places) for places in CHOICES]
    assert chosen == sorted(wanted, key=canonical.dumps)
    projects = client.get(f"{result_address(counted)}/projects.csv").text
    assert len(list(csv.DictReader(io.StringIO(projects.removeprefix("\ufeff"))))) == 5


def test_pb_file_counts_to_the_same_winners(
    app: Flask, client: CheckedClient, counted: Vote
) -> None:
    body = client.get(f"{result_address(counted)}.pb").text
    election = election_of(parse_pb(io.StringIO(body)))
    with app.app_context():
        own = counts.election(the_ballot(counted))
        assert election.pot == own.pot
        assert election.paper_count == own.paper_count
        assert [p.id for p in election.projects] == [p.id for p in own.projects]


def test_own_share_of_all_papers_adds_up_to_what_was_paid(app: Flask, counted: Vote) -> None:
    with app.app_context():
        ballot = the_ballot(counted)
        result = counts.stored(ballot)["equal-shares"]
        bought = {r.project: r.cost for r in result.rounds if r.stage == "shares"}
        paid = dict.fromkeys(bought, 0)
        for choice in balloting.counted_choices(ballot):
            for project, pence in own_share(result, choice).paid:
                paid[project] += pence
        for project, pence in paid.items():
            assert bought[project] - len(CHOICES) <= pence <= bought[project]


def test_result_of_another_panel_is_not_found_under_this_one(
    app: Flask, client: CheckedClient, counted: Vote
) -> None:
    other = make_vote(app)
    assert client.get(f"/p/{other.panel_slug}/budget/{counted.public_id}").status_code == 404
    assert client.get(result_address(other)).status_code == 404


def test_members_see_what_to_do_next(app: Flask, counted: Vote) -> None:
    from panel_app.budgets.views import steps

    vote = make_vote(app)
    with app.test_request_context():
        (open_step,) = steps(db.session.get_one(Member, vote.members[0]))
        assert open_step.now
        cast(vote, vote.members[0], [])
        (voted,) = steps(db.session.get_one(Member, vote.members[0]))
        assert not voted.now
        (result,) = steps(db.session.get_one(Member, counted.members[0]))
        assert result.url == result_address(counted)


def test_every_ballot_is_about_one_pot(app: Flask, counted: Vote) -> None:
    with app.app_context():
        ballot = db.session.scalars(select(Ballot)).one()
        pot = queries.pots_of(ballot.panel)[0]
        assert queries.ballots_on(pot) == [ballot]


def test_margins_are_filled_by_a_job_and_the_count_stays_as_it_was_logged(
    app: Flask, client: CheckedClient, counted: Vote
) -> None:
    with app.app_context():
        ballot = the_ballot(counted)
        assert not counts.margins_awaited(ballot)
        logged = [c.result for c in db.session.scalars(select(Count))]
        db.session.execute(update(Count).values(margins=None))
        db.session.commit()
        assert counts.margins_awaited(ballot)
    waiting = text_of(client.page(result_address(counted)))
    assert "By how much it missed is still being worked out." in waiting
    told = json.loads(client.get(f"{result_address(counted)}.json").text)
    assert told["counts"]["equal-shares"]["margins"] is None
    with app.app_context():
        counts.work_out_margins(counted.ballot_id)
        assert [c.result for c in db.session.scalars(select(Count))] == logged
        assert counts.recount_agrees(the_ballot(counted))
    filled = text_of(client.page(result_address(counted)))
    assert "still being worked out" not in filled
    assert "It would have been funded at £" in filled
    told = json.loads(client.get(f"{result_address(counted)}.json").text)
    assert told["counts"]["equal-shares"]["margins"]


def test_the_round_finds_margins_that_the_queue_forgot(
    app: Flask, counted: Vote, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        db.session.execute(update(Count).values(margins=None))
        db.session.commit()
        counts.work_out_waiting()
        assert counts.margins_awaited(the_ballot(counted))
        monkeypatch.setattr(counts, "PATIENCE", timedelta(0))
        counts.work_out_waiting()
        assert not counts.margins_awaited(the_ballot(counted))


def test_a_closing_that_is_undone_leaves_nothing_to_work_out(app: Flask) -> None:
    vote = make_vote(app)
    with app.app_context():
        for member in vote.members:
            cast(vote, member, vote.projects[:2])
        close_ballot(ballot=the_ballot(vote), actor="system")
        db.session.rollback()
        assert db.session.scalars(select(Count)).all() == []


def test_who_wins_and_loses_by_lot_is_told_on_page_and_wall(
    app: Flask, client: CheckedClient
) -> None:
    """Six voters, three for each of two projects that cost the whole pot."""
    with app.app_context():
        panel = make_panel()
        members = [member.id for member in make_members(panel, 6)]
        pot = make_small_pot(panel, projects=2, cost=10_000)
        pot.amount = 10_000
        ballot = make_open_ballot(pot)
        projects = [project.public_id for project in pot.projects]
        db.session.commit()
        vote = Vote(panel.slug, ballot.public_id, ballot.id, members, projects)
        for place, member in enumerate(members):
            cast(vote, member, [projects[place % 2]])
        seed = int((close(vote).fingerprint or "")[:8], 16)
        item = make_ballot_item(the_ballot(vote).panel, the_ballot(vote))
        item.revealed = True
        db.session.commit()
    shown = text_of(client.page(result_address(vote)))
    assert f"in votes and cost, and the lot (seed {seed}) put that first." in shown
    assert f"in votes and cost, and the lot (seed {seed}) put it first." in shown
    assert "£99" not in shown
    with app.test_request_context():
        wall = on_wall(db.session.query(AgendaItem).one())
        assert f"the lot (seed {seed}) put it first." in wall


@pytest.mark.parametrize("choices", [CHOICES, [(0, 1, 2)] * 5])
def test_the_pb_file_passes_pabulibs_checker(
    app: Flask, client: CheckedClient, tmp_path: Path, choices: list[tuple[int, ...]]
) -> None:
    """In the second all that is wanted is funded, where the checker would raise purses for ever."""
    vote = make_vote(app, members=len(choices))
    with app.app_context():
        for member, places in zip(vote.members, choices, strict=True):
            cast(vote, member, [vote.projects[place] for place in places])
        close(vote)
    body = client.get(f"{result_address(vote)}.pb").text
    assert 'comment;"#1: Method of Equal Shares' in body
    file = tmp_path / "ballot.pb"
    file.write_text(body)
    told = Checker().process_files([str(file)])["metadata"]
    assert (told["valid"], told["invalid"]) == (1, 0)


@pytest.mark.parametrize("votes", [2, 6])
def test_the_panels_page_promises_reasons_only_where_they_are_told(
    app: Flask, client: CheckedClient, votes: int
) -> None:
    vote = make_vote(app)
    with app.app_context():
        for member in vote.members[:votes]:
            cast(vote, member, [vote.projects[0]])
        close(vote)
        the_ballot(vote).panel.published = True
        db.session.commit()
    shown = text_of(client.page(f"/p/{vote.panel_slug}"))
    assert ("Fewer than five people voted" in shown) == (votes < 5)
    assert ("counted with its reasons" in shown) == (votes >= 5)
