"""Pabulib's format both ways: projects come in, and what goes out is counted alike by others."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pabulib.checker import Checker

from panel_app.budgets import exports, frozen_terms, pb_import, services, ways
from panel_app.budgets.frozen_terms import Terms
from panel_app.budgets.models import BudgetBallot, Pot
from panel_app.budgets.rules import EQUAL_SHARES, MOST_VOTES, Rules
from panel_app.core.db import db
from panel_app.core.errors import FaultyFile
from panel_app.core.translated import Translated
from panel_app.counting import Election, Project, Rule, count, document_of, format_pb
from panel_app.counting.pb_election import election_of
from panel_app.counting.pb_file import parse_pb
from tests.checked_client import CheckedClient, text_of
from tests.factories.budgets import make_pot
from tests.factories.panels import make_panel
from tests.factories.staff import make_user

GOLDEN = Path(__file__).parent / "golden"
WAYS = [way.name for way in ways.WAYS]
PROJECTS = [
    Project(f"p{n}", cost * 100, name=f"Project {n}")
    for n, cost in enumerate((1850, 2400, 620, 5200, 6800, 1480, 740, 990, 310, 4100, 260, 1300))
]
POT = 10_000_00


def an_election(way: str) -> Election:
    """Return forty papers on twelve projects in one way of voting, always the same."""
    rng, put = Random(f"export of {way}"), Terms(POT, (), Rules(way=way), ())
    ids = [project.id for project in PROJECTS]
    costs = {project.id: project.cost for project in PROJECTS}

    def paper() -> Any:
        liked = rng.sample(ids, rng.randint(2, 5))
        if way == "points":
            return {project: 10 // len(liked) for project in liked}
        if way == "knapsack":
            while sum(costs[project] for project in liked) > POT:
                liked.pop()
        return liked if way == "ranking" else sorted(liked)

    return ways.named(way).election(PROJECTS, [paper() for _ in range(40)], put)


def an_export(way: str) -> str:
    """Return that election as it is published, funded by Equal Shares."""
    election = an_election(way)
    meta = {
        "description": "Which first?",
        "country": "United Kingdom",
        "unit": "Hillgrove",
        "instance": way,
        "rule": "unknown",
        "date_begin": "01.10.2026",
        "date_end": "08.10.2026",
        "currency": "GBP",
        "comment": "#1: Equal Shares",
    }
    limit = {"ranking": ("max_length", "5"), "points": ("max_sum_points", "10")}
    meta.update([limit[way]] if way in limit else [])
    return format_pb(document_of(election, meta=meta, selected=count(election, Rule()).winners))


@pytest.mark.parametrize("way", WAYS)
def test_pabutools_counts_what_we_publish_as_we_do_for_every_way_of_voting(way: str) -> None:
    """Its winners lie in `golden` (benchmarks/counting_oracles.py), made from these exports."""
    text = (GOLDEN / f"{way}.pb").read_text()
    assert an_export(way) == text
    golden = json.loads((GOLDEN / "exports.json").read_text())["elections"][way]
    back = election_of(parse_pb(text.splitlines(keepends=True)))
    assert list(count(back, Rule(completion="none")).winners) == golden["base"]["winners"]
    assert list(count(back, Rule(completion="add1")).winners) == golden["until_overspend"]
    assert list(count(back, Rule()).winners) == finished(back, golden["until_overspend"])
    assert count(back, Rule()).winners == count(an_election(way), Rule()).winners
    if back.kind == "approval":
        greedy = sorted(count(back, Rule(name="greedy")).winners)
        assert greedy == golden["greedy"]
        assert golden["checker"]["until_overspend"] == golden["until_overspend"]


def finished(election: Election, winners: list[str]) -> list[str]:
    """Return what is bought by votes with the money that Equal Shares left, told in full here."""
    left = election.pot - sum(p.cost for p in election.projects if p.id in winners)
    order = sorted(
        zip(election.projects, election.votes, election.points, strict=True),
        key=lambda each: (-each[1 if election.kind == "approval" else 2], each[0].cost, -each[1]),
    )
    bought = list(winners)
    for project, votes, _points in order:
        if project.id not in winners and votes and project.cost <= left:
            bought.append(project.id)
            left -= project.cost
    return bought


@pytest.mark.parametrize("way", WAYS)
def test_pabulibs_checker_finds_nothing_in_what_we_publish(way: str) -> None:
    told = Checker().process_files([str(GOLDEN / f"{way}.pb")])
    assert told["metadata"]["invalid"] == 0


@pytest.fixture
def pot(app: Flask) -> Iterator[Pot]:
    with app.app_context():
        yield make_pot(make_panel(slug="hillgrove"))


def test_projects_go_out_and_come_into_another_pot_as_they_were(pot: Pot) -> None:
    other = services.create_pot(
        panel=pot.panel, name=Translated.of(en="Next year"), amount=pot.amount, actor="x"
    )
    done = pb_import.read(pot=other, source=exports.pot_pb(pot).encode(), actor="x")
    assert (done.added, done.changed, done.pot) == (5, 0, pot.amount)
    db.session.expire_all()
    assert [(str(p.title), p.cost) for p in other.projects] == [
        (str(p.title), p.cost) for p in pot.projects
    ]
    again = pb_import.read(pot=other, source=exports.pot_pb(pot), actor="x")
    assert (again.added, again.changed) == (0, 0)


@pytest.mark.parametrize(
    ("meta", "rules"),
    [
        ("vote_type;cumulative\nmax_sum_points;7\nrule;greedy", ("points", 7, MOST_VOTES)),
        ("vote_type;ordinal\nmax_length;4\nrule;equalshares", ("ranking", 4, EQUAL_SHARES)),
        ("vote_type;choose-1\nrule;greedy", ("approval", 1, MOST_VOTES)),
        ("vote_type;approval\nmax_length;3\nrule;x", ("approval", 3, MOST_VOTES)),
        ("vote_type;approval\nmax_sum_cost;500\nrule;x", ("knapsack", None, MOST_VOTES)),
    ],
)
def test_the_files_way_of_voting_is_read_points_too(
    pot: Pot, meta: str, rules: tuple[str, int | None, str]
) -> None:
    points = ";points" if "cumulative" in meta else ""
    paper = "1;a,b;4,3" if points else "1;a"
    source = (
        f"META\nkey;value\nbudget;500\n{meta}\nPROJECTS\nproject_id;cost;name;category\n"
        f"a;100,50;Benches;Green spaces\nb;20;Lamps;\nVOTES\nvoter_id;vote{points}\n{paper}\n"
    )
    done = pb_import.read(pot=pot, source=source, actor="x")
    assert done.added == 2
    assert done.rules is not None
    assert (done.rules.way, done.rules.limit, done.rules.count) == rules
    db.session.expire_all()
    benches = pot.projects[-2]
    assert benches.cost == 100_50
    assert benches.line is not None


def test_every_fault_of_a_file_is_named_and_nothing_comes_in(pot: Pot) -> None:
    source = (
        "META\nkey;value\nbudget;a lot\nvote_type;guess\nPROJECTS\nproject_id;cost;name\n"
        "a;free;Benches\na;20;Lamps\nVOTES\nvoter_id;vote\n1;z\n"
    )
    with pytest.raises(FaultyFile) as refused:
        pb_import.read(pot=pot, source=source, actor="x")
    told = "\n".join(refused.value.faults)
    for words in ("budget", "vote_type", "line 7: cost 'free'", "listed before", "unknown project"):
        assert words in told
    free = (
        "META\nkey;value\nbudget;10\nvote_type;approval\nPROJECTS\nproject_id;cost;name\n"
        f"a;0;Free\nb;1.0051;Small\nc;1;{'x' * 200}\nVOTES\nvoter_id;vote\n"
    )
    with pytest.raises(FaultyFile) as refused:
        pb_import.read(pot=pot, source=free, actor="x")
    assert len(refused.value.faults) == 3
    assert len(pot.projects) == 5


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=200) | st.binary(max_size=200))
def test_no_file_however_wrong_is_more_than_refused(pot: Pot, source: Any) -> None:
    with pytest.raises(FaultyFile):
        pb_import.read(pot=pot, source=source, actor="x")


def test_a_pb_file_is_read_on_the_desk_with_a_draft_of_its_ballot(
    app: Flask, sign_in: Callable[[str], CheckedClient]
) -> None:
    with app.app_context():
        pot = make_pot(make_panel(slug="hillgrove"))
        email = make_user("organiser", pot.panel).email
        here = f"/desk/hillgrove/pots/{pot.public_id}"
        db.session.commit()
    desk = sign_in(email)
    text = (GOLDEN / "points.pb").read_text()
    sent = desk.submit(f"{here}/projects/pb", {"text": text, "draft": "y"})
    assert sent.status_code == 303
    told = text_of(desk.page(here))
    assert "12 added, 0 changed." in told
    assert "The file’s own pot is £10,000; yours stays." in told
    with app.app_context():
        draft = db.session.query(BudgetBallot).one()
        assert draft.rules["way"] == "points"
        assert str(draft.ballot.question) == "Which first?"
        assert frozen_terms.write(draft.pot, Rules.read(draft.rules))["projects"]
    assert desk.get(f"{here}/projects.pb").text.startswith("META")
    assert desk.submit(f"{here}/projects/pb", {"text": "META"}).status_code == 422


if __name__ == "__main__":
    for each in WAYS:
        (GOLDEN / f"{each}.pb").write_text(an_export(each))
