"""Ways of voting: what a paper may say, how it is read from a form, and that it is counted."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pabulib.checker import Checker
from werkzeug.datastructures import MultiDict

from panel_app.balloting.services import cast_paper, close_ballot, open_ballot
from panel_app.budgets import counts, exports, frozen_terms, paper_kind, queries, services, ways
from panel_app.budgets.frozen_terms import Terms
from panel_app.budgets.models import Pot
from panel_app.budgets.rules import MOST_VOTES, Rules
from panel_app.core.db import db
from panel_app.core.errors import Conflict, Refused
from panel_app.core.translated import Translated
from panel_app.counting import count, explain
from panel_app.counting.pb_election import election_of
from panel_app.counting.pb_file import parse_pb
from tests.factories.balloting import cast, make_vote, the_ballot
from tests.factories.budgets import make_open_ballot, make_pot
from tests.factories.panels import make_members, make_panel

QUESTION = Translated.of(en="What first?")


@pytest.fixture
def pot(app: Flask) -> Iterator[Pot]:
    with app.app_context():
        yield make_pot(make_panel())


def terms_of(pot: Pot, **rules: Any) -> tuple[dict[str, Any], list[str]]:
    """Return the frozen terms of a pot under some rules, and its projects."""
    return frozen_terms.write(pot, Rules(**rules)), [p.public_id for p in pot.projects]


def put(pot: Pot, **rules: Any) -> Terms:
    return frozen_terms.read(terms_of(pot, **rules)[0])


def test_approval_ignores_the_pot_and_keeps_to_its_limit(pot: Pot) -> None:
    frozen, projects = terms_of(pot, way="approval", limit=3)
    dear = projects[-3:]
    assert paper_kind.check(frozen, dear) == sorted(dear)
    with pytest.raises(Refused, match="at most 3"):
        paper_kind.check(frozen, projects[:4])
    free, _projects = terms_of(pot, way="approval")
    assert paper_kind.check(free, projects) == sorted(projects)


def test_points_may_not_be_more_than_there_are(pot: Pot) -> None:
    frozen, projects = terms_of(pot, way="points", limit=10)
    sent = {projects[0]: "৭", projects[1]: "3", projects[2]: "0"}
    assert paper_kind.check(frozen, sent) == {projects[0]: 7, projects[1]: 3}
    for wrong in ({projects[0]: "11"}, {projects[0]: "-1"}, {projects[0]: "2.5"}, {"x": "1"}, [1]):
        with pytest.raises(Refused):
            paper_kind.check(frozen, wrong)
    assert paper_kind.check(frozen, {}) == {}


def test_a_list_holds_each_project_once_and_no_more_than_it_may(pot: Pot) -> None:
    frozen, projects = terms_of(pot, way="ranking", limit=2)
    assert paper_kind.check(frozen, projects[1::-1]) == projects[1::-1]
    for wrong in (projects[:3], [projects[0]] * 2, {"a": 1}, ["nothing"]):
        with pytest.raises(Refused):
            paper_kind.check(frozen, wrong)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["add", "up", "down", "out"]), st.integers(0, 5))))
def test_buttons_alone_make_any_list_and_never_lose_or_double_one(presses: Any) -> None:
    ranking, model, form = ways.named("ranking"), list[str](), list[str]()
    for act, project in ((act, str(number)) for act, number in presses):
        form = ranking.read(
            MultiDict([*(("project", p) for p in form), ("press", f"{act}.{project}")])
        )
        if act == "add" and project not in model:
            model.append(project)
        elif project in model and act == "out":
            model.remove(project)
        elif project in model and act in {"up", "down"}:
            place = model.index(project)
            model.pop(place)
            model.insert(max(0, place - 1) if act == "up" else place + 1, project)
        assert form == model


def test_a_press_gives_a_point_or_takes_one_back() -> None:
    points = ways.named("points")
    typed = [("points.a", "2"), ("points.b", "")]
    assert points.read(MultiDict([*typed, ("press", "more.b")])) == {"a": "2", "b": "1"}
    assert points.read(MultiDict([*typed, ("press", "less.a")])) == {"a": "1"}
    assert points.read(MultiDict([*typed, ("press", "less.b")])) == {"a": "2", "b": "0"}


@pytest.mark.parametrize("way", [way.name for way in ways.WAYS])
def test_what_the_fields_carry_is_read_back_as_the_same_choice(pot: Pot, way: str) -> None:
    frozen, projects = terms_of(pot, way=way)
    sent: Any = {projects[2]: 4, projects[0]: 1} if way == "points" else [projects[2], projects[0]]
    choice = paper_kind.check(frozen, sent)
    fields = MultiDict(ways.named(way).fields(choice))
    assert paper_kind.check(frozen, ways.named(way).read(fields)) == choice


@pytest.mark.parametrize("rule", ["equal-shares", MOST_VOTES])
@pytest.mark.parametrize("way", [way.name for way in ways.WAYS])
def test_every_way_is_counted_explained_and_exported_by_every_rule(
    app: Flask, way: str, rule: str
) -> None:
    vote = make_vote(app, rules=Rules(way=way, count=rule))
    with app.app_context():
        for place, member in enumerate(vote.members):
            cast(vote, member, a_choice(way, vote.projects, place))
        ballot = close_ballot(ballot=the_ballot(vote), actor="system")
        db.session.commit()
        assert counts.recount_agrees(ballot)
        assert set(counts.stored(ballot)) == {"equal-shares", MOST_VOTES}
        result = queries.result(ballot)
        assert result is not None
        assert result.published
        assert result.spent <= result.pot
        assert any(project.funded for project in result.projects)
        assert (result.projects[0].points is None) == (way in {"knapsack", "approval"})
        rows = exports.papers_rows(ballot)
        assert len(rows) == len(vote.members)
        assert all(bool(row["points"]) == (way == "points") for row in rows)
        election_pb = exports.election_pb(ballot)
        again = count(election_of(parse_pb(election_pb)), counts.rules(ballot)[rule])
        assert again.winners == counts.stored(ballot)[rule].winners
        assert Checker().process_files([election_pb])["metadata"]["invalid"] == 0
        assert json.loads(json.dumps(exports.ballot_result(ballot)))


def a_choice(way: str, projects: list[str], place: int) -> Any:
    first, second = projects[place % 3], projects[(place + 1) % 3]
    return {first: 7, second: 3} if way == "points" else [first, second]


def test_minimum_caps_and_exclusions_are_kept_and_told(app: Flask) -> None:
    with app.app_context():
        pot = make_pot(make_panel())
        projects = [project.public_id for project in pot.projects]
        rules = Rules(
            way="approval",
            count=MOST_VOTES,
            minimum_votes=3,
            incompatible=((projects[0], projects[1]),),
            caps={pot.lines[0].public_id: 5_000_00},
        )
        members = make_members(pot.panel, 6)
        ballot = make_open_ballot(pot, rules=rules)
        for place, member in enumerate(members):
            choice = [*projects[:3], *projects[3:4][: place < 2]]
            cast_paper(ballot=ballot, member=member, choice=choice, counter=1)
        close_ballot(ballot=ballot, actor="system")
        lost = {lost.project: lost.reason for lost in counts.stored(ballot)[MOST_VOTES].losers}
        excluded = lost.keys() & set(projects[:2])
        assert [lost[project] for project in excluded] == ["incompatible"]
        assert (lost[projects[2]], lost[projects[3]]) == ("cap", "minimum-votes")
        result = queries.result(ballot)
        assert result is not None
        told = " ".join([*result.told_rules, *(project.words for project in result.projects)])
        for words in ("Only one of these", "get at most £5,000", "needed at least 3 votes"):
            assert words in told
        assert explain(counts.stored(ballot)[MOST_VOTES], money=str).lines()


def test_rules_that_do_not_go_together_are_refused(pot: Pot) -> None:
    projects = [project.public_id for project in pot.projects]
    wrong = (
        Rules(way="guess"),
        Rules(count="most-money"),
        Rules(way="approval", limit=0),
        Rules(minimum_votes=-1),
        Rules(count=MOST_VOTES, incompatible=((projects[0],),)),
        Rules(count=MOST_VOTES, incompatible=((projects[0], "another"),)),
        Rules(incompatible=((projects[0], projects[1]),)),
        Rules(caps={pot.lines[0].public_id: 100}),
    )
    for rules in wrong:
        with pytest.raises(Refused):
            services.create_budget_ballot(pot=pot, question=QUESTION, rules=rules, actor="system")


def test_rules_change_until_the_ballot_opens_and_never_after(pot: Pot) -> None:
    make_members(pot.panel, 6)
    ballot = services.create_budget_ballot(pot=pot, question=QUESTION, actor="system")
    change = {"ballot": ballot, "question": QUESTION, "rules": Rules(way="points"), "actor": "x"}
    services.change_draft(**change)  # type: ignore[arg-type]
    open_ballot(ballot=ballot, closes_at=None, actor="system")
    assert frozen_terms.read(ballot.terms).rules.way == "points"
    with pytest.raises(Conflict):
        services.change_draft(**change)  # type: ignore[arg-type]


def test_ballots_from_before_there_were_rules_are_read_as_they_were(pot: Pot) -> None:
    frozen, projects = terms_of(pot)
    del frozen["rules"]
    assert frozen_terms.read(frozen).rules == Rules()
    assert paper_kind.check(frozen, projects[:1]) == projects[:1]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from([way.name for way in ways.WAYS]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
        ),
        max_leaves=5,
    ),
)
def test_no_choice_however_wrong_is_more_than_refused(pot: Pot, way: str, sent: Any) -> None:
    frozen, _projects = terms_of(pot, way=way)
    with contextlib.suppress(Refused):
        assert not paper_kind.check(frozen, sent)
